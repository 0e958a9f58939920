package live_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/exchange"
	"github.com/ankkor/ankkor/pricing/quote"
)

// openTill is a counter with the shop's own prices and charges.
func (s *shop) openTill(quoter checkout.Quoter, change ...func(*checkout.Config)) *counter {
	s.Helper()
	c := &counter{shop: s, now: time.Now()}
	c.stock = memstore.NewStock(memstore.StockConfig{Now: c.clock})
	store := memstore.NewCarts()
	var err error
	c.carts, err = cart.NewService(cart.Config{Store: store, Catalog: s.client, Now: c.clock})
	s.check(err)
	c.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: c.clock})
	s.check(err)
	config := checkout.Config{
		Store: memstore.NewCheckouts(c.stock), Carts: store, Catalog: s.client, Rules: s.client, Reserver: c.stock, Stock: s.client,
		Orders: s.client, Quoter: quoter, Now: c.clock,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: c.gateway, Verifier: c.gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
		},
	}
	for _, f := range change {
		f(&config)
	}
	c.Service, err = checkout.New(config)
	s.check(err)
	return c
}

// charges are a fee for cash at the door, and a discount for paying at once.
func charges(req checkout.QuoteRequest) []quote.Fee {
	if req.Method == payment.MethodCOD {
		return []quote.Fee{
			{Name: "Cash on delivery", Amount: decimal.NewFromInt(40), Taxable: true},
			{Name: "Wrap", Amount: decimal.RequireFromString("19.99")},
		}
	}
	return []quote.Fee{{Name: "Paid at once", Amount: decimal.NewFromInt(-25)}}
}

// ownPrices are price rules: by the piece, for dealers, and one free of three.
func ownPrices(groups ...string) checkout.Adjuster {
	return func(_ context.Context, _ checkout.QuoteRequest, in quote.Input) (quote.Input, error) {
		return adjust.Apply(in, adjust.Buyer{Groups: groups},
			adjust.Tiers{ID: "tier", Label: "From two pieces", Steps: []adjust.Step{{From: 2, Price: adjust.PercentOff(decimal.RequireFromString("7.5"))}}},
			adjust.Group{ID: "dealer", Label: "Dealer price", Group: "dealer", Price: adjust.PercentOff(decimal.NewFromInt(20))},
			adjust.BuyGet{ID: "gift", Label: "One of three is free", X: 2, Y: 1, Most: 2, Price: adjust.PercentOff(decimal.NewFromInt(100))},
		)
	}
}

// limited are coupons with limits. The stand-in keeps the coupons it has, so there are none for it.
func (s *shop) limited(mug int64) map[string]string {
	s.Helper()
	codes := map[string]string{"save10": s.coupon("save10", "percent", "10"), "flat100": s.coupon("flat100", "fixed_cart", "100")}
	if s.site.name == "wootest" {
		return codes
	}
	for name, body := range map[string]map[string]any{
		"two":    {"discount_type": "percent", "amount": "12.5", "limit_usage_to_x_items": 2},
		"onemug": {"discount_type": "fixed_product", "amount": "30.55", "product_ids": []int64{mug}, "limit_usage_to_x_items": 1},
		"nosale": {"discount_type": "percent", "amount": "15", "exclude_sale_items": true},
		"from":   {"discount_type": "fixed_cart", "amount": "75", "minimum_amount": "500", "usage_limit": 50},
	} {
		codes[name] = name + "-" + s.mark
		body["code"] = codes[name]
		s.keeper.make("coupons", body)
	}
	return codes
}

// TestSales: whole sales through the checkout, with every kind of reduction and charge, at home and in another state. The
// order that the keeper reads is the quote that the shopper saw.
func TestSales(t *testing.T) {
	tests := []struct {
		name    string
		rules   []string // whose prices, "" for everybody's; nil for the shop's
		coupons []string
		method  payment.Method
		dollars bool
	}{
		{name: "plain", method: payment.MethodCOD},
		{name: "percent, paid at once", coupons: []string{"save10"}, method: payment.MethodRazorpay},
		{name: "an amount off the cart", coupons: []string{"flat100"}, method: payment.MethodCOD},
		{name: "percent off two pieces", coupons: []string{"two"}, method: payment.MethodCOD},
		{name: "an amount off one mug", coupons: []string{"onemug"}, method: payment.MethodRazorpay},
		{name: "nothing off what is on sale", coupons: []string{"nosale"}, method: payment.MethodCOD},
		{name: "coupons together", coupons: []string{"from", "two", "onemug"}, method: payment.MethodRazorpay},
		{name: "price rules", rules: []string{""}, method: payment.MethodCOD},
		{name: "a dealer with a coupon", rules: []string{"dealer"}, coupons: []string{"save10"}, method: payment.MethodRazorpay},
		{name: "in dollars", rules: []string{"dealer"}, coupons: []string{"save10"}, method: payment.MethodCOD, dollars: true},
	}
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		codes := s.limited(g.mug.ref.ProductID)
		for place, inState := range map[string]bool{"in the shop's state": true, "in another state": false} {
			for i, test := range tests {
				t.Run(place+", "+test.name, func(t *testing.T) {
					var coupons []string
					for _, name := range test.coupons {
						if codes[name] == "" {
							t.Skip("the stand-in has no such coupon")
						}
						coupons = append(coupons, codes[name])
					}
					quoter := checkout.NewLocalQuoter(s.client, charges)
					if test.rules != nil {
						quoter = quoter.Adjusting(ownPrices(test.rules...))
					}
					if test.dollars {
						quoter = quoter.Selling(dollars)
					}
					c := s.openTill(quoter)
					owner := cart.Owner(fmt.Sprint("guest:", s.mark, "-", i))
					sold := c.sell(t, owner, g.all()[:4], coupons, test.method, s.address(inState))
					compareSale(t, s, *sold.Quote, sold.Order.ID)
					if len(sold.Quote.Coupons) != len(coupons) || len(sold.Quote.Refused) > 0 {
						t.Errorf("coupons %+v, refused %+v", sold.Quote.Coupons, sold.Quote.Refused)
					}
				})
			}
		}
	})
}

