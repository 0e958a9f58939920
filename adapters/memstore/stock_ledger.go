package memstore

import (
	"context"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Entries implements [inventory.Ledger].
func (s *Stock) Entries(ctx context.Context, q inventory.LedgerQuery) ([]inventory.Entry, error) {
	q, err := q.Normalize()
	if err != nil {
		return nil, err
	}
	if _, err := s.enter(ctx, "entries"); err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	var found []inventory.Entry
	for _, e := range s.ledger[min(q.After, int64(len(s.ledger))):] {
		if q.Matches(e) {
			found = append(found, e)
		}
		if len(found) == q.Limit {
			break
		}
	}
	return found, nil
}

// post appends entries, and notes what they mean for readings. Seq is the place in
// the ledger, counted from 1.
func (s *Stock) post(at time.Time, entries ...inventory.Entry) {
	for _, e := range entries {
		e.Seq, e.At = int64(len(s.ledger))+1, at.Round(0).UTC()
		s.ledger = append(s.ledger, e)
		s.standings[e.Key.Item] = s.standing(e.Key.Item).After(e)
	}
}

// differences are the entries that take a level to what it is told to be.
func differences(old, told inventory.Level, known bool) []inventory.Entry {
	kind, source := inventory.Correct, inventory.AccountAdjustment
	if !known {
		kind, source = inventory.Receive, inventory.AccountSupplier
	}
	var entries []inventory.Entry
	for _, d := range []struct {
		account inventory.Account
		grew    int64
	}{
		{inventory.AccountAvailable, (told.OnHand - told.Allocated) - (old.OnHand - old.Allocated)},
		{inventory.AccountAllocated, told.Allocated - old.Allocated},
	} {
		e := inventory.Entry{Key: told.Key, Kind: kind, From: source, To: d.account, Quantity: d.grew, Reason: "levels set"}
		if d.grew < 0 {
			e.From, e.To, e.Quantity = e.To, e.From, -d.grew
		}
		if d.grew != 0 {
			entries = append(entries, e)
		}
	}
	if e, changed := inventory.Repolicied(old, told, "levels set", ""); changed {
		entries = append(entries, e)
	}
	return entries
}
