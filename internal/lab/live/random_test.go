package live_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
)

// TestRandomCarts fills carts by chance, quotes them from the store's own rules
// and holds the quote against the store twice: against the order that is created
// from it, and against the cart that the store's own shopper would see (Store
// API), which is told nothing but products, coupons, an address and a rate.
//
// WOO_SEED chooses other carts, WOO_CARTS how many.
func TestRandomCarts(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		r := rand.New(rand.NewPCG(fromEnv(t, "WOO_SEED", 1), 0))
		shelves, coupons := s.randomGoods(r), s.randomCoupons()
		visitors := s.hasStoreAPI()
		for n := range fromEnv(t, "WOO_CARTS", 24) {
			pieces, codes, to := drawCart(r, shelves, coupons)
			rate := r.IntN(4)
			t.Run(fmt.Sprintf("%d: %d lines, %d coupons, %s", n, len(pieces), len(codes), to.State), func(t *testing.T) {
				within := s.within(t)
				req, rates := within.quoted(pieces, to, rate, codes)
				if visitors {
					within.visit(pieces, to, req.ShippingRate, codes).agrees(t, within.quote(req), rates)
				}
				checkOrder(t, within, within.requestOf(req, fmt.Sprint("_", n)))
			})
		}
	})
}

func fromEnv(t *testing.T, name string, unless uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return unless
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// within is the shop for a subtest.
func (s *shop) within(t *testing.T) *shop {
	sub := *s
	sub.T = t
	k := *s.keeper
	k.t, sub.keeper = t, &k
	return &sub
}

// randomGoods are pieces of every tax class with prices by chance: some on sale,
// some untaxed, some that need no shipping, and two variations.
func (s *shop) randomGoods(r *rand.Rand) []piece {
	s.Helper()
	g := s.stockGoods()
	pieces := []piece{g.kurtaOwn, g.kurta, g.lamp}
	for i, class := range []string{"", "", "gst-5", "gst-5", "gst-12", "gst-12", "gst-18", "gst-18"} {
		pieces = append(pieces, s.randomPiece(r, i, class))
	}
	return pieces
}

func (s *shop) randomPiece(r *rand.Rand, i int, class string) piece {
	s.Helper()
	price := decimal.New(r.Int64N([]int64{2_000, 100_000, 1_000_000}[r.IntN(3)])+100, -2)
	body := s.body(fmt.Sprint("random ", i), price.String(), class)
	if i%4 == 1 {
		body["sale_price"] = price.Mul(decimal.RequireFromString("0.77")).Round(2).String()
	}
	if i == 3 {
		body["tax_status"] = "none"
	}
	if i == 6 {
		body["virtual"] = true
	}
	id := s.keeper.make("products", body)
	p := piece{stockID: id, quantity: 1, name: body["name"].(string), sku: body["sku"].(string), class: class}
	p.ref.ProductID = id
	return p
}

// randomCoupons are the codes carts are drawn with. The stand-in has its own.
func (s *shop) randomCoupons() []string {
	s.Helper()
	if s.site.name == "wootest" {
		return []string{"save10", "flat100"}
	}
	var codes []string
	for name, body := range map[string]map[string]any{
		"tenth":   {"discount_type": "percent", "amount": "10"},
		"eighth":  {"discount_type": "percent", "amount": "12.5"},
		"three":   {"discount_type": "percent", "amount": "33.33", "limit_usage_to_x_items": 3},
		"hundred": {"discount_type": "fixed_cart", "amount": "100"},
		"odd":     {"discount_type": "fixed_cart", "amount": "77.77", "minimum_amount": "500"},
		"each":    {"discount_type": "fixed_product", "amount": "7.35"},
		"fresh":   {"discount_type": "percent", "amount": "15", "exclude_sale_items": true},
	} {
		body["code"] = name + "-" + s.mark
		s.keeper.make("coupons", body)
		codes = append(codes, name+"-"+s.mark)
	}
	slices.Sort(codes)
	return codes
}

// drawCart chooses pieces, coupons and an address.
func drawCart(r *rand.Rand, shelves []piece, coupons []string) ([]piece, []string, checkout.Address) {
	var pieces []piece
	for _, i := range r.Perm(len(shelves))[:1+r.IntN(6)] {
		p := shelves[i]
		p.quantity = 1 + r.Int64N(5)
		pieces = append(pieces, p)
	}
	var codes []string
	for _, i := range r.Perm(len(coupons))[:r.IntN(min(4, len(coupons)+1))] {
		codes = append(codes, coupons[i])
	}
	return pieces, codes, homes[r.IntN(len(homes))]
}

// quoted asks for the rates of a cart and chooses one of them.
func (s *shop) quoted(pieces []piece, to checkout.Address, rate int, coupons []string) (checkout.QuoteRequest, []offer) {
	s.Helper()
	req := checkout.QuoteRequest{Lines: s.priced(pieces), ShipTo: to, BillTo: to, Coupons: coupons, At: time.Now()}
	rates, err := checkout.NewLocalQuoter(s.client, nil).Rates(s.Context(), req)
	s.check(err)
	var offers []offer
	for _, rate := range rates {
		offers = append(offers, offer{ID: rate.ID, Price: minor(rate.Cost)})
	}
	if len(rates) > 0 {
		req.ShippingRate = rates[rate%len(rates)].ID
	}
	return req, offers
}

func (s *shop) quote(req checkout.QuoteRequest) quote.Quote {
	s.Helper()
	q, err := checkout.NewLocalQuoter(s.client, nil).Quote(s.Context(), req)
	s.check(err)
	return q
}

func (s *shop) requestOf(req checkout.QuoteRequest, token string) checkout.OrderRequest {
	s.Helper()
	return checkout.OrderRequest{
		Token: "ank_" + s.mark + token, Quote: s.quote(req), Billing: req.BillTo, Shipping: req.ShipTo,
		PaymentMethod: "razorpay", PaymentMethodTitle: "UPI",
	}
}
