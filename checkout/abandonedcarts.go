package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/cart"
)

// IdleCarts lists carts that nobody touches. It is an optional interface of a cart.Store.
type IdleCarts interface {
	// Idle returns up to limit carts that have lines and were last changed (Cart.UpdatedAt) after from and not after to, the
	// longest idle first, those of one moment in the order of their ids. after is the cart that an earlier page ended
	// with, or the zero cart. It is a read without effect.
	Idle(ctx context.Context, from, to time.Time, after cart.Cart, limit int) ([]cart.Cart, error)
}

// Marks remember what was done, for all replicas.
type Marks interface {
	// Mark notes a key and reports whether it was not noted before: of many who ask at once exactly one is told so. It is
	// kept until at least the given time. After an error it may be noted or not.
	Mark(ctx context.Context, key string, until time.Time) (first bool, err error)
}

// AbandonedCartsConfig is what NewAbandonedCarts needs. All but IdleFor, Window and Now are required.
type AbandonedCartsConfig struct {
	Service *Service
	Carts   IdleCarts
	Marks   Marks
	// Tell says to the rest of the shop, or to the customer if the host knows who that is, that a cart was left. Such a mail
	// may need the customer's consent. The cart itself stays where it is: a link to the shop's cart page finds it, with the
	// guest's cookie or after signing in. An error is returned by Sweep, and the cart is not told of again.
	Tell func(ctx context.Context, c cart.Cart) error
	// IdleFor is how long a cart rests before it counts as left: half of Policy.AbandonAfter when 0, and never longer than
	// that, so that a cart in a checkout is known as such before the checkout itself is given up.
	IdleFor time.Duration
	// Window is how long after that a cart is still told of, when nobody swept in time: a day when 0.
	Window time.Duration
	Now    func() time.Time // time.Now when nil
}

// AbandonedCarts finds carts that were left before a checkout began. A checkout that was left is the engine's to find, see
// NoticeAbandoned; its cart is not told of besides. Stock that such a cart holds (ReserveAtCart) ends with its reservation.
type AbandonedCarts struct{ config AbandonedCartsConfig }

// NewAbandonedCarts checks the configuration and reports all mistakes at once.
func NewAbandonedCarts(c AbandonedCartsConfig) (*AbandonedCarts, error) {
	if c.Service == nil || c.Carts == nil || c.Marks == nil || c.Tell == nil {
		return nil, errors.New("checkout: AbandonedCartsConfig.Service, Carts, Marks and Tell are required")
	}
	longest := c.Service.config.Policy.AbandonAfter / 2
	c.IdleFor, c.Window = or(c.IdleFor, longest), or(c.Window, 24*time.Hour)
	if c.Now == nil {
		c.Now = time.Now
	}
	var errs []error
	if c.IdleFor < 0 || c.IdleFor > longest {
		errs = append(errs, fmt.Errorf("checkout: AbandonedCartsConfig.IdleFor must be between 0 and %s", longest))
	}
	if c.Window < 0 {
		errs = append(errs, errors.New("checkout: AbandonedCartsConfig.Window is negative"))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return &AbandonedCarts{c}, nil
}

// sweepPage is how many carts are read at once.
const sweepPage = 100

// Sweep tells of every cart that was left, once for what is in it, and returns how many it told of. A host calls it every few minutes; safe twice and in parallel. A crash between the mark and
// the telling loses one reminder, and never sends two.
func (a *AbandonedCarts) Sweep(ctx context.Context) (told int, err error) {
	to := a.config.Now().Add(-a.config.IdleFor)
	var last cart.Cart
	var errs []error
	for {
		page, err := a.config.Carts.Idle(ctx, to.Add(-a.config.Window), to, last, sweepPage)
		if err != nil {
			return told, errors.Join(append(errs, err)...)
		}
		for _, c := range page {
			first, err := a.consider(ctx, c)
			errs = append(errs, err)
			if first {
				told++
			}
		}
		if len(page) < sweepPage {
			return told, errors.Join(errs...)
		}
		last = page[len(page)-1]
	}
}

// consider tells of one cart, unless it was told of before or is in a checkout.
func (a *AbandonedCarts) consider(ctx context.Context, c cart.Cart) (told bool, err error) {
	busy, err := a.inCheckout(ctx, c)
	if err != nil {
		return false, err
	}
	key := fmt.Sprintf("abandoned-cart/%s/%s", c.ID, cartHash(c))
	first, err := a.config.Marks.Mark(ctx, key, a.config.Now().Add(a.config.Window+30*24*time.Hour))
	if err != nil || !first || busy {
		return false, err
	}
	return true, a.config.Tell(ctx, c)
}

func (a *AbandonedCarts) inCheckout(ctx context.Context, c cart.Cart) (bool, error) {
	_, err := a.config.Service.Current(ctx, c.Owner)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
