package simulate_test

import (
	"context"
	"errors"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

func is(err, target error) bool { return errors.Is(err, target) }

// books adds up the ledger as it grows.
type books struct {
	seq      int64
	balances map[inventory.Key]map[inventory.Account]int64
	claimed  map[string]map[inventory.Key]int64 // by checkout: allocated, not yet sold or let go
	sold     map[string]map[inventory.Key]int64 // and not come back
}

func newBooks() books {
	return books{
		balances: map[inventory.Key]map[inventory.Account]int64{},
		claimed:  map[string]map[inventory.Key]int64{}, sold: map[string]map[inventory.Key]int64{},
	}
}

// follow reads what is new in the ledger.
func (b *books) follow(ledger inventory.Ledger) error {
	entries, err := ledger.Entries(context.Background(), inventory.LedgerQuery{After: b.seq, Limit: inventory.MaxLedgerLimit})
	if err != nil {
		return err
	}
	for _, e := range entries {
		b.seq = e.Seq
		at := part(b.balances, e.Key)
		at[e.From] -= e.Quantity
		at[e.To] += e.Quantity
		if e.Ref == "" {
			continue
		}
		for account, where := range map[inventory.Account]map[string]map[inventory.Key]int64{
			inventory.AccountAllocated: b.claimed, inventory.AccountSold: b.sold, inventory.AccountShipped: b.sold,
		} {
			if e.To == account {
				part(where, e.Ref)[e.Key] += e.Quantity
			}
			if e.From == account {
				part(where, e.Ref)[e.Key] -= e.Quantity
			}
		}
	}
	return nil
}

// part is the inner map, made when it is first wanted.
func part[K, L comparable](of map[K]map[L]int64, key K) map[L]int64 {
	if of[key] == nil {
		of[key] = map[L]int64{}
	}
	return of[key]
}

// stock checks the moves of one transaction: every piece is somewhere, what is claimed is
// there, and the record says what the ledger says.
func (k *watch) stock(r checkout.Record, c checkout.Change, done checkout.Committed) {
	k.conserved()
	for _, m := range c.Stock {
		for _, l := range done.Levels {
			if m.Kind == inventory.Allocate {
				k.must(l.Allocated <= l.OnHand, "I2", "%s: %d are allocated of %d", l.Key.Item, l.Allocated, l.OnHand)
			}
		}
	}
	claims := map[inventory.Key]int64{}
	if r.Stock == checkout.StockAllocated {
		add(claims, r.Allocated)
	}
	if r.CouponClaim.State == checkout.StockAllocated {
		add(claims, r.CouponClaim.Uses)
	}
	for key, n := range k.books.claimed[string(r.ID)] {
		k.must(n == claims[key], "I6", "%s holds %d of %s, its record says %d", r.ID, n, key.Item, claims[key])
	}
	for key, n := range claims {
		k.must(n == k.books.claimed[string(r.ID)][key], "I6", "%s does not hold %d of %s", r.ID, n, key.Item)
	}
}

func add(claims map[inventory.Key]int64, held []inventory.Held) {
	for _, h := range held {
		claims[h.Key] += h.Quantity
	}
}

// conserved holds the levels against the whole ledger.
func (k *watch) conserved() {
	if err := k.books.follow(k.w.books); err != nil {
		k.broken("I6", err.Error())
		return
	}
	levels, err := k.w.books.Levels(context.Background(), append(items(), couponKey.Item))
	if err != nil {
		k.broken("I6", err.Error())
	}
	for _, l := range levels {
		have := k.books.balances[l.Key]
		k.must(have[inventory.AccountAvailable] == l.OnHand-l.Allocated && have[inventory.AccountAllocated] == l.Allocated &&
			have[inventory.AccountSold] == l.Sold && have[inventory.AccountShipped] == l.Shipped,
			"I6", "the ledger of %s has %v, its level %+v", l.Key.Item, have, l)
		k.w.rare.sawIf(l.Oversold() > 0, "stock was cut below what was claimed")
	}
}
