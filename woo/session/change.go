package session

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

// Change is one thing to do to a cart: [AddItem], [SetQuantity], [RemoveLine],
// [Clear], [ApplyCoupon], [RemoveCoupon], [SetCustomer] or [ChooseRates].
type Change interface {
	// check refuses, with a *woo.InvalidError, what no store should be sent.
	check() error
}

// AddItem puts pieces of an item into the cart. The store adds them to an equal
// line that is there, and checks its stock.
type AddItem struct {
	// ProductID is the product's own id, VariationID that of the variation; a
	// variable product cannot be added without one.
	ProductID, VariationID int64
	Quantity               int64
	// Attributes are chosen where a variation leaves them open ("any size"), by
	// name: "pa_size": "l".
	Attributes map[string]string
	// Data is handed to the plugins of the store as cart item data. The Store
	// API has no way to send any.
	Data map[string]string
}

// SetQuantity changes a line; 0 removes it. WooGraphQL does not check stock
// here: the checkout will.
type SetQuantity struct {
	Key      string
	Quantity int64
}

// RemoveLine takes a line out.
type RemoveLine struct{ Key string }

// Clear takes all lines out, and the coupons with them; addresses stay.
type Clear struct{}

// ApplyCoupon enters a coupon.
type ApplyCoupon struct{ Code string }

// RemoveCoupon takes a coupon out.
type RemoveCoupon struct{ Code string }

// SetCustomer says where the cart is billed and shipped to. Both addresses are
// replaced.
type SetCustomer struct{ Billing, Shipping checkout.Address }

// ChooseRates chooses a shipping rate for each package, in the order of
// [Cart.Packages].
type ChooseRates struct {
	Rates []string
	// Packages are the packages' ids, for the Store API.
	Packages []string
}

// Limits of what is sent, those of package cart.
const (
	MaxQuantity = 1_000_000
	maxEntries  = 20
	maxText     = 1000
	maxCode     = 100
	maxKey      = 200
)

func invalid(field, format string, args ...any) error {
	return &woo.InvalidError{Field: field, Reason: fmt.Sprintf(format, args...)}
}

func (a AddItem) check() error {
	switch {
	case a.ProductID <= 0 || a.ProductID > maxID:
		return invalid("product_id", "must be positive")
	case a.VariationID < 0 || a.VariationID > maxID:
		return invalid("variation_id", "must be positive, or 0 for none")
	case a.Quantity < 1 || a.Quantity > MaxQuantity:
		return invalid("quantity", "must be 1 to %d", MaxQuantity)
	}
	if err := checkTexts("attributes", a.Attributes); err != nil {
		return err
	}
	return checkTexts("data", a.Data)
}

// maxID is the largest id that GraphQL's Int holds.
const maxID = 1<<31 - 1

func checkTexts(field string, texts map[string]string) error {
	if len(texts) > maxEntries {
		return invalid(field, "must not be more than %d", maxEntries)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if name == "" || !plain(name, maxText) || !plain(texts[name], maxText) {
			return invalid(field, "must have a name and be text of at most %d bytes without control characters", maxText)
		}
	}
	return nil
}

// plain accepts printable text.
func plain(s string, longest int) bool {
	return len(s) <= longest && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func checkKey(key string) error {
	if key == "" || !plain(key, maxKey) {
		return invalid("key", "must be the key of a line in the cart")
	}
	return nil
}

func (c SetQuantity) check() error {
	if c.Quantity < 0 || c.Quantity > MaxQuantity {
		return invalid("quantity", "must be 0 to %d", MaxQuantity)
	}
	return checkKey(c.Key)
}

func (c RemoveLine) check() error { return checkKey(c.Key) }

func (Clear) check() error { return nil }

func (c ApplyCoupon) check() error { return checkCode(c.Code) }

func (c RemoveCoupon) check() error { return checkCode(c.Code) }

func checkCode(code string) error {
	if strings.TrimSpace(code) == "" || !plain(code, maxCode) {
		return invalid("coupon", "must be a code of at most %d bytes", maxCode)
	}
	return nil
}

// check leaves the addresses to Session, which knows the store's countries.
func (SetCustomer) check() error { return nil }

func (c ChooseRates) check() error {
	if len(c.Rates) == 0 {
		return invalid("shipping_rate", "is required")
	}
	for _, id := range c.Rates {
		if id == "" || !plain(id, maxKey) {
			return invalid("shipping_rate", "must be the id of a rate that the cart offers")
		}
	}
	return nil
}

// plainLines is plain with line ends.
func plainLines(s string, longest int) bool {
	return plain(strings.NewReplacer("\r", "", "\n", "", "\t", "").Replace(s), longest)
}

// printable accepts ASCII without spaces.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
