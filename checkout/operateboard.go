package checkout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

// Register is the optional interface of a Store that can be asked about all its checkouts, for staff. Both are reads of
// one moment, may be behind by seconds, and may be repeated.
type Register interface {
	// Stuck returns up to limit checkouts that wait for a person (Record.Stuck), the one that stood longest first.
	Stuck(ctx context.Context, limit int) ([]Record, error)
	// Tally counts all checkouts. It is what Tally.Count comes to over all of them.
	Tally(ctx context.Context, from, to time.Time) (Tally, error)
}

// LowStock is the optional interface of a Reserver, or else of a Store, that can be asked what is running out. A Store does
// not know what is reserved elsewhere.
type LowStock interface {
	// LowStock returns up to limit levels of which atMost pieces or fewer are available, the fewest first. What is not
	// tracked is left out, and so are the uses of coupons, which lie on no shelf.
	LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error)
}

// Tally is what a dashboard shows. Amounts are one for each currency, in the order of their codes.
type Tally struct {
	Orders  int64           `json:"orders"`  // that took effect in the time asked about
	Revenue []pricing.Money `json:"revenue"` // of those, before refunds
	Refunds []pricing.Money `json:"refunds"` // money sent back in the time asked about, of whatever order
	// Open, Pending and Stuck are as of now: not placed yet, placed and not paid, waiting for a person.
	Open         int64           `json:"open"`
	Pending      int64           `json:"pending"`
	PendingWorth []pricing.Money `json:"pending_worth"`
	Stuck        int64           `json:"stuck"`
}

// Count adds a checkout; from counts, to does not. It is pure, and the definition that a Store's own query has to meet.
func (t Tally) Count(r Record, from, to time.Time) (Tally, error) {
	in := func(at time.Time) bool { return !at.IsZero() && !at.Before(from) && at.Before(to) }
	var err error
	add := func(to *[]pricing.Money, m pricing.Money) {
		var failed error
		*to, failed = addMoney(*to, m)
		err = errors.Join(err, failed)
	}
	if r.inEffect() && in(r.Order.CompletedAt) && r.Quote != nil {
		t.Orders++
		add(&t.Revenue, r.Quote.Totals.Total)
	}
	for _, f := range r.Refunds {
		if in(f.At) {
			add(&t.Refunds, f.Amount)
		}
	}
	switch r.Status() {
	case StatusOpen:
		t.Open++
	case StatusPendingPayment:
		t.Pending++
		add(&t.PendingWorth, r.Placed.Plan.toCollect())
	}
	if r.Stuck() {
		t.Stuck++
	}
	return t, err
}

// addMoney adds to the sum in the amount's currency.
func addMoney(sums []pricing.Money, m pricing.Money) ([]pricing.Money, error) {
	sums = slices.Clone(sums)
	i, found := slices.BinarySearchFunc(sums, m, func(a, b pricing.Money) int { return cmp.Compare(a.Currency(), b.Currency()) })
	if !found {
		return slices.Insert(sums, i, m), nil
	}
	sum, err := sums[i].Add(m)
	sums[i] = sum
	return sums, err
}

// maxList bounds what staff are shown at once.
const maxList = 500

// Stuck lists up to limit checkouts that wait for a person, the one that stood longest first; Explain says why, Retry goes
// on, GiveUp ends it. A Store that is no Register gives an error that wraps errors.ErrUnsupported.
func (s *Service) Stuck(ctx context.Context, limit int) ([]Record, error) {
	register, err := s.register()
	if err != nil {
		return nil, err
	}
	return register.Stuck(ctx, min(max(limit, 1), maxList))
}

// Tally counts what happened from a moment to another, and how things stand. A Store that is no Register gives an error
// that wraps errors.ErrUnsupported.
func (s *Service) Tally(ctx context.Context, from, to time.Time) (Tally, error) {
	register, err := s.register()
	if err != nil {
		return Tally{}, err
	}
	return register.Tally(ctx, from, to)
}

func (s *Service) register() (Register, error) {
	register, ok := s.config.Store.(Register)
	if !ok {
		return nil, fmt.Errorf("checkout: the store cannot be asked about all checkouts: %w", errors.ErrUnsupported)
	}
	return register, nil
}

// LowStock lists what is running out, see the interface of that name. If neither the Reserver nor the Store can tell, the
// error wraps errors.ErrUnsupported.
func (s *Service) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	low, ok := s.config.Reserver.(LowStock)
	if !ok {
		low, ok = s.config.Store.(LowStock)
	}
	if !ok {
		return nil, fmt.Errorf("checkout: neither the reserver nor the store can be asked what is low: %w", errors.ErrUnsupported)
	}
	return low.LowStock(ctx, atMost, min(max(limit, 1), maxList))
}
