package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
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
// reserved. An owner has one open checkout: starting again brings it in step with the cart. If an order of the same cart
// waits for its payment it is returned as it is; if the cart differs, the error is an *InProgressError.
//
// Errors: ErrEmptyCart; ErrOutOfStock with an *inventory.ShortageError; what the ports return.
func (s *Service) Start(ctx context.Context, req StartRequest) (Started, error) {
	if err := req.Owner.Validate(); err != nil {
		return Started{}, &InvalidError{Field: "owner", Reason: "is not a usable name"}
	}
	c, err := s.loadCart(ctx, req.Owner)
	if err != nil {
		return Started{}, err
	}
	lines, dropped, err := s.price(ctx, c.Lines)
	if err != nil {
		return Started{}, err
	}
	current, err := s.Current(ctx, req.Owner)
	switch {
	case err == nil && current.Placed != nil:
		return resume(current, c)
	case err != nil && !errors.Is(err, ErrNotFound):
		return Started{}, err
	case len(lines) == 0:
		return Started{Dropped: dropped}, ErrEmptyCart
	case err != nil:
		current = s.fresh(req)
	}
	r, err := s.begin(ctx, current, c, lines, req)
	return Started{Record: r, Dropped: dropped}, err
}

func (s *Service) loadCart(ctx context.Context, owner Owner) (cart.Cart, error) {
	c, err := s.config.Carts.Load(ctx, owner)
	if errors.Is(err, cart.ErrNotFound) {
		return cart.Cart{Owner: owner}, nil
	}
	return c, err
}

// resume returns the placed checkout when the cart still says the same.
func resume(r Record, c cart.Cart) (Started, error) {
	if c.IsEmpty() || r.boughtFrom(c) {
		return Started{Record: r}, nil
	}
	return Started{}, &InProgressError{ID: r.ID, PayBy: r.Placed.PayBy}
}

// boughtFrom reports whether the cart still says what it said when the checkout read it. Its version may have moved
// without that: a price was shown, a note was kept.
func (r Record) boughtFrom(c cart.Cart) bool { return r.CartID == c.ID && r.CartHash == cartHash(c) }

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

// begin reserves the stock and writes the record. A record that cannot be written leaves no reservation.
func (s *Service) begin(ctx context.Context, r Record, c cart.Cart, lines []PricedLine, req StartRequest) (Record, error) {
	isNew := r.Version == 0
	r.CartID, r.CartHash, r.Lines, r.Coupons = c.ID, cartHash(c), lines, slices.Clone(c.Coupons)
	r.CustomerID = req.CustomerID
	held, err := s.reserve(ctx, r, cartHold(c))
	if err != nil {
		return Record{}, err
	}
	done, err := s.apply(ctx, r, func(d *draft) error {
		d.Reservation = held
		if isNew {
			d.bind = append(d.bind, openRef(d.Owner))
			d.log(d.now, actorShopper, "started", fmt.Sprintf("%d lines", len(lines)))
		} else {
			d.log(d.now, actorShopper, "restarted", "brought in step with the cart")
		}
		return s.requote(ctx, d)
	})
	if err != nil {
		s.letGo(ctx, held)
		return Record{}, err
	}
	return done, nil
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

// reserve claims the lines' stock early. Lines whose stock is not managed need no claim, but must be in stock.
func (s *Service) reserve(ctx context.Context, r Record, replaces string) (*ReservationFact, error) {
	want, err := stockLines(r.Lines)
	if err != nil || len(want) == 0 {
		return nil, err
	}
	if r.Reservation != nil {
		replaces = r.Reservation.ID
	}
	res, err := s.claim(ctx, inventory.ReserveRequest{
		ID: newReservationID(), Owner: r.CartID, Lines: want, TTL: r.Policy.HoldFor, Replaces: replaces,
	})
	if errors.Is(err, inventory.ErrInsufficient) {
		return nil, fmt.Errorf("%w: %w", ErrOutOfStock, err)
	}
	if err != nil {
		return nil, fmt.Errorf("checkout: reserving stock: %w", err)
	}
	return &ReservationFact{ID: res.ID, ExpiresAt: res.ExpiresAt, Held: res.Lines}, nil
}

// claim reserves, first telling the Reserver of items it does not know.
func (s *Service) claim(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	res, err := s.config.Reserver.Reserve(ctx, req)
	var short *inventory.ShortageError
	if !errors.As(err, &short) || len(short.Unknown()) == 0 || s.config.Stock == nil {
		return res, err
	}
	if err := s.LearnStock(ctx, short.Unknown()); err != nil {
		return res, err
	}
	return s.config.Reserver.Reserve(ctx, req)
}

// LearnStock reads the items from the store of record and tells the Reserver, and a Store that keeps levels, about those
// they do not know. What they know already stays.
func (s *Service) LearnStock(ctx context.Context, items []inventory.Item) error {
	if s.config.Stock == nil {
		return nil
	}
	levels, err := s.config.Stock.Stock(ctx, items)
	if err != nil {
		return fmt.Errorf("checkout: reading stock: %w", err)
	}
	for _, keeper := range []any{s.config.Store, s.config.Reserver} {
		if known, ok := keeper.(inventory.Levels); ok {
			if err := known.SetLevels(ctx, levels); err != nil {
				return fmt.Errorf("checkout: telling stock: %w", err)
			}
		}
	}
	return nil
}

// stockLines are the claims the lines make on managed stock. Stock that is not managed and is out is a shortage.
func stockLines(lines []PricedLine) ([]inventory.Line, error) {
	var want []inventory.Line
	var short []inventory.Shortage
	for _, l := range lines {
		item, err := inventory.ParseItem(l.Item.Stock.Item)
		switch {
		case l.Item.Stock.Managed && err != nil:
			return nil, fmt.Errorf("checkout: stock of product %d: %w", l.Line.Ref.ProductID, err)
		case l.Item.Stock.Managed:
			want = append(want, inventory.Line{Item: item, Quantity: l.Line.Quantity})
		case !l.Item.Stock.InStock:
			short = append(short, inventory.Shortage{Item: item, Want: l.Line.Quantity})
		}
	}
	if len(short) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrOutOfStock, &inventory.ShortageError{Lines: short})
	}
	return want, nil
}

// letGo gives a reservation back; one that cannot be given back expires by itself.
func (s *Service) letGo(ctx context.Context, held *ReservationFact) {
	if held == nil {
		return
	}
	if _, err := s.config.Reserver.Release(ctx, held.ID); err != nil && !errors.Is(err, inventory.ErrNotFound) {
		s.config.Log.WarnContext(ctx, "reservation not released; it will expire", "reservation", held.ID, "error", err)
	}
}
