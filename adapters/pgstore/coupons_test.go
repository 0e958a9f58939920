package pgstore_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// A customer opens eight browsers, in two processes, with a coupon that each customer may use once: every one of them tells
// how many uses are left, as the checkout does, and one takes it. Told again it stays taken; under another limit it is
// counted anew.
func TestOneUseOfACoupon(t *testing.T) {
	s := newShop(t)
	stores := []*pgstore.Store{s.open(), s.open()}
	use := func(limit int64) inventory.Key {
		return inventory.CustomerCouponItem("diwali", "asha@example.in", limit).At(inventory.DefaultLocation)
	}
	claim := func(store *pgstore.Store, id checkout.ID, limit, left int64) error {
		key := use(limit)
		if err := store.SetLevels(t.Context(), []inventory.Level{{Key: key, OnHand: left, Policy: inventory.Deny}}); err != nil {
			return err
		}
		_, err := store.Commit(t.Context(), checkout.Change{Record: record(id), Stock: []inventory.Move{allocate(id, key)}})
		return err
	}
	var taken atomic.Int64
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			switch err := claim(stores[i%2], checkout.ID(fmt.Sprintf("chk_%d", i)), 1, 1); {
			case err == nil:
				taken.Add(1)
			case !errors.Is(err, inventory.ErrInsufficient):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if taken.Load() != 1 {
		t.Errorf("%d of 8 took the one use", taken.Load())
	}
	wantConserved(t, stores[0], use(1))
	if err := claim(stores[1], "chk_again", 1, 1); !errors.Is(err, inventory.ErrInsufficient) {
		t.Errorf("a second use: %v", err)
	}
	if err := claim(stores[1], "chk_raised", 2, 1); err != nil {
		t.Errorf("a use of a limit that was raised: %v", err)
	}
}
