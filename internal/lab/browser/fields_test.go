package browser_test

import (
	"fmt"

	"github.com/chromedp/chromedp"
)

// setLast writes into the last field of that name on the page.
func setLast(name, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`([...document.querySelectorAll('main [name="%s"]')].at(-1).value = "%s", true)`, name, text))
}

// setStock counts an item anew, behind the counter.
func setStock(name, quantity string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		const row = [...document.querySelectorAll("#stock tr")].find((r) => r.innerText.startsWith("%s"));
		row.querySelector("input[name=quantity]").value = "%s";
		row.querySelector("button").click();
	})()`, name, quantity))
}
