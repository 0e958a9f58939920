package woo_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// cashTill sells for cash on terms, without any fee of the quoter's own.
func cashTill(t *testing.T, terms checkout.CashTerms) *till {
	t.Helper()
	terms.Currency = pricing.INR
	return openTill(t, func(client *woo.Client) checkout.Quoter { return checkout.NewLocalQuoter(client, nil) },
		func(c *checkout.Config) { c.Payments[1].Cash = &terms })
}

func meta(o wootest.Order, key string) string {
	for _, m := range o.Meta {
		if m.Key == key {
			return strings.Trim(m.Value, `"`)
		}
	}
	return ""
}

// TestCashSales: a cash order as WooCommerce's own gateway makes it, with a fee and a prepayment, at home and in another
// state, read back: processing, not paid, the fee a line of it, the parts in its title, its meta data and its history. The
// cash makes it paid.
func TestCashSales(t *testing.T) {
	fee := adjust.CashOnDelivery{Name: "Cash on delivery", Amount: decimal.NewFromInt(40), Taxable: true}
	tenth := payment.Prepayment{Through: payment.MethodRazorpay, Percent: decimal.NewFromInt(10)}
	for place, address := range places {
		for name, terms := range map[string]checkout.CashTerms{
			"plain": {}, "with a fee": {Fee: fee}, "with a prepayment": {Prepayment: tenth}, "with both": {Fee: fee, Prepayment: tenth},
		} {
			t.Run(place+", "+name, func(t *testing.T) {
				s := cashTill(t, terms)
				sold := s.sellForCash(t, address)
				q, plan := *sold.Quote, sold.Placed.Plan
				compareOrder(t, q, readOrder(t, s.store, sold.Order.ID))
				o, err := s.store.Order(sold.Order.ID)
				if err != nil {
					t.Fatal(err)
				}
				if sum, err := plan.Total(); err != nil || !sum.Decimal().Equal(o.Total) || len(q.Fees) != len(feesOf(terms)) {
					t.Errorf("the plan adds up to %s (%v), the order to %s; fees %+v", sum, err, o.Total, q.Fees)
				}
				if o.Status != "processing" || !o.Paid.IsZero() || o.PaymentMethod != "cod" {
					t.Errorf("%s, paid %s, by %s", o.Status, o.Paid, o.PaymentMethod)
				}
				wantParts(t, sold, o)
				settled, err := s.RecordRemittance(t.Context(), checkout.RemittanceRequest{StoreOrder: o.ID, Key: "UTR-9", Amount: plan.OnDelivery, Actor: "meera"})
				if err != nil || settled.Order.SettledAt.IsZero() || settled.Order.Status != "completed" {
					t.Fatalf("%+v, %v", settled.Order, err)
				}
				o, err = s.store.Order(sold.Order.ID)
				if err != nil || o.Status != "completed" || o.Paid.IsZero() || meta(o, "_ankkor_collected") != plan.OnDelivery.Amount() || meta(o, "_ankkor_remittance") != "UTR-9" {
					t.Errorf("settled: %s, paid %s, meta %+v, %v", o.Status, o.Paid, o.Meta, err)
				}
				if !o.Total.Equal(q.Totals.Total.Decimal()) {
					t.Errorf("the total moved to %s", o.Total)
				}
			})
		}
	}
}

func feesOf(terms checkout.CashTerms) []string {
	if terms.Fee.Name == "" {
		return nil
	}
	return []string{terms.Fee.Name}
}

