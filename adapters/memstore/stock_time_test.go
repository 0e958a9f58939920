package memstore_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
)

var lastPiece = inventory.ProductItem(1001).At(inventory.DefaultLocation)

// oneLeft is a stock on the process's own clock with a single piece in it.
func oneLeft(t *testing.T) *memstore.Stock {
	t.Helper()
	stock := memstore.NewStock(memstore.StockConfig{})
	if err := stock.Receive(t.Context(), lastPiece, 1); err != nil {
		t.Fatal(err)
	}
	return stock
}

func wantPiece(stock *memstore.Stock, id string) (inventory.Reservation, error) {
	return stock.Reserve(context.Background(), inventory.ReserveRequest{
		ID: id, Owner: id, Lines: []inventory.Line{{Item: lastPiece.Item, Quantity: 1}},
	})
}

func TestStockAtTheEdgeOfExpiry(t *testing.T) {
	for _, tc := range []struct {
		after time.Duration
		free  bool
	}{
		{14*time.Minute + 59*time.Second + 900*time.Millisecond, false},
		{15*time.Minute - 1, false},
		{15 * time.Minute, true},
		{15*time.Minute + time.Second, true},
	} {
		t.Run(tc.after.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stock := oneLeft(t)
				if _, err := wantPiece(stock, "first"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(tc.after)
				_, err := wantPiece(stock, "second")
				if tc.free && err != nil || !tc.free && !errors.Is(err, inventory.ErrInsufficient) {
					t.Errorf("the second shopper got error %v; free: %v", err, tc.free)
				}
			})
		})
	}
}

// TestStockHandsOneUnitOn lets a hundred shoppers wait for one piece for a day.
// Whoever has it lets it expire, so each quarter of an hour it changes hands.
func TestStockHandsOneUnitOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stock := oneLeft(t)
		end := time.Now().Add(24 * time.Hour)
		granted := make(chan inventory.Reservation, 1000)
		for shopper := range 100 {
			go func() {
				for try := 0; time.Now().Before(end); try++ {
					if r, err := wantPiece(stock, strconv.Itoa(shopper)+"."+strconv.Itoa(try)); err == nil {
						granted <- r
					} else if !errors.Is(err, inventory.ErrInsufficient) {
						t.Error(err)
					}
					time.Sleep(time.Minute)
				}
			}()
		}
		time.Sleep(24*time.Hour + time.Minute)
		synctest.Wait()
		close(granted)
		var last inventory.Reservation
		n := 0
		for r := range granted {
			if n++; r.CreatedAt.Before(last.ExpiresAt) {
				t.Errorf("%s was granted at %s, but %s held the piece until %s", r.ID, r.CreatedAt, last.ID, last.ExpiresAt)
			}
			last = r
		}
		if n != 24*4 {
			t.Errorf("the piece changed hands %d times, want %d", n, 24*4)
		}
	})
}

func TestStockForgetsAnIDAnHourAfterItsExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stock := oneLeft(t)
		if _, err := wantPiece(stock, "first"); err != nil {
			t.Fatal(err)
		}
		if _, err := stock.Release(t.Context(), "first"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15*time.Minute + time.Hour - 1)
		if r, err := stock.Release(t.Context(), "first"); err != nil || r.State != inventory.Released {
			t.Errorf("within the hour: got %+v, %v", r, err)
		}
		time.Sleep(1)
		if _, err := stock.Release(t.Context(), "first"); !errors.Is(err, inventory.ErrNotFound) {
			t.Errorf("after the hour: got error %v, want ErrNotFound", err)
		}
	})
}

func TestStockTimesAreWallTimes(t *testing.T) {
	r, err := wantPiece(oneLeft(t), "first")
	if err != nil {
		t.Fatal(err)
	}
	// A monotonic reading would make equal times differ by ==, and is lost in JSON.
	if r.CreatedAt != r.CreatedAt.Round(0) || r.CreatedAt.Location() != time.UTC || r.ExpiresAt.Location() != time.UTC {
		t.Errorf("got %v and %v, want UTC without a monotonic reading", r.CreatedAt, r.ExpiresAt)
	}
}
