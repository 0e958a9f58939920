package inventory

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// Limits on the names a stock key is made of.
const (
	MaxItemLength     = 128
	MaxLocationLength = 64
)

// Item names what stock is counted of: a kind, a colon and an identity, such
// as "product:1001", "variation:1042" or "coupon:diwali". It holds nothing but
// ASCII letters, digits and . _ ~ -, so that it is safe inside any store's key.
type Item string

// ProductItem is the stock of a product that manages its own.
func ProductItem(id int64) Item { return Item("product:" + strconv.FormatInt(id, 10)) }

// VariationItem is the stock of a variation that manages its own. One that
// inherits (WooCommerce says manage_stock "parent") is counted as the parent's
// [ProductItem].
func VariationItem(id int64) Item { return Item("variation:" + strconv.FormatInt(id, 10)) }

// CouponItem is the uses left of a coupon with a usage limit. The code is
// trimmed and lower-cased, as WooCommerce compares codes (wc_format_coupon_code);
// what an Item may not hold is written as ~ and two hex digits a byte, and a
// code too long for that as ~~ and its SHA-256. An empty code gives an item that
// no store accepts.
func CouponItem(code string) Item {
	const kind = "coupon:"
	var b strings.Builder
	b.WriteString(kind)
	code = strings.ToLower(strings.TrimSpace(code))
	for i := 0; i < len(code) && b.Len() <= MaxItemLength; i++ {
		if c := code[i]; c != '~' && isNameByte(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('~')
			b.WriteString(hex.EncodeToString([]byte{c}))
		}
	}
	if b.Len() > MaxItemLength {
		sum := sha256.Sum256([]byte(code))
		return Item(kind + "~~" + hex.EncodeToString(sum[:]))
	}
	return Item(b.String())
}

// CustomerCouponItem is the uses that one customer has of a coupon with a usage
// limit per user, who being what WooCommerce counts them under: a customer's id, or
// a guest's e-mail address. The limit is part of the name: what is left of another
// limit is another count. Code and customer are a SHA-256 in it, without a secret:
// whoever has a list of addresses finds out by trying which of them it stands for. So
// it is a pseudonym, to be kept from others as the address is.
func CustomerCouponItem(code, who string, limit int64) Item {
	return Item(customerCoupon(code, who) + strconv.FormatInt(limit, 10))
}

// ofCustomer begins what CustomerCouponItem names. CouponItem writes no code so.
const ofCustomer = "coupon:~by~"

// AfterCustomerCoupons sorts after all that CustomerCouponItem names, and before all
// else that does: whoever lists items goes on from it, not to page through them.
const AfterCustomerCoupons Item = ofCustomer + "~"

// customerCoupon is the name but for the limit.
func customerCoupon(code, who string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(code)) + "\n" + strings.ToLower(who)))
	return ofCustomer + hex.EncodeToString(sum[:]) + "~of~"
}

// Coupon reports whether the item is a coupon's uses, of all customers or of one: nothing that lies on a shelf,
// is a line of an order, or that a [StockSource] counts.
func (i Item) Coupon() bool { return strings.HasPrefix(string(i), "coupon:") }

// CustomerCoupon reports whether the item is one customer's uses of a coupon. There
// may be as many as there are orders, and nobody looks at any of them.
func (i Item) CustomerCoupon() bool { return strings.HasPrefix(string(i), ofCustomer) }

// CouponOf reports whether the item is uses of this coupon that the customer may be
// short of: those of all customers, or the customer's own, of whatever limit.
func (i Item) CouponOf(code, who string) bool {
	return i == CouponItem(code) || strings.HasPrefix(string(i), customerCoupon(code, who))
}

// ParseItem checks a name that came from outside. It returns an *InvalidError
// for anything that is not kind:identity in the permitted characters.
func ParseItem(s string) (Item, error) {
	if reason := itemFault(s); reason != "" {
		return "", &InvalidError{Field: "item", Reason: reason}
	}
	return Item(s), nil
}

// Location names a place that stock is kept at. Shops with one place use
// [DefaultLocation] and never think of it.
type Location string

// DefaultLocation is where stock is when nobody says otherwise.
const DefaultLocation Location = "default"

// ParseLocation checks a name that came from outside: ASCII letters, digits and
// . _ ~ - only.
func ParseLocation(s string) (Location, error) {
	if reason := nameFault(s, MaxLocationLength); reason != "" {
		return "", &InvalidError{Field: "location", Reason: reason}
	}
	return Location(s), nil
}

// Key is what a level is kept for: an item at a location.
type Key struct {
	Item     Item     `json:"item"`
	Location Location `json:"location"`
}

// At is the key of the item at a location.
func (i Item) At(l Location) Key { return Key{Item: i, Location: l} }

// Compare orders keys by item, then location. Stores that lock rows lock them in
// this order.
func (k Key) Compare(o Key) int {
	if c := strings.Compare(string(k.Item), string(o.Item)); c != 0 {
		return c
	}
	return strings.Compare(string(k.Location), string(o.Location))
}

// Validate returns an *InvalidError if either half is malformed.
func (k Key) Validate() error {
	if reason := itemFault(string(k.Item)); reason != "" {
		return &InvalidError{Field: "item", Reason: reason}
	}
	if reason := nameFault(string(k.Location), MaxLocationLength); reason != "" {
		return &InvalidError{Field: "location", Reason: reason}
	}
	return nil
}

// String is the key as messages show it: "product:1001@default".
func (k Key) String() string { return string(k.Item) + "@" + string(k.Location) }