// sellForCash makes a whole sale of mixed goods, with its prepayment.
func (s *till) sellForCash(t *testing.T, to checkout.Address) checkout.Record {
	t.Helper()
	ctx := t.Context()
	placed, err := s.place(ctx, "guest:cash", mixedGoods, nil, payment.MethodCOD, to)
	if err != nil {
		t.Fatal(err)
	}
	if placed.Placed.Plan.Prepaid() {
		callback, err := s.gateway.Pay(placed.Gateway.ID)
		if err == nil {
			_, err = s.ConfirmPayment(ctx, "guest:cash", placed.ID, callback)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s.settle(t)
	sold, err := s.Get(ctx, "guest:cash", placed.ID)
	if err != nil || sold.Status() != checkout.StatusOrdered || len(sold.Alerts) > 0 {
		t.Fatalf("%s, alerts %+v, %v", sold.Status(), sold.Alerts, err)
	}
	return sold
}

// wantParts looks for the parts of a split total wherever the order shows them.
func wantParts(t *testing.T, sold checkout.Record, o wootest.Order) {
	t.Helper()
	plan := sold.Placed.Plan
	note := "Payment to be made upon delivery."
	if plan.Prepaid() {
		note = "Payment to be made upon delivery: " + inr(plan.OnDelivery) + ". Paid online: " + inr(plan.Online) + " (razorpay " + sold.Payments.Bound() + ")."
		if meta(o, checkout.MetaPrepaid) != plan.Online.Amount() || meta(o, checkout.MetaDueOnDelivery) != plan.OnDelivery.Amount() {
			t.Errorf("meta %+v, plan %+v", o.Meta, plan)
		}
		if o.TransactionID != sold.Payments.Bound() {
			t.Errorf("transaction %s, the payment is %s", o.TransactionID, sold.Payments.Bound())
		}
	}
	written := 0
	for _, n := range o.Notes {
		if n == note {
			written++
		}
	}
	if written != 1 {
		t.Errorf("%q is written %d times: %q", note, written, o.Notes)
	}
}

func inr(m pricing.Money) string { return pricing.IndianFormat().Money(m) }

// cashOrder is an order in effect that is due on delivery.
func cashOrder(t *testing.T, client *woo.Client) checkout.StoreOrder {
	t.Helper()
	ctx := t.Context()
	created, err := client.CreatePending(ctx, cashRequest(t, client))
	if err != nil {
		t.Fatal(err)
	}
	o, err := client.Complete(ctx, created.ID, checkout.Completion{Status: "processing", PaymentMethod: "cod"})
	if err != nil || o.Paid() {
		t.Fatalf("%+v, %v", o, err)
	}
	return o
}

func cashRequest(t *testing.T, client *woo.Client) checkout.OrderRequest {
	t.Helper()
	home := places["in the shop's state"]
	quoter := checkout.NewLocalQuoter(client, nil)
	q, err := quoter.Quote(t.Context(), checkout.QuoteRequest{Lines: priced(t, client, 0, 1), ShipTo: home, BillTo: home, At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return checkout.OrderRequest{Token: "tok_cash_0001", Quote: q, Billing: home, Shipping: home, PaymentMethod: "cod", PaymentMethodTitle: "Cash on delivery"}
}

func settlement() checkout.CashSettlement {
	return checkout.CashSettlement{Collected: pricing.Paise(49900), Reference: "UTR-1", At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
}

// TestSettleCashTwice: the second time nothing is written.
func TestSettleCashTwice(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	o := cashOrder(t, client)
	first, err := client.SettleCash(t.Context(), o.ID, settlement())
	if err != nil || first.Status != "completed" || !first.Paid() {
		t.Fatalf("%+v, %v", first, err)
	}
	before, err := store.Order(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Faults().Arm(wootest.Fault{Kind: wootest.CutBefore, Method: http.MethodPut}); err != nil {
		t.Fatal(err)
	}
	again, err := client.SettleCash(t.Context(), o.ID, settlement())
	after, _ := store.Order(o.ID)
	if err != nil || !again.DatePaid.Equal(first.DatePaid) || len(after.Notes) != len(before.Notes) || len(after.Meta) != len(before.Meta) {
		t.Errorf("%+v after %+v, %v", after, before, err)
	}
}

// TestSettleCashOfACompletedOrder keeps the date that WooCommerce gave it, and says what was collected.
func TestSettleCashOfACompletedOrder(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	o := cashOrder(t, client)
	if err := store.SetOrderStatus(o.ID, "completed"); err != nil {
		t.Fatal(err)
	}
	if settled, err := client.SettleCash(t.Context(), o.ID, settlement()); err != nil || settled.Status != "completed" {
		t.Fatalf("%+v, %v", settled, err)
	}
	if got, err := store.Order(o.ID); err != nil || meta(got, "_ankkor_collected") != "499.00" {
		t.Errorf("%+v, %v", got.Meta, err)
	}
}

// TestSettleCashRefuses what is not in effect any more, and what never was an order.
func TestSettleCashRefuses(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	o := cashOrder(t, client)
	for _, status := range []string{"cancelled", "refunded", "failed", "pending"} {
		if err := store.SetOrderStatus(o.ID, status); err != nil {
			t.Fatal(err)
		}
		_, err := client.SettleCash(t.Context(), o.ID, settlement())
		if got, _ := store.Order(o.ID); !errors.Is(err, checkout.ErrRefused) || got.Status != status {
			t.Errorf("%s became %s, %v", status, got.Status, err)
		}
	}
	for _, id := range []int64{0, -1, 4711} {
		if _, err := client.SettleCash(t.Context(), id, settlement()); err == nil {
			t.Errorf("order %d is settled", id)
		}
		if err := client.NoteOrder(t.Context(), id, "x"); err == nil {
			t.Errorf("order %d has a note", id)
		}
	}
	if err := client.NoteOrder(t.Context(), o.ID, ""); !errors.Is(err, checkout.ErrRefused) {
		t.Errorf("an empty note: %v", err)
	}
}

// TestLostRepliesOfCash: what was done is found, and not done again.
func TestLostRepliesOfCash(t *testing.T) {
	store, client := openStore(t, wootest.Config{})
	o := cashOrder(t, client)
	lose := func(method string) {
		if err := store.Faults().Arm(wootest.Fault{Kind: wootest.CutAfter, Method: method, Times: 1}); err != nil {
			t.Fatal(err)
		}
	}
	lose(http.MethodPost)
	if err := client.NoteOrder(t.Context(), o.ID, "₹449.00 at the door"); !errors.Is(err, checkout.ErrUnknown) {
		t.Errorf("a lost reply: %v", err)
	}
	for text, want := range map[string]bool{"₹449.00 at the door": true, "₹450.00 at the door": false, "": false} {
		if noted, err := client.Noted(t.Context(), o.ID, text); err != nil || noted != want {
			t.Errorf("%q is noted: %v, %v", text, noted, err)
		}
	}
	lose(http.MethodPut)
	if _, err := client.SettleCash(t.Context(), o.ID, settlement()); !errors.Is(err, checkout.ErrUnknown) {
		t.Errorf("a lost reply: %v", err)
	}
	if settled, err := client.SettleCash(t.Context(), o.ID, settlement()); err != nil || !settled.Paid() {
		t.Errorf("%+v, %v", settled, err)
	}
	got, err := store.Order(o.ID)
	if err != nil || slices.ContainsFunc(got.Notes, func(n string) bool { return strings.Contains(n, "Completed to") }) {
		t.Errorf("%q, %v", got.Notes, err)
	}
}

// TestCashOrderComesBack: its order is cancelled, which puts the stock back, and shows the prepayment that went back.
func TestCashOrderComesBack(t *testing.T) {
	for policy, refunds := range map[payment.ReturnPolicy]int{payment.KeepOnReturn: 0, payment.RefundOnReturn: 1} {
		t.Run(string(policy), func(t *testing.T) {
			s := cashTill(t, checkout.CashTerms{Prepayment: payment.Prepayment{
				Through: payment.MethodRazorpay, Fixed: pricing.Paise(9900), OnReturn: policy,
			}})
			before, err := s.store.Stock(16)
			if err != nil {
				t.Fatal(err)
			}
			sold := s.sellForCash(t, places["in another state"])
			if _, err := s.RecordShipment(t.Context(), sold.ID, checkout.Shipment{Carrier: "Delhivery"}, "meera"); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			if o, err := s.store.Order(sold.Order.ID); err != nil || o.Status != "processing" || !o.Paid.IsZero() {
				t.Fatalf("on its way: %s, paid %s, %v", o.Status, o.Paid, err)
			}
			_, err = s.RecordReturn(t.Context(), checkout.ReturnRequest{ID: sold.ID, Key: "rto", Restock: true, Reason: "refused at the door", Actor: "courier"})
			if err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			o, err := s.store.Order(sold.Order.ID)
			if err != nil || o.Status != "cancelled" || !o.Paid.IsZero() {
				t.Errorf("%s, paid %s, %v", o.Status, o.Paid, err)
			}
			if after, err := s.store.Stock(16); err != nil || after.Quantity != before.Quantity {
				t.Errorf("%+v after %+v, %v", after, before, err)
			}
			back, err := s.Get(t.Context(), "guest:cash", sold.ID)
			if err != nil || len(back.Refunds) != refunds || len(back.StoreRefunds) != refunds || len(back.Alerts) != 0 || back.Stuck() {
				t.Errorf("refunds %+v, in the store %+v, alerts %v, intents %+v, %v", back.Refunds, back.StoreRefunds, back.Alerts, back.Intents, err)
			}
		})
	}
}

func TestCashOrdersConformance(t *testing.T) { checkouttest.RunCashOrders(t, orderHarness) }

// TestCashForFilesWaits: a recipe e-book beside a mug, paid at the door.
func TestCashForFilesWaits(t *testing.T) {
	s := cashTill(t, checkout.CashTerms{})
	const book = 31
	edit(t, s.store, "products/31", `{"downloadable":true,"downloads":[{"name":"Recipes","file":"https://shop.example.test/recipes.pdf"}]}`)
	placed, err := s.place(t.Context(), "guest:cash", basket{{product(16), 1}, {product(book), 1}}, nil, payment.MethodCOD, places["in another state"])
	if err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	if o, err := s.store.Order(placed.Order.ID); err != nil || o.Status != "on-hold" || !o.Paid.IsZero() {
		t.Errorf("%s, paid %s, %v", o.Status, o.Paid, err)
	}
}

// edit changes something in the store without the client that is being tried.
func edit(t *testing.T, store *wootest.Store, path, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, store.URL()+"/wp-json/wc/v3/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(store.ConsumerKey(), store.ConsumerSecret())
	req.Header.Set("X-Forwarded-Proto", "https")
	req.Header.Set("Content-Type", "application/json")
	resp, err := store.HTTPClient().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
}
