package property_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/auth"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/inventory"
	schedule "github.com/ankkor/ankkor/inventory/stockhttp"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/webhook"
)

const (
	mebibyte   = 1 << 20
	hookSecret = "whsec_4f1c8b2a9d3e5a7b"
)

// mebibytes are inputs of just that size, each of which has made some parser slow, deep or large.
func mebibytes() map[string][]byte {
	fill := func(head, part, tail string) []byte {
		n := (mebibyte - len(head) - len(tail)) / len(part)
		s := head + strings.Repeat(part, n) + tail
		return []byte(s + strings.Repeat(" ", mebibyte-len(s)))
	}
	return map[string][]byte{
		"zeros":              make([]byte, mebibyte),
		"no UTF-8":           fill("", "\xff", ""),
		"digits":             fill("", "9", ""),
		"a fraction":         fill("0.", "0", "1"),
		"grouped digits":     fill("₹1", ",00", ".00"),
		"an exponent":        fill("1e", "9", ""),
		"minus signs":        fill("", "-", ""),
		"dots":               fill("", ".", ""),
		"quotes":             fill("", `"`, ""),
		"backslashes":        fill(`"`, `\`, `"`),
		"escapes":            fill(`{"a":"`, `\u0041`, `"}`),
		"half surrogates":    fill(`{"a":"`, `\ud800`, `"}`),
		"open brackets":      fill("", "[", ""),
		"nested objects":     fill("", `{"a":`, ""),
		"a list of nothing":  fill("[", "0,", "0]"),
		"many fields":        fill("{", `"a":0,`, `"b":0}`),
		"one long name":      fill(`{"`, "x", `":1}`),
		"a long number":      fill(`{"id":`, "1", `}`),
		"an event":           fill(`{"entity":"event","event":"payment.captured","payload":{"payment":{"entity":{"id":"`, "p", `"}}}}`),
		"an event's ballast": fill(`{"entity":"event","event":"payment.captured","x":[`, `{},`, `{}],"payload":{}}`),
		"tags":               fill("", "<b>", ""),
		"an open tag":        fill("<a b='", "x", ""),
		"entities":           fill("", "&#8377;", ""),
		"ampersands":         fill("", "&", ""),
		"line feeds":         fill("", "\r\n", ""),
		"right to left":      fill("", "\u202e", ""),
		"combining marks":    fill("a", "\u0301", ""),
		"a form":             fill("", "a=b&", "c=d"),
		"percent signs":      fill("", "%", ""),
	}
}

// doors are where somebody else's bytes come in, each told in its own way. What they answer is for their own tests.
func doors(t *testing.T) map[string]func(t *testing.T, input []byte) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	quiet := slog.New(slog.DiscardHandler)
	gateway, err := razorpay.NewReceiver(razorpay.ReceiverConfig{Secrets: []payment.Secret{payment.NewSecret(hookSecret)}, Inbox: deaf{}, Log: quiet})
	must(err)
	store, err := webhook.NewReceiver(webhook.Config{Secrets: []woo.Secret{woo.NewSecret(hookSecret)}, Inbox: deaf{}, Log: quiet})
	must(err)
	idle := func(context.Context) error { return nil }
	qstash, err := schedule.QStash(schedule.QStashConfig{
		CurrentKey: schedule.NewSecret(hookSecret), URL: "https://shop.example/sweep", Once: schedule.NewMemory(nil), Work: idle, Log: quiet,
	})
	must(err)
	shared, err := schedule.Shared(schedule.SharedConfig{Secrets: []schedule.Secret{schedule.NewSecret(hookSecret)}, Work: idle, Log: quiet})
	must(err)
	guests, err := auth.NewGuests(auth.GuestConfig{Keys: []auth.Secret{auth.NewSecret(strings.Repeat("k", 32))}})
	must(err)
	parser, err := pricing.NewParser(pricing.IndianFormat())
	must(err)
	verifier, err := payment.NewSignatureVerifier(payment.NewSecret(hookSecret))
	must(err)
	post := func(h http.Handler, input []byte, header ...string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(input)))
		r.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	return map[string]func(*testing.T, []byte){
		"an amount":       func(_ *testing.T, in []byte) { _, _ = pricing.Parse(string(in), pricing.INR) },
		"an amount, SQL":  func(_ *testing.T, in []byte) { var m pricing.Money; _ = m.Scan(in) },
		"an amount, JSON": func(_ *testing.T, in []byte) { var m pricing.Money; _ = json.Unmarshal(in, &m) },
		"a price":         func(_ *testing.T, in []byte) { _, _ = parser.ParsePrice(string(in)) },
		"a cart's change": func(_ *testing.T, in []byte) { _, _ = cart.ParseChange(in, cart.Limits{}) },
		"a cart's copy":   func(_ *testing.T, in []byte) { _, _ = cart.ParseLocal(in, cart.Limits{}) },
		"an item's name":  func(_ *testing.T, in []byte) { _, _ = inventory.ParseItem(string(in)) },
		"a coupon":        func(_ *testing.T, in []byte) { _ = inventory.CouponItem(string(in)) },
		"an owner":        func(_ *testing.T, in []byte) { _ = cart.Owner(in).Validate() },
		"an address": func(t *testing.T, in []byte) {
			text := string(in)
			a := checkout.Address{FirstName: text, LastName: text, Address1: text, City: text, State: text, Postcode: text, Country: text, Email: text, Phone: text}
			if _, err := checkout.CheckAddress(t.Context(), a, checkout.AddressForm{}); err == nil {
				t.Error("it is an address")
			}
		},
		"a callback": func(t *testing.T, in []byte) {
			if verifier.VerifyPayment("order_IEIaMR65cu6nz3", payment.Callback{OrderID: string(in), PaymentID: string(in), Signature: string(in)}) == nil {
				t.Error("it is genuine")
			}
		},
		"a gateway's event": func(_ *testing.T, in []byte) {
			post(gateway, in, "X-Razorpay-Signature", razorpaytest.SignWebhook(hookSecret, in))
			_, _ = razorpay.EventOf(inbox.Message{Body: in})
		},
		"a store's change": func(_ *testing.T, in []byte) {
			mac := hmac.New(sha256.New, []byte(hookSecret))
			_, _ = mac.Write(in)
			post(store, in, "X-WC-Webhook-Topic", "product.updated", "X-WC-Webhook-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
			_, _ = webhook.ChangeOf(inbox.Message{Topic: "product.updated", Body: in})
		},
		"a schedule's body":      func(_ *testing.T, in []byte) { post(qstash, in, "Upstash-Signature", "a.b.c") },
		"a schedule's signature": func(_ *testing.T, in []byte) { post(qstash, nil, "Upstash-Signature", string(in)) },
		"a schedule's secret":    func(_ *testing.T, in []byte) { post(shared, nil, "Authorization", "Bearer "+string(in)) },
		"a cookie": func(t *testing.T, in []byte) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Cookie", auth.GuestCookie+"="+string(in))
			if _, err := guests.Identify(r); err == nil {
				t.Error("it is somebody")
			}
		},
	}
}

// deaf is an inbox that takes everything and keeps nothing.
type deaf struct{ *memstore.Inbox }

func (deaf) Put(context.Context, inbox.Message) (bool, error) { return true, nil }

// TestAMebibyteOfAnything: whatever comes in by any door, in any size up to a mebibyte, panics nowhere and takes no more
// than sixteen of memory, copies of the input that the test makes included.
func TestAMebibyteOfAnything(t *testing.T) {
	for door, enter := range doors(t) {
		t.Run(door, func(t *testing.T) {
			for name, input := range mebibytes() {
				if len(input) != mebibyte {
					t.Fatalf("%s has %d bytes", name, len(input))
				}
				if took := allocated(func() { enter(t, input) }); took > 16*mebibyte {
					t.Errorf("%s took %d KiB", name, took>>10)
				}
			}
		})
	}
}

// allocated is how much memory was taken meanwhile, whether or not it was given back.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
