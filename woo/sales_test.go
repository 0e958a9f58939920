package woo_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/exchange"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// salesCoupons are the coupons of the shop in which whole sales are made, as the REST API writes them.
const salesCoupons = `[
	{"id":901,"code":"twopieces","status":"publish","amount":"12.50","discount_type":"percent","limit_usage_to_x_items":2},
	{"id":902,"code":"from500","status":"publish","amount":"100.00","discount_type":"fixed_cart","minimum_amount":"500.00"},
	{"id":903,"code":"onemug","status":"publish","amount":"30.55","discount_type":"fixed_product","product_ids":[16],"limit_usage_to_x_items":1},
	{"id":904,"code":"notonsale","status":"publish","amount":"15.00","discount_type":"percent","exclude_sale_items":true},
	{"id":905,"code":"tenth","status":"publish","amount":"10.00","discount_type":"percent"},
	{"id":906,"code":"once","status":"publish","amount":"5.00","discount_type":"percent","usage_limit":1,"usage_count":0}
]`

// coupons are the embedded catalogue with other coupons.
type coupons struct{ fs.FS }

func (c coupons) Open(name string) (fs.File, error) {
	if name == "coupons.json" {
		return fstest.MapFS{name: {Data: []byte(salesCoupons)}}.Open(name)
	}
	return c.FS.Open(name)
}

// till is a whole checkout in front of a store: catalogue, rules, stock and orders are the store's.
type till struct {
	*checkout.Service
	store   *wootest.Store
	carts   *cart.Service
	gateway *fakegateway.Gateway

	mu  sync.Mutex
	now time.Time
}

func openTill(t *testing.T, quoter func(*woo.Client) checkout.Quoter, change ...func(*checkout.Config)) *till {
	t.Helper()
	store, client := openStore(t, wootest.Config{Catalogue: coupons{wootest.Catalogue()}, TrustForwardedProto: true})
	s := &till{store: store, now: time.Now()}
	stock, carts := memstore.NewStock(memstore.StockConfig{Now: s.clock}), memstore.NewCarts()
	var err error
	if s.carts, err = cart.NewService(cart.Config{Store: carts, Catalog: client, Now: s.clock}); err != nil {
		t.Fatal(err)
	}
	if s.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: s.clock}); err != nil {
		t.Fatal(err)
	}
	config := checkout.Config{
		Store: memstore.NewCheckouts(stock), Carts: carts, Catalog: client, Rules: client, Reserver: stock, Stock: client,
		Orders: client, Quoter: quoter(client), Now: s.clock,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: s.gateway, Verifier: s.gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
		},
	}
	for _, f := range change {
		f(&config)
	}
	if s.Service, err = checkout.New(config); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *till) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// settle lets time go by and does what falls due.
func (s *till) settle(t *testing.T) {
	t.Helper()
	for range 20 {
		s.mu.Lock()
		s.now = s.now.Add(30 * time.Second)
		s.mu.Unlock()
		if _, err := s.AdvanceDue(t.Context(), 100); err != nil {
			t.Log("due work:", err)
		}
	}
}

// basket is what a shopper buys.
type basket []struct {
	ref cart.ItemRef
	qty int64
}

// place takes a sale from the shelf to where it is paid for.
func (s *till) place(ctx context.Context, owner cart.Owner, b basket, coupons []string, m payment.Method, to checkout.Address) (checkout.Record, error) {
	for _, l := range b {
		if _, err := s.carts.Add(ctx, owner, l.ref, l.qty); err != nil {
			return checkout.Record{}, err
		}
	}
	for _, code := range coupons {
		if _, err := s.carts.ApplyCoupon(ctx, owner, code); err != nil {
			return checkout.Record{}, err
		}
	}
	started, err := s.Start(ctx, checkout.StartRequest{Owner: owner})
	if err != nil {
		return checkout.Record{}, err
	}
	id := started.Record.ID
	if _, err := s.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: to}); err != nil {
		return started.Record, err
	}
	rates, err := s.ShippingRates(ctx, owner, id)
	delivered := slices.IndexFunc(rates, func(r shipping.Rate) bool { return r.MethodID != "local_pickup" }) // picked up is taxed at the shop
	if delivered < 0 {
		return started.Record, errors.Join(errors.New("no shipping rate"), err)
	}
	if _, err := s.ChooseShipping(ctx, owner, id, rates[delivered].ID); err != nil {
		return started.Record, err
	}
	ready, err := s.ChoosePayment(ctx, owner, id, m)
	if err != nil {
		return started.Record, err
	}
	return s.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: "key-" + string(id), QuoteHash: ready.QuoteHash})
}

