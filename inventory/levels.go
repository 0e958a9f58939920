package inventory

import (
	"context"
	"fmt"
	"slices"
)

// MaxBatch bounds what one call of [Levels] reads or sets.
const MaxBatch = 1000

// Levels is what a [Reserver] knows of stock. It is optional and found by type
// assertion. Its methods are safe for concurrent use.
type Levels interface {
	// Levels returns what is known of the items at every location, in the order
	// of [Key.Compare], reservations that have expired by the backend's clock
	// no longer counted. An item that is not known is left out; that is no
	// error. All levels are read at one instant.
	Levels(ctx context.Context, items []Item) ([]Level, error)

	// SetLevels tells the Reserver what the store that decides knows: OnHand,
	// Allocated, Policy, BackorderLimit and Revision of each key. Reserved,
	// Sold and Shipped are not taken from the caller. All levels are applied in
	// one atomic step, but a level whose Revision is not higher than the one
	// known for its key is skipped, silently: it is old news, so repeating and
	// reordering calls is harmless. A key not known yet is taken at any
	// Revision. Malformed levels, or one key twice, are an *InvalidError and
	// nothing is applied.
	//
	// When OnHand (with its backorder budget) is cut and what is left no longer
	// covers what is reserved, the youngest reservations of that key end as
	// Voided, whole, until the rest fits, or until they have given up as much
	// as was cut: see [Level.Cut]. The oldest is the last to go.
	SetLevels(ctx context.Context, levels []Level) error
}

// CheckLevels is how every [Levels] reads what SetLevels is given: all levels
// checked, none twice, an empty Policy turned into Deny, Reserved, Sold and
// Shipped cleared. The answer is a copy in the order of [Key.Compare]. The error
// is an *InvalidError.
func CheckLevels(levels []Level) ([]Level, error) {
	if len(levels) > MaxBatch {
		return nil, &InvalidError{Field: "levels", Reason: fmt.Sprintf("must be at most %d", MaxBatch)}
	}
	checked := make([]Level, 0, len(levels))
	seen := make(map[Key]bool, len(levels))
	for i, l := range levels {
		field := fmt.Sprintf("levels[%d]", i)
		l.Reserved, l.Sold, l.Shipped = 0, 0, 0
		if err := l.Validate(); err != nil {
			return nil, inField(field, err)
		}
		if seen[l.Key] {
			return nil, &InvalidError{Field: field + ".key", Reason: "is listed twice"}
		}
		seen[l.Key] = true
		if l.Policy == "" {
			l.Policy = Deny
		}
		checked = append(checked, l)
	}
	slices.SortFunc(checked, func(a, b Level) int { return a.Key.Compare(b.Key) })
	return checked, nil
}

// CheckItems is how every [Levels] reads the items it is asked for: each
// checked, none twice, in order. The error is an *InvalidError.
func CheckItems(items []Item) ([]Item, error) {
	if len(items) > MaxBatch {
		return nil, &InvalidError{Field: "items", Reason: fmt.Sprintf("must be at most %d", MaxBatch)}
	}
	for i, item := range items {
		if reason := itemFault(string(item)); reason != "" {
			return nil, &InvalidError{Field: fmt.Sprintf("items[%d]", i), Reason: reason}
		}
	}
	items = slices.Clone(items)
	slices.Sort(items)
	return slices.Compact(items), nil
}

// StockSource is the store of record: what WooCommerce says is there.
type StockSource interface {
	// Stock reads the items now, past every cache. Key, OnHand, Policy and
	// BackorderLimit of the answer count; claims of ours are not in it. An item
	// that does not exist there is left out. Errors are those of the transport,
	// wrapped; reading has no effect, so the caller may simply try again.
	Stock(ctx context.Context, items []Item) ([]Level, error)
}
