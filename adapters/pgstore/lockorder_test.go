package pgstore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// shelf is six keys, the last first.
func shelf() []inventory.Key {
	var keys []inventory.Key
	for n := int64(6); n > 0; n-- {
		keys = append(keys, inventory.ProductItem(n).At(inventory.DefaultLocation))
	}
	return keys
}

// Stock is locked in the order of its keys, whatever order a call names them in: who waits for the first of them has none
// of the others. So no two wait for each other.
func TestKeysAreLockedInOrder(t *testing.T) {
	keys := shelf()
	allocate := inventory.Move{Kind: inventory.Allocate, Ref: "chk_1"}
	var levels []inventory.Level
	for _, k := range keys {
		allocate.Lines = append(allocate.Lines, inventory.Held{Key: k, Quantity: 1})
		levels = append(levels, inventory.Level{Key: k, OnHand: 9, Revision: 99})
	}
	for name, call := range map[string]func(context.Context, *pgstore.Store) error{
		"reserved": func(ctx context.Context, s *pgstore.Store) error {
			return reserved(s, reserveRequest("r2", "", keys...))(ctx)
		},
		"replaced": func(ctx context.Context, s *pgstore.Store) error {
			return reserved(s, reserveRequest("r2", "r1", keys[5]))(ctx)
		},
		"released": func(ctx context.Context, s *pgstore.Store) error {
			_, err := s.Release(ctx, "r1")
			return err
		},
		"moved": func(ctx context.Context, s *pgstore.Store) error {
			_, err := s.Move(ctx, allocate)
			return err
		},
		"sold": func(ctx context.Context, s *pgstore.Store) error {
			_, err := s.Commit(ctx, checkout.Change{Record: record("chk_1"), Stock: []inventory.Move{allocate}})
			return err
		},
		"told": func(ctx context.Context, s *pgstore.Store) error { return s.SetLevels(ctx, levels) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			first, second := s.open(), s.open()
			for _, k := range keys {
				if err := first.Receive(t.Context(), k, 5); err != nil {
					t.Fatal(err)
				}
			}
			if err := reserved(first, reserveRequest("r1", "", keys...))(t.Context()); err != nil {
				t.Fatal(err)
			}
			row := func(k inventory.Key) string {
				return fmt.Sprintf("SELECT FROM %s.stock WHERE item = '%s' FOR NO KEY UPDATE NOWAIT", s.schema, k.Item)
			}
			somebody := s.begin(row(keys[5]))
			ended := s.start(1, func(ctx context.Context) error { return call(ctx, second) })
			for _, k := range slices.Backward(keys[:5]) {
				if _, err := somebody.ExecContext(t.Context(), row(k)); err != nil {
					t.Fatalf("%s is locked by who waits for %s: %v", k, keys[5], err)
				}
			}
			if err := somebody.Rollback(); err != nil {
				t.Fatal(err)
			}
			if err := ended(); err != nil {
				t.Error(err)
			}
		})
	}
}
