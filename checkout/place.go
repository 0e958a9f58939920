package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing/quote"
)

// maxKey is the longest idempotency key, in bytes.
const maxKey = 255

// PlaceRequest commits the shopper to a quote.
type PlaceRequest struct {
	Owner Owner
	ID    ID
	// Key makes the request idempotent: the same key answers with the same placement, the same key for another quote is
	// ErrKeyReused. 1 to 255 printable ASCII characters.
	Key string
	// QuoteHash is Record.QuoteHash as the shopper saw it. If the total would now be another one, or another part of it were
	// to be paid online, nothing is placed.
	QuoteHash string
}

// Place turns an open checkout into an order that waits for its money. Everything is read again from the catalogue and
// the rules; the stock claim that counts is taken in the same transaction that records the placement and the intent to
// make the order at the payment gateway; then that is made. Placing again, with the same key or another, answers with what
// was placed. Record.Gateway has what the shopper pays for; it is nil where nothing is to be paid.
//
// Errors, with nothing written: ErrInvalid (an address, shipping or payment choice is missing), *QuoteChangedError,
// *NotEligibleError, ErrOutOfStock, ErrCouponSpent, ErrCartChanged, ErrKeyReused, ErrClosed, ErrNotFound. Two errors come
// with the placed record: one that wraps ErrUnavailable says that no payment can be offered yet, the stock is claimed until
// PayBy, and Place may be called again; ErrClosed that the order was given up meanwhile, or refused by the gateway, and must
// not be paid any more.
func (s *Service) Place(ctx context.Context, req PlaceRequest) (Record, error) {
	if err := checkKey(req.Key); err != nil {
		return Record{}, err
	}
	for range casAttempts {
		r, bought, err := s.getBoth(ctx, req.Owner, req.ID)
		if err != nil {
			return Record{}, err
		}
		if r.Placed != nil || r.Closing != nil {
			return s.placedAlready(ctx, r, req)
		}
		placed, first, err := s.place(ctx, r, bought, req)
		if err == nil {
			placed, err = s.goOn(ctx, placed, setOut(placed, true), first)
			return s.begun(ctx, placed, err)
		}
		if !errors.Is(err, ErrConflict) && !s.placedMeanwhile(ctx, req) {
			return Record{}, err
		}
	}
	return Record{}, ErrConflict
}

// placedMeanwhile reports whether somebody else placed the checkout: what then stands in the way, such as a cart that was
// emptied, is no refusal.
func (s *Service) placedMeanwhile(ctx context.Context, req PlaceRequest) bool {
	r, err := s.Get(ctx, req.Owner, req.ID)
	return err == nil && r.Placed != nil
}

func checkKey(key string) error {
	if key == "" || len(key) > maxKey {
		return &InvalidError{Field: "idempotency_key", Reason: "wants 1 to 255 characters"}
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return &InvalidError{Field: "idempotency_key", Reason: "wants printable ASCII without spaces"}
		}
	}
	return nil
}

// placedAlready answers a repeated Place.
func (s *Service) placedAlready(ctx context.Context, r Record, req PlaceRequest) (Record, error) {
	switch {
	case r.Placed == nil:
		return Record{}, ErrClosed
	case r.Placed.Key == req.Key && r.Placed.Hash != req.QuoteHash:
		return Record{}, ErrKeyReused
	}
	r, err := s.goOn(ctx, r, setOut(r, true), none("placed before"))
	return s.begun(ctx, r, err)
}

