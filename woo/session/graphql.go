package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// GraphQL is the door of WooGraphQL, 0.21 to 1.0. It gives amounts as
// WooCommerce keeps them, and works in the currency it is told.
type GraphQL struct {
	client   *woo.Client
	currency pricing.Currency
	parser   pricing.PriceParser
	old      atomic.Bool // the store is older than 1.0
}

var _ Door = (*GraphQL)(nil)

// GraphQLOptions are what WooGraphQL does not say of a store.
type GraphQLOptions struct {
	// Currency of the store; empty means INR.
	Currency pricing.Currency
	// Parser reads displayed amounts, which only WooGraphQL before 1.0 gives of
	// a shipping rate; nil means one for ₹1,299.00.
	Parser pricing.PriceParser
}

// NewGraphQL is the door of a client's store.
func NewGraphQL(client *woo.Client, options GraphQLOptions) (*GraphQL, error) {
	d := &GraphQL{client: client, currency: options.Currency, parser: options.Parser}
	if d.currency == "" {
		d.currency = pricing.INR
	}
	if _, err := pricing.ParseCurrency(string(d.currency)); err != nil {
		return nil, &woo.ConfigError{Field: "Currency", Reason: "must be an ISO 4217 code such as INR"}
	}
	if d.parser == nil {
		parser, err := pricing.NewParser(pricing.IndianFormat())
		if err != nil {
			return nil, err
		}
		d.parser = parser
	}
	return d, nil
}

// sessionHeader carries the token: with a prefix on the way to the store,
// without on the way back (QL_Session_Handler).
const sessionHeader = "woocommerce-session"

// Read implements Door.
func (d *GraphQL) Read(ctx context.Context, token woo.Secret) (Reply, error) {
	var out Reply
	var all *wireCart
	var after *string
	for range maxPages {
		var data struct {
			Cart     *wireCart
			Customer *wireCustomer
		}
		reply, err := d.send(ctx, operation{op: "read cart", token: token, document: readDocument, variables: map[string]any{"after": after}}, &data)
		if err != nil {
			return Reply{}, err
		}
		if data.Cart == nil {
			return Reply{}, badAnswer("read cart", false)
		}
		if sent := tokenIn(reply); !sent.IsZero() {
			token, out.Token = sent, sent
		}
		all = data.Cart.after(all)
		if after = data.Cart.next(); after == nil {
			out.Cart, err = all.cart(d, "read cart", false)
			out.Cart.Customer = data.Customer.customer()
			return out, err
		}
	}
	return Reply{}, badAnswer("read cart", false)
}

// maxPages bounds how many hundreds of lines a cart may have.
const maxPages = 5

// Do implements Door.
func (d *GraphQL) Do(ctx context.Context, token woo.Secret, change Change) (Reply, error) {
	if _, ok := change.(Clear); ok {
		now, err := d.Read(ctx, token)
		if err != nil || len(now.Cart.Lines) == 0 { // which WooGraphQL refuses to empty
			return now, err
		}
		token = newer(now.Token, token)
	}
	m, err := mutationOf(change)
	if err != nil {
		return Reply{}, err
	}
	var data map[string]struct{ Cart *wireCart }
	reply, err := d.send(ctx, operation{
		op: m.op, token: token, document: m.document(), variables: map[string]any{"input": m.input}, write: true,
	}, &data)
	if err != nil {
		return Reply{}, d.explain(ctx, token, change, err)
	}
	sent := tokenIn(reply)
	changed := data[m.name].Cart
	if changed != nil && changed.next() == nil {
		c, err := changed.cart(d, m.op, true)
		return Reply{Cart: c, Token: sent}, err
	}
	if changed == nil && !m.blind {
		return Reply{}, badAnswer(m.op, true)
	}
	return readAfter(ctx, d, m.op, sent, token)
}

// readAfter reads the cart after a change whose answer does not have all of it.
func readAfter(ctx context.Context, d Door, op string, sent, old woo.Secret) (Reply, error) {
	now, err := d.Read(ctx, newer(sent, old))
	if err != nil {
		return Reply{}, &woo.Error{Kind: woo.Unknown, Op: op, Message: "the change was made, but the cart could not be read afterwards", Cause: err}
	}
	now.Token = newer(now.Token, sent)
	return now, nil
}

func newer(sent, old woo.Secret) woo.Secret {
	if sent.IsZero() {
		return old
	}
	return sent
}

