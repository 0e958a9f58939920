package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

// filledCart is a cart with a purchase in it; its lines are in the order of the
// request's.
type filledCart struct {
	cart    Cart
	refused []refusal
}

// refusal is a coupon that the store did not take.
type refusal struct{ code, reason string }

// fill makes the cart hold the purchase, and reads it.
func (c *quoteCart) fill(ctx context.Context, req checkout.QuoteRequest, home checkout.Address) (filledCart, error) {
	now, err := c.session.Cart(ctx)
	if err != nil {
		return filledCart{}, err
	}
	want := fingerprint(req)
	if c.holds != want || c.mismatch(now, req) != nil {
		if now, err = c.refill(ctx, now, req, home); err != nil {
			return filledCart{}, err
		}
		c.holds = want
	}
	if rate := wantedRate(now, req.ShippingRate); rate != "" {
		if now, err = c.ship(ctx, now, rate); err != nil {
			return filledCart{}, err
		}
	}
	return filledCart{cart: now, refused: c.refused}, nil
}

// refill empties the cart and puts the purchase into it.
func (c *quoteCart) refill(ctx context.Context, now Cart, req checkout.QuoteRequest, home checkout.Address) (Cart, error) {
	c.holds, c.keys, c.refused = "", nil, nil
	var err error
	if len(now.Lines) > 0 || len(now.Coupons) > 0 {
		if now, err = c.session.Clear(ctx); err != nil {
			return Cart{}, err
		}
	}
	if part := customerOf(req, home); part != c.customer {
		c.customer = customerPart{}
		if _, err = c.session.change(ctx, SetCustomer{Billing: part.billing, Shipping: part.shipping}); err != nil {
			return Cart{}, err
		}
		c.customer = part
	}
	for i, l := range req.Lines {
		if now, err = c.session.Add(ctx, addItem(l)); err != nil {
			return Cart{}, fmt.Errorf("line %d: %w", i+1, err)
		}
		if len(now.Lines) != i+1 {
			return Cart{}, &ChangedError{Reason: fmt.Sprintf("line %d did not become a line of its own", i+1)}
		}
		c.keys = append(c.keys, now.Lines[i].Key)
	}
	if now, err = c.enter(ctx, now, req.Coupons); err != nil {
		return Cart{}, err
	}
	return now, c.mismatch(now, req)
}

func addItem(l checkout.PricedLine) AddItem {
	ref := l.Line.Ref
	item := AddItem{ProductID: ref.ProductID, VariationID: ref.VariationID, Quantity: l.Line.Quantity, Attributes: ref.Attributes, Data: ref.Data}
	if ref.VariationID == 0 && l.Item.ParentID != 0 { // a ref to the variation itself
		item.ProductID, item.VariationID = l.Item.ParentID, ref.ProductID
	}
	return item
}

// enter enters the coupons; the refused ones are remembered.
func (c *quoteCart) enter(ctx context.Context, now Cart, codes []string) (Cart, error) {
	for _, code := range codes {
		if slices.ContainsFunc(now.Coupons, func(k Coupon) bool { return strings.EqualFold(k.Code, code) }) {
			continue
		}
		next, err := c.session.ApplyCoupon(ctx, code)
		var failed *woo.Error
		var invalid *woo.InvalidError
		switch {
		case err == nil:
			now = next
		case errors.As(err, &invalid):
			c.refused = append(c.refused, refusal{code, invalid.Reason})
		case errors.As(err, &failed) && failed.Kind == woo.Refused && !errors.Is(err, ErrLost):
			c.refused = append(c.refused, refusal{code, failed.Message})
		default:
			return Cart{}, err
		}
	}
	return now, nil
}

// mismatch says how the cart is not the purchase.
func (c *quoteCart) mismatch(now Cart, req checkout.QuoteRequest) error {
	if len(now.Lines) != len(req.Lines) || len(c.keys) != len(req.Lines) {
		return &ChangedError{Reason: fmt.Sprintf("%d lines were asked for, it has %d", len(req.Lines), len(now.Lines))}
	}
	for i, l := range req.Lines {
		got, ref := now.Lines[i], l.Line.Ref
		sold := ref.VariationID
		if sold == 0 {
			sold = ref.ProductID
		}
		if got.Key != c.keys[i] || got.ItemID() != sold || got.Quantity != l.Line.Quantity {
			return &ChangedError{Reason: fmt.Sprintf("line %d is not what was asked for", i+1)}
		}
	}
	return nil
}

// wantedRate is the rate to choose: the one asked for, or, where none is and an
// earlier quote left the cart at being picked up, which is taxed at the shop,
// one that is sent.
func wantedRate(now Cart, asked string) string {
	if asked != "" || len(now.Packages) != 1 {
		return asked
	}
	pickedUp := func(r Rate) bool { return r.MethodID == "local_pickup" || r.MethodID == "pickup_location" }
	if chosen, ok := now.Packages[0].Chosen(); !ok || !pickedUp(chosen) {
		return ""
	}
	for _, r := range now.Packages[0].Rates {
		if !pickedUp(r) {
			return r.ID
		}
	}
	return ""
}

// ship chooses the rate, unless it is chosen. A cart that needs no shipping has
// none to choose.
func (c *quoteCart) ship(ctx context.Context, now Cart, rate string) (Cart, error) {
	if len(now.Packages) > 1 || !now.NeedsShipping {
		return now, nil // refused later, or ignored
	}
	if len(now.Packages) == 1 {
		if r, ok := now.Packages[0].Chosen(); ok && r.ID == rate {
			return now, nil
		}
	}
	next, err := c.session.ChooseShipping(ctx, rate)
	var invalid *woo.InvalidError
	if errors.As(err, &invalid) {
		return now, &checkout.InvalidError{Field: "shipping_rate", Reason: "is not offered for this address"}
	}
	return next, err
}
