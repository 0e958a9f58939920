package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// maxPages bounds one pass. What is left comes with the next.
const maxPages = 10_000

// Pass follows what changed since the last pass: orders first, since they explain
// what their products show, then products and variations, then the items whose
// claims have ended. It goes on where an earlier one, anywhere, was stopped. Two at
// a time are harmless: one of them gets ErrConflict and leaves the rest to the other.
// What fails of one kind does not keep the others from being followed.
func (s *Service) Pass(ctx context.Context) (Report, error) {
	report := Report{At: s.config.Now().UTC()}
	var errs []error
	for _, kind := range []Kind{Orders, TrashedOrders, Products, Trashed, Variations} {
		if !s.follows(kind) {
			continue
		}
		errs = append(errs, s.follow(ctx, kind, &report))
	}
	return report, errors.Join(append(errs, s.unsettled(ctx, &report))...)
}

// follows says whether anybody wants to know of a kind.
func (s *Service) follows(kind Kind) bool {
	switch {
	case s.config.Feed == nil:
		return false
	case kind == Orders:
		return s.config.RefOf != nil || s.config.OrderSeen != nil
	case kind == TrashedOrders:
		return s.config.OrderSeen != nil
	}
	return true
}

// follow pages through what changed of one kind. The cursor is saved when a page
// has been dealt with, never before.
func (s *Service) follow(ctx context.Context, kind Kind, report *Report) error {
	cursor, err := s.config.Journal.Cursor(ctx, string(kind))
	if err != nil {
		return fmt.Errorf("reconcile: reading a cursor: %w", err)
	}
	if !cursor.Finished.Before(cursor.Started) { // the last pass came to its end
		cursor.Position = Position{At: s.backFrom(cursor), Page: 1}
		cursor.Started = s.config.Now().UTC()
	}
	for done, n := 0, 0; n < maxPages; n++ {
		page, err := s.config.Feed.Changes(ctx, kind, cursor.Position)
		if err != nil {
			return fmt.Errorf("reconcile: following %s: %w", kind, err)
		}
		if err := s.dealWith(ctx, page, report); err != nil {
			return err
		}
		if cursor.Position = page.Next; !page.More {
			cursor.Finished = s.config.Now().UTC()
		}
		if cursor, err = s.config.Journal.SaveCursor(ctx, cursor); err != nil {
			return fmt.Errorf("reconcile: saving a cursor: %w", err)
		}
		done += len(page.Items) + len(page.Orders)
		if s.progress(string(kind), done); !page.More {
			return nil
		}
	}
	return nil
}

// backFrom is where a pass begins: a little before where the last one ended, for
// what was stamped then and became visible later. The first begins a day back: a
// sweep covers what is older.
func (s *Service) backFrom(c Cursor) time.Time {
	if c.Position.At.IsZero() {
		return s.config.Now().UTC().Add(-24 * time.Hour)
	}
	return c.Position.At.Add(-s.config.Overlap)
}

func (s *Service) dealWith(ctx context.Context, page Page, report *Report) error {
	for _, o := range page.Orders {
		settled, err := s.settle(ctx, o)
		if err != nil && !hopeless(err) {
			return err
		}
		if report.Orders++; settled {
			report.Settled++
		}
		if err != nil { // trying again would keep every other order waiting
			report.Failed++
			s.config.Log.ErrorContext(ctx, "an order's books cannot be settled; look at its ledger", "order", o.ID, "error", err)
		}
		if err := s.orderSeen(ctx, o.ID); err != nil {
			return err
		}
	}
	read, err := s.Refresh(ctx, page.Items...)
	report.merge(read)
	return err
}

// hopeless says that no other attempt will do better: the books are not as they
// should be.
func hopeless(err error) bool {
	return errors.Is(err, inventory.ErrImpossible) || errors.Is(err, inventory.ErrInvalid) || errors.Is(err, inventory.ErrInsufficient)
}

// unsettled reads again what claims have ended of since it was last read.
func (s *Service) unsettled(ctx context.Context, report *Report) error {
	q := inventory.StandingQuery{Unsettled: true, Limit: s.config.Batch}
	for done := 0; ; {
		items, err := s.page(ctx, &q)
		if err != nil || len(items) == 0 {
			return err
		}
		read, err := s.Refresh(ctx, items...)
		if report.merge(read); err != nil {
			return err
		}
		done += len(items)
		s.progress("unsettled", done)
	}
}

