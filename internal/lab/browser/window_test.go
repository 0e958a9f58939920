package browser_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A screen is what a window is as wide as.
type screen struct {
	name          string
	width, height int64
	options       []chromedp.EmulateViewportOption
}

var (
	desk  = screen{name: "desktop", width: 1280, height: 900}
	phone = screen{name: "phone", width: 360, height: 740, options: []chromedp.EmulateViewportOption{
		chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(1.5),
	}}
)

// patience is how long anything on a page may take, on a machine that is busy with other tests.
const patience = 60 * time.Second

// window is one shopper's browser, a profile of its own, at one shop.
type window struct {
	t    *testing.T
	ctx  context.Context //nolint:containedctx // chromedp's context is the tab itself
	base string

	mu   sync.Mutex
	odds []string // what no page should do
}

// open starts a browser with an empty profile.
func open(t *testing.T, chromium, base string, s screen) *window {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
	)
	allocated, endBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, endTab := chromedp.NewContext(allocated)
	w := &window{t: t, ctx: ctx, base: base}
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // ends the browser and waits for it
		endTab()
		endBrowser()
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, odd := range w.odds {
			t.Error(odd)
		}
	})
	// The first use starts the browser and must not carry a deadline: the browser would end with it.
	if err := chromedp.Listen(ctx, w.watch); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	w.do("setting up the screen", chromedp.EmulateViewport(s.width, s.height, s.options...))
	return w
}

// watch notes exceptions of scripts and requests to anybody but the shop.
func (w *window) watch(event any) {
	odd := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		odd = "a script failed: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			odd = "a script complained"
		}
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, w.base+"/") && !strings.HasPrefix(url, "about:") {
			odd = "the page asked elsewhere: " + url
		}
	}
	if odd == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.odds = append(w.odds, odd)
}

// withoutScripts turns the page's own scripts off.
func (w *window) withoutScripts() *window {
	w.t.Helper()
	if _, err := chromedp.Call(w.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		w.t.Fatal(err)
	}
	return w
}

func (w *window) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		w.t.Fatalf("%s: %v\n%s", what, err, w.body())
	}
}

// get is do for an action that answers something.
func get[T any](w *window, what string, action chromedp.Action[T]) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	answer, err := chromedp.Run(ctx, action)
	if err != nil {
		w.t.Fatalf("%s: %v\n%s", what, err, w.body())
	}
	return answer
}

// body is what can be read on the page, for messages.
func (w *window) body() string {
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + (document.querySelector("main") ?? document.body).innerText.slice(0, 800)`))
	if err != nil {
		return "(the page cannot be read: " + err.Error() + ")"
	}
	return text
}

func (w *window) visit(path string) {
	w.t.Helper()
	w.do("visiting "+path, chromedp.Navigate(w.base+path))
	w.looksRight()
}

// back goes back in the browser's history. The page there must come by asking, not by sending a form again, and lead to
// where the shopper was.
func (w *window) back(path string) {
	w.t.Helper()
	w.do("marking the page", chromedp.Evaluate[chromedp.Void](`(document.body.dataset.left = "yes", true)`))
	w.do("going back", chromedp.Evaluate[chromedp.Void](`(history.back(), true)`))
	w.until("another page", `document.readyState === "complete" && document.body.dataset.left !== "yes"`)
	w.at(path)
}

// click presses what the selector names, once it can be seen.
func (w *window) click(selector string) {
	w.t.Helper()
	w.do("clicking "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// fill writes into a field as a person would, key by key.
func (w *window) fill(name, text string) {
	w.t.Helper()
	field := `main [name="` + name + `"]`
	w.do("writing into "+name, chromedp.Evaluate[chromedp.Void](`document.querySelector('`+field+`').value = ""`), chromedp.SendKeys(chromedp.CSS(field), text))
}

// sees waits until the page is there and says each of the texts.
func (w *window) sees(texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		w.until("seeing "+text, `document.readyState === "complete" && document.body.innerText.toLowerCase().includes(`+quoted(strings.ToLower(text))+`)`)
	}
}

// at waits until the address begins so, and the page is there.
func (w *window) at(path string) {
	w.t.Helper()
	w.until("being at "+path, `document.readyState === "complete" && location.pathname.startsWith(`+quoted(path)+`)`)
	w.looksRight()
}

// until waits for an expression. Pages come and go while it does, so it asks anew instead of leaving a script behind.
func (w *window) until(what, expression string) {
	w.t.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if w.evaluate(expression) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Fatalf("%s: not within %s\n%s", what, patience, w.body())
}

// evaluate is false while there is no page to ask.
func (w *window) evaluate(expression string) bool {
	ctx, cancel := context.WithTimeout(w.ctx, 10*time.Second)
	defer cancel()
	is, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
	return err == nil && is
}

func quoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"` }

// text is that of one element.
func (w *window) text(selector string) string {
	w.t.Helper()
	return strings.TrimSpace(get(w, "reading "+selector, chromedp.Evaluate[string](`document.querySelector(`+quoted(selector)+`).innerText`)))
}

func (w *window) value(name string) string {
	w.t.Helper()
	field := `main [name="` + name + `"]`
	return get(w, "reading the field "+name, chromedp.Evaluate[string](`document.querySelector(`+quoted(field)+`).value`))
}

// untidy lists what is wrong with how a page is made: it is wider than the screen, a picture is missing, a field has no
// label, a button is too small for a thumb, one heading is not the page's.
const untidy = `(() => {
	const out = [];
	if (document.documentElement.scrollWidth > innerWidth) out.push("the page is wider than the screen: " + document.documentElement.scrollWidth);
	for (const i of document.images) if (i.complete && i.naturalWidth === 0 && i.checkVisibility()) out.push("picture missing: " + i.src);
	for (const i of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
		if (!i.labels?.length && !i.getAttribute("aria-label")) out.push("no label: " + i.name);
	for (const b of document.querySelectorAll("button, .button"))
		if (b.checkVisibility() && b.getBoundingClientRect().height < 36) out.push("small button: " + b.textContent);
	if (document.querySelectorAll("h1").length > 1) out.push("more than one heading");
	if (document.documentElement.lang === "") out.push("no language");
	return out.join("; ");
})()`

func (w *window) looksRight() {
	w.t.Helper()
	if wrong := get(w, "looking at the page", chromedp.Evaluate[string](untidy)); wrong != "" {
		w.t.Errorf("%s\n%s", wrong, w.body())
	}
}
