package session

import (
	"context"
	"errors"
	"slices"

	"github.com/ankkor/ankkor/woo"
)

// Checkout turns the cart into an order of WooCommerce's, by WooCommerce's own
// checkout. (A shop that uses package checkout does not need it: there, the
// order is created by [woo.Client] when it is paid.)
//
// WooGraphQL's checkout accepts almost anything, so everything is checked here
// first: addresses, e-mail and phone, that the cart has something in it, that
// the shipping rates are offered. Rates left empty are the chosen ones; a
// shipping address left empty is the billing address. What the cart showed is
// what is ordered as long as the addresses are those of [Session.SetCustomer].
//
// It is sent once. A [woo.ErrUnknown] means that the order may exist: look with
// [Attempt.Find] before anything else, and never call Checkout again for it.
// Without a REST key, read the cart: one that is empty now has most likely
// become the order. The error is an [*UnknownOrderError] with the Attempt,
// which can be stored.
//
// A *[ConflictError] has the cart as it is now.
func (s *Session) Checkout(ctx context.Context, order Order) (Placed, error) {
	order, err := s.checkOrder(ctx, order)
	if err != nil {
		return Placed{}, err
	}
	var placed Placed
	_, err = s.alone(ctx, func(token woo.Secret) (Reply, error) {
		reply, err := s.door.Read(ctx, token)
		if err != nil {
			return Reply{}, err
		}
		if token, err = s.adopt(token, reply.Token); err != nil {
			return Reply{}, err
		}
		if order.Rates, err = readyToOrder(reply.Cart, order.Rates); err != nil {
			return Reply{}, err
		}
		placed, err = s.door.Checkout(ctx, token, order)
		return Reply{Token: placed.Token}, unknownOrder(err, placed, order)
	})
	var gone *LostError
	if placed.OrderID != 0 && errors.As(err, &gone) && gone.How == Replaced {
		return placed, nil // the order stands; the cart behind it is empty anyway
	}
	return placed, err
}

// checkOrder checks what can be checked without the cart.
func (s *Session) checkOrder(ctx context.Context, o Order) (Order, error) {
	switch {
	case len(o.Token) < 8 || len(o.Token) > 100 || !printable(o.Token):
		return Order{}, invalid("token", "must be 8 to 100 printable ASCII characters without spaces")
	case o.PaymentMethod == "" || len(o.PaymentMethod) > 100 || !printable(o.PaymentMethod):
		return Order{}, invalid("payment_method", "must be the id of a gateway, such as cod")
	case !plainLines(o.Note, 2000):
		return Order{}, invalid("note", "must be text of at most 2000 bytes")
	case o.Prepaid && (o.TransactionID == "" || len(o.TransactionID) > 100 || !printable(o.TransactionID)):
		return Order{}, invalid("transaction_id", "is required for a prepaid order: at most 100 printable ASCII characters")
	}
	return s.checkWhole(ctx, o)
}

// readyToOrder refuses a cart that would become an empty order, or one shipped
// by nothing. The rates are returned as they will be sent.
func readyToOrder(c Cart, rates []string) ([]string, error) {
	if len(c.Lines) == 0 {
		return nil, invalid("cart", "is empty")
	}
	if !c.NeedsShipping {
		return nil, nil
	}
	if len(rates) == 0 {
		for _, p := range c.Packages {
			r, _ := p.Chosen()
			rates = append(rates, r.ID)
		}
	}
	if len(rates) == 0 || slices.Contains(rates, "") {
		return nil, invalid("shipping_rate", "is required: set the customer's address and choose one")
	}
	_, err := offered(c, rates)
	return rates, err
}
