package session_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

// bent is a store whose plugins have a say in its carts.
type bent struct {
	session.Door
	bend func(*session.Cart)
}

func (d bent) Read(ctx context.Context, token woo.Secret) (session.Reply, error) {
	reply, err := d.Door.Read(ctx, token)
	return d.bent(reply), err
}

func (d bent) Do(ctx context.Context, token woo.Secret, change session.Change) (session.Reply, error) {
	reply, err := d.Door.Do(ctx, token, change)
	return d.bent(reply), err
}

func (d bent) bent(reply session.Reply) session.Reply {
	if len(reply.Cart.Lines) > 0 {
		before := sum(reply.Cart)
		d.bend(&reply.Cart)
		t := &reply.Cart.Totals
		total := t.Total.Decimal().Add(sum(reply.Cart).Sub(before))
		t.Total, _ = pricing.FromDecimal(total, reply.Cart.Currency, pricing.HalfUp)
	}
	return reply
}

// sum is the part of a cart's total that the tests bend.
func sum(c session.Cart) decimal.Decimal {
	total := c.Totals.Fees.Add(c.Totals.FeesTax)
	for _, l := range c.Lines {
		total = total.Add(l.Total).Add(l.TotalTax)
	}
	return total
}

// places rounds as the door does.
func places(c *session.Cart, d decimal.Decimal) decimal.Decimal {
	if c.Places >= 0 {
		return d.Round(int32(c.Places))
	}
	return d.Round(8)
}

// ordered writes the order of a quote and wants it to be the quote.
func ordered(t *testing.T, shop shop, req checkout.QuoteRequest, q quote.Quote) checkout.StoreOrder {
	t.Helper()
	made, err := shop.client.CreatePending(t.Context(), checkout.OrderRequest{
		Token: fmt.Sprintf("tok_bent_%x", q.Hash()[:16]), Quote: q, Billing: req.BillTo, Shipping: req.ShipTo, PaymentMethod: "razorpay", PaymentMethodTitle: "UPI",
	})
	if err != nil {
		t.Errorf("the order is not the quote: %v", err)
	}
	return made
}

// quoteBent quotes two mugs and pens at a store with a plugin.
func quoteBent(t *testing.T, shop shop, to checkout.Address, bend func(*session.Cart), coupons ...string) (checkout.QuoteRequest, quote.Quote, error) {
	t.Helper()
	req := request(t, shop.client, to, want{product(mugID), 2}, want{product(penID), 7})
	req.ShippingRate, req.Coupons = "flat_rate:1", coupons
	q, err := session.NewQuoter(bent{shop.door, bend}, shop.client, session.QuoterOptions{}).Quote(t.Context(), req)
	return req, q, err
}

