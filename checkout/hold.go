package checkout

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
)

// HoldCart reserves the stock of a cart that has not reached the checkout, for a shop whose policy is ReserveAtCart. The
// host calls it after each change of the cart, with the cart before and after; the later hold replaces the earlier one
// without letting go in between, and Start shares it. With any other policy, or nothing to hold, it does nothing.
//
// A shortage is ErrOutOfStock with an *inventory.ShortageError; the earlier hold then stays.
func (s *Service) HoldCart(ctx context.Context, before, after cart.Cart) error {
	if s.config.Policy.ReserveAt != ReserveAtCart {
		return nil
	}
	lines, _, err := s.price(ctx, after.Lines)
	if err != nil {
		return err
	}
	want, err := stockLines(lines)
	if err != nil {
		return err
	}
	if len(want) == 0 {
		return s.dropHold(ctx, before)
	}
	_, err = s.take(ctx, inventory.ReserveRequest{
		ID: cartHold(after), Owner: after.ID, Lines: want, TTL: s.config.Policy.HoldFor, Replaces: cartHold(before),
	}, warehouse.Destination{}, nil)
	if errors.Is(err, inventory.ErrInsufficient) {
		return fmt.Errorf("%w: %w", ErrOutOfStock, err)
	}
	return err
}

func (s *Service) dropHold(ctx context.Context, before cart.Cart) error {
	id := cartHold(before)
	if id == "" {
		return nil
	}
	_, err := s.config.Reserver.Release(ctx, id)
	if errors.Is(err, inventory.ErrNotFound) {
		return nil
	}
	return err
}

// cartHold names the reservation of one version of a cart; "" for a cart that was never stored.
func cartHold(c cart.Cart) string {
	if c.ID == "" || c.Version == 0 {
		return ""
	}
	return c.ID + "-" + strconv.FormatInt(c.Version, 10)
}