func dollars(context.Context, checkout.QuoteRequest) (*exchange.Converter, error) {
	return exchange.NewConverter(exchange.Rate{
		From: pricing.INR, To: pricing.USD, Value: decimal.RequireFromString("0.01187"), At: time.Unix(1_790_000_000, 0), Source: "the bank",
	})
}

// sell takes a cart from the shelf to the finished order.
func (c *counter) sell(t *testing.T, owner cart.Owner, pieces []piece, coupons []string, m payment.Method, to checkout.Address) checkout.Record {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range pieces {
		_, err := c.carts.Add(ctx, owner, p.ref, min(p.quantity, 3))
		must(err)
	}
	for _, code := range coupons {
		_, err := c.carts.ApplyCoupon(ctx, owner, code)
		must(err)
	}
	started, err := c.Start(ctx, checkout.StartRequest{Owner: owner})
	must(err)
	id := started.Record.ID
	_, err = c.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: to})
	must(err)
	rates, err := c.ShippingRates(ctx, owner, id)
	must(err)
	for _, r := range rates {
		if r.MethodID != "local_pickup" {
			_, err = c.ChooseShipping(ctx, owner, id, r.ID)
			must(err)
			break
		}
	}
	ready, err := c.ChoosePayment(ctx, owner, id, m)
	must(err)
	placed, err := c.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: "key-" + string(id), QuoteHash: ready.QuoteHash})
	must(err)
	t.Cleanup(func() { c.shop.clearAll(placed.Token) })
	if !placed.Placed.Plan.Online.IsZero() {
		callback, err := c.gateway.Pay(placed.Gateway.ID)
		must(err)
		_, err = c.ConfirmPayment(ctx, owner, id, callback)
		must(err)
	}
	c.pass(t, 5*time.Minute)
	sold, err := c.Get(ctx, owner, id)
	must(err)
	if sold.Status() != checkout.StatusOrdered || len(sold.Alerts) > 0 {
		t.Fatalf("%s, alerts %v, timeline %v", sold.Status(), sold.Alerts, sold.Timeline)
	}
	return sold
}

// compareSale looks at the order as compare does, and at its fees, coupons, shipping and currency.
func compareSale(t *testing.T, s *shop, q quote.Quote, id int64) {
	t.Helper()
	compare(t, q, s.keeper.order(id))
	type part struct {
		Name, Code      string
		Total, Discount decimal.Decimal
		TotalTax        decimal.Decimal `json:"total_tax"`
		DiscountTax     decimal.Decimal `json:"discount_tax"`
	}
	var o struct {
		Currency string `json:"currency"`
		Shipping []part `json:"shipping_lines"`
		Fees     []part `json:"fee_lines"`
		Coupons  []part `json:"coupon_lines"`
	}
	s.keeper.get(fmt.Sprint("orders/", id, "?dp=6"), &o)
	if o.Currency != string(q.Currency) || len(o.Shipping) != len(q.Shipping) || len(o.Fees) != len(q.Fees) || len(o.Coupons) != len(q.Coupons) {
		t.Fatalf("%+v, quoted %+v", o, q)
	}
	for i, want := range q.Shipping {
		same(t, "shipping line", want.Total, o.Shipping[i].Total)
		same(t, "shipping line tax", want.TotalTax, o.Shipping[i].TotalTax)
	}
	for i, want := range q.Fees {
		if o.Fees[i].Name != want.Name {
			t.Errorf("fee %s, quoted %s", o.Fees[i].Name, want.Name)
		}
		same(t, want.Name, want.Total, o.Fees[i].Total)
		same(t, want.Name+" tax", want.TotalTax, o.Fees[i].TotalTax)
	}
	for i, want := range q.Coupons {
		if o.Coupons[i].Code != want.Code {
			t.Errorf("coupon %s, quoted %s", o.Coupons[i].Code, want.Code)
		}
		same(t, want.Code, want.Discount, o.Coupons[i].Discount)
		same(t, want.Code+" tax", want.DiscountTax, o.Coupons[i].DiscountTax)
	}
}
