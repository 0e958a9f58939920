package memstore_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// steppedClock is a time that moves when told.
type steppedClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *steppedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *steppedClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestCheckouts(t *testing.T) {
	checkouttest.RunStore(t, func(*testing.T) checkouttest.StoreHarness {
		clock := &steppedClock{now: time.Date(2026, 11, 8, 19, 0, 0, 0, time.UTC)}
		stock := memstore.NewStock(memstore.StockConfig{Now: clock.Now})
		return checkouttest.StoreHarness{Store: memstore.NewCheckouts(stock), Receive: stock.Receive, Advance: clock.Advance}
	})
}

func TestCheckoutsTakeAnyLimit(t *testing.T) {
	store := memstore.NewCheckouts(memstore.NewStock(memstore.StockConfig{}))
	for _, limit := range []int{-1, 0, 1} {
		if due, err := store.Due(t.Context(), limit, time.Minute); err != nil || len(due) != 0 {
			t.Errorf("Due %d: %v %v", limit, due, err)
		}
		if events, err := store.Pending(t.Context(), limit); err != nil || len(events) != 0 {
			t.Errorf("Pending %d: %v %v", limit, events, err)
		}
	}
}

func TestRulebookThatWasToldNothing(t *testing.T) {
	if _, err := new(memstore.Rulebook).Rules(t.Context()); !errors.Is(err, checkout.ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

func TestOrders(t *testing.T) {
	checkouttest.RunOrderCreator(t, func(*testing.T) checkouttest.OrderHarness {
		amount := decimal.RequireFromString("891.071429")
		return checkouttest.OrderHarness{Orders: memstore.NewOrders(nil), Request: checkout.OrderRequest{
			PaymentMethod: "razorpay", PaymentMethodTitle: "Razorpay",
			Quote: quote.Quote{
				Currency: pricing.INR,
				Lines:    []quote.QuoteLine{{ProductID: 11, Quantity: 2, Subtotal: amount, Total: amount, TotalTax: decimal.RequireFromString("106.92")}},
				Totals:   quote.Totals{Total: pricing.Paise(99799), TotalTax: pricing.Paise(10692)},
			},
		}}
	})
}

func TestRulebook(t *testing.T) {
	checkouttest.RunRulebook(t, func(t *testing.T) checkouttest.RulebookHarness {
		rules := checkout.Rules{Settings: quote.Settings{Currency: pricing.INR, Decimals: 2}}
		book, err := memstore.NewRulebook(rules)
		if err != nil {
			t.Fatal(err)
		}
		return checkouttest.RulebookHarness{Rules: book, Change: func() {
			rules.TaxRates = append(rules.TaxRates, quote.TaxRate{ID: 1, Country: "IN", Rate: decimal.NewFromInt(5)})
			if err := book.Set(rules); err != nil {
				t.Error(err)
			}
		}}
	})
}