// begun says how a placed checkout stands for the shopper who wants to pay it.
func (s *Service) begun(ctx context.Context, r Record, err error) (Record, error) {
	switch {
	case r.Closing != nil && err != nil:
		return r, fmt.Errorf("%w: %w", ErrClosed, err)
	case r.Closing != nil:
		return r, ErrClosed
	case r.Gateway != nil || r.Placed.Plan.free():
		if err != nil { // the payment can begin; what is left is the engine's business, and is retried by Run
			s.config.Log.WarnContext(ctx, "placed, with work left", "checkout", r.ID, "error", err)
		}
		return r, nil
	case err == nil:
		err = errors.New("no payment could be started yet")
	}
	return r, fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// place writes the placement with its stock claim, once, and the intent of the effect that comes first. Bought is the cart
// if it was read with the record.
func (s *Service) place(ctx context.Context, r Record, bought *cart.Cart, req PlaceRequest) (placed Record, first Effect, err error) {
	if err := s.complete(r); err != nil {
		return Record{}, first, err
	}
	now := r // with its lines as they are now
	if now.Lines, err = s.recheck(ctx, r, bought); err != nil {
		return Record{}, first, err
	}
	o, uses, err := s.agree(ctx, now, req.QuoteHash)
	if err != nil {
		return Record{}, first, err
	}
	held, err := s.holding(ctx, now)
	if err != nil {
		return Record{}, first, err
	}
	write := func(d *draft) error {
		d.Lines = now.Lines
		s.placement(d, req, o, held)
		d.claimUses(uses, "placed")
		first = walk{eager: true}.intend(d)
		return nil
	}
	if placed, err = s.apply(ctx, r, write); err != nil && held != nil {
		if other := s.elsewhere(ctx, now, held.Held, err); other != nil {
			held = &ReservationFact{ID: held.ID, ExpiresAt: held.ExpiresAt, Held: other}
			placed, err = s.apply(ctx, r, write)
		}
	}
	if err != nil {
		return Record{}, first, s.placeFailed(ctx, r, o.quote, held, err)
	}
	return placed, first, nil
}

// agree quotes what is bought as it is now, and says whether that is what the shopper accepted and may be placed. Uses are
// what it claims of coupons.
func (s *Service) agree(ctx context.Context, now Record, accepted string) (o offer, uses []inventory.Held, err error) {
	if o, err = s.offer(ctx, now); err != nil {
		return o, nil, err
	}
	if err := agreed(now, o, accepted); err != nil {
		return o, nil, err
	}
	if err := s.eligible(ctx, now, o); err != nil {
		return o, nil, err
	}
	uses, err = s.couponUses(ctx, now, o.quote)
	return o, uses, err
}

// placement is what Place writes.
func (s *Service) placement(d *draft, req PlaceRequest, o offer, held *ReservationFact) {
	d.Policy = s.config.Policy
	d.take(o)
	d.Placed = &Placement{
		At: d.now, Key: req.Key, Hash: d.QuoteHash, PayBy: d.now.Add(d.Policy.PaymentWindow),
		Plan: o.plan,
	}
	d.bind = append(d.bind, Ref{Kind: RefIdempotencyKey, Value: string(d.Owner) + " " + req.Key})
	if held != nil {
		d.Stock, d.Allocated = StockAllocated, held.Held
		d.move(inventory.Allocate, held.Held, "placed")
		d.stock[len(d.stock)-1].Reservation = held.ID
		d.grown = held.ID
		d.Reservation = &ReservationFact{ID: held.ID, ExpiresAt: held.ExpiresAt, Held: held.Held, Released: true}
	}
	how := o.quote.Totals.Total.String() + " by " + string(d.PaymentMethod)
	if o.plan.Prepaid() {
		how += ": " + o.plan.describe()
	}
	d.log(d.now, actorShopper, "placed", how)
}

// placeFailed gives back a reservation that only this attempt made, and puts the error into the shopper's words.
func (s *Service) placeFailed(ctx context.Context, r Record, q quote.Quote, held *ReservationFact, err error) error {
	if held != nil && (r.Reservation == nil || r.Reservation.ID != held.ID) {
		s.letGo(ctx, held)
	}
	s.tellTruth(ctx, err)
	var bound *BoundError
	switch {
	case errors.As(err, &bound) && bound.Ref.Kind == RefIdempotencyKey:
		return ErrKeyReused
	case spentCoupon(err, r, q) != nil:
		return spentCoupon(err, r, q)
	case errors.Is(err, inventory.ErrInsufficient):
		return fmt.Errorf("%w: %w", ErrOutOfStock, err)
	}
	return err
}

// complete says what is still missing before an order can be placed.
func (s *Service) complete(r Record) error {
	var missing FieldErrors
	need := func(ok bool, field string) {
		if !ok {
			missing = append(missing, &InvalidError{Field: field, Reason: "is required"})
		}
	}
	need(!r.Billing.IsZero(), "billing")
	need(!needsShipping(r.Lines) || r.ShippingRate != "", "shipping_rate")
	_, offered := s.option(r.PaymentMethod)
	need(offered, "payment_method")
	return missing.orNil()
}

// recheck prices the lines again and makes sure that the cart is still the one that is being bought. The cart is read, unless
// that was done with the record.
func (s *Service) recheck(ctx context.Context, r Record, bought *cart.Cart) ([]PricedLine, error) {
	if bought == nil {
		c, err := s.loadCart(ctx, r.Owner)
		if err != nil {
			return nil, err
		}
		bought = &c
	}
	if !r.boughtFrom(*bought) {
		return nil, ErrCartChanged
	}
	lines := make([]cart.Line, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = l.Line
	}
	priced, dropped, err := s.price(ctx, lines)
	if err != nil {
		return nil, err
	}
	if len(dropped) > 0 {
		return nil, ErrCartChanged
	}
	return priced, nil
}

// agreed compares the quote the shopper accepted, and how it was to be paid, with what holds now.
func agreed(r Record, now offer, accepted string) error {
	if accepted == now.hash {
		return nil
	}
	changed := &QuoteChangedError{Now: now.quote, Plan: now.plan, Hash: now.hash}
	if r.Quote != nil {
		changed.Difference = quote.Compare(*r.Quote, now.quote)
	}
	return changed
}

// holding makes sure that a reservation of just these lines is alive, so that it can be placed. What the catalogue says of
// an item's stock may have changed since the reservation was made.
func (s *Service) holding(ctx context.Context, r Record) (*ReservationFact, error) {
	want, err := stockLines(r.Lines)
	if err != nil {
		return nil, err
	}
	held := r.Reservation
	if s.config.alive(held) && held.covers(want) {
		return held, nil
	}
	return s.reserve(ctx, r, fmt.Sprintf("%s-%d", r.ID, r.Version))
}

// covers reports whether the reservation is for these lines.
func (f *ReservationFact) covers(want []inventory.Line) bool {
	left := map[inventory.Item]int64{}
	for _, h := range f.Held {
		left[h.Key.Item] += h.Quantity
	}
	for _, l := range want {
		left[l.Item] -= l.Quantity
	}
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	return true
}

// PayBy is until when the placed order can be paid; zero before it was placed.
func (r Record) PayBy() time.Time {
	if r.Placed == nil {
		return time.Time{}
	}
	return r.Placed.PayBy
}
