package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

// StoreAPI is the door of WooCommerce's own Store API, which needs no plugin.
// It gives amounts rounded to the currency.
type StoreAPI struct{ client *woo.Client }

var _ Door = (*StoreAPI)(nil)

// NewStoreAPI is the door of a client's store. The client needs no key.
func NewStoreAPI(client *woo.Client) *StoreAPI { return &StoreAPI{client: client} }

const (
	cartTokenHeader = "Cart-Token"
	storePath       = "wc/store/v1/"
)

// Read implements Door.
func (d *StoreAPI) Read(ctx context.Context, token woo.Secret) (Reply, error) {
	var cart storeCart
	sent, err := d.send(ctx, token, woo.Request{Op: "read cart", Path: storePath + "cart", Fresh: true}, &cart)
	if err != nil {
		return Reply{}, err
	}
	c, err := cart.cart("read cart", false)
	return Reply{Cart: c, Token: sent}, err
}

// Do implements Door.
func (d *StoreAPI) Do(ctx context.Context, token woo.Secret, change Change) (Reply, error) {
	requests, err := storeRequests(change)
	if err != nil {
		return Reply{}, err
	}
	var cart storeCart
	var sent woo.Secret
	last := requests[len(requests)-1]
	for i, r := range requests {
		into := any(&cart)
		if r.Method == http.MethodDelete {
			into = nil // an empty list
		}
		cart = storeCart{}
		newToken, err := d.send(ctx, newer(sent, token), r, into)
		if err != nil {
			return Reply{}, partly(err, i)
		}
		sent = newer(newToken, sent)
	}
	if last.Method == http.MethodDelete {
		return readAfter(ctx, d, last.Op, sent, token)
	}
	c, err := cart.cart(last.Op, true)
	return Reply{Cart: c, Token: sent}, err
}

// partly is a failure after n requests of a change were carried out.
func partly(err error, n int) error {
	var failed *woo.Error
	if n == 0 || !errors.As(err, &failed) {
		return err
	}
	return &woo.Error{Kind: woo.Unknown, Op: failed.Op, Status: failed.Status, Code: failed.Code, Message: failed.Message, Cause: err}
}

// storeRequests translates a change.
func storeRequests(change Change) ([]woo.Request, error) {
	post := func(op, route string, body any) []woo.Request {
		return []woo.Request{{Op: op, Method: http.MethodPost, Path: storePath + "cart/" + route, Body: body}}
	}
	switch c := change.(type) {
	case AddItem:
		if len(c.Data) > 0 {
			return nil, invalid("data", "cannot be sent over the Store API; use WooGraphQL")
		}
		return post("add to cart", "add-item", addBody(c)), nil
	case SetQuantity:
		if c.Quantity == 0 {
			return post("remove from cart", "remove-item", map[string]any{"key": c.Key}), nil
		}
		return post("change quantity", "update-item", map[string]any{"key": c.Key, "quantity": c.Quantity}), nil
	case RemoveLine:
		return post("remove from cart", "remove-item", map[string]any{"key": c.Key}), nil
	case Clear:
		return []woo.Request{{Op: "empty cart", Method: http.MethodDelete, Path: storePath + "cart/items"}}, nil
	case ApplyCoupon:
		return post("apply coupon", "apply-coupon", map[string]any{"code": c.Code}), nil
	case RemoveCoupon:
		return post("remove coupon", "remove-coupon", map[string]any{"code": c.Code}), nil
	case SetCustomer:
		return post("set customer", "update-customer", map[string]any{
			"billing_address": storeAddress(c.Billing, true), "shipping_address": storeAddress(c.Shipping, false),
		}), nil
	case ChooseRates:
		var all []woo.Request
		for i, rate := range c.Rates {
			body := map[string]any{"rate_id": rate}
			if i < len(c.Packages) {
				body["package_id"] = c.Packages[i]
			}
			all = append(all, post("choose shipping", "select-shipping-rate", body)...)
		}
		return all, nil
	}
	return nil, invalid("change", "is not one that the Store API knows")
}

func addBody(a AddItem) map[string]any {
	body := map[string]any{"id": a.ProductID, "quantity": a.Quantity}
	if a.VariationID != 0 {
		body["id"] = a.VariationID
	}
	var chosen []map[string]string
	for _, name := range slices.Sorted(maps.Keys(a.Attributes)) {
		chosen = append(chosen, map[string]string{"attribute": name, "value": a.Attributes[name]})
	}
	if len(chosen) > 0 {
		body["variation"] = chosen
	}
	return body
}