// TestPriceOfTheStore: the catalogue said 499, the store sells at 424.15: the
// store's price is quoted, and ordered.
func TestPriceOfTheStore(t *testing.T) {
	prices := map[int64][2]string{mugID: {"499", "424.15"}, penID: {"24.99", "25"}} // in Bengaluru, 25 is shown as 24.99
	eachDoor(t, func(t *testing.T, shop shop) {
		for id, price := range prices {
			for _, to := range []checkout.Address{mumbai, bengaluru} {
				req := request(t, shop.client, to, want{product(id), 3})
				if err := shop.store.SetPrice(id, price[1]); err != nil {
					t.Fatal(err)
				}
				q, err := session.NewQuoter(shop.door, shop.client, session.QuoterOptions{}).Quote(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				fresh, err := checkout.NewLocalQuoter(shop.client, nil).Quote(t.Context(), request(t, shop.client, to, want{product(id), 3}))
				if err != nil {
					t.Fatal(err)
				}
				if q.Totals != fresh.Totals || !q.Lines[0].Subtotal.Equal(fresh.Lines[0].Subtotal) || !q.Lines[0].UnitPrice.Equal(dec(price[1])) {
					t.Errorf("%s: %s for %s, at the catalogue's new price %s", to.City, q.Totals.Total, q.Lines[0].Subtotal, fresh.Totals.Total)
				}
				ordered(t, shop, req, q)
				if err := shop.store.SetPrice(id, price[0]); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// TestPriceOfNobody: a plugin takes an eleventh off a line. No price of one
// piece explains it, so the line's amounts are the order's.
func TestPriceOfNobody(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		part := decimal.NewFromInt(10).DivRound(decimal.NewFromInt(11), 16)
		req, q, err := quoteBent(t, shop, mumbai, func(c *session.Cart) {
			l := &c.Lines[0]
			for _, amount := range []*decimal.Decimal{&l.Subtotal, &l.Total} {
				*amount = places(c, amount.Mul(part))
			}
			for _, tax := range []*decimal.Decimal{&l.SubtotalTax, &l.TotalTax} {
				*tax = tax.Mul(part).Round(2)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		eleventh := dec("891.071429").Mul(part)
		if l := q.Lines[0]; l.Subtotal.Sub(eleventh).Abs().GreaterThan(dec("0.005")) || !l.Total.Equal(l.Subtotal) || l.UnitPrice.IsZero() {
			t.Errorf("line %+v, want %s", l, eleventh)
		}
		made := ordered(t, shop, req, q)
		if made.Total != q.Totals.Total {
			t.Errorf("ordered %s, quoted %s", made.Total, q.Totals.Total)
		}
		if !near(q.Totals.Total.Decimal(), q.Cart.Totals.Total, "0.05") {
			t.Errorf("quoted %s, the cart showed %s", q.Totals.Total, q.Cart.Totals.Total)
		}
	})
}

func near(a, b decimal.Decimal, within string) bool {
	return a.Sub(b).Abs().LessThanOrEqual(dec(within))
}

// TestCouponOfAPlugin: a coupon of a kind that only a plugin knows is in the
// lines after discount; the order has them, and no coupon.
func TestCouponOfAPlugin(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		req, q, err := quoteBent(t, shop, mumbai, func(c *session.Cart) {
			if len(c.Lines) < 2 {
				return
			}
			off := dec("44.64")
			c.Coupons = []session.Coupon{{Code: "buy2get1", Type: "bogo", Discount: off, DiscountTax: dec("5.36")}}
			c.Lines[0].Total, c.Lines[0].TotalTax = c.Lines[0].Total.Sub(off), c.Lines[0].TotalTax.Sub(dec("5.36"))
			c.Totals.Discount, c.Totals.DiscountTax = off, dec("5.36")
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(q.Coupons) != 0 || len(q.Cart.Coupons) != 1 || q.Totals.DiscountTotal.Amount() != "44.64" || !q.Lines[0].Total.LessThan(q.Lines[0].Subtotal) {
			t.Errorf("%+v with coupons %+v", q.Totals, q.Coupons)
		}
		made := ordered(t, shop, req, q)
		if made.Total != q.Totals.Total || !near(q.Totals.Total.Decimal(), q.Cart.Totals.Total, "0.05") {
			t.Errorf("ordered %s, quoted %s, the cart showed %s", made.Total, q.Totals.Total, q.Cart.Totals.Total)
		}
	})
}

// TestCouponThatGivesMore: the rulebook knows the coupon, but a plugin makes more
// of it: the cart's discount counts.
func TestCouponThatGivesMore(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		req, q, err := quoteBent(t, shop, bengaluru, func(c *session.Cart) {
			if len(c.Coupons) == 0 {
				return
			}
			for i := range c.Lines {
				l := &c.Lines[i]
				l.Total, l.TotalTax = places(c, l.Subtotal.Div(dec("2"))), l.SubtotalTax.Div(dec("2")).Round(2)
			}
		}, "save10")
		if err != nil {
			t.Fatal(err)
		}
		if len(q.Coupons) != 0 || !near(q.Totals.DiscountTotal.Decimal(), q.Totals.Subtotal.Decimal().Div(dec("2")), "0.02") {
			t.Errorf("half was taken off: %+v, coupons %+v", q.Totals, q.Coupons)
		}
		ordered(t, shop, req, q)
	})
}

// TestFeeOfAPlugin: a fee of the cart is in the order, taxed as there.
func TestFeeOfAPlugin(t *testing.T) {
	classes := map[string]string{"gst-18": "4.50", "gst-5": "1.25"}
	eachDoor(t, func(t *testing.T, shop shop) {
		for class, tax := range classes {
			_, graph := shop.door.(*session.GraphQL)
			req, q, err := quoteBent(t, shop, bengaluru, func(c *session.Cart) {
				fee := session.Fee{ID: "gift-wrap", Name: "Gift wrap", Total: dec("25"), Tax: some(tax)}
				if graph {
					fee.Tax, fee.Taxable, fee.TaxClass = decimal.NullDecimal{}, true, strings.ToUpper(strings.ReplaceAll(class, "-", "_"))
				}
				c.Fees = []session.Fee{fee}
				c.Totals.Fees, c.Totals.FeesTax = dec("25"), dec(tax)
				c.Totals.Tax = c.Totals.Tax.Add(dec(tax))
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(q.Fees) != 1 || q.Fees[0].Name != "Gift wrap" || !q.Fees[0].Total.Equal(dec("25")) || !q.Fees[0].TotalTax.Equal(dec(tax)) {
				t.Errorf("%s: fees %+v", class, q.Fees)
			}
			ordered(t, shop, req, q)
		}
	})
}

// TestFeesOfTheHost: what the host charges besides is on top of the cart.
func TestFeesOfTheHost(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		req := request(t, shop.client, mumbai, mixed[:2]...)
		req.ShippingRate, req.Method = "flat_rate:1", "cod"
		quoter := session.NewQuoter(shop.door, shop.client, session.QuoterOptions{Fees: func(r checkout.QuoteRequest) []quote.Fee {
			return []quote.Fee{{Name: "Cash on " + string(r.Method), Amount: dec("50"), Taxable: true, TaxClass: "gst-18"}}
		}})
		q, err := quoter.Quote(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if len(q.Fees) != 1 || q.Totals.FeeTotal.Amount() != "50.00" || q.Totals.FeeTax.Amount() != "9.00" {
			t.Errorf("fees %+v", q.Fees)
		}
		if !slices.ContainsFunc(q.Cart.Differences, func(d quote.CartDifference) bool { return d.Field == "fee_total" && d.Cart.IsZero() && d.Reason != "" }) {
			t.Errorf("the cart has no such fee, and nobody says so: %+v", q.Cart.Differences)
		}
		ordered(t, shop, req, q)
	})
}

// TestQuoterRefuses: what an order could not be made equal to is no quote.
func TestQuoterRefuses(t *testing.T) {
	tests := map[string]struct {
		bend   func(*session.Cart)
		target error
		field  string
	}{
		"taxes doubled": {func(c *session.Cart) {
			for i := range c.Lines {
				c.Lines[i].TotalTax = c.Lines[i].TotalTax.Add(c.Lines[i].TotalTax)
			}
		}, quote.ErrUnsupported, "lines[0].total_tax"},
		"a charge that nothing names": {func(c *session.Cart) {
			c.Totals.Fees = dec("99")
		}, quote.ErrUnsupported, ""},
		"a total from nowhere": {func(c *session.Cart) {
			c.Totals.Total = pricing.Paise(c.Totals.Total.Minor() + 500)
		}, quote.ErrUnsupported, "total"},
		"a fee with a tax of its own": {func(c *session.Cart) {
			c.Fees = []session.Fee{{Name: "Levy", Total: dec("100"), Tax: some("33.33")}}
			c.Totals.Fees, c.Totals.FeesTax = dec("100"), dec("33.33")
		}, quote.ErrUnsupported, "fees[0].total_tax"},
		"a gift": {func(c *session.Cart) {
			gift := c.Lines[0]
			gift.Key = "gift"
			c.Lines = append(c.Lines, gift)
		}, checkout.ErrRefused, ""},
		"a line less": {func(c *session.Cart) { c.Lines = c.Lines[:len(c.Lines)-1] }, checkout.ErrRefused, ""},
		"pieces less": {func(c *session.Cart) { c.Lines[0].Quantity = 1 }, checkout.ErrRefused, ""},
		"another currency": {func(c *session.Cart) {
			c.Currency, c.Totals.Total = "USD", money(t, 100, "USD")
		}, quote.ErrUnsupported, ""},
		"two packages":      {func(c *session.Cart) { c.Packages = append(c.Packages, c.Packages...) }, quote.ErrUnsupported, ""},
		"rates without tax": {func(c *session.Cart) { c.Packages[0].Rates[0].Cost.Valid = false }, quote.ErrUnsupported, ""},
	}
	eachDoor(t, func(t *testing.T, shop shop) {
		for name, test := range tests {
			_, q, err := quoteBent(t, shop, mumbai, test.bend)
			if !errors.Is(err, test.target) {
				t.Errorf("%s: %s, %v", name, q.Totals.Total, err)
			}
			var apart *session.DisagreementError
			var unsupported *quote.UnsupportedError
			if test.target == quote.ErrUnsupported && test.field == "" && !errors.As(err, &unsupported) {
				t.Errorf("%s: %v; want it to be said what is not supported", name, err)
			}
			if test.field != "" && (!errors.As(err, &apart) || apart.Field != test.field) {
				t.Errorf("%s: %v; want %s named", name, err, test.field)
			}
		}
	})
}

func money(t testing.TB, minor int64, c pricing.Currency) pricing.Money {
	t.Helper()
	m, err := pricing.New(minor, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestPickedUpBefore: a cart that an earlier quote left at being picked up,
// which is taxed at the shop, is not taxed there once nothing is chosen.
func TestPickedUpBefore(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		quoter := session.NewQuoter(shop.door, shop.client, session.QuoterOptions{Carts: 1})
		req := request(t, shop.client, bengaluru, mixed[:1]...)
		labels := func(rate string) string {
			req.ShippingRate = rate
			q, err := quoter.Quote(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			var order, cart []string
			for _, row := range q.Taxes {
				order = append(order, row.Label)
			}
			for _, row := range q.Cart.TaxTotals {
				cart = append(cart, row.Label)
			}
			if !slices.Equal(order, cart) {
				t.Errorf("%q: the order has %v, the cart %v", rate, order, cart)
			}
			return strings.Join(order, " ")
		}
		for rate, want := range map[string]string{"local_pickup:3": "CGST SGST", "": "IGST", "flat_rate:1": "IGST"} {
			for range 2 {
				if got := labels("local_pickup:3"); got != "CGST SGST" {
					t.Errorf("picked up: %s", got)
				}
				if got := labels(rate); got != want {
					t.Errorf("%q after being picked up: %s, want %s", rate, got, want)
				}
			}
		}
	})
}

// TestNoAddressYet: before there is an address, the cart is taxed at the shop, as
// WooCommerce does it, also when it was elsewhere before.
func TestNoAddressYet(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		quoter := session.NewQuoter(shop.door, shop.client, session.QuoterOptions{Carts: 1})
		if _, err := quoter.Quote(t.Context(), request(t, shop.client, bengaluru, mixed[0])); err != nil {
			t.Fatal(err)
		}
		q, err := quoter.Quote(t.Context(), request(t, shop.client, checkout.Address{}, mixed[0]))
		if err != nil || len(q.Taxes) != 2 {
			t.Errorf("taxes %+v, %v", q.Taxes, err)
		}
	})
}
