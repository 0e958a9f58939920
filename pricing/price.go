package pricing

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Price is what a store's price text says, in major units, exactly as shown:
// "₹1,299.00" is 1299.00. Whether that includes tax is the store's setting.
type Price struct {
	// Min is the price, or the lower end of a range.
	Min decimal.Decimal
	// Max equals Min for a single price. It is not Valid for "From: ₹499.00":
	// nothing is known of the upper end.
	Max     decimal.NullDecimal
	details *PriceDetails // nil for most
}

// PriceDetails is what some texts say beside the price.
type PriceDetails struct {
	// Regular and Sale are Valid when the text shows a reduced price next to
	// the regular one. Min and Max are then the reduced price.
	Regular, Sale decimal.NullDecimal
	// Suffix holds the amounts in the text behind the price ("incl. GST
	// ₹588.82"), in order of appearance.
	Suffix []decimal.Decimal
	// List holds all amounts of a comma list, the form in which WooGraphQL
	// gives the raw prices of a product's variations. Otherwise it is nil.
	List []decimal.Decimal
	// Free says that the text was the word "Free" instead of an amount.
	Free bool
}

// Details is what the text says beside the price: nothing, for most.
func (p Price) Details() PriceDetails {
	if p.details == nil {
		return PriceDetails{}
	}
	return *p.details
}

// Equal tells whether two prices say the same; 499 and 499.00 do.
func (p Price) Equal(o Price) bool {
	d, e := p.Details(), o.Details()
	return p.Min.Equal(o.Min) && sameNull(p.Max, o.Max) && sameNull(d.Regular, e.Regular) && sameNull(d.Sale, e.Sale) &&
		slices.EqualFunc(d.Suffix, e.Suffix, decimal.Decimal.Equal) &&
		slices.EqualFunc(d.List, e.List, decimal.Decimal.Equal) && d.Free == e.Free
}

func sameNull(a, b decimal.NullDecimal) bool {
	return a.Valid == b.Valid && (!a.Valid || a.Decimal.Equal(b.Decimal))
}

// WithDetails is p with other details, for a PriceParser to answer. The slices are kept, not copied.
func (p Price) WithDetails(d PriceDetails) Price {
	p.details = nil
	if d.Regular.Valid || d.Sale.Valid || d.Suffix != nil || d.List != nil || d.Free {
		kept := d // so that only what is kept is on the heap
		p.details = &kept
	}
	return p
}

// A PriceParser reads the price texts of one store.
//
// An implementation is configured once, is immutable afterwards and safe for
// concurrent use. Package pricingtest holds the suite that it must pass.
type PriceParser interface {
	// ParsePrice reads one text and answers its exact amounts, or an error
	// and the zero Price, never a guess:
	//   - no amount in it, as for a product that cannot be bought: ErrNoPrice;
	//   - more than one reading: ErrAmbiguous;
	//   - exponents, misplaced signs, wrong grouping, excess digits, another
	//     currency, a text over the length limit: ErrInvalid.
	// The same text always gets the same answer, and none makes it panic.
	ParsePrice(text string) (Price, error)
}
