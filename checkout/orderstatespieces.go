package checkout

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// soldBy are the pieces that our books have as sold with the checkout, and not gone: what it claimed, less what the store
// has put back since. It is nil, for all that was claimed, while they are not sold, or with a Store that keeps no ledger.
func (s *Service) soldBy(ctx context.Context, r Record) ([]inventory.Held, error) {
	if r.Stock != StockConfirmed {
		return nil, nil
	}
	return s.piecesIn(ctx, r, inventory.AccountSold)
}

// shippedBy are the pieces that our books have under way with the checkout: nil, for all that was claimed, with a Store
// that keeps no ledger.
func (s *Service) shippedBy(ctx context.Context, r Record) ([]inventory.Held, error) {
	if r.Stock != StockShipped {
		return []inventory.Held{}, nil
	}
	return s.piecesIn(ctx, r, inventory.AccountShipped)
}

func (s *Service) piecesIn(ctx context.Context, r Record, account inventory.Account) ([]inventory.Held, error) {
	ledger, ok := s.config.Store.(inventory.Ledger)
	if !ok {
		return nil, nil
	}
	q := inventory.LedgerQuery{Ref: string(r.ID), Limit: inventory.MaxLedgerLimit}
	at := map[inventory.Key]int64{}
	for {
		entries, err := ledger.Entries(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("%w: reading the ledger: %w", ErrUnavailable, err)
		}
		for _, e := range entries {
			if e.To == account {
				at[e.Key] += e.Quantity
			}
			if e.From == account {
				at[e.Key] -= e.Quantity
			}
		}
		if len(entries) < q.Limit {
			return r.goods(at), nil
		}
		q.After = entries[len(entries)-1].Seq
	}
}

// goods are the pieces at the keys the checkout claimed, in their order.
func (r Record) goods(at map[inventory.Key]int64) []inventory.Held {
	list := []inventory.Held{}
	for _, h := range r.Allocated {
		if n := at[h.Key]; n > 0 && !slices.ContainsFunc(list, func(o inventory.Held) bool { return o.Key == h.Key }) {
			list = append(list, inventory.Held{Key: h.Key, Quantity: n})
		}
	}
	slices.SortFunc(list, func(a, b inventory.Held) int { return cmp.Compare(a.Key.String(), b.Key.String()) })
	return list
}