// storeAddress is an address as the Store API takes it. It refuses an empty
// country.
func storeAddress(a checkout.Address, billing bool) map[string]string {
	body := map[string]string{
		"first_name": a.FirstName, "last_name": a.LastName, "company": a.Company, "address_1": a.Address1, "address_2": a.Address2,
		"city": a.City, "state": a.State, "postcode": a.Postcode, "phone": a.Phone,
	}
	if a.Country != "" {
		body["country"] = a.Country
	}
	if billing {
		body["email"] = a.Email
	}
	return body
}

// send makes a shopper's request and returns the token of a success.
func (d *StoreAPI) send(ctx context.Context, token woo.Secret, r woo.Request, into any) (woo.Secret, error) {
	r.Visitor = true
	if !token.IsZero() {
		known, ok := readClaims(token)
		switch {
		case !ok:
			return woo.Secret{}, &LostError{How: Rejected}
		case !known.cartToken():
			return woo.Secret{}, &LostError{How: OtherDoor}
		}
		r.Header = http.Header{cartTokenHeader: {token.Reveal()}}
	}
	reply, err := d.client.Send(ctx, r, into)
	if err != nil {
		return woo.Secret{}, d.failure(r.Op, token, reply, err)
	}
	sent := woo.NewSecret(reply.Header.Get(cartTokenHeader))
	if how := replaced(token, sent, reply); how != "" {
		return woo.Secret{}, &LostError{How: how}
	}
	return sent, nil
}

// replaced says how a cart was lost when the store answered with another one,
// which it does with status 200 where it does not accept the token of a GET.
func replaced(token, sent woo.Secret, reply woo.Reply) Loss {
	ours, known := readClaims(token)
	theirs, ok := readClaims(sent)
	if !known || !ok || ours.holder() == theirs.holder() {
		return ""
	}
	return lossOf(ours, reply)
}

// lossOf tells an expired token from a rejected one by the store's clock.
func lossOf(c claims, reply woo.Reply) Loss {
	now, err := http.ParseTime(reply.Header.Get("Date"))
	if expires := c.expires(); err == nil && !expires.IsZero() && now.After(expires.Add(-time.Second)) {
		return Expired
	}
	return Rejected
}

// failure finds in an error that the cart is lost, or not what was believed.
func (d *StoreAPI) failure(op string, token woo.Secret, reply woo.Reply, err error) error {
	var failed *woo.Error
	if !errors.As(err, &failed) {
		return err
	}
	switch {
	case failed.Code == "woocommerce_rest_missing_nonce" || failed.Code == "woocommerce_rest_invalid_nonce":
		ours, _ := readClaims(token)
		return &LostError{How: lossOf(ours, reply), Cause: failed}
	case failed.Status == http.StatusConflict:
		var body struct{ Data struct{ Cart *storeCart } }
		if json.Unmarshal(reply.Body, &body) != nil || body.Data.Cart == nil {
			return err
		}
		if now, badErr := body.Data.Cart.cart(op, false); badErr == nil {
			return &ConflictError{Cart: now, Cause: failed}
		}
	}
	return err
}

// Checkout implements Door. The order is a draft first, whose number the order
// keeps: with it a lost answer can be looked up.
func (d *StoreAPI) Checkout(ctx context.Context, token woo.Secret, order Order) (Placed, error) {
	const op = "checkout"
	if order.Prepaid {
		return Placed{}, invalid("prepaid", "cannot be said over the Store API; use WooGraphQL, or complete the order over REST")
	}
	var draft, made storeOrder
	sent, err := d.send(ctx, token, woo.Request{Op: "draft order", Path: storePath + "checkout", Fresh: true}, &draft)
	if err != nil {
		return Placed{}, err
	}
	if draft.OrderID <= 0 {
		return Placed{}, badAnswer("draft order", false)
	}
	placed := Placed{OrderID: int64(draft.OrderID)}
	body := map[string]any{
		"billing_address": storeAddress(order.Billing, true), "shipping_address": storeAddress(order.Shipping, false),
		"payment_method": order.PaymentMethod, "customer_note": order.Note,
	}
	again, err := d.send(ctx, newer(sent, token), woo.Request{Op: op, Method: http.MethodPost, Path: storePath + "checkout", Body: body}, &made)
	if err != nil {
		return placed, err
	}
	if made.OrderID <= 0 {
		return placed, &woo.Error{Kind: woo.Unknown, Op: op, Cause: fmt.Errorf("%w: no order in it", woo.ErrBadAnswer)}
	}
	placed = made.placed()
	placed.Token = newer(again, sent)
	return placed, nil
}
