package checkout_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// canaries are what a shopper wrote about herself, made easy to find.
var canaries = []string{"Canaryfirst", "Canarylast", "Canarylane", "Canarytown", "canary@example.in", "9845099999", "Canarynote"}

func canary() checkout.Address {
	a := asha()
	a.FirstName, a.LastName, a.Address1, a.City, a.Email, a.Phone = canaries[0], canaries[1], canaries[2], canaries[3], canaries[4], canaries[5]
	return a
}

// TestNothingPersonalIsPrinted runs a sale of a shopper who left her name everywhere, and prints every type that carries
// it with every verb, and everything the service logged.
func TestNothingPersonalIsPrinted(t *testing.T) {
	var logged bytes.Buffer
	s := newShop(t, func(c *checkout.Config) { c.Log = slog.New(slog.NewJSONHandler(&logged, nil)) })
	ctx := t.Context()
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	addressed, err := s.SetAddresses(ctx, "guest:1", r.ID, checkout.Addresses{Billing: canary(), Shipping: canary(), Note: canaries[6]})
	s.check(err)
	started, err := s.Start(ctx, checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	s.orders.before = []error{&checkout.RefusedError{Code: "no", Reason: "no"}}
	paid := s.pay(s.place(started.Record))
	explained, err := s.Explain(ctx, r.ID)
	s.check(err)
	_, err = s.ConfirmPayment(ctx, "guest:1", r.ID, payment.Callback{OrderID: "x"})
	s.check(err, checkout.ErrPaymentMismatch)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("all of it", "record", paid, "address", paid.Billing)

	if stored, err := json.Marshal(paid); err != nil || !mentions(string(stored)) {
		t.Fatalf("the canaries are not in the record: %v", err)
	}
	for _, v := range []any{
		paid, &paid, paid.Choices, paid.Billing, started, addressed, explained, checkout.Committed{Record: paid},
		checkout.Change{Record: paid}, checkout.Notice{Record: paid}, checkout.Addresses{Billing: canary(), Note: canaries[6]},
		checkout.OrderRequest{Billing: paid.Billing, CustomerNote: canaries[6]}, checkout.QuoteRequest{ShipTo: paid.Shipping},
		checkout.CheckedAddress{Address: canary()}, []checkout.Record{paid}, map[string]any{"record": paid},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X"} {
			if text := fmt.Sprintf(verb, v); mentions(text) {
				t.Errorf("%s of %T prints something personal: %s", verb, v, text)
			}
		}
	}
	if mentions(logged.String()) || logged.Len() == 0 {
		t.Errorf("logged: %s", logged.String())
	}
}

func mentions(text string) bool {
	for _, c := range canaries {
		if strings.Contains(text, c) || strings.Contains(text, fmt.Sprintf("%x", c)) || strings.Contains(text, fmt.Sprintf("%X", c)) {
			return true
		}
	}
	return false
}

func TestWhatIsPrinted(t *testing.T) {
	r := record(open)
	if got := r.String(); got != "checkout chk_1 v0 open" {
		t.Errorf("record: %q", got)
	}
	if got := asha().String(); got != "address in IN" {
		t.Errorf("address: %q", got)
	}
	if got := (checkout.Address{}).String(); got != "no address" {
		t.Errorf("no address: %q", got)
	}
}

// TestChoosingDoesNotGrowTheRecord changes its mind a thousand times.
func TestChoosingDoesNotGrowTheRecord(t *testing.T) {
	s := newShop(t)
	ctx := t.Context()
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodRazorpay)
	for range 250 {
		s.check(errOf(s.ChooseShipping(ctx, "guest:1", r.ID, r.ShippingRate)))
		s.check(errOf(s.ChoosePayment(ctx, "guest:1", r.ID, payment.MethodCOD)))
		s.check(errOf(s.SetAddresses(ctx, "guest:1", r.ID, checkout.Addresses{Billing: asha()})))
		s.start("guest:1")
	}
	if got := s.load(r.ID); len(got.Timeline) != 5 || len(got.Intents) != 0 {
		t.Fatalf("%d lines: %v", len(got.Timeline), got.Timeline)
	}
}
