package quote

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/internal/release"
)

// CouponWords is how a shop writes what messages about coupons are about. Fields that are nil have a plain form.
type CouponWords struct {
	// Price writes an amount in the shop's currency: pricing.Format.Amount.
	Price func(decimal.Decimal) string
	// Category is the name of a product category.
	Category func(id int64) string
}

// CouponMessages says for each decision what WooCommerce tells the shopper, in English and as plain text; "" for a
// coupon that was accepted. The decisions are those of this input: CartView.Decisions or Quote.Refused. The words are
// those of WC_Coupon::get_coupon_error in Settings.Version. A shop in another language chooses its own by Reason.
func CouponMessages(in Input, decisions []CouponDecision, words CouponWords) []string {
	m := newCouponMessages(in, decisions, words)
	texts := make([]string, len(decisions))
	for i, d := range decisions {
		if !d.Accepted && d.Reason != CouponAccepted {
			texts[i] = m.text(d)
		}
	}
	return texts
}

// couponMessages is what messages are made from.
type couponMessages struct {
	in      Input
	words   CouponWords
	alone   string // the code of the individual-use coupon that is in the cart
	version release.Release
}

func newCouponMessages(in Input, decisions []CouponDecision, words CouponWords) *couponMessages {
	m := &couponMessages{in: in, words: words}
	m.version, _ = release.Parse(in.Settings.Version)
	if words.Price == nil {
		m.words.Price = func(d decimal.Decimal) string {
			return string(in.Settings.Currency) + " " + d.StringFixed(int32(in.Settings.Decimals))
		}
	}
	if words.Category == nil {
		m.words.Category = func(id int64) string { return fmt.Sprint("#", id) }
	}
	for _, c := range in.Coupons {
		code := cleanCode(c.Code)
		refused := slices.ContainsFunc(decisions, func(d CouponDecision) bool { return d.Code == code && !d.Accepted })
		if c.IndividualUse && !refused {
			m.alone = code
		}
	}
	return m
}

func (m *couponMessages) text(d CouponDecision) string {
	if !m.version.From(9, 9) {
		return m.text98(d)
	}
	code := `"` + d.Code + `"`
	switch d.Reason {
	case CouponNotExists:
		if !m.version.From(10, 0) {
			return "Coupon " + code + " does not exist!"
		}
		return "Coupon " + code + " cannot be applied because it does not exist."
	case CouponAlreadyApplied:
		return "Coupon code " + code + " already applied!"
	case CouponUsageLimit, CouponUsageStuck, CouponUsageStuckGuest:
		return "Usage limit for coupon " + code + " has been reached." + retry(d.Reason)
	case CouponExpired:
		return "Coupon " + code + " has expired."
	}
	return m.about(d, "coupon "+code)
}

// text98 are the words of 9.8, which mostly do not name the coupon.
func (m *couponMessages) text98(d CouponDecision) string {
	switch d.Reason {
	case CouponNotExists:
		return `Coupon "` + d.Code + `" does not exist!`
	case CouponAlreadyApplied:
		return "Coupon code already applied!"
	case CouponUsageLimit, CouponUsageStuck, CouponUsageStuckGuest:
		return "Coupon usage limit has been reached." + retry(d.Reason)
	case CouponExpired:
		return "This coupon has expired."
	}
	return m.about(d, "this coupon")
}

// about are the messages in which the versions differ only in what they call the coupon.
func (m *couponMessages) about(d CouponDecision, it string) string {
	c := m.coupon(d.Code)
	switch d.Reason {
	case CouponInvalidRemoved:
		return `Sorry, it seems the coupon "` + d.Code + `" is invalid - it has now been removed from your order.`
	case CouponNotYours:
		return `Please enter a valid email at checkout to use coupon code "` + d.Code + `".`
	case CouponIndividualUse:
		return `Sorry, coupon "` + m.alone + `" has already been applied and cannot be used in conjunction with other coupons.`
	case CouponMinimum:
		return "The minimum spend for " + it + " is " + m.words.Price(c.MinimumAmount) + "."
	case CouponMaximum:
		return "The maximum spend for " + it + " is " + m.words.Price(c.MaximumAmount) + "."
	case CouponSaleItems:
		return "Sorry, " + it + " is not valid for sale items."
	case CouponExcludedProducts:
		return "Sorry, " + it + " is not applicable to the products: " + strings.Join(m.excludedProducts(c), ", ") + "."
	case CouponExcludedCategories:
		return "Sorry, " + it + " is not applicable to the categories: " + strings.Join(m.excludedCategories(c), ", ") + "."
	}
	return "Sorry, " + it + " is not applicable to selected products."
}

// retry is added when an order that is not yet paid may hold the last use.
func retry(reason CouponReason) string {
	switch reason {
	case CouponUsageStuck:
		return " If you were using this coupon just now but your order was not complete, you can retry or cancel the order by going to the my account page."
	case CouponUsageStuckGuest:
		return " Please try again after some time, or contact us for help."
	}
	return ""
}

func (m *couponMessages) coupon(code string) Coupon {
	for _, c := range m.in.Coupons {
		if cleanCode(c.Code) == code {
			return c
		}
	}
	return Coupon{}
}

// walk are the lines in the order in which coupons walk them, dearest first (WC_Discounts::sort_by_price).
func (m *couponMessages) walk() []Line {
	weight := func(l Line) decimal.Decimal {
		if m.version.From(10, 0) {
			return l.UnitPrice
		}
		return l.UnitPrice.Mul(decimal.NewFromInt(l.Quantity)).Mul(decimal.NewFromInt(l.Quantity))
	}
	lines := slices.Clone(m.in.Lines)
	slices.SortStableFunc(lines, func(a, b Line) int { return weight(b).Cmp(weight(a)) })
	return lines
}

func (m *couponMessages) excludedProducts(c Coupon) []string {
	var names []string
	for _, l := range m.walk() {
		if !slices.Contains(c.ExcludedProductIDs, l.ProductID) && !slices.Contains(c.ExcludedProductIDs, l.ParentID) &&
			(l.VariationID == 0 || !slices.Contains(c.ExcludedProductIDs, l.VariationID)) {
			continue
		}
		name := l.Name
		if name == "" {
			name = fmt.Sprint("#", l.ProductID)
		}
		names = append(names, name)
	}
	return names
}

// excludedCategories are those of each line by name (get_the_terms), each once.
func (m *couponMessages) excludedCategories(c Coupon) []string {
	var names []string
	for _, l := range m.walk() {
		var own []string
		for _, id := range l.CategoryIDs {
			if name := m.words.Category(id); slices.Contains(c.ExcludedCategoryIDs, id) && !slices.Contains(names, name) {
				own = append(own, name)
			}
		}
		slices.Sort(own)
		names = append(names, slices.Compact(own)...)
	}
	return names
}
