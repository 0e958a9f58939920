package session

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

// Attempt is what is known of a checkout whose answer was lost. It is plain
// data, and holds an e-mail address.
type Attempt struct {
	// Token is the Order's.
	Token string `json:"token"`
	// OrderID is the draft that the Store API turns into the order; 0 over WooGraphQL.
	OrderID int64  `json:"order_id,omitempty"`
	Email   string `json:"email"`
}

// UnknownOrderError says that a checkout may or may not have made an order.
type UnknownOrderError struct {
	Attempt Attempt
	Cause   error
}

// Error implements error.
func (e *UnknownOrderError) Error() string {
	return "session: the order may have been placed: look for it before trying again: " + e.Cause.Error()
}

// Unwrap gives the cause, a [*woo.Error] of kind [woo.Unknown].
func (e *UnknownOrderError) Unwrap() error { return e.Cause }

// unknownOrder adds to an unclear outcome what the order can be found with.
func unknownOrder(err error, placed Placed, o Order) error {
	if !errors.Is(err, woo.ErrUnknown) {
		return err
	}
	return &UnknownOrderError{Attempt: Attempt{Token: o.Token, OrderID: placed.OrderID, Email: o.Billing.Email}, Cause: err}
}

// emailPages is how many pages of an e-mail address's orders are looked through.
const emailPages = 3

// Find looks for the order of an attempt, with a client that has a REST key.
// It reports false when there is none, which is certain once the store can no
// longer be working on the request (PHP's max_execution_time, 30 seconds
// unless the host set another): ask again then before a new attempt. It changes
// nothing and may be repeated.
//
// Over the Store API the order has the number of its draft. Over WooGraphQL it
// is found by the token in its meta data, among the newest orders and those of
// the e-mail address.
func (a Attempt) Find(ctx context.Context, client *woo.Client) (checkout.StoreOrder, bool, error) {
	if a.OrderID != 0 {
		order, err := client.Order(ctx, a.OrderID)
		if errors.Is(err, woo.ErrNotFound) {
			return checkout.StoreOrder{}, false, nil
		}
		return order, err == nil && order.Status != "checkout-draft" && order.Status != "trash", err
	}
	orders, err := client.FindOrder(ctx, a.Token)
	if err != nil {
		return checkout.StoreOrder{}, false, err
	}
	for _, order := range orders {
		if order.Status != "trash" {
			return order, true, nil
		}
	}
	return a.findByEmail(ctx, client)
}

// findByEmail looks through the orders that the store's search finds for the
// address.
func (a Attempt) findByEmail(ctx context.Context, client *woo.Client) (checkout.StoreOrder, bool, error) {
	if a.Email == "" {
		return checkout.StoreOrder{}, false, nil
	}
	for page := 1; page <= emailPages; page++ {
		var found []struct {
			ID   int64 `json:"id"`
			Meta []struct {
				Key   string `json:"key"`
				Value any    `json:"value"`
			} `json:"meta_data"`
		}
		query := url.Values{"search": {a.Email}, "per_page": {"100"}, "page": {strconv.Itoa(page)}, "_fields": {"id,meta_data"}}
		if _, err := client.Send(ctx, woo.Request{Op: "find order", Path: "wc/v3/orders", Query: query, Fresh: true}, &found); err != nil {
			return checkout.StoreOrder{}, false, err
		}
		for _, o := range found {
			for _, m := range o.Meta {
				if m.Key == woo.TokenMetaKey && m.Value == a.Token {
					order, err := client.Order(ctx, o.ID)
					return order, err == nil, err
				}
			}
		}
		if len(found) < 100 {
			break
		}
	}
	return checkout.StoreOrder{}, false, nil
}
