package live_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// keptRefund is a refund as the keeper reads it.
type keptRefund struct {
	ID     int64           `json:"id"`
	Amount decimal.Decimal `json:"amount"`
	Reason string          `json:"reason"`
	Lines  []struct {
		ProductID int64           `json:"product_id"`
		Quantity  int64           `json:"quantity"`
		Total     decimal.Decimal `json:"total"`
		TotalTax  decimal.Decimal `json:"total_tax"`
	} `json:"line_items"`
}

func (k *keeper) refunds(id int64) (list []keptRefund) {
	k.t.Helper()
	k.get(fmt.Sprint("orders/", id, "/refunds?dp=6"), &list)
	return list
}

// spoiltRefunds is a store whose connection is spoilt once, when a refund is noted or an order is told.
type spoiltRefunds struct {
	*woo.Client
	wire *wire
	how  loss
}

func (o *spoiltRefunds) AddRefund(ctx context.Context, id int64, req checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	o.arm()
	return o.Client.AddRefund(ctx, id, req)
}

func (o *spoiltRefunds) Tell(ctx context.Context, id int64, news checkout.OrderNews) (checkout.StoreOrder, error) {
	o.arm()
	return o.Client.Tell(ctx, id, news)
}

func (o *spoiltRefunds) arm() {
	if o.how != "" {
		o.wire.spoil(o.how, 0)
		o.how = ""
	}
}

// mixedSale is a paid order of several things, with three mugs among them.
func (f *follower) mixedSale(t *testing.T, g goods, to checkout.Address) checkout.Record {
	t.Helper()
	mugs := g.mug
	mugs.quantity = 3
	owner := cart.Owner(fmt.Sprint("guest:", f.shop.mark, "-mixed-", len(f.refs)))
	r := f.sell(t, owner, []piece{mugs, g.tea, g.lamp, g.kurtaOwn}, nil, payment.MethodRazorpay, to)
	f.knows(r)
	return r
}

// TestRefunds: parts of a mixed cart are given back, with and without their pieces, until nothing is left. The keeper reads
// every part with its line, its tax and its amount, and both shelves stay the same.
func TestRefunds(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		for place, inState := range map[string]bool{"in the shop's state": true, "in another state": false} {
			t.Run(place, func(t *testing.T) {
				f := s.follow(s.openCounter(s.client))
				r := f.mixedSale(t, g, s.address(inState))
				before := s.keeper.stock(g.mug)
				mug := r.Quote.Lines[0]
				var back pricing.Money
				for i := range int64(3) {
					_, err := f.Refund(t.Context(), checkout.RefundRequest{
						ID: r.ID, Key: fmt.Sprint("mug-", i), Reason: "one arrived broken", Actor: "meera", Restock: i == 0,
						Lines: []checkout.RefundLine{{Key: r.Lines[0].Line.Key, Quantity: 1}},
					})
					s.check(err)
				}
				for _, refund := range s.keeper.refunds(r.Order.ID) {
					l := refund.Lines[0]
					if len(refund.Lines) != 1 || l.Quantity != -1 || l.TotalTax.IsZero() || !l.Total.Add(l.TotalTax).Neg().Equal(refund.Amount) {
						t.Errorf("%+v", refund)
					}
					amount, err := pricing.FromDecimal(refund.Amount, pricing.INR, pricing.HalfUp)
					s.check(err)
					back, err = back.Add(amount)
					s.check(err)
				}
				if !back.Equal(mug.Gross) {
					t.Errorf("three mugs came to %s, %s went back", mug.Gross, back)
				}
				f.same(t, g.mug, before+1, 2)
				rest, err := r.Quote.Totals.Total.Sub(back)
				s.check(err)
				_, err = f.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "rest", Amount: rest, Reason: "the rest, too", Actor: "meera"})
				s.check(err)
				f.counter.pass(t, 26*time.Hour)
				f.same(t, g.mug, before+1, 2)
				if got := f.wants(t, r, checkout.StatusRefunded, "refunded"); len(got.Alerts) > 0 {
					t.Errorf("alerts %q", got.Alerts)
				}
			})
		}
	})
}

// TestRefundsSpoilt: whatever the connection does while a refund is noted or an order cancelled, it happens once.
func TestRefundsSpoilt(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		to := s.address(true)
		for _, how := range []loss{requestLost, replyLost, replyTorn} {
			t.Run(string(how), func(t *testing.T) {
				p := s.simple("mug "+string(how), mugPrice, "gst-12", 1)
				orders := &spoiltRefunds{Client: s.client, wire: s.wire}
				f := s.follow(s.openCounter(orders))
				r := f.sale(t, p, to, payment.MethodRazorpay)
				other := f.sale(t, p, to, payment.MethodRazorpay)
				orders.how = how
				_, err := f.Refund(t.Context(), checkout.RefundRequest{
					ID: r.ID, Key: "one", Reason: "broken", Actor: "meera", Restock: true, Lines: []checkout.RefundLine{{Key: r.Lines[0].Line.Key, Quantity: 1}},
				})
				if err == nil {
					t.Error("the loss was not felt")
				}
				f.counter.pass(t, 20*time.Minute)
				f.same(t, p, onTheShelf-1, 1)
				if got := f.record(t, r); len(s.keeper.refunds(r.Order.ID)) != 1 || len(got.StoreRefunds) != 1 || got.Stuck() {
					t.Errorf("%d refunds in the store, %+v", len(s.keeper.refunds(r.Order.ID)), got.StoreRefunds)
				}
				orders.how = how
				if _, err := f.CancelOrder(t.Context(), other.ID, "sold elsewhere", "meera"); err == nil {
					t.Error("the loss was not felt")
				}
				f.counter.pass(t, 20*time.Minute)
				f.same(t, p, onTheShelf, 0)
				f.wants(t, other, checkout.StatusCancelled, "cancelled")
			})
		}
	})
}

// TestRefundsInAdmin: a refund that the keeper makes by hand is a fact here, and a person is told until the money went back.
func TestRefundsInAdmin(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		p := s.stockGoods().mug
		f := s.follow(s.openCounter(s.client))
		r := f.sale(t, p, s.address(true), payment.MethodRazorpay)
		s.keeper.ask(t.Context(), http.MethodPost, fmt.Sprint("orders/", r.Order.ID, "/refunds"), map[string]any{"amount": "100", "reason": "kindness", "api_refund": false}, nil)
		f.same(t, p, onTheShelf-1, 1)
		got := f.record(t, r)
		if len(got.StoreRefunds) != 1 || got.StoreRefunds[0].Key != "" || len(got.Alerts) != 1 || len(got.Refunds) != 0 {
			t.Fatalf("%+v, %q", got.StoreRefunds, got.Alerts)
		}
		_, err := f.gateway.Refund(t.Context(), payment.RefundRequest{PaymentID: r.Payments.Bound(), Amount: pricing.Paise(10000), Key: "by-hand-" + s.mark, Reason: "kindness"})
		s.check(err)
		_, err = f.Recheck(t.Context(), r.ID)
		s.check(err)
		if got = f.record(t, r); len(got.Alerts) > 0 || len(got.Refunds) != 1 {
			t.Errorf("%+v, %q", got.Refunds, got.Alerts)
		}
	})
}
