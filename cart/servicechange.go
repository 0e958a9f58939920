package cart

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Add puts quantity more of an item into the cart; the same item again is more of the same line. It fails with
// [ErrNotForSale] or [ErrInsufficientStock] by what the catalogue says now, and with an [*InvalidError] of
// "quantity" beyond the line's cap, which is 1 for an item sold individually.
func (s *Service) Add(ctx context.Context, owner Owner, ref ItemRef, quantity int64) (View, error) {
	return s.Do(ctx, owner, Change{Op: OpAdd, Ref: ref, Quantity: quantity})
}

// SetQuantity gives a line another quantity, with the errors of Add. A cart without that line gives
// [ErrLineNotFound]. 0 is refused: that is Remove.
func (s *Service) SetQuantity(ctx context.Context, owner Owner, key LineKey, quantity int64) (View, error) {
	return s.Do(ctx, owner, Change{Op: OpSet, Key: key, Quantity: quantity})
}

// Remove takes a line out. A line that is not there is no error.
func (s *Service) Remove(ctx context.Context, owner Owner, key LineKey) (View, error) {
	return s.Do(ctx, owner, Change{Op: OpRemove, Key: key})
}

// Clear takes out lines, coupons and note.
func (s *Service) Clear(ctx context.Context, owner Owner) (View, error) {
	return s.Do(ctx, owner, Change{Op: OpClear})
}

// ApplyCoupon remembers a code. Whether it is good, the quote says.
func (s *Service) ApplyCoupon(ctx context.Context, owner Owner, code string) (View, error) {
	return s.Do(ctx, owner, Change{Op: OpApplyCoupon, Code: code})
}

// RemoveCoupon forgets a code.
func (s *Service) RemoveCoupon(ctx context.Context, owner Owner, code string) (View, error) {
	return s.Do(ctx, owner, Change{Op: OpRemoveCoupon, Code: code})
}

// SetNote replaces the note for the shop; it is stored as typed.
func (s *Service) SetNote(ctx context.Context, owner Owner, note string) (View, error) {
	return s.Do(ctx, owner, Change{Op: OpNote, Note: note})
}

// Do makes a change. A change with an ID that the cart has seen is not made again; its answer is the cart as it is.
//
// The view tells what the catalogue has changed since the shopper last looked: with the change, those lines that are
// not for sale are taken out and the new prices count as seen. When other writers keep winning until the
// attempts are used up, the error is [ErrConflict] and nothing was written.
func (s *Service) Do(ctx context.Context, owner Owner, ch Change) (View, error) {
	ch.At = s.clock()
	if err := ch.validate(s.limits); err != nil {
		return View{}, err
	}
	return s.update(ctx, owner, func(c Cart, items shelf) (Cart, bool, error) {
		return s.step(ctx, c, ch, items)
	})
}

// Acknowledge says that the shopper has seen the dropped lines and the new prices: the next View is without them.
func (s *Service) Acknowledge(ctx context.Context, owner Owner) (View, error) {
	return s.update(ctx, owner, func(c Cart, _ shelf) (Cart, bool, error) {
		return c, c.Version > 0, nil
	})
}

// step makes the change and judges the line it touched by its item.
func (s *Service) step(ctx context.Context, c Cart, ch Change, items shelf) (Cart, bool, error) {
	key := ch.Key
	if ch.Op == OpAdd {
		key = ch.Ref.Key()
	}
	if ch.Op != OpAdd && ch.Op != OpSet {
		return apply(c, ch, s.limits)
	}
	next, changed, err := apply(c, ch, s.limits)
	if err != nil || !changed {
		return next, changed, err
	}
	if err := items.fetch(ctx, s.catalog, next.Lines); err != nil {
		return Cart{}, false, err
	}
	return s.judge(c, next, key, ch, items)
}

// judge refuses what the catalogue does not allow. Fewer pieces than before are always allowed.
func (s *Service) judge(before, next Cart, key LineKey, ch Change, items shelf) (Cart, bool, error) {
	item := items[key]
	if !item.ForSale() {
		return Cart{}, false, &NotForSaleError{Ref: item.Ref, Status: item.refusal()}
	}
	had, _ := before.Line(key)
	if has, _ := next.Line(key); has.Quantity <= had.Quantity {
		return next, true, nil
	}
	if _, _, err := apply(before, ch, items.limits(s.limits)); err != nil {
		return Cart{}, false, err
	}
	if err := items.checkStock(next, key); err != nil {
		return Cart{}, false, err
	}
	return next, true, nil
}

// edit makes a cart's next state from its present one, of which it keeps the version; it reports whether there is
// anything to save, and may be called again with a newer cart.
type edit func(c Cart, items shelf) (next Cart, changed bool, err error)

// update is load, edit, save, again and again until no other writer came in between. A cart that is being moved is
// emptied into its new owner's first, as often as other merges close it again meanwhile.
func (s *Service) update(ctx context.Context, owner Owner, do edit) (View, error) {
	return s.updateAsIs(ctx, owner, func(c Cart, items shelf) (Cart, bool, error) {
		for n := 0; c.Moved != nil && n < s.attempts; n++ {
			var err error
			if c, err = s.finishMove(ctx, c); err != nil {
				return Cart{}, false, err
			}
		}
		return do(c, items)
	})
}

func (s *Service) updateAsIs(ctx context.Context, owner Owner, do edit) (View, error) {
	c, err := s.loadAsIs(ctx, owner)
	items := shelf{}
	for attempt := 1; err == nil; attempt++ {
		var v View
		if v, err = s.attempt(ctx, c, items, do); err == nil {
			return v, nil
		}
		c, err = s.retry(ctx, attempt, err)
	}
	return View{}, err
}

// retry waits and returns the cart to go on with if err is a lost race; any other error it hands back.
func (s *Service) retry(ctx context.Context, attempt int, err error) (Cart, error) {
	var lost *ConflictError
	if !errors.As(err, &lost) {
		return Cart{}, err
	}
	if attempt >= s.attempts {
		return Cart{}, fmt.Errorf("tried %d times: %w", attempt, err)
	}
	return lost.Current, pause(ctx, attempt)
}

// attempt edits and saves once. A lost race is a *ConflictError.
func (s *Service) attempt(ctx context.Context, c Cart, items shelf, do edit) (View, error) {
	next, changed, err := do(c, items)
	if err != nil {
		return View{}, err
	}
	if err := items.fetch(ctx, s.catalog, next.Lines); err != nil {
		return View{}, err
	}
	v, err := look(next, items)
	if err != nil || !changed {
		return v, err
	}
	items.settle(&next)
	saved, err := s.save(ctx, next)
	if err != nil {
		return View{}, err
	}
	v.Cart = saved
	return v, nil
}

// save saves c over the version that was read, which it still has.
func (s *Service) save(ctx context.Context, c Cart) (Cart, error) {
	if c.ID == "" {
		c.ID = newID()
	}
	c.UpdatedAt = s.clock()
	saved, err := s.store.Save(ctx, c, c.Version)
	if err != nil {
		return Cart{}, fmt.Errorf("save cart: %w", err)
	}
	return saved, nil
}

// pause waits a short random time, longer after each lost attempt, so that many writers do not stay in step.
func pause(ctx context.Context, attempt int) error {
	most := min(time.Millisecond<<min(attempt-1, 6), 40*time.Millisecond)
	timer := time.NewTimer(rand.N(most)) //nolint:gosec // it need not be unguessable
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("save cart: %w", ctx.Err())
	}
}
