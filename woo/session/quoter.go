package session

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
	"github.com/ankkor/ankkor/woo"
)

// Quoter asks the store: prices, coupons, shipping rates and fees are what
// WooCommerce's own cart makes of the purchase, with every plugin that has a
// say in it. It is for shops whose plugins change totals in ways that
// [checkout.LocalQuoter] cannot know; that one is exact and needs no request.
//
// What is quoted is the order, since that is charged: line by line what
// [woo.Client.CreatePending] will write. It is found like this.
//
//  1. A cart is filled with the purchase and read. It is one of a few that the
//     Quoter keeps, and holds no name, street or phone number.
//  2. For each line, the price is taken that explains the cart's amounts: the
//     catalogue's, else the one the store shows. Where none does, the amounts
//     themselves are the order's, stated without tax.
//  3. Coupons that the rulebook knows and that explain the cart's discounts are
//     entered in the order, which counts their use. Where they do not, or a
//     plugin's coupon is among them, the lines are stated as the cart has them
//     after coupons, and the order has none: WooCommerce then counts no use.
//  4. The chosen rate and the fees are the cart's. The order's own arithmetic
//     (package quote) does the rest; [quote.Quote.Cart] has the cart's numbers
//     beside it and says where the order is not what the cart shows, and why.
//
// Where the two are further apart than rounding goes, no quote is given but a
// [*DisagreementError]: a plugin changes taxes, say, and would not do so in an
// order.
type Quoter struct {
	rules   checkout.Rulebook
	options QuoterOptions
	carts   *carts
}

var _ checkout.Quoter = (*Quoter)(nil)

// QuoterOptions of a Quoter. The zero value is ready to use.
type QuoterOptions struct {
	// Carts is how many carts the Quoter keeps in the store, and so how many
	// quotes it makes at a time; more wait. 0 means DefaultCarts. A cart is used
	// for one purchase after the other: a plugin that remembers a shopper by the
	// session, beyond lines, coupons and address, would see them as one.
	Carts int
	// Fees are charged besides what the store's cart charges, for cash on
	// delivery for example; may be nil. It must be pure.
	Fees func(checkout.QuoteRequest) []quote.Fee
}

// DefaultCarts is how many carts a Quoter keeps unless told otherwise.
const DefaultCarts = 4

// NewQuoter is a quoter for the store behind a door. The rules are the same
// store's: its settings, tax rates and coupons. The Store API tells fees with
// their taxes and needs no plugin; WooGraphQL's amounts have all their digits.
func NewQuoter(door Door, rules checkout.Rulebook, options QuoterOptions) *Quoter {
	if options.Carts <= 0 {
		options.Carts = DefaultCarts
	}
	return &Quoter{rules: rules, options: options, carts: newCarts(door, options.Carts)}
}

// DisagreementError says that the store's cart and the order that would be
// written of it are further apart than rounding goes.
type DisagreementError struct {
	Field string // "total_tax", "lines[0].total_tax"
	Order decimal.Decimal
	Cart  decimal.Decimal
}

// Error implements error.
func (e *DisagreementError) Error() string {
	return fmt.Sprintf("session: the store's cart has %s in %s, its order would have %s: a plugin charges what the store's tax table and rates do not explain",
		e.Cart.String(), e.Field, e.Order.String())
}

// Is makes errors.Is(err, quote.ErrUnsupported) and
// errors.Is(err, checkout.ErrRefused) true.
func (e *DisagreementError) Is(target error) bool {
	return target == quote.ErrUnsupported || target == checkout.ErrRefused
}

// ChangedError says that the store did not put into its cart what was asked
// for: it merged lines, added one or took pieces away.
type ChangedError struct{ Reason string }

// Error implements error.
func (e *ChangedError) Error() string { return "session: the store's cart is another one: " + e.Reason }

// Is makes errors.Is(err, checkout.ErrRefused) true.
func (e *ChangedError) Is(target error) bool { return target == checkout.ErrRefused }