// sell makes a whole sale and returns the finished checkout.
func (s *till) sell(t *testing.T, owner cart.Owner, b basket, coupons []string, m payment.Method, to checkout.Address) checkout.Record {
	t.Helper()
	ctx := t.Context()
	placed, err := s.place(ctx, owner, b, coupons, m, to)
	if err != nil {
		t.Fatal(err)
	}
	if m != payment.MethodCOD {
		callback, err := s.gateway.Pay(placed.Gateway.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ConfirmPayment(ctx, owner, placed.ID, callback); err != nil {
			t.Fatal(err)
		}
	}
	s.settle(t)
	sold, err := s.Get(ctx, owner, placed.ID)
	if err != nil {
		t.Fatal(err)
	}
	if sold.Status() != checkout.StatusOrdered || len(sold.Alerts) > 0 || sold.Quote == nil {
		t.Fatalf("%s, alerts %+v, timeline %+v", sold.Status(), sold.Alerts, sold.Timeline)
	}
	return sold
}

// mixedGoods are a mug at 12 %, a kurta at 5 %, pens at 18 % and a T-shirt on sale.
var mixedGoods = basket{{product(16), 3}, {variation(37, 40), 1}, {product(17), 7}, {product(18), 2}}

// TestSales: whole sales, through the checkout, with every kind of reduction and charge, at home and in another state.
// The order that the store wrote is the quote that the shopper saw.
func TestSales(t *testing.T) {
	tests := []struct {
		name    string
		groups  []string // whose prices the buyer has
		rules   bool
		coupons []string
		method  payment.Method
		goods   basket
		check   func(quote.Quote) bool
	}{
		{name: "plain", method: payment.MethodRazorpay},
		{name: "cash at the door", method: payment.MethodCOD, check: func(q quote.Quote) bool { return len(q.Fees) == 2 }},
		{name: "percent off two pieces", coupons: []string{"twopieces"}, method: payment.MethodRazorpay},
		{name: "an amount off the cart", coupons: []string{"from500"}, method: payment.MethodCOD},
		{name: "an amount off one mug", coupons: []string{"onemug"}, method: payment.MethodRazorpay},
		{name: "nothing off what is on sale", coupons: []string{"notonsale"}, method: payment.MethodCOD},
		{name: "coupons together", coupons: []string{"from500", "twopieces", "onemug"}, method: payment.MethodRazorpay},
		{name: "price rules", rules: true, method: payment.MethodRazorpay, check: adjusted},
		{name: "a dealer", rules: true, groups: []string{"dealer"}, method: payment.MethodCOD, check: adjusted},
		{name: "everything", rules: true, groups: []string{"dealer"}, coupons: []string{"tenth", "onemug"}, method: payment.MethodCOD, check: adjusted},
		{name: "one pen", coupons: []string{"tenth"}, method: payment.MethodCOD, goods: basket{{product(17), 1}}},
	}
	for place, address := range places {
		for _, tt := range tests {
			t.Run(place+", "+tt.name, func(t *testing.T) {
				s := openTill(t, func(client *woo.Client) checkout.Quoter {
					quoter := checkout.NewLocalQuoter(client, cashFee)
					if tt.rules {
						quoter = quoter.Adjusting(rules(tt.groups...))
					}
					return quoter
				})
				goods := tt.goods
				if goods == nil {
					goods = mixedGoods
				}
				sold := s.sell(t, "guest:buyer", goods, tt.coupons, tt.method, address)
				q := *sold.Quote
				compareOrder(t, q, readOrder(t, s.store, sold.Order.ID))
				if len(q.Refused) > 0 || len(q.Coupons) != len(tt.coupons) || tt.check != nil && !tt.check(q) {
					t.Errorf("quote %+v", q)
				}
				if labels := taxLabels(q); !slices.Equal(labels, map[string][]string{"MH": {"CGST", "SGST"}, "KA": {"IGST"}}[address.State]) {
					t.Errorf("taxes %v in %s", labels, address.State)
				}
			})
		}
	}
}

func adjusted(q quote.Quote) bool { return countAdjustments(q) >= 2 }

func taxLabels(q quote.Quote) []string {
	var labels []string
	for _, row := range q.Taxes {
		if !slices.Contains(labels, row.Label) {
			labels = append(labels, row.Label)
		}
	}
	return labels
}

// TestSaleInAnotherCurrency: a sale in dollars, with a coupon of percents and the fee for cash.
func TestSaleInAnotherCurrency(t *testing.T) {
	rate := exchange.Rate{From: pricing.INR, To: pricing.USD, Value: decimal.RequireFromString("0.01187"), At: time.Now(), Source: "the bank"}
	for place, address := range places {
		t.Run(place, func(t *testing.T) {
			s := openTill(t, func(client *woo.Client) checkout.Quoter {
				return checkout.NewLocalQuoter(client, cashFee).Adjusting(rules("dealer")).Selling(
					func(context.Context, checkout.QuoteRequest) (*exchange.Converter, error) {
						return exchange.NewConverter(rate)
					})
			})
			sold := s.sell(t, "guest:abroad", mixedGoods, []string{"tenth"}, payment.MethodCOD, address)
			if sold.Quote.Currency != pricing.USD || sold.Quote.Totals.Total.Currency() != pricing.USD || len(sold.Quote.Coupons) != 1 {
				t.Errorf("sold for %s", sold.Quote.Totals.Total)
			}
			compareOrder(t, *sold.Quote, readOrder(t, s.store, sold.Order.ID))
		})
	}
}

// TestLastUseOfACoupon: two buyers use a coupon that works once. One of them gets it; the other is told before paying.
func TestLastUseOfACoupon(t *testing.T) {
	s := openTill(t, func(client *woo.Client) checkout.Quoter { return checkout.NewLocalQuoter(client, nil) })
	address := places["in another state"]
	goods := basket{{product(16), 1}}
	sold := s.sell(t, "guest:first", goods, []string{"once"}, payment.MethodRazorpay, address)
	compareOrder(t, *sold.Quote, readOrder(t, s.store, sold.Order.ID))
	placed, err := s.place(t.Context(), "guest:second", goods, []string{"once"}, payment.MethodRazorpay, address)
	refused := placed.Quote != nil && len(placed.Quote.Refused) == 1 && len(placed.Quote.Coupons) == 0
	if !errors.Is(err, checkout.ErrCouponSpent) && !refused {
		t.Errorf("%v, %+v", err, placed.Quote)
	}
}
