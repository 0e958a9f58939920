package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strconv"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// checkoutDocument asks for little: a field of the order that a guest may not
// read would turn a placed order into an error. redirect names the order too.
const checkoutDocument = `mutation Checkout($input: CheckoutInput!) { checkout(input: $input) {
	result redirect notices { type message }
	order { databaseId orderNumber orderKey status total(format: RAW) }
} }`

// oldCheckoutDocument is without what WooGraphQL before 1.0 may lack.
const oldCheckoutDocument = `mutation Checkout($input: CheckoutInput!) { checkout(input: $input) {
	result redirect
	order { databaseId orderNumber orderKey status total(format: RAW) }
} }`

// wirePlaced is the answer to a checkout.
type wirePlaced struct {
	Result, Redirect text
	Notices          []struct{ Type, Message text }
	Order            *struct {
		DatabaseID                    whole
		OrderNumber, OrderKey, Status text
		Total                         rawAmount
	}
}

// Checkout implements Door.
func (d *GraphQL) Checkout(ctx context.Context, token woo.Secret, order Order) (Placed, error) {
	const op = "checkout"
	document := func(old bool) string {
		if old {
			return oldCheckoutDocument
		}
		return checkoutDocument
	}
	var data struct{ Checkout *wirePlaced }
	reply, err := d.send(ctx, operation{op: op, token: token, document: document, variables: map[string]any{"input": checkoutInput(order)}, write: true}, &data)
	var lost *LostError
	if errors.As(err, &lost) {
		return Placed{}, err
	}
	if err != nil {
		// The order may stand although a field of it could not be read.
		var whole struct {
			Data struct{ Checkout *wirePlaced }
		}
		if json.Unmarshal(reply.Body, &whole) != nil || whole.Data.Checkout == nil {
			return Placed{}, err
		}
		data = whole.Data
	}
	if data.Checkout == nil {
		return Placed{}, &woo.Error{Kind: woo.Unknown, Op: op, Status: reply.Status, Cause: fmt.Errorf("%w: no order in it", woo.ErrBadAnswer)}
	}
	placed := data.Checkout.placed(d.currency)
	if placed.OrderID == 0 && placed.Number == "" {
		return placed, &woo.Error{Kind: woo.Unknown, Op: op, Status: reply.Status, Message: "the store did not name the order", Cause: woo.ErrBadAnswer}
	}
	if err == nil {
		placed.Token = tokenIn(reply)
	}
	return placed, nil
}

func checkoutInput(o Order) map[string]any {
	input := map[string]any{
		"billing": graphAddress(o.Billing, true), "shipping": graphAddress(o.Shipping, false),
		// without it the order's shipping address stays empty
		"shipToDifferentAddress": true,
		"paymentMethod":          o.PaymentMethod,
		"metaData":               []map[string]string{{"key": woo.TokenMetaKey, "value": o.Token}},
	}
	if len(o.Rates) > 0 {
		input["shippingMethod"] = o.Rates
	}
	if o.Note != "" {
		input["customerNote"] = o.Note
	}
	if o.Prepaid {
		input["isPaid"], input["transactionId"] = true, o.TransactionID
	}
	return input
}

func (w *wirePlaced) placed(c pricing.Currency) Placed {
	out := Placed{Redirect: woo.NewSecret(string(w.Redirect))}
	if w.Order != nil {
		out.OrderID, out.Number = int64(w.Order.DatabaseID), string(w.Order.OrderNumber)
		out.Key, out.Status = woo.NewSecret(string(w.Order.OrderKey)), statusSlug(string(w.Order.Status))
		out.Total, _ = pricing.FromDecimal(w.Order.Total.Decimal, c, pricing.HalfUp)
	}
	if out.OrderID == 0 {
		out.OrderID, out.Key = orderInURL(string(w.Redirect))
	}
	if out.OrderID == 0 { // what the number is, unless a plugin numbers orders
		out.OrderID, _ = strconv.ParseInt(out.Number, 10, 64)
	}
	for _, n := range w.Notices {
		out.Notices = append(out.Notices, Notice{Code: string(n.Type), Message: plainMessage(string(n.Message))})
	}
	return out
}

// orderInURL reads the order's id and key from the page a shopper is sent to:
// …/order-received/<id>/?key=… or …/order-pay/<id>/?…&key=….
func orderInURL(address string) (int64, woo.Secret) {
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("key") == "" {
		return 0, woo.Secret{}
	}
	id, err := strconv.ParseInt(path.Base(u.Path), 10, 64)
	if err != nil || id <= 0 {
		return 0, woo.Secret{}
	}
	return id, woo.NewSecret(u.Query().Get("key"))
}
