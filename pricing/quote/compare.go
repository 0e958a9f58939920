package quote

import (
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/pricing"
)

// Difference is what changed from one quote to another, for a storefront to show before it asks again. The zero value
// means that nothing changed.
type Difference struct {
	// Currency says that the quotes are in different currencies, or converted at different rates.
	Currency bool           `json:"currency,omitempty"`
	Lines    []LineChange   `json:"lines,omitempty"`
	Coupons  []CouponChange `json:"coupons,omitempty"`
	// Shipping, Fees, Tax and Total are nil when they did not change. Their amounts can be equal: another shipping
	// method at the same price is a change.
	Shipping *AmountChange `json:"shipping,omitempty"`
	Fees     *AmountChange `json:"fees,omitempty"`
	Tax      *AmountChange `json:"tax,omitempty"`
	Total    *AmountChange `json:"total,omitempty"`
}

// AmountChange is an amount before and after. Shipping and fees are without tax.
type AmountChange struct {
	Old pricing.Money `json:"old"`
	New pricing.Money `json:"new"`
}

// ChangeKind names what changed of a line or coupon.
type ChangeKind string

// Kinds of change. A line can change in several ways at once.
const (
	Added           ChangeKind = "added"
	Removed         ChangeKind = "removed"
	PriceChanged    ChangeKind = "price"
	QuantityChanged ChangeKind = "quantity"
	DiscountChanged ChangeKind = "discount"
	TaxChanged      ChangeKind = "tax"
	MovedOnly       ChangeKind = "moved" // the same lines or coupons in another order
)

// LineChange is a line that is not what it was. Old is nil for a line that was added, New for one that was removed.
type LineChange struct {
	Key   string       `json:"key,omitempty"`
	Kinds []ChangeKind `json:"kinds"`
	Old   *QuoteLine   `json:"old,omitempty"`
	New   *QuoteLine   `json:"new,omitempty"`
}

// CouponChange is a coupon that was added, removed, or gives something else.
type CouponChange struct {
	Code string       `json:"code"`
	Kind ChangeKind   `json:"kind"`
	Old  *QuoteCoupon `json:"old,omitempty"`
	New  *QuoteCoupon `json:"new,omitempty"`
}

// Empty says that nothing changed.
func (d Difference) Empty() bool {
	return !d.Currency && len(d.Lines) == 0 && len(d.Coupons) == 0 && d.Shipping == nil && d.Fees == nil && d.Tax == nil && d.Total == nil
}

// Compare tells what changed from old to new, ignoring what Hash ignores. Lines are matched by their keys, those
// without a key by product and variation.
func Compare(old, new Quote) Difference {
	a, b := newCanon(&old), newCanon(&new)
	d := Difference{Currency: a.currency != b.currency}
	if !slices.Equal(a.lines, b.lines) {
		d.Lines = compareLines(&old, &new)
	}
	if !slices.Equal(a.coupons, b.coupons) {
		d.Coupons = compareCoupons(old.Coupons, new.Coupons)
	}
	d.Shipping = changed(a.shipping != b.shipping, old.Totals.ShippingTotal, new.Totals.ShippingTotal)
	d.Fees = changed(a.fees != b.fees, old.Totals.FeeTotal, new.Totals.FeeTotal)
	d.Tax = changed(a.taxes != b.taxes, old.Totals.TotalTax, new.Totals.TotalTax)
	d.Total = changed(a.totals != b.totals, old.Totals.Total, new.Totals.Total)
	return d
}

func changed(is bool, old, new pricing.Money) *AmountChange {
	if !is {
		return nil
	}
	return &AmountChange{Old: old, New: new}
}

// names are the lines by what identifies them; the second line of the same product has another name.
func names(lines []QuoteLine) []string {
	out := make([]string, len(lines))
	seen := map[string]int{}
	for i := range lines {
		name := fmt.Sprintf("%q", lines[i].Key)
		if lines[i].Key == "" {
			name = fmt.Sprintf("%d/%d", lines[i].ProductID, lines[i].VariationID)
		}
		seen[name]++
		out[i] = fmt.Sprintf("%s#%d", name, seen[name])
	}
	return out
}

func compareLines(old, new *Quote) []LineChange {
	was, is := names(old.Lines), names(new.Lines)
	var changes []LineChange
	for i := range old.Lines {
		l := &old.Lines[i]
		at := slices.Index(is, was[i])
		if at < 0 {
			changes = append(changes, LineChange{Key: l.Key, Kinds: []ChangeKind{Removed}, Old: l})
			continue
		}
		if n := &new.Lines[at]; canonLine(l) != canonLine(n) {
			changes = append(changes, LineChange{Key: n.Key, Kinds: lineKinds(l, n), Old: l, New: n})
		}
	}
	for i := range new.Lines {
		if !slices.Contains(was, is[i]) {
			changes = append(changes, LineChange{Key: new.Lines[i].Key, Kinds: []ChangeKind{Added}, New: &new.Lines[i]})
		}
	}
	if len(changes) == 0 {
		changes = append(changes, LineChange{Kinds: []ChangeKind{MovedOnly}})
	}
	return changes
}

func lineKinds(old, new *QuoteLine) []ChangeKind {
	var kinds []ChangeKind
	if old.Quantity != new.Quantity {
		kinds = append(kinds, QuantityChanged)
	}
	if !old.UnitPrice.Equal(new.UnitPrice) || (old.Quantity == new.Quantity && !old.Subtotal.Equal(new.Subtotal)) {
		kinds = append(kinds, PriceChanged)
	}
	if !old.Subtotal.Sub(old.Total).Equal(new.Subtotal.Sub(new.Total)) {
		kinds = append(kinds, DiscountChanged)
	}
	if old.TaxClass != new.TaxClass || old.TaxStatus != new.TaxStatus || !old.SubtotalTax.Equal(new.SubtotalTax) || !sameRates(old.Taxes, new.Taxes) {
		kinds = append(kinds, TaxChanged)
	}
	if len(kinds) == 0 {
		kinds = append(kinds, PriceChanged) // a rule's adjustment under another name
	}
	return kinds
}

func sameRates(a, b []TaxShare) bool {
	return slices.EqualFunc(a, b, func(x, y TaxShare) bool { return x.RateID == y.RateID })
}

func compareCoupons(old, new []QuoteCoupon) []CouponChange {
	var changes []CouponChange
	find := func(in []QuoteCoupon, code string) *QuoteCoupon {
		i := slices.IndexFunc(in, func(c QuoteCoupon) bool { return c.Code == code })
		if i < 0 {
			return nil
		}
		return &in[i]
	}
	for i := range old {
		switch n := find(new, old[i].Code); {
		case n == nil:
			changes = append(changes, CouponChange{Code: old[i].Code, Kind: Removed, Old: &old[i]})
		case canonCoupon(&old[i]) != canonCoupon(n):
			changes = append(changes, CouponChange{Code: n.Code, Kind: DiscountChanged, Old: &old[i], New: n})
		}
	}
	for i := range new {
		if find(old, new[i].Code) == nil {
			changes = append(changes, CouponChange{Code: new[i].Code, Kind: Added, New: &new[i]})
		}
	}
	if len(changes) == 0 {
		changes = append(changes, CouponChange{Kind: MovedOnly})
	}
	return changes
}
