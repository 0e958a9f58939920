package paymenttest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func orderPromises() []promise {
	return []promise{
		{"an order is what was asked for", 0, orderIsAsAsked},
		{"orders have ids of their own", 0, orderIDsDiffer},
		{"a malformed request is invalid and not sent", 0, malformedOrder},
		{"a done context sends nothing", 0, doneContext},
		{"an absent order is not found", 0, absentOrder},
		{"a derived order is the same every time", 0, derivedOrder},
		{"an order is found by its receipt", needsStoredOrders, orderIsFound},
		{"a receipt with several orders gives the oldest", needsStoredOrders | needsRepeatedReceipts, oldestOrder},
		{"a receipt with several orders gives the furthest", needsStoredOrders | needsRepeatedReceipts | needsCustomer, furthestOrder},
		{"a unique receipt has one order", needsStoredOrders, uniqueReceipt},
	}
}

func orderIsAsAsked(t *testing.T, s *shop) {
	o := s.order(t, "receipt-1")
	if o.ID == "" || len(o.ID) > 64 {
		t.Errorf("the order's id has %d characters, want 1 to 64", len(o.ID))
	}
	if o.Receipt != "receipt-1" || o.Amount != s.Amount {
		t.Errorf("the order is for %q and %v, want %q and %v", o.Receipt, o.Amount, "receipt-1", s.Amount)
	}
	if o.Status != payment.OrderCreated && o.Status != payment.OrderDueOnDelivery {
		t.Errorf("a new order is %q", o.Status)
	}
	long := strings.Repeat("r", payment.MaxReceipt)
	if o = s.order(t, long); o.Receipt != long {
		t.Errorf("a receipt of %d characters comes back as %q", payment.MaxReceipt, o.Receipt)
	}
}

func orderIDsDiffer(t *testing.T, s *shop) {
	if a, b := s.order(t, "receipt-1"), s.order(t, "receipt-2"); a.ID == b.ID {
		t.Errorf("two receipts share the order %s", a.ID)
	}
}

func malformedOrder(t *testing.T, s *shop) {
	requests := map[string]payment.OrderRequest{
		"no receipt":         {Amount: s.Amount},
		"a long receipt":     {Receipt: strings.Repeat("r", payment.MaxReceipt+1), Amount: s.Amount},
		"CR LF in a receipt": {Receipt: "a\r\nb", Amount: s.Amount},
		"no amount":          {Receipt: "receipt-1"},
		"a negative amount":  {Receipt: "receipt-1", Amount: money(t, -1, s.Amount)},
		"an endless note":    {Receipt: "receipt-1", Amount: s.Amount, Notes: map[string]string{"n": strings.Repeat("n", 257)}},
	}
	for name, r := range requests {
		_, err := s.Gateway.CreateOrder(s.ctx, r)
		want(t, "CreateOrder with "+name, err, payment.ErrInvalid)
	}
	_, err := s.Gateway.FindOrder(s.ctx, "receipt-1")
	want(t, "FindOrder after malformed requests", err, payment.ErrNotFound)
}

func doneContext(t *testing.T, s *shop) {
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	_, err := s.Gateway.CreateOrder(ctx, s.request("receipt-1"))
	want(t, "CreateOrder with a cancelled ctx", err, payment.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("CreateOrder with a cancelled ctx: %v does not wrap ctx.Err()", err)
	}
	_, err = s.Gateway.FindOrder(s.ctx, "receipt-1")
	want(t, "FindOrder after a call that was not sent", err, payment.ErrNotFound)
}

func absentOrder(t *testing.T, s *shop) {
	s.order(t, "receipt-10")
	for _, receipt := range []string{"receipt-1", "receipt-100", "eceipt-10", "RECEIPT-10", "receipt-10%"} {
		_, err := s.Gateway.FindOrder(s.ctx, receipt)
		want(t, "FindOrder of "+receipt+" where only receipt-10 exists", err, payment.ErrNotFound)
	}
}

func derivedOrder(t *testing.T, s *shop) {
	if !s.DerivedOrders {
		t.Skip("not checked: the gateway stores its orders")
	}
	first := s.order(t, "receipt-1")
	_, err := s.Gateway.FindOrder(s.ctx, "receipt-1")
	want(t, "FindOrder of a derived order", err, payment.ErrNotFound)
	if again := s.order(t, "receipt-1"); again != first {
		t.Errorf("created again: %+v, want %+v", again, first)
	}
}

func orderIsFound(t *testing.T, s *shop) {
	s.order(t, "receipt-0")
	made := s.order(t, "receipt-1")
	s.order(t, "receipt-2")
	found, err := s.Gateway.FindOrder(s.ctx, "receipt-1")
	if err != nil {
		t.Fatalf("FindOrder: %v", err)
	}
	if found.ID != made.ID || found.Receipt != made.Receipt || found.Amount != made.Amount || found.Status != made.Status {
		t.Errorf("found %+v, want %+v", found, made)
	}
}

func oldestOrder(t *testing.T, s *shop) {
	first := s.order(t, "receipt-1")
	if s.Customer != nil {
		s.Customer.Pass(t, 2e9) // gateways tell time in seconds
	}
	s.order(t, "receipt-1")
	s.order(t, "receipt-1")
	for range 2 {
		found, err := s.Gateway.FindOrder(s.ctx, "receipt-1")
		if err != nil || found.ID != first.ID {
			t.Errorf("found %s (%v), want the oldest, %s", found.ID, err, first.ID)
		}
	}
}

func furthestOrder(t *testing.T, s *shop) {
	s.order(t, "receipt-1")
	second := s.order(t, "receipt-1")
	third := s.order(t, "receipt-1")
	s.Customer.Fail(t, third.ID)
	if found, err := s.Gateway.FindOrder(s.ctx, "receipt-1"); err != nil || found.ID != third.ID {
		t.Errorf("found %s (%v), want the attempted one, %s", found.ID, err, third.ID)
	}
	callback := s.Customer.Authorize(t, second.ID)
	if _, err := s.Gateway.Capture(s.ctx, callback.PaymentID, s.Amount); err != nil {
		t.Fatalf("Capture: %v", err)
	}
	found, err := s.Gateway.FindOrder(s.ctx, "receipt-1")
	if err != nil || found.ID != second.ID || found.Status != payment.OrderPaid {
		t.Errorf("found %s %s (%v), want the paid one, %s", found.ID, found.Status, err, second.ID)
	}
}

func uniqueReceipt(t *testing.T, s *shop) {
	if !s.UniqueReceipts {
		t.Skip("not checked: the gateway makes a second order for a receipt")
	}
	first, again := s.order(t, "receipt-1"), s.order(t, "receipt-1")
	if first.ID != again.ID {
		t.Errorf("one receipt has the orders %s and %s", first.ID, again.ID)
	}
	dearer, err := pricing.New(s.Amount.Minor()+1, s.Amount.Currency())
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Gateway.CreateOrder(s.ctx, payment.OrderRequest{Receipt: "receipt-1", Amount: dearer})
	want(t, "CreateOrder with a used receipt and another amount", err, payment.ErrRefused)
}
