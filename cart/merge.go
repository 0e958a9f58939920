package cart

import (
	"fmt"
	"slices"
)

// MergePolicy says what becomes of two carts when a guest turns out to be a customer. The zero value is
// [MergeSum].
type MergePolicy string

// The policies. Where one cart is kept and it has no line, the other one is taken, so signing in never
// empties a cart.
const (
	MergeSum      MergePolicy = "sum"           // all lines; quantities of the same line added, up to the cap
	MergeLarger   MergePolicy = "larger"        // all lines; of the same line the larger quantity
	MergeGuest    MergePolicy = "keep_guest"    // the guest's cart; the customer's lines are left out
	MergeCustomer MergePolicy = "keep_customer" // the customer's cart; the guest's lines are left out
)

// rememberedMerges is how many merged guest carts a cart keeps in mind.
const rememberedMerges = 32

// MergeReport says what a merge did, so that the shopper can be told. Nothing disappears without standing here.
type MergeReport struct {
	Policy MergePolicy
	// Already: this guest cart had been merged before, so nothing was done.
	Already  bool
	Added    []LineKey // lines that only the guest had
	Combined []LineKey // lines that both had
	Capped   []Capped  // lines that would have gone over their cap
	LeftOut  []Line    // lines that the policy or the cap on lines left out
	Coupons  []string  // coupons that were left out
	Dropped  []Dropped // lines that are not for sale any more; only [Service] knows
}

// Capped is a line whose quantity was cut.
type Capped struct {
	Key          LineKey
	Wanted, Kept int64
}

// MergeCarts returns the customer's cart with the guest's merged into it. Both carts stay as they are, the
// result keeps the customer's id, owner and version. No line exceeds its cap, no cart its number of lines.
//
// Merging the same guest cart again, in the version it had, changes nothing. The error is an [*InvalidError] for
// an unknown policy.
func MergeCarts(guest, customer Cart, p MergePolicy, l Limits) (Cart, MergeReport, error) {
	p, err := p.normal()
	if err != nil {
		return Cart{}, MergeReport{}, err
	}
	report := MergeReport{Policy: p}
	if guest.ID != "" && slices.Contains(customer.Merged, mergeMark(guest)) {
		report.Already = true
		return customer.Clone(), report, nil
	}
	m := merging{cart: customer.Clone(), report: report, limits: l}
	m.merge(guest.Clone(), p)
	return m.cart, m.report, nil
}

func (p MergePolicy) normal() (MergePolicy, error) {
	switch p {
	case "":
		return MergeSum, nil
	case MergeSum, MergeLarger, MergeGuest, MergeCustomer:
		return p, nil
	}
	return "", invalid("policy", "is unknown")
}

// mergeMark names a guest cart in the version that is merged.
func mergeMark(guest Cart) string { return fmt.Sprintf("%s@%d", guest.ID, guest.Version) }

// merging is a merge under way: the customer's cart becomes the result.
type merging struct {
	cart   Cart
	report MergeReport
	limits Limits
}

func (m *merging) merge(guest Cart, p MergePolicy) {
	switch {
	case p == MergeGuest && !guest.IsEmpty():
		m.leaveOut(m.cart, guest)
		m.cart.Lines, m.cart.Coupons, m.cart.Note = nil, nil, ""
		m.take(guest, p)
	case p == MergeCustomer && !m.cart.IsEmpty():
		m.leaveOut(guest, m.cart)
	default:
		m.take(guest, p)
	}
	m.capLines()
	m.cart.Applied = remember(m.cart.Applied, rememberedChanges, guest.Applied...)
	if guest.ID != "" {
		m.cart.Merged = remember(m.cart.Merged, rememberedMerges, mergeMark(guest))
	}
	if guest.UpdatedAt.After(m.cart.UpdatedAt) {
		m.cart.UpdatedAt = guest.UpdatedAt
	}
}

// leaveOut reports what of one cart is not in the other, which is kept.
func (m *merging) leaveOut(c, kept Cart) {
	for _, l := range c.Lines {
		if k, ok := kept.Line(l.Key); !ok || k.Quantity < l.Quantity {
			m.report.LeftOut = append(m.report.LeftOut, l)
		}
	}
	for _, code := range c.Coupons {
		if !slices.Contains(kept.Coupons, code) {
			m.report.Coupons = append(m.report.Coupons, code)
		}
	}
}

func (m *merging) take(guest Cart, p MergePolicy) {
	for _, l := range guest.Lines {
		m.takeLine(l, p)
	}
	for _, code := range guest.Coupons {
		if _, err := m.cart.applyCoupon(code, m.limits); err != nil {
			m.report.Coupons = append(m.report.Coupons, code)
		}
	}
	if guest.Note != "" {
		m.cart.Note = guest.Note
	}
}

func (m *merging) takeLine(l Line, p MergePolicy) {
	i := m.cart.index(l.Key)
	switch {
	case i < 0 && m.cart.checkRoom(l.Ref, m.limits) != nil:
		m.report.LeftOut = append(m.report.LeftOut, l)
	case i < 0:
		m.cart.Lines = append(m.cart.Lines, l)
		m.report.Added = append(m.report.Added, l.Key)
	default:
		mine := &m.cart.Lines[i]
		mine.Quantity = combine(mine.Quantity, l.Quantity, p)
		m.report.Combined = append(m.report.Combined, l.Key)
	}
}

// combine adds without overflow: quantities are at most widestQuantity.
func combine(a, b int64, p MergePolicy) int64 {
	if p == MergeLarger {
		return max(a, b)
	}
	return min(a, widestQuantity) + min(b, widestQuantity)
}

func (m *merging) capLines() {
	for i := range m.cart.Lines {
		l := &m.cart.Lines[i]
		if most := m.limits.lineCap(l.Key); l.Quantity > most {
			m.report.Capped = append(m.report.Capped, Capped{Key: l.Key, Wanted: l.Quantity, Kept: most})
			l.Quantity = most
		}
	}
}
