package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/cart"
)

// StartRequest begins a checkout from the owner's cart.
type StartRequest struct {
	Owner      Owner
	CustomerID int64 // WooCommerce's, 0 for a guest
}

// Started is a checkout that began, or that was resumed.
type Started struct {
	Record Record
	// Dropped are cart lines that can no longer be bought and are not part of the checkout.
	Dropped []DroppedLine
}

// DroppedLine is a cart line left out, and why.
type DroppedLine struct {
	Line   cart.Line
	Name   string
	Status cart.ItemStatus
}

// Start begins a checkout: lines are priced by the catalogue and, unless the policy says otherwise, their stock is
// reserved. An owner has one open checkout: starting again, or twice at once, brings it in step with the cart. If an order
// of the same cart waits for its payment it is returned as it is; if the cart differs, the error is an *InProgressError.
// An order that is paid, or can no longer be paid, does not stand in the way of another cart.
//
// Errors: ErrEmptyCart; ErrOutOfStock with an *inventory.ShortageError; what the ports return.
func (s *Service) Start(ctx context.Context, req StartRequest) (Started, error) {
	if err := req.Owner.Validate(); err != nil {
		return Started{}, &InvalidError{Field: "owner", Reason: "is not a usable name"}
	}
	var err error
	for range casAttempts {
		var started Started
		started, err = s.tryStart(ctx, req)
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrBound) {
			return started, err
		}
	}
	return Started{}, err
}

// tryStart is one attempt at Start. ErrConflict and ErrBound say that another was quicker.
func (s *Service) tryStart(ctx context.Context, req StartRequest) (Started, error) {
	c, err := s.loadCart(ctx, req.Owner)
	if err != nil {
		return Started{}, err
	}
	current, err := s.Current(ctx, req.Owner)
	switch {
	case errors.Is(err, ErrNotFound):
		current = s.fresh(req)
	case err != nil:
		return Started{}, err
	case current.Placed != nil:
		var stands bool
		if current, stands, err = s.resume(ctx, current, c); stands || err != nil {
			return Started{Record: current}, err
		}
		current = s.fresh(req)
	}
	lines, dropped, err := s.price(ctx, c.Lines)
	if err != nil {
		return Started{}, err
	}
	if len(lines) == 0 {
		return Started{Dropped: dropped}, ErrEmptyCart
	}
	now := current
	now.Lines, now.Coupons, now.CustomerID = lines, slices.Clone(c.Coupons), req.CustomerID
	r, err := s.begin(ctx, current, now, c)
	return Started{Record: r, Dropped: dropped}, err
}

// resume reports whether the placed checkout is the one to go on with: the cart still says the same, or nothing. One whose
// window has passed is looked at first. If it stands in the way only by name, it makes room.
func (s *Service) resume(ctx context.Context, r Record, c cart.Cart) (current Record, stands bool, err error) {
	payable := !r.settled() && s.config.Now().Before(r.Placed.PayBy)
	if !payable && !r.settled() {
		if moved, err := s.advance(ctx, r.ID, true); err != nil {
			s.config.Log.WarnContext(ctx, "an unpaid checkout could not be looked at", "checkout", r.ID, "error", err)
		} else {
			r = moved
		}
	}
	switch {
	case r.Closing != nil:
	case c.IsEmpty() || r.boughtFrom(c):
		return r, true, nil
	case payable:
		return Record{}, false, &InProgressError{ID: r.ID, PayBy: r.Placed.PayBy}
	}
	_, err = s.update(ctx, r.ID, func(d *draft) error {
		d.unbind = append(d.unbind, openRef(d.Owner))
		return nil
	})
	return Record{}, false, err
}

// boughtFrom reports whether the cart still says what it said when the checkout read it. Its version may have moved
// without that, because a price was shown or a note was kept, and its id, because the shopper signed in.
func (r Record) boughtFrom(c cart.Cart) bool { return r.CartHash == cartHash(c) }

// cartHash is a digest of what would be bought.
func cartHash(c cart.Cart) string {
	h := sha256.New()
	for _, l := range c.Lines {
		fmt.Fprintf(h, "%s %d\n", l.Key, l.Quantity)
	}
	fmt.Fprintf(h, "%q", c.Coupons)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (s *Service) fresh(req StartRequest) Record {
	now := s.config.Now()
	return Record{ID: newID(), Token: newToken(), Owner: req.Owner, CreatedAt: now, UpdatedAt: now, Policy: s.config.Policy}
}

// begin reserves the stock and writes the record as it is now, with the lines of the cart, over the one that is stored. A
// record that cannot be written leaves no reservation.
func (s *Service) begin(ctx context.Context, stored, now Record, c cart.Cart) (Record, error) {
	now.CartHash = cartHash(c)
	if now.Reservation == nil {
		now.CartID = c.ID
	}
	held, err := s.reserve(ctx, now, cartHold(c))
	if err != nil {
		return Record{}, err
	}
	done, err := s.apply(ctx, stored, func(d *draft) error {
		d.Record = now
		d.Reservation = held
		if d.Version == 0 {
			d.bind = append(d.bind, openRef(d.Owner))
			d.log(d.now, actorShopper, "started", fmt.Sprintf("%d lines", len(d.Lines)))
		} else {
			d.chose(d.now, "restarted", "brought in step with the cart")
		}
		if d.ShippingRate != "" { // what was chosen for another cart may not be offered for this one
			if err := s.offerShipping(ctx, d); err != nil {
				return err
			}
		}
		return s.requote(ctx, d)
	})
	if err != nil {
		s.backOut(ctx, held, err)
		return Record{}, err
	}
	return done, nil
}

// backOut gives back the reservation of a checkout that was not written. Whoever was quicker may hold the same one, and a
// cart keeps its own.
func (s *Service) backOut(ctx context.Context, held *ReservationFact, err error) {
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrBound) || s.config.Policy.ReserveAt == ReserveAtCart {
		return
	}
	s.letGo(ctx, held)
}

// price asks the catalogue what the lines are now, and leaves out what cannot be bought.
func (s *Service) price(ctx context.Context, lines []cart.Line) ([]PricedLine, []DroppedLine, error) {
	refs := make([]cart.ItemRef, len(lines))
	for i, l := range lines {
		refs[i] = l.Ref
	}
	items, err := s.config.Catalog.Items(ctx, refs)
	if err != nil {
		return nil, nil, fmt.Errorf("checkout: pricing the cart: %w", err)
	}
	if len(items) != len(lines) {
		return nil, nil, fmt.Errorf("checkout: the catalogue answered %d items for %d lines", len(items), len(lines))
	}
	var priced []PricedLine
	var dropped []DroppedLine
	for i, l := range lines {
		if items[i].ForSale() {
			priced = append(priced, PricedLine{Line: l, Item: items[i]})
		} else {
			dropped = append(dropped, DroppedLine{Line: l, Name: items[i].Name, Status: items[i].Status})
		}
	}
	return priced, dropped, nil
}
