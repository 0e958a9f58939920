package live_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/pricing/quote"
)

// homes are addresses in states that a shop may be in.
var homes = []checkout.Address{
	{FirstName: "Ravi", LastName: "Iyer", Address1: "14 Brigade Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN", Email: "ravi@example.test", Phone: "+919800000002"},
	{FirstName: "Asha", LastName: "Rao", Address1: "3 Hill Road", City: "Mumbai", State: "MH", Postcode: "400050", Country: "IN", Email: "asha@example.test", Phone: "+919800000001"},
	{FirstName: "Meena", LastName: "Das", Address1: "7 Anna Salai", City: "Chennai", State: "TN", Postcode: "600002", Country: "IN", Email: "meena@example.test", Phone: "+919800000003"},
}

// address is one in the shop's own state, or one in another.
func (s *shop) address(inState bool) checkout.Address {
	s.Helper()
	rules, err := s.client.Rules(s.Context())
	s.check(err)
	for _, a := range homes {
		if (a.State == rules.Settings.BaseState) == inState {
			return a
		}
	}
	s.Skipf("no address in %s", rules.Settings.BaseState)
	return checkout.Address{}
}

// priced is a cart of pieces as a checkout would read it.
func (s *shop) priced(pieces []piece) []checkout.PricedLine {
	s.Helper()
	var lines []checkout.PricedLine
	for i, item := range s.items(pieces) {
		if !item.ForSale() {
			s.Fatalf("%s is %s", pieces[i].sku, item.Status)
		}
		lines = append(lines, checkout.PricedLine{Line: cart.Line{Key: item.Ref.Key(), Ref: item.Ref, Quantity: pieces[i].quantity}, Item: item})
	}
	return lines
}

// orderOf quotes a cart and makes the request for its order.
func (s *shop) orderOf(pieces []piece, to checkout.Address, rate int, coupons ...string) checkout.OrderRequest {
	s.Helper()
	quoter := checkout.NewLocalQuoter(s.client, nil)
	req := checkout.QuoteRequest{Lines: s.priced(pieces), ShipTo: to, BillTo: to, Coupons: coupons, At: time.Now()}
	rates, err := quoter.Rates(s.Context(), req)
	s.check(err)
	if rate < len(rates) {
		req.ShippingRate = rates[rate].ID
	}
	q, err := quoter.Quote(s.Context(), req)
	s.check(err)
	if len(q.Refused) > 0 {
		s.Fatalf("coupons refused: %+v", q.Refused)
	}
	return checkout.OrderRequest{Token: "ank_" + s.mark, Quote: q, Billing: to, Shipping: to, PaymentMethod: "razorpay", PaymentMethodTitle: "UPI"}
}

// TestOrderCreator runs the suite of the port against the client, with a mixed
// cart that is quoted from the store's own rules.
func TestOrderCreator(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		request := s.orderOf(s.stockGoods().all(), s.address(false), 0)
		n := 0
		checkouttest.RunOrderCreator(t, func(t *testing.T) checkouttest.OrderHarness {
			n++
			return checkouttest.OrderHarness{Orders: s.marked(t, fmt.Sprint(s.mark, n)), Request: request}
		})
	})
}

// TestOrderEqualsQuote: the keeper reads in the order exactly what the buyer
// was quoted, line by line, tax by tax and in total.
func TestOrderEqualsQuote(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		tenth, hundred := s.coupon("save10", "percent", "10"), s.coupon("flat100", "fixed_cart", "100")
		carts := map[string][]piece{"mixed GST": g.all(), "below free shipping": {g.tea, g.mug}}
		for place, inState := range map[string]bool{"in the shop's state": true, "in another state": false} {
			for name, pieces := range carts {
				for _, coupons := range [][]string{nil, {tenth}, {hundred}} {
					for rate := range 2 {
						t.Run(fmt.Sprintf("%s, %s, %d coupons, rate %d", place, name, len(coupons), rate), func(t *testing.T) {
							req := s.orderOf(pieces, s.address(inState), rate, coupons...)
							checkOrder(t, s, req)
						})
					}
				}
			}
		}
	})
}

// coupon makes a coupon. The stand-in has its own, whose codes are the names.
func (s *shop) coupon(name, kind, amount string) string {
	s.Helper()
	if s.site.name == "wootest" {
		return name
	}
	code := name + "-" + s.mark
	s.keeper.make("coupons", map[string]any{"code": code, "discount_type": kind, "amount": amount})
	return code
}

func checkOrder(t *testing.T, s *shop, req checkout.OrderRequest) {
	t.Helper()
	created, err := s.client.CreatePending(t.Context(), req)
	if created.ID != 0 {
		t.Cleanup(func() { s.keeper.clear(created.ID) })
	}
	if err != nil {
		t.Fatal(err)
	}
	compare(t, req.Quote, s.keeper.order(created.ID))
}

