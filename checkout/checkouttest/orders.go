package checkouttest

import (
	"context"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/checkout"
)

// OrderHarness is a store of orders and an order it can take.
type OrderHarness struct {
	Orders checkout.OrderCreator
	// Request is an order of at least one line whose stock the store manages, with a quote that the store will compute
	// alike. The suite sets the token.
	Request checkout.OrderRequest
}

// RunOrderCreator checks a [checkout.OrderCreator].
func RunOrderCreator(t *testing.T, fresh func(t *testing.T) OrderHarness) {
	promises := []struct {
		name  string
		check func(*testing.T, *orderTest)
	}{
		{"a created order is pending and has no effect", createdPending},
		{"a created order equals the quote", equalsQuote},
		{"a token without orders finds none", findsNone},
		{"an order is found by its token", foundByToken},
		{"twins are found, oldest first", findsTwins},
		{"a paid order takes effect", paidTakesEffect},
		{"an order due on delivery takes effect", dueTakesEffect},
		{"completing twice has one effect", completedOnce},
		{"a completed order is still found by its token", completedFound},
		{"a cancelled pending order lies in the trash and is found", cancelledFound},
		{"cancelling twice is no error", cancelledTwice},
		{"a trashed order is not revived", notRevived},
		{"an order that is not there is refused", strangerRefused},
		{"a done context is unavailable, not unknown", doneIsUnavailable},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.check(t, &orderTest{T: t, OrderHarness: fresh(t)}) })
	}
}

type orderTest struct {
	*testing.T
	OrderHarness
}

const (
	token   = "ank_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	another = "ank_ZYXWVUTSRQPONMLKJIHGFEDCBA"
	payID   = "pay_00000000000001"
)

func (o *orderTest) create(token string) checkout.StoreOrder {
	o.Helper()
	req := o.Request
	req.Token = token
	order, err := o.Orders.CreatePending(o.Context(), req)
	if err != nil {
		o.Fatalf("CreatePending: %v", err)
	}
	return order
}

func (o *orderTest) complete(id int64, how checkout.Completion) checkout.StoreOrder {
	o.Helper()
	order, err := o.Orders.Complete(o.Context(), id, how)
	if err != nil {
		o.Fatalf("Complete: %v", err)
	}
	return order
}

func (o *orderTest) cancel(id int64) checkout.StoreOrder {
	o.Helper()
	order, err := o.Orders.Cancel(o.Context(), id)
	if err != nil {
		o.Fatalf("Cancel: %v", err)
	}
	return order
}

func (o *orderTest) find(token string) []checkout.StoreOrder {
	o.Helper()
	orders, err := o.Orders.FindOrder(o.Context(), token)
	if err != nil {
		o.Fatalf("FindOrder: %v", err)
	}
	return orders
}

func (o *orderTest) paid() checkout.Completion {
	return checkout.Completion{
		Paid: true, TransactionID: payID, PaymentMethod: o.Request.PaymentMethod, PaymentMethodTitle: o.Request.PaymentMethodTitle,
	}
}

func createdPending(t *testing.T, o *orderTest) {
	order := o.create(token)
	if order.ID == 0 || order.Status != "pending" || order.Effective() || order.Paid() || order.Token != token {
		t.Errorf("order %+v", order)
	}
	for i, l := range order.Lines {
		if l.Reduced != 0 {
			t.Errorf("line %d of a pending order reduced stock by %d", i, l.Reduced)
		}
	}
}

func equalsQuote(t *testing.T, o *orderTest) {
	order, want := o.create(token), o.Request.Quote
	if !order.Total.Equal(want.Totals.Total) || !order.TotalTax.Equal(want.Totals.TotalTax) {
		t.Errorf("total %s with tax %s, the quote says %s with %s", order.Total, order.TotalTax, want.Totals.Total, want.Totals.TotalTax)
	}
	if len(order.Lines) != len(want.Lines) {
		t.Fatalf("%d lines, the quote has %d", len(order.Lines), len(want.Lines))
	}
	for i, l := range want.Lines {
		got := order.Lines[i]
		if got.ProductID != l.ProductID || got.VariationID != l.VariationID || got.Quantity != l.Quantity {
			t.Errorf("line %d is of another item: %+v", i, got)
		}
		if !got.Subtotal.Equal(l.Subtotal) || !got.Total.Equal(l.Total) || !got.TotalTax.Equal(l.TotalTax) {
			t.Errorf("line %d: %s, %s, tax %s; the quote says %s, %s, tax %s", i, got.Subtotal, got.Total, got.TotalTax, l.Subtotal, l.Total, l.TotalTax)
		}
	}
}

