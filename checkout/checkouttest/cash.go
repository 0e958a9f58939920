package checkouttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// RunCashOrders checks an order creator that is a [checkout.CashBook] and keeps [checkout.OrderNotes], for shops that take
// cash on delivery.
func RunCashOrders(t *testing.T, fresh func(t *testing.T) OrderHarness) {
	promises := []struct {
		name  string
		check func(*testing.T, *cashTest)
	}{
		{"an order due on delivery is in effect and not paid", cashNotPaid},
		{"the cash completes an order and dates its payment", cashPays},
		{"settling twice has one effect", cashPaysOnce},
		{"an order that is not in effect is not settled", cashOfNoOrder},
		{"an order that is not there is refused", cashOfAStranger},
		{"a remark is found by its whole text", noteFound},
		{"a remark is not on other orders", noteOfAnother},
		{"a done context has no effect", cashWithoutTime},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			o := &cashTest{orderTest: orderTest{T: t, OrderHarness: fresh(t)}}
			var cash, notes bool
			o.book, cash = o.Orders.(checkout.CashBook)
			o.notes, notes = o.Orders.(checkout.OrderNotes)
			if !cash || !notes {
				t.Fatalf("a CashBook: %v, with OrderNotes: %v", cash, notes)
			}
			p.check(t, o)
		})
	}
}

type cashTest struct {
	orderTest
	book  checkout.CashBook
	notes checkout.OrderNotes
}

// due is an order in effect that is paid at the door.
func (o *cashTest) due() checkout.StoreOrder {
	o.Helper()
	o.Request.PaymentMethod, o.Request.PaymentMethodTitle = string(payment.MethodCOD), "Cash on delivery"
	return o.complete(o.create(token).ID, checkout.Completion{Status: "processing", PaymentMethod: string(payment.MethodCOD)})
}

func (o *cashTest) settle(id int64) checkout.StoreOrder {
	o.Helper()
	order, err := o.book.SettleCash(o.Context(), id, o.settlement())
	if err != nil {
		o.Fatalf("SettleCash: %v", err)
	}
	return order
}

func (o *cashTest) settlement() checkout.CashSettlement {
	return checkout.CashSettlement{Collected: o.Request.Quote.Totals.Total, Reference: "UTR-1", At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
}

func cashNotPaid(t *testing.T, o *cashTest) {
	if order := o.due(); !order.Effective() || order.Paid() {
		t.Errorf("%s, paid %v", order.Status, order.DatePaid)
	}
}

func cashPays(t *testing.T, o *cashTest) {
	due := o.due()
	settled := o.settle(due.ID)
	if settled.Status != "completed" || !settled.Paid() || settled.ID != due.ID || !settled.Total.Equal(due.Total) {
		t.Errorf("%+v became %+v", due, settled)
	}
	for i, l := range settled.Lines {
		if l.Reduced != due.Lines[i].Reduced {
			t.Errorf("line %d: stock reduced by %d, was %d", i, l.Reduced, due.Lines[i].Reduced)
		}
	}
}

func cashPaysOnce(t *testing.T, o *cashTest) {
	first := o.settle(o.due().ID)
	again := o.settle(first.ID)
	if !again.DatePaid.Equal(first.DatePaid) || again.Status != first.Status || !again.Total.Equal(first.Total) {
		t.Errorf("%+v became %+v", first, again)
	}
}

func cashOfNoOrder(t *testing.T, o *cashTest) {
	pending := o.create(another)
	cancelled := o.cancel(o.due().ID)
	for _, order := range []checkout.StoreOrder{pending, cancelled} {
		_, err := o.book.SettleCash(t.Context(), order.ID, o.settlement())
		if !errors.Is(err, checkout.ErrRefused) {
			t.Errorf("an order in status %s: %v", order.Status, err)
		}
	}
	for token, want := range map[string]string{another: pending.Status, token: cancelled.Status} {
		if found := o.find(token); len(found) != 1 || found[0].Status != want || found[0].Paid() {
			t.Errorf("%s became %+v", want, found)
		}
	}
}

func cashOfAStranger(t *testing.T, o *cashTest) {
	if _, err := o.book.SettleCash(t.Context(), o.create(token).ID+100000, o.settlement()); !errors.Is(err, checkout.ErrRefused) {
		t.Errorf("SettleCash: %v", err)
	}
}

const remark = "Payment to be made upon delivery: ₹1,23,456.50 & <nothing> else."

func (o *cashTest) noted(id int64, text string) bool {
	o.Helper()
	found, err := o.notes.Noted(o.Context(), id, text)
	if err != nil {
		o.Fatalf("Noted: %v", err)
	}
	return found
}

func (o *cashTest) note(id int64, text string) {
	o.Helper()
	if err := o.notes.NoteOrder(o.Context(), id, text); err != nil {
		o.Fatalf("NoteOrder: %v", err)
	}
}

func noteFound(t *testing.T, o *cashTest) {
	id := o.due().ID
	if o.noted(id, remark) {
		t.Error("found before it was written")
	}
	o.note(id, "Another remark.")
	o.note(id, remark)
	if !o.noted(id, remark) || !o.noted(id, "Another remark.") {
		t.Error("not found after it was written")
	}
	if o.noted(id, remark[:20]) || o.noted(id, remark+" Or more.") {
		t.Error("found by something like it")
	}
}

func noteOfAnother(t *testing.T, o *cashTest) {
	first, second := o.create(token), o.create(another)
	o.note(first.ID, remark)
	if o.noted(second.ID, remark) {
		t.Error("found on another order")
	}
}

func cashWithoutTime(t *testing.T, o *cashTest) {
	order := o.due()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, settled := o.book.SettleCash(ctx, order.ID, o.settlement())
	noted := o.notes.NoteOrder(ctx, order.ID, remark)
	_, looked := o.notes.Noted(ctx, order.ID, remark)
	for name, err := range map[string]error{"SettleCash": settled, "NoteOrder": noted, "Noted": looked} {
		if !errors.Is(err, checkout.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if found := o.find(token); len(found) != 1 || found[0].Paid() || o.noted(order.ID, remark) {
		t.Errorf("%+v", found)
	}
}
