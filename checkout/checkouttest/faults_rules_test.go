package checkouttest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// request is two mugs at ₹499 with 12 % inside.
func request() checkout.OrderRequest {
	amount := decimal.RequireFromString("891.071429")
	return checkout.OrderRequest{
		PaymentMethod: "razorpay", PaymentMethodTitle: "Razorpay",
		Quote: quote.Quote{
			Currency: pricing.INR,
			Lines:    []quote.QuoteLine{{ProductID: 11, Quantity: 2, Subtotal: amount, Total: amount, TotalTax: decimal.RequireFromString("106.92")}},
			Totals:   quote.Totals{Total: pricing.Paise(99799), TotalTax: pricing.Paise(10692)},
		},
	}
}

func rules() checkout.Rules {
	return checkout.Rules{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2},
		Zones:    shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)),
	}
}

// spoiledRules is a rulebook with one fault.
type spoiledRules struct {
	*memstore.Rulebook
	spoil func(context.Context, checkout.Rules, error) (checkout.Rules, error)
}

func (b spoiledRules) Rules(ctx context.Context) (checkout.Rules, error) {
	r, err := b.Rulebook.Rules(ctx)
	return b.spoil(ctx, r, err)
}

func TestRunRulebookRejects(t *testing.T) {
	faults := map[string]struct {
		promise string
		spoil   func(context.Context, checkout.Rules, error) (checkout.Rules, error)
	}{
		"no currency": {"a snapshot can be calculated with", func(_ context.Context, r checkout.Rules, err error) (checkout.Rules, error) {
			r.Settings.Currency = ""
			return r, err
		}},
		"the version is the time": {"the same rules have the same version", func() func(context.Context, checkout.Rules, error) (checkout.Rules, error) {
			n := 0
			return func(_ context.Context, r checkout.Rules, err error) (checkout.Rules, error) {
				n++
				r.Version = fmt.Sprint(n)
				return r, err
			}
		}()},
		"the version is fixed": {"changed rules have another version", func(_ context.Context, r checkout.Rules, err error) (checkout.Rules, error) {
			r.Version = "1"
			return r, err
		}},
		"a done context is overlooked": {"a done context is an error", func(_ context.Context, r checkout.Rules, _ error) (checkout.Rules, error) {
			return r, nil
		}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunRulebook(t, func(t *testing.T) checkouttest.RulebookHarness {
					book, err := memstore.NewRulebook(rules())
					if err != nil {
						t.Fatal(err)
					}
					return checkouttest.RulebookHarness{Rules: spoiledRules{book, fault.spoil}, Change: func() {
						other := rules()
						other.Settings.TaxEnabled = true
						if err := book.Set(other); err != nil {
							t.Error(err)
						}
					}}
				})
			})
		})
	}
}

// quoter is a quoter of one mug to Bengaluru.
func quoter(t *testing.T) checkouttest.QuoterHarness {
	t.Helper()
	book, err := memstore.NewRulebook(rules())
	if err != nil {
		t.Fatal(err)
	}
	ref := cart.ItemRef{ProductID: 11}
	return checkouttest.QuoterHarness{Quoter: checkout.NewLocalQuoter(book, nil), Request: checkout.QuoteRequest{
		Lines: []checkout.PricedLine{{
			Line: cart.Line{Key: ref.Key(), Ref: ref, Quantity: 1},
			Item: cart.Item{Ref: ref, Name: "Mug", UnitPrice: decimal.NewFromInt(499), TaxStatus: "taxable"},
		}},
		ShipTo: checkout.Address{Country: "IN", State: "KA", Postcode: "560001"}, At: time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC),
	}}
}

func TestLocalQuoter(t *testing.T) { checkouttest.RunQuoter(t, quoter) }

// spoiledQuoter is a quoter with one fault.
type spoiledQuoter struct {
	checkout.Quoter
	before func(checkout.QuoteRequest) checkout.QuoteRequest
	rates  func([]shipping.Rate) []shipping.Rate
	after  func(quote.Quote) quote.Quote
}

