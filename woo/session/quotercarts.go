package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync"

	"github.com/ankkor/ankkor/checkout"
)

// carts are the carts a Quoter keeps in the store. There are never more than
// limit in use, and none is made while a used one can be emptied.
type carts struct {
	door  Door
	slots chan struct{} // one element for each that may be in use

	mu   sync.Mutex
	idle []*quoteCart // the one used last at the end
	made int
}

// quoteCart is one of them. It belongs to whoever took it.
type quoteCart struct {
	session  *Session
	holds    string   // fingerprint of what is in it, "" for who knows
	keys     []string // of its lines
	refused  []refusal
	customer customerPart
}

func newCarts(door Door, limit int) *carts {
	p := &carts{door: door, slots: make(chan struct{}, limit)}
	for range limit {
		p.slots <- struct{}{}
	}
	return p
}

// take waits for a cart: the one that holds the purchase already, else the one
// that has been idle longest, else a new one.
func (p *carts) take(ctx context.Context, holds string) (*quoteCart, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-p.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.idle, func(c *quoteCart) bool { return c.holds == holds })
	if i < 0 && (p.made == cap(p.slots) || len(p.idle) > 0 && p.idle[0].holds == "") {
		i = 0
	}
	if i < 0 {
		p.made++
		c := &quoteCart{}
		c.begin(p.door)
		return c, nil
	}
	c := p.idle[i]
	p.idle = slices.Delete(p.idle, i, i+1)
	return c, nil
}

// give takes a cart back.
func (p *carts) give(c *quoteCart) {
	p.mu.Lock()
	if c.holds == "" {
		p.idle = slices.Insert(p.idle, 0, c)
	} else {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	p.slots <- struct{}{}
}

// begin makes it a new cart.
func (c *quoteCart) begin(door Door) { *c = quoteCart{session: New(door, Options{})} }

// customerPart is the part of the addresses that totals depend on.
type customerPart struct{ billing, shipping checkout.Address }

// customerOf leaves out what no total depends on: the quote's cart is no place
// for a shopper's name, street or phone number. The e-mail address is there for
// coupons that are limited to some.
func customerOf(req checkout.QuoteRequest, home checkout.Address) customerPart {
	place := func(a checkout.Address) checkout.Address {
		if a.Country == "" {
			return home
		}
		return checkout.Address{Country: a.Country, State: a.State, Postcode: a.Postcode, City: a.City}
	}
	p := customerPart{billing: place(req.BillTo), shipping: place(req.ShipTo)}
	p.billing.Email = req.BillTo.Email
	return p
}

// fingerprint says what a cart is filled with for a request.
func fingerprint(req checkout.QuoteRequest) string {
	type line struct {
		Key      string
		Quantity int64
	}
	lines := make([]line, len(req.Lines))
	for i, l := range req.Lines {
		lines[i] = line{string(l.Line.Ref.Key()), l.Line.Quantity}
	}
	part := customerOf(req, checkout.Address{})
	text, err := json.Marshal([]any{lines, part.billing, part.shipping, req.Coupons})
	if err != nil {
		return "" // never: these are texts and numbers
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
