package woo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/exchange"
	"github.com/ankkor/ankkor/pricing/gst"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// cashFee charges for cash at the door, and wraps; a discount for paying at once is a negative fee.
func cashFee(req checkout.QuoteRequest) []quote.Fee {
	if req.Method != "cod" {
		return []quote.Fee{{Name: "Paid at once", Amount: decimal.RequireFromString("-25")}}
	}
	fee, _, _ := adjust.CashOnDelivery{Name: "Cash on delivery", Amount: decimal.NewFromInt(40), Taxable: true}.Fee(decimal.NewFromInt(499), 2)
	return []quote.Fee{fee, {Name: "Wrap", Amount: decimal.RequireFromString("19.99")}}
}

// rules are a shop's own prices: by the piece, for dealers, this week, and one free of three.
func rules(groups ...string) checkout.Adjuster {
	return func(_ context.Context, _ checkout.QuoteRequest, in quote.Input) (quote.Input, error) {
		return adjust.Apply(in, adjust.Buyer{Groups: groups},
			adjust.Tiers{ID: "tier", Label: "From three pieces", Steps: []adjust.Step{{From: 3, Price: adjust.PercentOff(decimal.RequireFromString("7.5"))}}},
			adjust.Group{ID: "dealer", Label: "Dealer price", Group: "dealer", Price: adjust.PercentOff(decimal.NewFromInt(20))},
			adjust.Timed{ID: "week", Label: "This week", Until: in.At.Add(time.Hour), Price: adjust.AmountOff(decimal.RequireFromString("0.35"))},
			adjust.BuyGet{ID: "gift", Label: "One of three is free", X: 2, Y: 1, Most: 2, Price: adjust.PercentOff(decimal.NewFromInt(100))},
		)
	}
}

// TestPricedOrders: the order that is read back is the quote, line by line, with price rules, fees, coupons, shipping and
// both kinds of GST.
func TestPricedOrders(t *testing.T) {
	for place, address := range places {
		for _, method := range []string{"cod", "razorpay"} {
			for _, coupons := range [][]string{nil, {"save10"}, {"flat100"}} {
				t.Run(fmt.Sprint(place, ", ", method, ", ", coupons), func(t *testing.T) {
					store, client := openStore(t, wootest.Config{})
					quoter := checkout.NewLocalQuoter(client, cashFee).Adjusting(rules("dealer"))
					req := checkout.QuoteRequest{
						Lines: priced(t, client, 0, len(mixed)), ShipTo: address, BillTo: address, Coupons: coupons, At: time.Now(),
					}
					if method == "cod" {
						req.Method = "cod"
					}
					rates, err := quoter.Rates(t.Context(), req)
					if err != nil || len(rates) == 0 {
						t.Fatalf("%v, %v", rates, err)
					}
					req.ShippingRate = rates[len(rates)-1].ID
					q := readBack(t, store, client, quoter, req)
					if adjusted := countAdjustments(q); adjusted < 2*len(mixed) {
						t.Errorf("%d adjustments", adjusted)
					}
				})
			}
		}
	}
}

func countAdjustments(q quote.Quote) int {
	n := 0
	for _, l := range q.Lines {
		n += len(l.Adjustments)
	}
	return n
}