// Rates implements checkout.Quoter.
func (q *Quoter) Rates(ctx context.Context, req checkout.QuoteRequest) ([]shipping.Rate, error) {
	if !needsShipping(req.Lines) {
		return nil, nil
	}
	req.ShippingRate = ""
	filled, err := q.fill(ctx, req)
	if err != nil {
		return nil, err
	}
	if !filled.cart.NeedsShipping {
		return nil, nil
	}
	rates := []shipping.Rate{}
	if len(filled.cart.Packages) > 0 {
		for _, r := range filled.cart.Packages[0].Rates {
			rates = append(rates, shippingRate(r))
		}
	}
	return rates, nil
}

func needsShipping(lines []checkout.PricedLine) bool {
	return slices.ContainsFunc(lines, func(l checkout.PricedLine) bool { return !l.Item.Virtual })
}

// shippingRate is a rate in the words of package shipping. One that costs
// nothing shows no tax, which says nothing about whether it is taxed.
func shippingRate(r Rate) shipping.Rate {
	return shipping.Rate{
		ID: r.ID, MethodID: r.MethodID, InstanceID: r.InstanceID, Label: r.Label, Cost: r.Cost.Decimal,
		Taxable: !r.Tax.Decimal.IsZero() || r.Cost.Decimal.IsZero(),
	}
}

// Quote implements checkout.Quoter.
func (q *Quoter) Quote(ctx context.Context, req checkout.QuoteRequest) (quote.Quote, error) {
	rules, err := q.rules.Rules(ctx)
	if err != nil {
		return quote.Quote{}, err
	}
	filled, err := q.fill(ctx, req)
	if err != nil {
		return quote.Quote{}, err
	}
	p := pricer{rules: rules, req: req, filled: filled}
	if q.options.Fees != nil {
		p.fees = q.options.Fees(req)
	}
	p.fees = slices.Concat(p.fees, req.Fees)
	return p.quote()
}

// fill puts the purchase into a cart and reads it.
func (q *Quoter) fill(ctx context.Context, req checkout.QuoteRequest) (filledCart, error) {
	if err := checkRequest(req); err != nil {
		return filledCart{}, err
	}
	home, err := q.home(ctx, req)
	if err != nil {
		return filledCart{}, err
	}
	c, err := q.carts.take(ctx, fingerprint(req))
	if err != nil {
		return filledCart{}, err
	}
	filled, err := c.fill(ctx, req, home)
	if errors.Is(err, ErrLost) { // the store forgot our cart: another one does as well
		c.begin(q.carts.door)
		filled, err = c.fill(ctx, req, home)
	}
	q.carts.give(c)
	if err != nil {
		return filledCart{}, err
	}
	return filled, checkPackages(filled.cart)
}

// home is where the cart goes as long as there is no address: the shop's own
// place, as WooCommerce takes it.
func (q *Quoter) home(ctx context.Context, req checkout.QuoteRequest) (checkout.Address, error) {
	if req.ShipTo.Country != "" && req.BillTo.Country != "" {
		return checkout.Address{}, nil
	}
	rules, err := q.rules.Rules(ctx)
	return checkout.Address{Country: rules.Settings.BaseCountry, State: rules.Settings.BaseState}, err
}

func checkRequest(req checkout.QuoteRequest) error {
	if len(req.Lines) == 0 || len(req.Lines) > quote.MaxLines {
		return &checkout.InvalidError{Field: "lines", Reason: fmt.Sprintf("must be 1 to %d", quote.MaxLines)}
	}
	for i, l := range req.Lines {
		if err := addItem(l).check(); err != nil {
			var bad *woo.InvalidError
			errors.As(err, &bad)
			return &checkout.InvalidError{Field: fmt.Sprintf("lines[%d].%s", i, bad.Field), Reason: bad.Reason}
		}
	}
	if len(req.Coupons) > quote.MaxCoupons {
		return &checkout.InvalidError{Field: "coupons", Reason: fmt.Sprintf("must not be more than %d", quote.MaxCoupons)}
	}
	return nil
}

// checkPackages refuses what an order of ours has no place for.
func checkPackages(c Cart) error {
	if len(c.Packages) > 1 {
		return &quote.UnsupportedError{Feature: "a cart that is shipped in several packages"}
	}
	for _, p := range c.Packages {
		for _, r := range p.Rates {
			if !r.Cost.Valid {
				return &quote.UnsupportedError{Feature: "shipping rates over WooGraphQL before 1.0, which does not tell them without tax; use the Store API"}
			}
		}
	}
	return nil
}
