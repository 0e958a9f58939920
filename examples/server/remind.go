package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
)

// remindConfig says what becomes of carts and checkouts that were left. Without keys nobody is written to.
type remindConfig struct {
	keys  []secret // the one that signs links first
	after time.Duration
}

// sweepEvery is how often carts are looked through.
const sweepEvery = 5 * time.Minute

// openReminders makes what finds carts that were left, and what brings back those of checkouts that were.
func (s *shop) openReminders(context.Context) (err error) {
	s.left, err = checkout.NewAbandonedCarts(checkout.AbandonedCartsConfig{
		Service: s.checkout, Carts: s.store.Carts(), Marks: s.store.Marks(), Tell: s.cartLeft,
	})
	if err != nil || len(s.config.remind.keys) == 0 {
		return err
	}
	s.recovery, err = checkout.NewRecovery(checkout.RecoveryConfig{Service: s.checkout, Carts: s.carts, Keys: s.config.remind.keys})
	return err
}

// linkOf is the page of the storefront that a mail leads to: of a checkout that was left, the one that restores its cart
// by POST /api/cart/recover with the token. That it is a page, and asks first, is for the programs that open every link
// of a mail before people do.
func (s *shop) linkOf(n checkout.Notice) string {
	if n.Kind == checkout.NoticeAbandoned && s.recovery != nil {
		return s.config.storefront + "/cart/recover?token=" + url.QueryEscape(s.recovery.Token(n.Record))
	}
	return s.orderPage(n.Record.ID)
}

// cartLeft tells the rest of the shop of a cart that was left before a checkout began: nobody knows yet whose it is. It
// names the cart, and what is in it.
func (s *shop) cartLeft(ctx context.Context, c cart.Cart) error {
	type line struct {
		Product   int64 `json:"product_id"`
		Variation int64 `json:"variation_id,omitempty"`
		Quantity  int64 `json:"quantity"`
	}
	lines := make([]line, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = line{l.Ref.ProductID, l.Ref.VariationID, l.Quantity}
	}
	data, err := json.Marshal(map[string]any{"cart": c.ID, "left_at": c.UpdatedAt, "lines": lines})
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, checkout.Event{
		ID: fmt.Sprintf("cart/%s/%d/left", c.ID, c.Version), Kind: "cart.left", Sequence: c.Version, At: time.Now(), Data: data,
	})
}

// sweepCarts looks for carts that were left, until ctx is done.
func (s *shop) sweepCarts(ctx context.Context) error {
	again := time.NewTicker(sweepEvery)
	defer again.Stop()
	for {
		if told, err := s.left.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "carts that were left could not be told of", "error", err)
		} else if told > 0 {
			s.log.InfoContext(ctx, "carts were left", "carts", told)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}
