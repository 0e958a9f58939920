package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
)

// flaky is a keeper that can be away, and counts how often it was asked.
type flaky struct {
	*memstore.Stock
	away    error
	asked   int
	doubted bool
}

func (f *flaky) Recheck(_ context.Context, _ int64, doubt bool) (inventory.Memory, error) {
	f.doubted = doubt
	return inventory.Memory{}, f.away
}

func (f *flaky) Retaught(context.Context, int64) error { return f.away }

func (f *flaky) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	if f.asked++; f.away != nil {
		return inventory.Reservation{}, f.away
	}
	return f.Stock.Reserve(ctx, req)
}

func (f *flaky) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	if f.away != nil {
		return inventory.Reservation{}, f.away
	}
	return f.Stock.Release(ctx, id)
}

func (f *flaky) SetLevels(ctx context.Context, levels []inventory.Level) error {
	if f.away != nil {
		return f.away
	}
	return f.Stock.SetLevels(ctx, levels)
}

func TestAdmission(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		item := inventory.ProductItem(1)
		first, second := &flaky{Stock: memstore.NewStock(memstore.StockConfig{})}, memstore.NewStock(memstore.StockConfig{})
		a := &admission{first: first, second: second, log: slog.New(slog.DiscardHandler)}
		levels := []inventory.Level{{Key: item.At(inventory.DefaultLocation), OnHand: 5, Revision: 1}}
		for _, k := range []keeper{a, second} {
			if err := k.SetLevels(t.Context(), levels); err != nil {
				t.Fatal(err)
			}
		}
		reserve := func(id string, pieces int64) error {
			_, err := a.Reserve(t.Context(), inventory.ReserveRequest{
				ID: id, Owner: id, Lines: []inventory.Line{{Item: item, Quantity: pieces}}, TTL: time.Hour,
			})
			return err
		}
		held := func(k keeper) int64 {
			found, err := k.Levels(t.Context(), []inventory.Item{item})
			if err != nil || len(found) != 1 {
				t.Fatal(found, err)
			}
			return found[0].Reserved
		}
		if err := reserve("r1", 1); err != nil || held(first.Stock) != 1 || held(second) != 0 {
			t.Errorf("the first is there: %v, %d and %d", err, held(first.Stock), held(second))
		}
		if err := reserve("r2", 9); !errors.Is(err, inventory.ErrInsufficient) {
			t.Errorf("an answer is an answer: %v", err)
		}

		first.away = errors.New("connection refused")
		if err := reserve("r3", 2); err != nil || held(second) != 2 {
			t.Errorf("the first is away: %v, %d", err, held(second))
		}
		asked := first.asked
		if err := reserve("r4", 1); err != nil || first.asked != asked {
			t.Errorf("it is left alone for a while: %v, asked %d times more", err, first.asked-asked)
		}
		if err := a.SetLevels(t.Context(), levels); err != nil {
			t.Errorf("news for a keeper that is away: %v", err)
		}
		if _, err := a.Recheck(t.Context(), 0, false); err == nil || a.Retaught(t.Context(), 1) == nil {
			t.Error("it looks taught although it is away")
		}

		first.away = nil
		if _, err := a.Recheck(t.Context(), 0, false); err != nil || !first.doubted || a.Retaught(t.Context(), 1) != nil {
			t.Errorf("back, and not doubted for what it missed: %v", err)
		}
		if err := reserve("r5", 1); err != nil || held(first.Stock) != 2 {
			t.Errorf("the first is back: %v, %d", err, held(first.Stock))
		}
		if _, err := a.Release(t.Context(), "r3"); err != nil || held(second) != 1 {
			t.Errorf("what was made meanwhile is let go where it is: %v, %d", err, held(second))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		first.away = ctx.Err()
		if _, err := a.Reserve(ctx, inventory.ReserveRequest{ID: "r6"}); !errors.Is(err, context.Canceled) || a.away.Load() > time.Now().UnixNano() {
			t.Errorf("a caller who left says nothing of Redis: %v", err)
		}
	})
}
