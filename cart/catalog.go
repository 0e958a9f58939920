package cart

import (
	"context"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// Catalog answers what the items of a cart are, now. Implementations must be safe for concurrent use.
type Catalog interface {
	// Items returns one item per ref, in the order of the refs; a ref asked for twice is answered twice, and
	// no refs are no items. Item.Ref is the ref that was asked for. An item that does not exist (any more),
	// is a draft, private or in the trash has the status [StatusGone]: that is an answer, not an error. An error
	// means that nothing is known of any item; it is wrapped and handed on, and nobody retries it here.
	// Reading has no effect, the refs are not kept and not written to. How fresh an answer is, is for the
	// implementation to say; nothing in an Item may come from the ref except Item.Ref.
	Items(ctx context.Context, refs []ItemRef) ([]Item, error)
}

// ItemStatus says whether an item can be bought. The zero value is none of the constants and counts as not
// purchasable, so that a forgotten field sells nothing.
type ItemStatus string

// What an item can be.
const (
	StatusOK             ItemStatus = "ok"
	StatusGone           ItemStatus = "gone"            // does not exist, or is not published
	StatusNotPurchasable ItemStatus = "not_purchasable" // exists, but is not to be bought: external, grouped, a parent without a variation
	StatusNoPrice        ItemStatus = "no_price"        // WooCommerce: an empty price is not purchasable; it is not zero
)

// Item is what the catalogue knows of an item. Prices are as the store holds them: whether they include tax
// is one of the store's settings.
type Item struct {
	Ref    ItemRef
	Status ItemStatus
	// Purchasable is the store's own word for "can be bought at all", WooCommerce's is_purchasable; stock is
	// another matter.
	Purchasable bool

	Name, SKU, Slug, Image string

	UnitPrice    decimal.Decimal // the price now, per piece
	RegularPrice decimal.Decimal // the price without a sale, per piece
	Currency     pricing.Currency
	OnSale       bool

	TaxStatus     string // "taxable", "shipping", "none"
	TaxClass      string // "" is the standard class
	ParentID      int64  // the variable product of a variation, else 0
	CategoryIDs   []int64
	ShippingClass string
	Weight        decimal.Decimal // in the store's unit
	Virtual       bool
	Downloadable  bool `json:",omitempty"` // it brings files

	SoldIndividually bool
	Stock            Stock
}

// ForSale reports whether the item can be bought, stock aside.
func (i Item) ForSale() bool { return i.Status == StatusOK && i.Purchasable }

// Stock is what the catalogue knows of an item's stock. It informs the shopper; what decides is the
// reservation and the allocation at checkout.
type Stock struct {
	// Item names what the store manages the stock by, "product:1001" or "variation:1042". Lines whose items
	// name the same stock share it.
	Item string
	// Managed says that Quantity counts; otherwise InStock alone decides.
	Managed    bool
	Quantity   int64 // may be negative after an oversell
	Backorders bool
	// InStock is false only for WooCommerce's status "outofstock"; "onbackorder" is in stock.
	InStock bool
}

// Available returns how many pieces can be sold, and whether there is such a limit at all.
func (s Stock) Available() (pieces int64, limited bool) {
	switch {
	case !s.InStock:
		return 0, true
	case !s.Managed, s.Backorders:
		return 0, false
	default:
		return max(s.Quantity, 0), true
	}
}
