package cart

import (
	"fmt"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// View is a cart with what the catalogue says of its items at this moment.
type View struct {
	// Cart is the cart without the dropped lines.
	Cart Cart
	// Lines are the lines that can be bought, in the order of the cart.
	Lines []ViewLine
	// Subtotal is the sum of the line prices: before discounts, shipping and whatever tax the store adds. A quote says
	// what there is to pay.
	Subtotal decimal.Decimal
	// Currency of all prices, empty when there is no line.
	Currency pricing.Currency
	// Dropped are the lines that cannot be bought any more, and why. The next change of the cart takes them
	// out of what is stored.
	Dropped []Dropped
	// Notices say what else a shopper should know before going on.
	Notices []Notice
}

// ViewLine is a line with its item.
type ViewLine struct {
	Line Line
	Item Item
	// LinePrice is the unit price times the quantity, exact and as the store holds prices.
	LinePrice decimal.Decimal
}

// Dropped is a line that was left out of the view.
type Dropped struct {
	Line   Line
	Reason ItemStatus // never StatusOK
}

// look combines a cart with its items; items must hold every line's key.
func look(c Cart, items map[LineKey]Item) (View, error) {
	v := View{Cart: c.Clone()}
	v.Cart.Lines = nil
	for _, l := range c.Clone().Lines {
		item := items[l.Key]
		if !item.ForSale() {
			v.Dropped = append(v.Dropped, Dropped{Line: l, Reason: item.refusal()})
			continue
		}
		if err := v.add(l, item); err != nil {
			return View{}, err
		}
	}
	v.Notices = notices(v.Lines)
	return v, nil
}

func (v *View) add(l Line, item Item) error {
	if v.Currency == "" {
		v.Currency = item.Currency
	}
	if v.Currency != item.Currency {
		return fmt.Errorf("%w: prices in %s and in %s: %w", ErrCatalog, v.Currency, item.Currency, pricing.ErrCurrencyMismatch)
	}
	price := item.UnitPrice.Mul(decimal.NewFromInt(l.Quantity))
	v.Cart.Lines = append(v.Cart.Lines, l)
	v.Lines = append(v.Lines, ViewLine{Line: l, Item: item, LinePrice: price})
	v.Subtotal = v.Subtotal.Add(price)
	return nil
}

// refusal is the reason why an item is not for sale.
func (i Item) refusal() ItemStatus {
	if i.Status == StatusGone || i.Status == StatusNoPrice {
		return i.Status
	}
	return StatusNotPurchasable
}
