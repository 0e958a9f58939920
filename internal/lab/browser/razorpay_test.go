package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/ankkor/ankkor/internal/lab/servers"
)

// TestRazorpaysWindow pays through the script that opens Razorpay's window, on a Razorpay in the shop's process. The page
// that does so keeps its policy: nothing inline, nobody else's.
func TestRazorpaysWindow(t *testing.T) {
	chromium := servers.Chromium(t)
	program := build(t)
	t.Setenv("RAZORPAY_MOCK", "1")
	for name, journey := range map[string]func(w *window){
		"in a frame":            inAFrame,
		"in another app":        inAnotherApp,
		"the browser is closed": closedAfterPaying,
	} {
		t.Run(name, func(t *testing.T) { journey(open(t, chromium, start(t, program), phone)) })
	}
}

// toPay goes to the page that opens the window, and opens it.
func (w *window) toPay() {
	w.t.Helper()
	w.put("masala-chai-mug")
	w.click(`aside .primary`)
	w.at("/checkout/")
	w.address()
	w.click(`.form .primary`)
	w.atReview()
	w.choose("razorpay")
	w.click(`[data-once] .primary`)
	w.at("/pay/")
	w.openWindow()
}

func (w *window) openWindow() {
	w.t.Helper()
	w.click(`[data-razorpay]`)
	w.until("the window", `document.querySelector("dialog")?.open`)
	w.looksRight()
}

// press is the nth button of the window.
func (w *window) press(n string) { w.click(`dialog button:nth-of-type(` + n + `)`) }

func inAFrame(w *window) {
	w.toPay()
	w.sees("Razorpay, simulated", "₹553.88")
	w.press("3")
	w.sees("The payment has failed so far")
	w.press("4")
	w.until("the window to close", `!document.querySelector("dialog")`)
	w.openWindow()
	w.press("1")
	w.at("/orders/")
	w.sees("Thank you, it is ordered")
	w.back("/orders/")
}

// inAnotherApp has a browser of the kind that shows no frame: Razorpay posts its answer to the shop.
func inAnotherApp(w *window) {
	override := emulation.SetUserAgentOverrideParams{UserAgent: "Mozilla/5.0 (Linux; Android 14; wv) Chrome/130 Mobile Instagram 300"}
	if _, err := chromedp.Call(w.ctx, emulation.SetUserAgentOverride, override); err != nil {
		w.t.Fatal(err)
	}
	w.toPay()
	w.press("1")
	w.at("/orders/")
	w.sees("Thank you, it is ordered")
}

// closedAfterPaying leaves the page before it hears that the bank said yes; the webhook does.
func closedAfterPaying(w *window) {
	w.toPay()
	w.press("2") // a second later
	w.sees("The payment has failed so far")
	w.click(`dialog button:nth-of-type(4)`)
	w.click(`a[href^="/orders/"]`)
	w.at("/orders/")
	w.sees("Thank you, it is ordered")
}
