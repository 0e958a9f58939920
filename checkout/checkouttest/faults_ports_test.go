package checkouttest_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/inventory"
)

// forgetfulRegister spoils what a register answers.
type forgetfulRegister struct {
	sound
	stuck func([]checkout.Record) []checkout.Record
	tally func(checkout.Tally) checkout.Tally
}

func (f forgetfulRegister) Stuck(ctx context.Context, limit int) ([]checkout.Record, error) {
	if f.stuck != nil {
		list, err := f.sound.Stuck(ctx, 1000)
		return f.stuck(list), err
	}
	return f.sound.Stuck(ctx, limit)
}

func (f forgetfulRegister) Tally(ctx context.Context, from, to time.Time) (checkout.Tally, error) {
	t, err := f.sound.Tally(ctx, from, to)
	if f.tally != nil {
		t = f.tally(t)
	}
	return t, err
}

func TestRunRegisterRejects(t *testing.T) {
	for name, tc := range map[string]struct {
		promise string
		spoil   func(*forgetfulRegister)
	}{
		"any order": {"what waits for a person is listed, what stood longest first", func(f *forgetfulRegister) {
			f.stuck = func(list []checkout.Record) []checkout.Record { slices.Reverse(list); return list }
		}},
		"no limit": {"no more is listed than asked for", func(f *forgetfulRegister) {
			f.stuck = func(list []checkout.Record) []checkout.Record { return list }
		}},
		"a currency is dropped": {"a tally is what counting every record comes to", func(f *forgetfulRegister) {
			f.tally = func(t checkout.Tally) checkout.Tally { t.Refunds = nil; return t }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, tc.promise, func(t *testing.T) {
				checkouttest.RunRegister(t, func(*testing.T) checkouttest.StoreHarness {
					f := forgetfulRegister{sound: newSound()}
					tc.spoil(&f)
					return f.harness(f)
				})
			})
		})
	}
}

// carelessStock forgets that something is reserved.
type carelessStock struct{ *memstore.Stock }

func (s carelessStock) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	levels, err := s.Stock.LowStock(ctx, 1000, 1000)
	levels = slices.DeleteFunc(levels, func(l inventory.Level) bool { return l.OnHand-l.Allocated > atMost })
	return levels[:min(limit, len(levels))], err
}

// crowdedStock lists a coupon that is used up, before all that lies on a shelf.
type crowdedStock struct{ *memstore.Stock }

func (s crowdedStock) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	coupons, err := s.Levels(ctx, []inventory.Item{inventory.CustomerCouponItem("diwali", "7", 1)})
	if err != nil {
		return nil, err
	}
	levels, err := s.Stock.LowStock(ctx, atMost, limit)
	levels = append(coupons, levels...)
	return levels[:min(limit, len(levels))], err
}

func TestRunLowStockRejects(t *testing.T) {
	for promise, spoil := range map[string]func(*memstore.Stock) checkout.LowStock{
		"what is reserved is not available": func(s *memstore.Stock) checkout.LowStock { return carelessStock{s} },
		"the uses of coupons are left out":  func(s *memstore.Stock) checkout.LowStock { return crowdedStock{s} },
	} {
		t.Run(promise, func(t *testing.T) {
			suitetest.Rejects(t, promise, func(t *testing.T) {
				checkouttest.RunLowStock(t, func(*testing.T) checkouttest.LowStockHarness {
					stock := memstore.NewStock(memstore.StockConfig{})
					return checkouttest.LowStockHarness{LowStock: spoil(stock), Reserver: stock, Levels: stock}
				})
			})
		})
	}
}

// skippingCarts begins a page at the moment after the last cart's, whatever else was left at that moment.
type skippingCarts struct{ *memstore.Carts }

func (c skippingCarts) Idle(ctx context.Context, from, to time.Time, after cart.Cart, limit int) ([]cart.Cart, error) {
	if after.ID != "" {
		from = after.UpdatedAt
	}
	return c.Carts.Idle(ctx, from, to, cart.Cart{}, limit)
}

func TestRunIdleCartsRejects(t *testing.T) {
	suitetest.Rejects(t, "page after page every cart comes once", func(t *testing.T) {
		checkouttest.RunIdleCarts(t, func(*testing.T) cart.Store { return skippingCarts{memstore.NewCarts()} })
	})
}

// ownMarks is marks that another replica cannot see.
type ownMarks []checkout.Marks

func TestRunMarksRejects(t *testing.T) {
	suitetest.Rejects(t, "of many who ask at once one is told", func(t *testing.T) {
		checkouttest.RunMarks(t, func(*testing.T) checkouttest.MarksHarness {
			return checkouttest.MarksHarness{Marks: ownMarks{memstore.NewMarks(), memstore.NewMarks()}}
		})
	})
}
