package property_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// anyPrepayment is a fixed amount, a percentage, or nothing.
func anyPrepayment() *rapid.Generator[payment.Prepayment] {
	return rapid.Custom(func(t *rapid.T) payment.Prepayment {
		terms := payment.Prepayment{Through: payment.MethodRazorpay, From: pricing.Paise(rapid.Int64Range(0, 200000).Draw(t, "from"))}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return payment.Prepayment{}
		case 1, 2:
			terms.Fixed = pricing.Paise(rapid.Int64Range(1, 50000).Draw(t, "fixed"))
		default:
			terms.Percent = decimal.New(rapid.Int64Range(1, 999999).Draw(t, "percent"), -4)
		}
		return terms
	})
}

func wantSum(t *rapid.T, what string, total pricing.Money, parts ...pricing.Money) {
	t.Helper()
	sum, err := pricing.Sum(parts...)
	if err != nil || !sum.Equal(total) {
		t.Fatalf("%s: %v add up to %s (%v), want %s", what, parts, sum, err, total)
	}
	for _, p := range parts {
		if p.Sign() < 0 {
			t.Fatalf("%s: %v", what, parts)
		}
	}
}

// TestPrepaymentsLoseNoPaisa: whatever is asked for beforehand, it and what is due are the total; a prepayment leaves
// something to collect, and is no less than a rupee.
func TestPrepaymentsLoseNoPaisa(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := anyPrepayment().Draw(t, "terms")
		must(t, terms.Validate(pricing.INR))
		total := pricing.Paise(rapid.OneOf(rapid.Int64Range(0, 1000), rapid.Int64Range(0, 1_000_000_00), rapid.Int64Min(0)).Draw(t, "total"))
		prepaid, due, err := terms.Split(total)
		if errors.Is(err, payment.ErrAllPrepaid) {
			if asked := max(terms.Fixed.Minor(), 100); terms.Percent.IsZero() && total.Minor() > asked {
				t.Fatalf("%s of %s is not everything", terms.Fixed, total)
			}
			return
		}
		must(t, err)
		wantSum(t, "split", total, prepaid, due)
		if !prepaid.IsZero() && (prepaid.Minor() < 100 || due.IsZero()) {
			t.Fatalf("%s beforehand, %s at the door", prepaid, due)
		}
	})
}

// stall is a shop for one cash order.
type stall struct {
	*checkout.Service
	carts   *cart.Service
	gateway *fakegateway.Gateway
	orders  *memstore.Orders
	refs    []cart.ItemRef
}

// newStall opens a shop with any goods, any taxes and any terms.
func newStall(t *rapid.T) *stall {
	s := &stall{}
	clock := func() time.Time { return time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC) }
	catalog, carts := memstore.NewCatalog(), memstore.NewCarts()
	stock := memstore.NewStock(memstore.StockConfig{Now: clock})
	for i := range rapid.Int64Range(1, 4).Draw(t, "goods") {
		ref := cart.ItemRef{ProductID: i + 1}
		s.refs = append(s.refs, ref)
		catalog.Put(cart.Item{
			Ref: ref, Status: cart.StatusOK, Purchasable: true, Name: "thing", Currency: pricing.INR, TaxStatus: "taxable",
			UnitPrice: decimal.New(rapid.Int64Range(1, 250000).Draw(t, "price"), -2), TaxClass: rapid.SampledFrom(anyClasses).Draw(t, "class"),
			Stock: cart.Stock{Item: fmt.Sprint("product:", ref.ProductID), InStock: true},
		})
	}
	var err error
	s.carts, err = cart.NewService(cart.Config{Store: carts, Catalog: catalog, Now: clock})
	must(t, err)
	s.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: clock})
	must(t, err)
	rules, err := memstore.NewRulebook(anyStallRules(t))
	must(t, err)
	s.orders = memstore.NewOrders(clock)
	s.Service, err = checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(stock), Orders: s.orders, Carts: carts, Catalog: catalog, Rules: rules, Reserver: stock, Now: clock,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: s.gateway, Verifier: s.gateway},
			{Method: payment.MethodCOD, Title: "At the door", Gateway: payment.CashOnDelivery{}, Cash: anyCashTerms(t)},
		},
	})
	must(t, err)
	return s
}

var anyClasses = []string{"", "gst-5", "gst-18"}

