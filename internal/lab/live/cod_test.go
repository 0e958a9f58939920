package live_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
)

// sellForCash is a counter that sells for cash on these terms.
func (s *shop) sellForCash(terms checkout.CashTerms) *counter {
	s.Helper()
	terms.Currency = pricing.INR
	return s.openTill(checkout.NewLocalQuoter(s.client, nil), func(c *checkout.Config) { c.Payments[1].Cash = &terms })
}

// cashOrder is a cash order as the shop keeper reads it.
type cashOrder struct {
	Status        string          `json:"status"`
	Total         decimal.Decimal `json:"total"`
	PaymentMethod string          `json:"payment_method"`
	Title         string          `json:"payment_method_title"`
	TransactionID string          `json:"transaction_id"`
	DatePaid      *string         `json:"date_paid"`
	Meta          []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"meta_data"`
	notes []string
}

func (k *keeper) cashOrder(id int64) (o cashOrder) {
	k.t.Helper()
	k.get(fmt.Sprint("orders/", id), &o)
	var notes []struct {
		Text string `json:"note"`
	}
	k.get(fmt.Sprint("orders/", id, "/notes"), &notes)
	for _, n := range notes {
		o.notes = append(o.notes, n.Text)
	}
	return o
}

func (o cashOrder) meta(key string) string {
	for _, m := range o.Meta {
		if m.Key == key {
			return strings.Trim(string(m.Value), `"`)
		}
	}
	return ""
}

// TestCashOnDelivery: cash orders through the checkout, with a fee and with a prepayment, in the shop's state and in
// another. What the shop keeper reads is an order as WC_Gateway_COD makes it, and the parts of a split total wherever it
// shows them; it is not paid before the courier has handed over the cash.
func TestCashOnDelivery(t *testing.T) {
	fee := adjust.CashOnDelivery{Name: "Cash on delivery fee", Amount: decimal.NewFromInt(40), Taxable: true}
	byPercent := adjust.CashOnDelivery{Name: "Cash on delivery fee", Percent: decimal.RequireFromString("1.75"), Most: decimal.NewFromInt(60), Taxable: true}
	deposit := payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(9900)}
	fifth := payment.Prepayment{Through: payment.MethodRazorpay, Percent: decimal.RequireFromString("12.5")}
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		for place, offers := range map[string]map[string]checkout.CashTerms{
			"in the shop's state": {"plain": {}, "a fee and a part beforehand": {Fee: byPercent, Prepayment: fifth}},
			"in another state":    {"a fee": {Fee: fee}, "a deposit": {Prepayment: deposit}},
		} {
			for name, terms := range offers {
				t.Run(place+", "+name, func(t *testing.T) {
					c := s.sellForCash(terms)
					owner := cart.Owner(fmt.Sprint("guest:", s.mark, "-", len(name)))
					sold := c.sell(t, owner, g.all()[:3], nil, payment.MethodCOD, s.address(place == "in the shop's state"))
					compareSale(t, s, *sold.Quote, sold.Order.ID)
					o := s.keeper.cashOrder(sold.Order.ID)
					wantCashOrder(t, sold, o, "processing", false)
					wantOnDelivery(t, sold, o)
					settled, err := c.RecordRemittance(t.Context(), checkout.RemittanceRequest{
						StoreOrder: sold.Order.ID, Key: "UTR-" + s.mark, Amount: sold.DueOnDelivery(), Actor: "keeper",
					})
					if err != nil || settled.Order.SettledAt.IsZero() {
						t.Fatalf("%+v, %v", settled.Order, err)
					}
					o = s.keeper.cashOrder(sold.Order.ID)
					wantCashOrder(t, sold, o, "completed", true)
					if o.meta("_ankkor_collected") != sold.DueOnDelivery().Amount() || o.meta("_ankkor_remittance") != "UTR-"+s.mark {
						t.Errorf("meta %+v", o.Meta)
					}
				})
			}
		}
	})
}

// wantCashOrder compares how an order stands, and what it comes to.
func wantCashOrder(t *testing.T, sold checkout.Record, o cashOrder, status string, paid bool) {
	t.Helper()
	if o.Status != status || (o.DatePaid != nil) != paid || o.PaymentMethod != "cod" {
		t.Errorf("%s, paid %v, by %s", o.Status, o.DatePaid != nil, o.PaymentMethod)
	}
	sum, err := sold.Placed.Plan.Total()
	if err != nil || !sum.Decimal().Equal(o.Total) || !sum.Equal(sold.Quote.Totals.Total) {
		t.Errorf("the plan adds up to %s (%v), the quote to %s, the order to %s", sum, err, sold.Quote.Totals.Total, o.Total)
	}
}

// wantOnDelivery looks for the parts of the total in the order.
func wantOnDelivery(t *testing.T, sold checkout.Record, o cashOrder) {
	t.Helper()
	plan, rupees := sold.Placed.Plan, pricing.IndianFormat()
	note, title := "Payment to be made upon delivery.", "Cash on delivery"
	if plan.Prepaid() {
		note = fmt.Sprintf("Payment to be made upon delivery: %s. Paid online: %s (razorpay %s).", rupees.Money(plan.OnDelivery), rupees.Money(plan.Online), sold.Payments.Bound())
		title = fmt.Sprintf("Cash on delivery (%s online, %s on delivery)", rupees.Money(plan.Online), rupees.Money(plan.OnDelivery))
		if o.meta(checkout.MetaPrepaid) != plan.Online.Amount() || o.meta(checkout.MetaDueOnDelivery) != plan.OnDelivery.Amount() {
			t.Errorf("meta %+v, plan %+v", o.Meta, plan)
		}
		if o.TransactionID != sold.Payments.Bound() {
			t.Errorf("transaction %s, payment %s", o.TransactionID, sold.Payments.Bound())
		}
	}
	if o.Title != title {
		t.Errorf("title %q, want %q", o.Title, title)
	}
	if n := len(o.notes) - len(slices.DeleteFunc(slices.Clone(o.notes), func(text string) bool { return text == note })); n != 1 {
		t.Errorf("%q is there %d times: %q", note, n, o.notes)
	}
}