func (q spoiledQuoter) Rates(ctx context.Context, req checkout.QuoteRequest) ([]shipping.Rate, error) {
	rates, err := q.Quoter.Rates(ctx, req)
	if q.rates != nil {
		rates = q.rates(rates)
	}
	return rates, err
}

func (q spoiledQuoter) Quote(ctx context.Context, req checkout.QuoteRequest) (quote.Quote, error) {
	if q.before != nil {
		req = q.before(req)
	}
	got, err := q.Quoter.Quote(ctx, req)
	if q.after != nil {
		got = q.after(got)
	}
	return got, err
}

func TestRunQuoterRejects(t *testing.T) {
	calls := 0
	faults := map[string]struct {
		promise string
		spoiled spoiledQuoter
	}{
		"shipping is forgotten": {"a chosen rate is in the total", spoiledQuoter{before: func(r checkout.QuoteRequest) checkout.QuoteRequest {
			r.ShippingRate = ""
			return r
		}}},
		"an unknown rate is free": {"a rate that is not offered is refused", spoiledQuoter{before: func(r checkout.QuoteRequest) checkout.QuoteRequest {
			if r.ShippingRate == "flat_rate:424242" {
				r.ShippingRate = ""
			}
			return r
		}}},
		"a file is shipped": {"nothing to ship has no rates", spoiledQuoter{rates: func(r []shipping.Rate) []shipping.Rate {
			return append([]shipping.Rate{}, r...)
		}}},
		"the quote wavers": {"the same request has the same quote", spoiledQuoter{after: func(q quote.Quote) quote.Quote {
			calls++
			q.Totals.Total = pricing.Paise(int64(calls))
			return q
		}}},
		"the quantity is ignored": {"more pieces cost more", spoiledQuoter{before: func(r checkout.QuoteRequest) checkout.QuoteRequest {
			r.Lines = append([]checkout.PricedLine(nil), r.Lines...)
			r.Lines[0].Line.Quantity = 1
			return r
		}}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunQuoter(t, func(t *testing.T) checkouttest.QuoterHarness {
					h := quoter(t)
					spoiled := fault.spoiled
					spoiled.Quoter = h.Quoter
					h.Quoter = spoiled
					return h
				})
			})
		})
	}
}

// directory is a directory of one PIN with an optional fault.
type directory struct{ lax, refusesUnknown, drops bool }

func (d directory) Pincode(_ context.Context, pin string) (checkout.Pincode, error) {
	pin, ok := checkout.NormalizePIN(pin)
	switch {
	case !ok && !d.lax:
		return checkout.Pincode{}, &checkout.InvalidError{Field: "postcode", Reason: "is not a PIN"}
	case pin != known.PIN && d.refusesUnknown:
		return checkout.Pincode{}, &checkout.InvalidError{Field: "postcode", Reason: "is not in the directory"}
	case pin != known.PIN:
		return checkout.Pincode{}, checkout.ErrUnknownPincode
	case d.drops:
		return checkout.Pincode{PIN: pin}, nil
	}
	return known, nil
}

var known = checkout.Pincode{PIN: "560001", Districts: []string{"Bengaluru Urban"}, States: []string{"KA"}, Deliverable: true}

func pinHarness(d directory) func(*testing.T) checkouttest.PincodeHarness {
	return func(*testing.T) checkouttest.PincodeHarness {
		return checkouttest.PincodeHarness{Directory: d, Known: known, Unknown: "999999"}
	}
}

func TestRunPincodeDirectory(t *testing.T) {
	checkouttest.RunPincodeDirectory(t, pinHarness(directory{}))
	for promise, fault := range map[string]directory{
		"a malformed PIN is refused":          {lax: true},
		"an unknown PIN is ErrUnknownPincode": {refusesUnknown: true},
		"a known PIN is answered":             {drops: true},
	} {
		t.Run("rejects: "+promise, func(t *testing.T) {
			suitetest.Rejects(t, promise, func(t *testing.T) { checkouttest.RunPincodeDirectory(t, pinHarness(fault)) })
		})
	}
}