// page is the next items of a query. Customers' uses of coupons, of which nothing is
// ever read, are passed by.
func (s *Service) page(ctx context.Context, q *inventory.StandingQuery) ([]inventory.Item, error) {
	standings, err := s.config.Books.Standings(ctx, *q)
	if err != nil {
		return nil, fmt.Errorf("reconcile: listing items: %w", err)
	}
	var items []inventory.Item
	for _, one := range standings {
		items = append(items, one.Item)
		q.After = one.Item
	}
	if q.After.CustomerCoupon() {
		q.After = inventory.AfterCustomerCoupons
	}
	return items, nil
}

const sweepCursor = "sweep"

// Sweep reads everything again, however long ago it changed, and finds what is
// gone. It goes on where one was stopped.
func (s *Service) Sweep(ctx context.Context) (Report, error) {
	report := Report{At: s.config.Now().UTC()}
	cursor, err := s.config.Journal.Cursor(ctx, sweepCursor)
	if err != nil {
		return report, fmt.Errorf("reconcile: reading a cursor: %w", err)
	}
	if !cursor.Finished.Before(cursor.Started) {
		cursor.After, cursor.Started = "", s.config.Now().UTC()
	}
	q := inventory.StandingQuery{After: cursor.After, Limit: s.config.Batch}
	for {
		items, err := s.page(ctx, &q)
		if err != nil {
			return report, err
		}
		read, err := s.Refresh(ctx, items...)
		if report.merge(read); err != nil {
			return report, err
		}
		if cursor.After = q.After; len(items) == 0 {
			cursor.Finished = s.config.Now().UTC()
		}
		if cursor, err = s.config.Journal.SaveCursor(ctx, cursor); err != nil {
			return report, fmt.Errorf("reconcile: saving a cursor: %w", err)
		}
		if s.progress(sweepCursor, report.Read); len(items) == 0 {
			return report, nil
		}
	}
}

func (s *Service) sweepDue(ctx context.Context) (bool, error) {
	c, err := s.config.Journal.Cursor(ctx, sweepCursor)
	now := s.config.Now()
	return c.Finished.Before(c.Started) || now.Sub(c.Finished) >= s.config.SweepEvery, err
}

// Changed is for webhooks: a hint that a product, a variation (with its parent), or
// an order changed. It reads the truth. Hints that come twice, late or in any order
// do no harm. An order that does not exist any more is no error.
func (s *Service) Changed(ctx context.Context, kind Kind, id, parent int64) error {
	switch kind {
	case Products:
		return s.hint(ctx, inventory.ProductItem(id))
	case Variations:
		return s.hint(ctx, inventory.VariationItem(id), inventory.ProductItem(parent))
	case Orders:
		return s.orderHint(ctx, id)
	}
	return &inventory.InvalidError{Field: "kind", Reason: "must be orders, products or variations"}
}

func (s *Service) hint(ctx context.Context, items ...inventory.Item) error {
	if items[len(items)-1] == inventory.ProductItem(0) {
		items = items[:len(items)-1]
	}
	_, err := s.Refresh(ctx, items...)
	return err
}

func (s *Service) orderHint(ctx context.Context, id int64) error {
	if !s.follows(Orders) {
		return nil
	}
	o, err := s.config.Feed.Order(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return s.orderSeen(ctx, id)
	}
	if err != nil {
		return fmt.Errorf("reconcile: reading an order: %w", err)
	}
	_, unsettled := s.settle(ctx, o)
	if err := errors.Join(unsettled, s.orderSeen(ctx, id)); err != nil {
		return err
	}
	return s.unsettled(ctx, &Report{})
}

// orderSeen passes on that an order changed.
func (s *Service) orderSeen(ctx context.Context, orderID int64) error {
	if s.config.OrderSeen == nil {
		return nil
	}
	if err := s.config.OrderSeen(ctx, orderID); err != nil {
		return fmt.Errorf("reconcile: telling of order %d: %w", orderID, err)
	}
	return nil
}
