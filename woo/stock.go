package woo

import (
	"strings"

	"github.com/ankkor/ankkor/inventory"
)

// StockStatus is what the shop says of availability.
type StockStatus string

// The statuses.
const (
	InStock     StockStatus = "in_stock"
	OutOfStock  StockStatus = "out_of_stock"
	OnBackorder StockStatus = "on_backorder"
)

// Stock is what the store says of a product's or a variation's stock. External
// and grouped products have none.
type Stock struct {
	Status StockStatus
	// Item is whose number counts: the variation that manages its own stock,
	// else the product. For a product without stock management too, so that a
	// line always has a key.
	Item inventory.Item
	// Managed says that the store counts pieces; Quantity means nothing else.
	Managed bool
	// Quantity can be negative: WooCommerce oversells.
	Quantity   int64
	Backorders bool // may be ordered beyond Quantity
}

// Available reports whether a piece can be ordered now.
func (s Stock) Available() bool { return s.Status == InStock || s.Status == OnBackorder }

// stockOf reads a stockNode. own is the item of the product or variation
// itself, parent that of the variable product above it.
func stockOf(n stockNode, own, parent inventory.Item) Stock {
	s := Stock{
		Status: StockStatus(strings.ToLower(n.StockStatus)), Item: own,
		Backorders: n.Backorders == "YES" || n.Backorders == "NOTIFY",
	}
	switch n.ManageStock {
	case "TRUE":
		s.Managed, s.Quantity = true, n.StockQuantity
	case "PARENT":
		s.Managed, s.Quantity, s.Item = true, n.StockQuantity, parent
	}
	return s
}