// TestCashIsRefusedWhereItIsNotOffered: the PIN decides at the choice and at the end, and nothing reaches the store.
func TestCashIsRefusedWhereItIsNotOffered(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		mug := s.simple("mug", mugPrice, "gst-12", 1)
		home := s.address(true)
		c := s.sellForCash(checkout.CashTerms{Rules: checkout.CashRules{DenyPINs: []string{home.Postcode[:2]}}})
		owner := cart.Owner("guest:" + s.mark)
		record, err := c.buy(t.Context(), owner, mug, home, payment.MethodCOD)
		if !isRefused(err, checkout.RefusedPIN) {
			t.Fatalf("%s, %v", record.Status(), err)
		}
		c.pass(t, time.Minute)
		if found, err := s.client.FindOrder(t.Context(), record.Token); err != nil || len(found) != 0 || s.keeper.stock(mug) != onTheShelf {
			t.Errorf("orders %+v, %d pieces, %v", found, s.keeper.stock(mug), err)
		}
	})
}

// TestCashForFilesWaits: an order with files waits on hold, as with WooCommerce's own gateway.
func TestCashForFilesWaits(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		mug, book := s.simple("mug", mugPrice, "gst-12", 1), s.simple("book", "99", "gst-5", 1)
		s.keeper.ask(t.Context(), "PUT", fmt.Sprint("products/", book.ref.ProductID), map[string]any{
			"downloadable": true, "virtual": true, "downloads": []any{map[string]any{"name": "Recipes", "file": s.site.url + "/wp-content/uploads/recipes.pdf"}},
		}, nil)
		c := s.sellForCash(checkout.CashTerms{})
		sold := c.sell(t, cart.Owner("guest:"+s.mark), []piece{mug, book}, nil, payment.MethodCOD, s.address(false))
		wantCashOrder(t, sold, s.keeper.cashOrder(sold.Order.ID), "on-hold", false)
		_, err := c.RecordRemittance(t.Context(), checkout.RemittanceRequest{ID: sold.ID, Key: "UTR", Amount: sold.DueOnDelivery(), Actor: "keeper"})
		s.check(err)
		wantCashOrder(t, sold, s.keeper.cashOrder(sold.Order.ID), "completed", true)
	})
}

// isRefused reports whether a way to pay was not offered, for this reason alone.
func isRefused(err error, code checkout.RefusalCode) bool {
	var refused *checkout.NotEligibleError
	return errors.As(err, &refused) && len(refused.Refusals) == 1 && refused.Refusals[0].Code == code
}

// TestCashOrderComesBack: a parcel refused at the door. Its order was never paid and is cancelled, its pieces are on the
// shelf again, and the prepayment has gone back.
func TestCashOrderComesBack(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		mug := s.simple("mug", mugPrice, "gst-12", 2)
		c := s.sellForCash(checkout.CashTerms{Prepayment: payment.Prepayment{
			Through: payment.MethodRazorpay, Fixed: pricing.Paise(9900), OnReturn: payment.RefundOnReturn,
		}})
		sold := c.sell(t, cart.Owner("guest:"+s.mark), []piece{mug}, nil, payment.MethodCOD, s.address(false))
		if left := s.keeper.stock(mug); left != onTheShelf-2 {
			t.Errorf("%d pieces are left after two were sold", left)
		}
		_, err := c.RecordShipment(t.Context(), sold.ID, checkout.Shipment{Carrier: "India Post", Tracking: "AWB" + s.mark}, "keeper")
		s.check(err)
		c.pass(t, time.Minute)
		wantCashOrder(t, sold, s.keeper.cashOrder(sold.Order.ID), "processing", false)
		_, err = c.RecordReturn(t.Context(), checkout.ReturnRequest{ID: sold.ID, Key: "rto", Restock: true, Reason: "refused at the door", Actor: "courier"})
		s.check(err)
		c.pass(t, 2*time.Minute)
		wantCashOrder(t, sold, s.keeper.cashOrder(sold.Order.ID), "cancelled", false)
		if back := s.keeper.stock(mug); back != onTheShelf {
			t.Errorf("%d pieces are back of %d", back, onTheShelf)
		}
		record, err := c.Get(t.Context(), sold.Owner, sold.ID)
		s.check(err)
		if len(record.Refunds) != 1 || len(record.StoreRefunds) != 1 || record.StoreRefunds[0].Amount.Amount() != "99.00" || len(record.Alerts) != 0 || record.Stuck() {
			t.Errorf("refunds %+v, in the store %+v, alerts %v", record.Refunds, record.StoreRefunds, record.Alerts)
		}
	})
}

// TestCashOrders runs the suite of the ports against the client.
func TestCashOrders(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		request := s.orderOf(s.stockGoods().all()[:2], s.address(false), 0)
		n := 0
		checkouttest.RunCashOrders(t, func(t *testing.T) checkouttest.OrderHarness {
			n++
			orders := markedCash{s.marked(t, fmt.Sprint(s.mark, "cash", n)), s.client, s.client}
			return checkouttest.OrderHarness{Orders: orders, Request: request}
		})
	})
}

// markedCash are orders with a mark of their own, by a store that can be told of cash.
type markedCash struct {
	checkout.OrderCreator
	checkout.CashBook
	checkout.OrderNotes
}