func findsNone(t *testing.T, o *orderTest) {
	if got := o.find(token); got != nil {
		t.Errorf("found %v", got)
	}
}

func foundByToken(t *testing.T, o *orderTest) {
	mine := o.create(token)
	o.create(another)
	got := o.find(token)
	if len(got) != 1 || got[0].ID != mine.ID || got[0].Token != token {
		t.Errorf("found %v, want order %d alone", got, mine.ID)
	}
}

func findsTwins(t *testing.T, o *orderTest) {
	first, second := o.create(token), o.create(token)
	if first.ID == second.ID {
		t.Skip("the store has an idempotency key: there are no twins")
	}
	got := o.find(token)
	if len(got) != 2 || got[0].ID != first.ID || got[1].ID != second.ID {
		t.Errorf("found %v", got)
	}
}

func (o *orderTest) tookEffect(order checkout.StoreOrder) {
	o.Helper()
	if !order.Effective() {
		o.Errorf("order is %q", order.Status)
	}
	for i, l := range order.Lines {
		if l.Reduced != l.Quantity {
			o.Errorf("line %d reduced stock by %d, want %d", i, l.Reduced, l.Quantity)
		}
	}
}

func paidTakesEffect(t *testing.T, o *orderTest) {
	order := o.complete(o.create(token).ID, o.paid())
	o.tookEffect(order)
	if !order.Paid() || order.TransactionID != payID {
		t.Errorf("paid %v, transaction %q", order.Paid(), order.TransactionID)
	}
}

func dueTakesEffect(_ *testing.T, o *orderTest) {
	how := o.paid()
	how.Paid, how.TransactionID, how.Status = false, "", "processing"
	o.tookEffect(o.complete(o.create(token).ID, how))
}

func completedOnce(t *testing.T, o *orderTest) {
	id := o.create(token).ID
	first := o.complete(id, o.paid())
	second := o.complete(id, o.paid())
	o.tookEffect(second)
	if second.TransactionID != first.TransactionID || !second.DatePaid.Equal(first.DatePaid) {
		t.Errorf("completing again changed the order: %+v, then %+v", first, second)
	}
}

func completedFound(t *testing.T, o *orderTest) {
	id := o.create(token).ID
	o.complete(id, o.paid())
	if got := o.find(token); len(got) != 1 || got[0].ID != id || !got[0].Effective() {
		t.Errorf("found %v", got)
	}
}

func cancelledFound(t *testing.T, o *orderTest) {
	id := o.create(token).ID
	if order := o.cancel(id); !order.Trashed() {
		t.Errorf("order is %q", order.Status)
	}
	if got := o.find(token); len(got) != 1 || got[0].ID != id || !got[0].Trashed() {
		t.Errorf("found %v", got)
	}
}

func cancelledTwice(t *testing.T, o *orderTest) {
	id := o.create(token).ID
	o.cancel(id)
	if order := o.cancel(id); !order.Trashed() {
		t.Errorf("order is %q", order.Status)
	}
}

func notRevived(t *testing.T, o *orderTest) {
	id := o.create(token).ID
	o.cancel(id)
	order, err := o.Orders.Complete(t.Context(), id, o.paid())
	if err == nil && order.Effective() {
		t.Errorf("a trashed order is %q", order.Status)
	}
}

func strangerRefused(t *testing.T, o *orderTest) {
	const stranger = 999_999_999
	if _, err := o.Orders.Complete(t.Context(), stranger, o.paid()); !errors.Is(err, checkout.ErrRefused) {
		t.Errorf("Complete: %v", err)
	}
	if _, err := o.Orders.Cancel(t.Context(), stranger); !errors.Is(err, checkout.ErrRefused) {
		t.Errorf("Cancel: %v", err)
	}
}

func doneIsUnavailable(t *testing.T, o *orderTest) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req := o.Request
	req.Token = token
	if _, err := o.Orders.CreatePending(ctx, req); !errors.Is(err, checkout.ErrUnavailable) || errors.Is(err, checkout.ErrUnknown) {
		t.Errorf("CreatePending: %v", err)
	}
	if got := o.find(token); got != nil {
		t.Errorf("it made %v", got)
	}
}