// compare looks at the order with the keeper's eyes, not the client's.
func compare(t *testing.T, q quote.Quote, o order) {
	t.Helper()
	same(t, "total", q.Totals.Total.Decimal(), o.Total)
	same(t, "total tax", q.Totals.TotalTax.Decimal(), o.TotalTax)
	same(t, "cart tax", q.Totals.CartTax.Decimal(), o.CartTax.Round(2)) // a sum of lines, unrounded where they are
	same(t, "shipping", q.Totals.ShippingTotal.Decimal(), o.ShippingTotal)
	same(t, "shipping tax", q.Totals.ShippingTax.Decimal(), o.ShippingTax)
	same(t, "discount", q.Totals.DiscountTotal.Decimal(), o.DiscountTotal.Round(2))
	if len(o.Lines) != len(q.Lines) || len(o.Taxes) != len(q.Taxes) {
		t.Fatalf("%d lines and %d taxes, quoted %d and %d", len(o.Lines), len(o.Taxes), len(q.Lines), len(q.Taxes))
	}
	for i, want := range q.Lines {
		got, line := o.Lines[i], fmt.Sprintf("line %d ", i)
		if got.ProductID != want.ProductID || got.VariationID != want.VariationID || got.Quantity != want.Quantity || got.TaxClass != want.TaxClass {
			t.Errorf("%s: %+v, quoted %+v", line, got, want)
		}
		same(t, line+"subtotal", want.Subtotal, got.Subtotal)
		same(t, line+"total", want.Total, got.Total)
		same(t, line+"subtotal tax", want.SubtotalTax, got.SubtotalTax)
		same(t, line+"total tax", want.TotalTax, got.TotalTax)
	}
	taxes := map[int64][2]decimal.Decimal{}
	for _, row := range o.Taxes {
		taxes[row.RateID] = [2]decimal.Decimal{row.Tax, row.ShippingTax}
	}
	for _, row := range q.Taxes {
		same(t, row.Label, row.Tax.Decimal(), taxes[row.RateID][0].Round(2))
		same(t, row.Label+" on shipping", row.ShippingTax.Decimal(), taxes[row.RateID][1].Round(2))
	}
}

// marked gives every token of a suite a part that no other test uses, since a
// real store remembers what earlier ones left in its trash, and notes what has
// to be cleared.
type marked struct {
	checkout.OrderCreator
	mark string

	mu     sync.Mutex
	tokens []string
}

func (s *shop) marked(t *testing.T, mark string) checkout.OrderCreator {
	m := &marked{OrderCreator: s.client, mark: "_" + mark}
	t.Cleanup(func() {
		for _, token := range m.tokens {
			s.clearAll(token)
		}
	})
	return m
}

func (m *marked) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	req.Token += m.mark
	m.mu.Lock()
	m.tokens = append(m.tokens, req.Token)
	m.mu.Unlock()
	o, err := m.OrderCreator.CreatePending(ctx, req)
	return m.unmarked(o), err
}

func (m *marked) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	orders, err := m.OrderCreator.FindOrder(ctx, token+m.mark)
	for i := range orders {
		orders[i] = m.unmarked(orders[i])
	}
	return orders, err
}

func (m *marked) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	o, err := m.OrderCreator.Complete(ctx, id, how)
	return m.unmarked(o), err
}

func (m *marked) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	o, err := m.OrderCreator.Cancel(ctx, id)
	return m.unmarked(o), err
}

func (m *marked) unmarked(o checkout.StoreOrder) checkout.StoreOrder {
	if n := len(o.Token) - len(m.mark); n > 0 && o.Token[n:] == m.mark {
		o.Token = o.Token[:n]
	}
	return o
}

// TestSurplusIsPutBack: completions that overlap take the stock twice, and one
// call makes the store's books right again, a second one no more than right.
func TestSurplusIsPutBack(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		req := s.orderOf([]piece{g.mug, g.kurtaOwn}, s.address(true), 0)
		t.Cleanup(func() { s.clearAll(req.Token) })
		created, err := s.client.CreatePending(t.Context(), req)
		s.check(err)
		before := s.shelf(g)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				paying := map[string]any{"set_paid": true, "transaction_id": paid.TransactionID}
				if err := s.keeper.try(t.Context(), "PUT", fmt.Sprint("orders/", created.ID), paying, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		t.Logf("the shelf before %v, after %v", before, s.shelf(g))
		for range 2 {
			restored, err := s.client.RestoreSurplus(t.Context(), created.ID)
			s.check(err)
			for i, l := range restored.Lines {
				if l.Reduced != l.Quantity {
					t.Errorf("line %d: %d of %d are subtracted", i, l.Reduced, l.Quantity)
				}
			}
			for _, p := range []piece{g.mug, g.kurtaOwn} {
				if left, want := s.keeper.stock(p), before[p.sku]-p.quantity; left != want {
					t.Errorf("%s: %d on the shelf, want %d", p.sku, left, want)
				}
			}
			compare(t, req.Quote, s.keeper.order(created.ID))
		}
	})
}
