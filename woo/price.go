package woo

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// PriceKind tells a price from its absence.
type PriceKind uint8

// The kinds. WooGraphQL sends null for both Free and NoPrice; what can be
// bought for null is free.
const (
	NoPrice PriceKind = iota // not for sale: "price on request"
	Free                     // costs nothing
	Priced
)

// Price is a product's or a variation's price.
//
// What the shop shows and what it stores are different numbers where prices
// are entered without tax and shown with it, or the other way round. Show the
// text; calculate with Stored.
type Price struct {
	Kind PriceKind
	// Text is what the shop shows, such as "₹1,099.00 - ₹1,399.00".
	Text string
	// Min and Max are the shown amounts; equal unless it is a range. Max is
	// not Valid for "From: ₹499".
	Min decimal.Decimal
	Max decimal.NullDecimal
	// RegularText is the shown price without the sale.
	RegularText string
	// Stored and StoredRegular are as the shop keeper entered them, in major
	// units: the price that holds now, and the one without the sale. Not
	// Valid for variable and grouped products and without a price.
	Stored, StoredRegular decimal.NullDecimal
}

// price reads a priceNode. purchasable tells free from none.
func (c *Client) price(n priceNode, purchasable bool) (Price, error) {
	if n.Price == "" && n.RawPrice == "" {
		if !purchasable {
			return Price{}, nil
		}
		return Price{Kind: Free, Max: zeroAmount(), Stored: zeroAmount(), StoredRegular: zeroAmount()}, nil
	}
	p := Price{Kind: Priced, Text: plainText(n.Price), RegularText: plainText(n.RegularPrice)}
	shown, err := c.parser.ParsePrice(n.Price)
	switch {
	case errors.Is(err, pricing.ErrNoPrice):
		return Price{Text: p.Text}, nil
	case err != nil:
		return Price{}, fieldError("price", err)
	}
	p.Min, p.Max = shown.Min, shown.Max
	if p.Stored, err = storedAmount(n.RawPrice); err != nil {
		return Price{}, fieldError("price(format: RAW)", err)
	}
	if p.StoredRegular, err = storedAmount(n.RawRegular); err != nil {
		return Price{}, fieldError("regularPrice(format: RAW)", err)
	}
	return p, nil
}

// of leaves out what RAW says of a type that has no one price, even where it
// looks like one.
func (p Price) of(t ProductType) Price {
	if t == Variable || t == Grouped {
		p.Stored, p.StoredRegular = decimal.NullDecimal{}, decimal.NullDecimal{}
	}
	return p
}

func zeroAmount() decimal.NullDecimal { return decimal.NewNullDecimal(decimal.Zero) }

// storedAmount reads a RAW price. A comma list (one amount per variation) and
// a range (a grouped product, where RAW is the shown text) are no one price.
func storedAmount(raw string) (decimal.NullDecimal, error) {
	if raw == "" || strings.Contains(raw, ", ") || strings.ContainsFunc(raw, notStored) {
		return decimal.NullDecimal{}, nil
	}
	d, err := parseAmount(raw)
	if err != nil {
		return decimal.NullDecimal{}, err
	}
	return decimal.NewNullDecimal(d), nil
}

// notStored finds characters that a stored amount never has.
func notStored(r rune) bool { return r > '~' || r == ' ' || r == '&' }