func anyStallRules(t *rapid.T) checkout.Rules {
	rules := checkout.Rules{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, BaseCountry: "IN", BaseState: "KA", TaxBasedOn: quote.BasedOnShipping,
			PricesIncludeTax: rapid.Bool().Draw(t, "inclusive"), RoundAtSubtotal: rapid.Bool().Draw(t, "at subtotal"), ShippingTaxClass: quote.InheritShippingClass,
		},
		Countries: []string{"IN"}, Zones: shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)),
	}
	for i, percent := range []string{"12", "2.5", "9"} {
		rules.TaxRates = append(rules.TaxRates, quote.TaxRate{
			ID: int64(i + 1), Class: anyClasses[i], Country: "IN", Name: "GST", Rate: decimal.RequireFromString(percent), Priority: 1, Shipping: true,
		})
	}
	return rules
}

func anyCashTerms(t *rapid.T) *checkout.CashTerms {
	terms := &checkout.CashTerms{Currency: pricing.INR, Prepayment: anyPrepayment().Draw(t, "prepayment")}
	if rapid.Bool().Draw(t, "a fee") {
		terms.Fee = adjust.CashOnDelivery{
			Name: "COD", Taxable: rapid.Bool().Draw(t, "taxed"), TaxClass: rapid.SampledFrom(anyClasses).Draw(t, "fee class"),
			Amount: decimal.New(rapid.Int64Range(0, 10000).Draw(t, "fee"), -2), Percent: decimal.New(rapid.Int64Range(0, 500).Draw(t, "fee percent"), -2),
		}
	}
	return terms
}

// TestCashOrdersAddUp: for any cart, taxes, fee and prepayment, what is paid online and what the courier collects are the
// total that the shopper saw and the total of the order, from the first look to the last rupee.
func TestCashOrdersAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, ctx := newStall(t), t.Context()
		const owner = "guest:1"
		for _, ref := range s.refs {
			_, err := s.carts.Add(ctx, owner, ref, rapid.Int64Range(1, 7).Draw(t, "pieces"))
			must(t, err)
		}
		started, err := s.Start(ctx, checkout.StartRequest{Owner: owner})
		must(t, err)
		id := started.Record.ID
		_, err = s.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: checkout.Address{
			FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
			Email: "asha@example.in", Phone: "9845012345",
		}})
		must(t, err)
		choices, err := s.PaymentChoices(ctx, owner, id)
		must(t, err)
		ready, err := s.ChoosePayment(ctx, owner, id, payment.MethodCOD)
		if errors.Is(err, checkout.ErrNotEligible) {
			if len(choices[1].Refusals) == 0 {
				t.Fatalf("offered, then refused: %v", err)
			}
			return
		}
		must(t, err)
		total := ready.Quote.Totals.Total
		wantSum(t, "choice", choices[1].Total, choices[1].Plan.Online, choices[1].Plan.OnDelivery)
		wantSum(t, "shown", total, ready.Plan.Online, ready.Plan.OnDelivery)
		placed, err := s.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: "key", QuoteHash: ready.QuoteHash})
		must(t, err)
		if placed.Placed.Plan.Prepaid() {
			wantSum(t, "gateway", placed.Placed.Plan.Online, placed.Gateway.Amount)
			callback, err := s.gateway.Pay(placed.Gateway.ID)
			must(t, err)
			placed, err = s.ConfirmPayment(ctx, owner, id, callback)
			must(t, err)
		}
		wantSum(t, "placed", total, placed.Placed.Plan.Online, placed.Owed())
		wantSum(t, "order", s.orders.All()[0].Total, placed.Placed.Plan.Online, placed.Placed.Plan.OnDelivery)
		s.collect(t, placed)
	})
}

// collect hands the cash over in parts, and looks that the order is paid with the last of it and no sooner.
func (s *stall) collect(t *rapid.T, r checkout.Record) {
	t.Helper()
	for n := 0; !r.Owed().IsZero(); n++ {
		if s.orders.All()[0].Paid() {
			t.Fatalf("paid with %s owed", r.Owed())
		}
		part := pricing.Paise(rapid.Int64Range(1, r.Owed().Minor()).Draw(t, "part"))
		if n == 3 {
			part = r.Owed()
		}
		var err error
		r, err = s.RecordRemittance(t.Context(), checkout.RemittanceRequest{ID: r.ID, Key: fmt.Sprint("utr-", n), Amount: part})
		must(t, err)
	}
	if !s.orders.All()[0].Paid() || len(r.Alerts) != 0 {
		t.Fatalf("everything has arrived: order %+v, alerts %v", s.orders.All()[0], r.Alerts)
	}
}
