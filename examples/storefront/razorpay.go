package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/payment"
)

// keys are what the environment says of Razorpay. None of them means the window that this program simulates itself.
type keys struct {
	id      string
	secret  payment.Secret
	webhook payment.Secret
	mock    bool // a Razorpay in this process, behind the same script and the same client as the real one
}

// readKeys reads RAZORPAY_KEY_ID and RAZORPAY_KEY_SECRET, for webhooks RAZORPAY_WEBHOOK_SECRET, and RAZORPAY_MOCK.
func readKeys(env func(string) string) (keys, error) {
	k := keys{id: env("RAZORPAY_KEY_ID"), mock: env("RAZORPAY_MOCK") != ""}
	secret, webhook := env("RAZORPAY_KEY_SECRET"), env("RAZORPAY_WEBHOOK_SECRET")
	switch {
	case k.mock:
		k.id, secret, webhook = "rzp_test_"+rand.Text(), rand.Text(), rand.Text()
	case (k.id == "") != (secret == ""):
		return keys{}, errors.New("RAZORPAY_KEY_ID and RAZORPAY_KEY_SECRET go together: set both, or none")
	case strings.HasPrefix(k.id, "rzp_live_"):
		return keys{}, errors.New("this shop forgets everything when it stops, so it takes no real money: use a key that begins with rzp_test_")
	}
	k.secret, k.webhook = payment.NewSecret(secret), payment.NewSecret(webhook)
	return k, nil
}

// window is Razorpay's own payment window, and how the shop hears of what happened in it.
type window struct {
	client *razorpay.Client
	script string               // where the page loads checkout.js from
	mock   *razorpaytest.Server // nil with real keys
	hooks  *razorpay.Receiver   // nil without a webhook secret: then the checkout finds out by asking
	events *inbox.Dispatcher
}

// openWindow returns nil where there are no keys.
func openWindow(k keys) (*window, error) {
	if k.id == "" {
		return nil, nil
	}
	c := razorpay.Config{KeyID: k.id, KeySecret: k.secret, Capture: razorpay.CaptureManual}
	w := &window{script: "https://checkout.razorpay.com/v1/checkout.js"}
	var err error
	if k.mock {
		if w.mock, err = razorpaytest.New(razorpaytest.Config{KeyID: k.id, KeySecret: k.secret.Reveal()}); err != nil {
			return nil, err
		}
		c.HTTP = w.mock.Client()
		w.script = "/razorpay/checkout.js"
	}
	w.client, err = razorpay.New(c)
	return w, err
}

// listen takes webhooks, and has the checkout look at what they are about.
func (w *window) listen(k keys, service *checkout.Service, log *slog.Logger) error {
	if k.webhook.Len() == 0 {
		return nil
	}
	box := memstore.NewInbox(nil) // a database in a shop that may be restarted
	var err error
	if w.hooks, err = razorpay.NewReceiver(razorpay.ReceiverConfig{Secrets: []payment.Secret{k.webhook}, Inbox: box, Log: log}); err != nil {
		return err
	}
	if w.events, err = razorpay.NewDispatcher(inbox.DispatcherConfig{Inbox: box, Log: log}, razorpay.Recheck(service)); err != nil {
		return err
	}
	if w.mock != nil {
		_, err = w.mock.AddWebhook(razorpaytest.Webhook{Secret: k.webhook.Reveal(), Handler: w.hooks})
	}
	return err
}

// run acts on webhooks until ctx ends; the Razorpay in the process sends them.
func (w *window) run(ctx context.Context) {
	if w.events == nil {
		return
	}
	var sending sync.WaitGroup
	defer sending.Wait()
	if w.mock != nil {
		sending.Go(func() { w.deliver(ctx) })
	}
	_ = w.events.Run(ctx) // its error is that of the context
}

func (w *window) deliver(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.mock.Deliver(ctx)
		}
	}
}

// mount adds the addresses that are not pages.
func (w *window) mount(mux *http.ServeMux, lateBy time.Duration) {
	if w.hooks != nil {
		mux.Handle("/webhooks/razorpay", w.hooks)
	}
	if w.mock != nil {
		mux.Handle("/razorpay/", http.StripPrefix("/razorpay", w.mock.Window(lateBy)))
	}
}

// policy is what the page that opens the window may load. Razorpay's script brings styles and a frame of its own, and
// where the browser allows no frame it posts to Razorpay.
func (w *window) policy() string {
	if w.mock != nil {
		return policy
	}
	return "default-src 'self'; script-src 'self' https://checkout.razorpay.com; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' data: https://*.razorpay.com; connect-src 'self' https://*.razorpay.com; " +
		"frame-src https://api.razorpay.com https://checkout.razorpay.com; form-action 'self' https://api.razorpay.com; " +
		"frame-ancestors 'none'; base-uri 'none'"
}

// razorpayPage opens Razorpay's window.
type razorpayPage struct {
	Record  checkout.Record
	PayBy   time.Time
	Failed  int
	Script  string
	Options options
}

// options are those of Razorpay's checkout.js. The amount is shown; what counts is the order's, at Razorpay.
type options struct {
	Key      string            `json:"key"`
	OrderID  string            `json:"order_id"`
	Amount   int64             `json:"amount"`
	Currency string            `json:"currency"`
	Name     string            `json:"name"`
	Prefill  map[string]string `json:"prefill"`
	Callback string            `json:"callback_url"` // a path; the page makes an address of it
}

func (s *server) razorpayWindow(w http.ResponseWriter, r *http.Request, record checkout.Record) {
	w.Header().Set("Content-Security-Policy", s.window.policy())
	to := record.Billing
	s.show(w, r, http.StatusOK, "razorpay", razorpayPage{
		Record: record, PayBy: record.PayBy(), Failed: failed(record), Script: s.window.script,
		Options: options{
			Key: s.window.client.KeyID(), OrderID: record.Gateway.ID, Amount: record.Gateway.Amount.Minor(),
			Currency: string(record.Gateway.Amount.Currency()), Name: "Ankkor Bazaar",
			Prefill:  map[string]string{"name": to.FirstName + " " + to.LastName, "email": to.Email, "contact": to.Phone},
			Callback: returnPath(string(record.ID)),
		},
	})
}

// returnPath is where Razorpay sends a browser that cannot show its window in a frame.
func returnPath(id string) string { return "/pay/" + id + "/returned" }

// returnedPage carries a callback from Razorpay's site into the shop's.
type returnedPage struct {
	ID       string
	Callback payment.Callback
}

// returned takes the form that Razorpay's site posts to callback_url. It comes from another site, so that the shopper's
// cookie is not with it: nothing is believed and nothing is done here, the page only sends the same form again, from this
// site, where the order's owner and the signature are checked.
func (s *server) returned(w http.ResponseWriter, r *http.Request) error {
	id, callback := r.PathValue("id"), callbackOf(r)
	if callback.PaymentID == "" || callback.Signature == "" { // it failed; what became of it is asked of Razorpay
		http.Redirect(w, r, "/orders/"+url.PathEscape(id), http.StatusSeeOther)
		return nil
	}
	s.show(w, r, http.StatusOK, "returned", returnedPage{ID: id, Callback: callback})
	return nil
}

func callbackOf(r *http.Request) payment.Callback {
	return payment.Callback{
		OrderID: r.PostFormValue("razorpay_order_id"), PaymentID: r.PostFormValue("razorpay_payment_id"),
		Signature: r.PostFormValue("razorpay_signature"),
	}
}
