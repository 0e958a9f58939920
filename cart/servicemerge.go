package cart

import (
	"context"
	"errors"
	"fmt"
)

// Merge moves a guest's cart into the customer's, by the policy, and shows the customer's cart. What the catalogue does
// not sell any more is dropped and reported, items sold individually are capped at one. The guest's cart is empty
// afterwards.
//
// It is safe to call again, at the same time and after a crash: the guest's cart is first closed with the intent
// written into it, then merged under a mark that the customer's cart keeps, then emptied. Whoever finds a closed cart
// finishes its move. A guest without a cart is no error; a customer whose own cart is being moved is [ErrMoved].
// The host calls it only once it knows that both owners are the same person.
func (s *Service) Merge(ctx context.Context, guest, customer Owner, p MergePolicy) (View, MergeReport, error) {
	p, err := checkMerge(guest, customer, p)
	if err != nil {
		return View{}, MergeReport{}, err
	}
	if err := ctx.Err(); err != nil {
		return View{}, MergeReport{}, fmt.Errorf("merge carts: %w", err)
	}
	closed, err := s.closeCart(ctx, guest, Move{To: customer, Policy: p})
	if err != nil {
		return View{}, MergeReport{}, err
	}
	if closed.Moved == nil { // nothing to move
		v, err := s.View(ctx, customer)
		return v, MergeReport{Policy: p}, err
	}
	v, report, err := s.absorb(ctx, closed)
	if err != nil {
		return View{}, MergeReport{}, err
	}
	return v, report, s.empty(ctx, closed)
}

func checkMerge(guest, customer Owner, p MergePolicy) (MergePolicy, error) {
	if err := guest.Validate(); err != nil {
		return "", within("guest", err)
	}
	if err := customer.Validate(); err != nil {
		return "", within("customer", err)
	}
	if guest == customer {
		return "", invalid("customer", "is the guest")
	}
	return p.normal()
}

// closeCart writes into the guest's cart where it goes, after which it takes no change. A cart that is closed
// already goes where it was said to go first.
func (s *Service) closeCart(ctx context.Context, guest Owner, to Move) (Cart, error) {
	c, err := s.loadAsIs(ctx, guest)
	for attempt := 1; err == nil; attempt++ {
		if c.Moved != nil && c.Moved.To != to.To {
			if c, err = s.finishMove(ctx, c); err != nil {
				return Cart{}, err
			}
		}
		if c.Moved != nil || c.IsEmpty() && len(c.Coupons) == 0 && c.Note == "" {
			return c, nil
		}
		var saved Cart
		closed := c.Clone()
		closed.Moved = &to
		if saved, err = s.save(ctx, closed); err == nil {
			return saved, nil
		}
		c, err = s.retry(ctx, attempt, err)
	}
	return Cart{}, err
}

// absorb merges a closed cart into the one it moves to.
func (s *Service) absorb(ctx context.Context, closed Cart) (View, MergeReport, error) {
	var report MergeReport
	v, err := s.updateAsIs(ctx, closed.Moved.To, func(c Cart, items shelf) (Cart, bool, error) {
		if c.Moved != nil {
			return Cart{}, false, fmt.Errorf("merge carts: %w", ErrMoved)
		}
		var next Cart
		var err error
		next, report, err = s.combine(ctx, closed, c, items)
		return next, !report.Already, err
	})
	report.Dropped = v.Dropped
	return v, report, err
}

func (s *Service) combine(ctx context.Context, closed, c Cart, items shelf) (Cart, MergeReport, error) {
	if err := items.fetch(ctx, s.catalog, append(c.Clone().Lines, closed.Lines...)); err != nil {
		return Cart{}, MergeReport{}, err
	}
	return MergeCarts(closed, c, closed.Moved.Policy, items.limits(s.limits))
}

// finishMove completes the move of a closed cart and returns the cart that is left of it.
func (s *Service) finishMove(ctx context.Context, closed Cart) (Cart, error) {
	if _, _, err := s.absorb(ctx, closed); err != nil {
		return Cart{}, err
	}
	if err := s.empty(ctx, closed); err != nil {
		return Cart{}, err
	}
	return s.loadAsIs(ctx, closed.Owner)
}

// empty takes out of a closed cart what was moved. Whoever comes second finds it done.
func (s *Service) empty(ctx context.Context, closed Cart) error {
	left := Cart{ID: closed.ID, Owner: closed.Owner, Version: closed.Version, Applied: closed.Applied}
	_, err := s.save(ctx, left)
	if errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}