// readBack quotes, orders, and compares what the store wrote: lines, shipping, fees and totals.
func readBack(t *testing.T, store *wootest.Store, client *woo.Client, quoter checkout.Quoter, req checkout.QuoteRequest) quote.Quote {
	t.Helper()
	q, err := quoter.Quote(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	created, err := client.CreatePending(t.Context(), checkout.OrderRequest{
		Token: "tok_priced_1", Quote: q, Billing: req.BillTo, Shipping: req.ShipTo, PaymentMethod: string(req.Method), PaymentMethodTitle: "as chosen",
	})
	if err != nil {
		t.Fatal(err)
	}
	order, err := store.Order(created.ID)
	if err != nil {
		t.Fatal(err)
	}
	compareWithStore(t, q, order)
	if created.Currency != q.Currency || created.Total != q.Totals.Total {
		t.Errorf("created %s in %s, quoted %s", created.Total, created.Currency, q.Totals.Total)
	}
	return q
}

// TestPriceDependentClass: clothes sold for less than a limit are taxed lower, in the order too.
func TestPriceDependentClass(t *testing.T) {
	limit := decimal.NewFromInt(300)
	for place, address := range places {
		t.Run(place, func(t *testing.T) {
			store, client := openStore(t, wootest.Config{})
			quoter := checkout.NewLocalQuoter(client, nil).Adjusting(func(_ context.Context, _ checkout.QuoteRequest, in quote.Input) (quote.Input, error) {
				return gst.Classify(in, gst.Rule{Class: "gst-5", Limit: &limit, Above: "gst-12"})
			})
			q := readBack(t, store, client, quoter, checkout.QuoteRequest{Lines: priced(t, client, 0, 5), ShipTo: address, BillTo: address, At: time.Now()})
			var classes []string
			for _, l := range q.Lines {
				if !l.TaxClassChosen {
					t.Errorf("%+v", l)
				}
				classes = append(classes, l.TaxClass)
			}
			if !slices.Contains(classes, "gst-5") || !slices.Contains(classes, "gst-12") {
				t.Errorf("classes %v", classes)
			}
		})
	}
}

// TestOrderInAnotherCurrency: the shopper is shown dollars, and the order is in dollars.
func TestOrderInAnotherCurrency(t *testing.T) {
	rate := exchange.Rate{From: pricing.INR, To: pricing.USD, Value: decimal.RequireFromString("0.01187"), At: time.Now(), Source: "the bank"}
	store, client := openStore(t, wootest.Config{})
	quoter := checkout.NewLocalQuoter(client, cashFee).Adjusting(rules()).Selling(func(context.Context, checkout.QuoteRequest) (*exchange.Converter, error) {
		return exchange.NewConverter(rate)
	})
	address := places["in another state"]
	req := checkout.QuoteRequest{Lines: priced(t, client, 0, 6), ShipTo: address, BillTo: address, Coupons: []string{"save10", "flat100"}, At: time.Now()}
	rates, err := quoter.Rates(t.Context(), req)
	if err != nil || len(rates) == 0 {
		t.Fatalf("%v, %v", rates, err)
	}
	req.ShippingRate = rates[0].ID
	q := readBack(t, store, client, quoter, req)
	if q.Currency != pricing.USD || q.Exchange == nil || q.Exchange.Source != "the bank" {
		t.Errorf("%s at %+v", q.Totals.Total, q.Exchange)
	}
	if len(q.Shipping) != 1 || !q.Shipping[0].Total.Equal(rates[0].Cost) {
		t.Errorf("shipping %+v, shown %+v", q.Shipping, rates[0])
	}
	if len(q.Refused) == 0 || q.Refused[len(q.Refused)-1].Code != "flat100" {
		t.Errorf("a coupon of rupees is taken for one of dollars: %+v", q.Refused)
	}
}

// A currency that cannot be sold in is an error, not a quote in another.
func TestNoRateOfExchange(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	table, err := exchange.NewTable()
	if err != nil {
		t.Fatal(err)
	}
	quoter := checkout.NewLocalQuoter(client, nil).Selling(func(ctx context.Context, _ checkout.QuoteRequest) (*exchange.Converter, error) {
		r, err := table.Rate(ctx, pricing.INR, pricing.EUR)
		if err != nil {
			return nil, err
		}
		return exchange.NewConverter(r)
	})
	address := places["in another state"]
	req := checkout.QuoteRequest{Lines: priced(t, client, 0, 1), ShipTo: address, BillTo: address, At: time.Now()}
	if q, err := quoter.Quote(t.Context(), req); !errors.Is(err, exchange.ErrNoRate) {
		t.Errorf("%s, %v", q.Totals.Total, err)
	}
	home := checkout.NewLocalQuoter(client, nil).Selling(func(context.Context, checkout.QuoteRequest) (*exchange.Converter, error) { return nil, nil })
	if q, err := home.Quote(t.Context(), req); err != nil || q.Currency != pricing.INR {
		t.Errorf("%s, %v", q.Totals.Total, err)
	}
}

// A rule that cannot be stops the quote.
func TestRuleThatCannotBe(t *testing.T) {
	_, client := openStore(t, wootest.Config{})
	quoter := checkout.NewLocalQuoter(client, nil).Adjusting(func(_ context.Context, _ checkout.QuoteRequest, in quote.Input) (quote.Input, error) {
		return adjust.Apply(in, adjust.Buyer{}, adjust.Tiers{ID: "x", Steps: []adjust.Step{{From: 0}}})
	})
	address := places["in another state"]
	req := checkout.QuoteRequest{Lines: priced(t, client, 0, 1), ShipTo: address, BillTo: address, At: time.Now()}
	if _, err := quoter.Quote(t.Context(), req); !errors.Is(err, adjust.ErrInvalid) {
		t.Errorf("%v", err)
	}
	if _, err := quoter.Rates(t.Context(), req); !errors.Is(err, adjust.ErrInvalid) {
		t.Errorf("%v", err)
	}
}