// explain makes sense of an "Internal server error": WooGraphQL fails so on the
// key of a line that is not there.
func (d *GraphQL) explain(ctx context.Context, token woo.Secret, change Change, err error) error {
	var key string
	switch c := change.(type) {
	case SetQuantity:
		key = c.Key
	case RemoveLine:
		key = c.Key
	default:
		return err
	}
	var failed *woo.Error
	if !errors.As(err, &failed) || failed.Status != http.StatusOK {
		return err
	}
	now, readErr := d.Read(ctx, token)
	if _, there := now.Cart.find(key); readErr != nil || there {
		return err
	}
	if quantity, ok := change.(SetQuantity); failed.Kind == woo.Unknown && (!ok || quantity.Quantity == 0) {
		return err // it may be gone because of this very call
	}
	return fmt.Errorf("%w: %w", ErrNoSuchLine, &woo.Error{Kind: woo.Refused, Op: failed.Op, Status: failed.Status, Field: "key", Message: failed.Message})
}

// operation is one GraphQL call about a cart.
type operation struct {
	op        string
	token     woo.Secret
	document  func(old bool) string
	variables map[string]any
	write     bool
}

// send runs an operation, in the words of an older WooGraphQL when the store
// does not know the newer ones: what it does not know it refuses as a whole,
// before anything is done.
func (d *GraphQL) send(ctx context.Context, o operation, into any) (woo.Reply, error) {
	old := d.old.Load()
	reply, err := d.sendAs(ctx, o, old, into)
	if !old && unknownField(err) {
		if reply, err = d.sendAs(ctx, o, true, into); !unknownField(err) {
			d.old.Store(true)
		}
	}
	return reply, lostIn(err)
}

func (d *GraphQL) sendAs(ctx context.Context, o operation, old bool, into any) (woo.Reply, error) {
	header := http.Header{}
	if !o.token.IsZero() {
		known, ok := readClaims(o.token)
		switch {
		case !ok:
			return woo.Reply{}, &LostError{How: Rejected}
		case known.cartToken():
			header.Set(sessionHeader, o.token.Reveal())
		default:
			header.Set(sessionHeader, "Session "+o.token.Reveal())
		}
	}
	return d.client.SendGraphQL(ctx, woo.GraphQLRequest{
		Op: o.op, Document: o.document(old), Variables: o.variables, Header: header, Write: o.write,
	}, into)
}

// unknownField reports whether the server's schema lacks something that was
// asked for (webonyx's FieldsOnCorrectType and KnownArgumentNames).
func unknownField(err error) bool {
	var failed *woo.Error
	return errors.As(err, &failed) && failed.Kind == woo.Refused &&
		(strings.HasPrefix(failed.Message, "Cannot query field") || strings.HasPrefix(failed.Message, "Unknown argument"))
}

// tokenIn is the token of a successful answer. A store whose tokens are the
// Store API's sends it in that header.
func tokenIn(r woo.Reply) woo.Secret {
	for _, name := range []string{sessionHeader, cartTokenHeader} {
		if text := strings.TrimPrefix(r.Header.Get(name), "Session "); text != "" {
			return woo.NewSecret(text)
		}
	}
	return woo.Secret{}
}

// lostIn finds in an error that the token leads nowhere. Since 1.0 WooGraphQL
// writes a code before the message; older ones give php-jwt's text alone.
func lostIn(err error) error {
	var failed *woo.Error
	if !errors.As(err, &failed) || failed.Status != http.StatusOK || failed.Message == "" {
		return err
	}
	text, coded := failed.Message, false
	for _, code := range []string{"invalid_token: ", "invalid_cart_token: ", "store_api_not_supported: "} {
		rest, found := strings.CutPrefix(text, code)
		text, coded = rest, coded || found
	}
	switch {
	case text == "Expired token":
		return &LostError{How: Expired, Cause: failed}
	case coded, slices.Contains(tokenTexts, text), strings.HasPrefix(text, "Cannot handle token"):
		return &LostError{How: Rejected, Cause: failed}
	}
	return err
}

// tokenTexts are what php-jwt and QL_Session_Handler say of a token they do not
// accept.
var tokenTexts = []string{
	"Signature verification failed", "Malformed UTF-8 characters", "Wrong number of segments", "Syntax error, malformed JSON",
	"The iss do not match with this server", "Customer ID not found in the token", "Failed to decode session token",
	"Invalid header encoding", "Invalid claims encoding", "Invalid signature encoding", "Algorithm not supported", "Incorrect key for this algorithm",
}

func badAnswer(op string, write bool) error {
	kind := woo.Unavailable
	if write {
		kind = woo.Unknown
	}
	return &woo.Error{Kind: kind, Op: op, Status: http.StatusOK, Cause: fmt.Errorf("%w: no cart in it", woo.ErrBadAnswer)}
}

// extraData is cart item data as WooGraphQL takes it: JSON in a string.
func extraData(data map[string]string) (string, error) {
	if len(data) == 0 {
		return "", nil
	}
	text, err := json.Marshal(data)
	return string(text), err
}
