package wootest

import (
	"cmp"
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/orders"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// Stock is what the store says about one product or variation.
type Stock struct {
	ID         int64  // product or variation asked for
	ManagedBy  int64  // whose number counts: ID, the parent's id, or 0 when untracked
	Quantity   int64  // may be negative; 0 when untracked
	Status     string // instock, outofstock, onbackorder
	Backorders string // no, notify, yes
}

// Order is an order as the shop keeper sees it. Amounts are decimals in the
// store's currency.
type Order struct {
	ID            int64
	Number        string
	Key           string
	Status        string // pending, processing, on-hold, completed, cancelled, refunded, failed, trash, checkout-draft
	Currency      string
	CustomerID    int64
	PaymentMethod string
	TransactionID string
	Created       time.Time
	Paid          time.Time // zero when unpaid
	Billing       Address
	Shipping      Address
	Lines         []OrderLine
	ShippingTotal decimal.Decimal
	ShippingTax   decimal.Decimal
	DiscountTotal decimal.Decimal
	DiscountTax   decimal.Decimal
	CartTax       decimal.Decimal
	TotalTax      decimal.Decimal
	Total         decimal.Decimal
	Meta          []Meta
	Notes         []string // oldest first
}

// OrderLine is one product line of an Order; its totals are without tax.
type OrderLine struct {
	ID          int64
	ProductID   int64 // the parent for a variation
	VariationID int64
	Name        string
	SKU         string
	Quantity    int64
	Subtotal    decimal.Decimal
	SubtotalTax decimal.Decimal
	Total       decimal.Decimal
	TotalTax    decimal.Decimal
	// ReducedStock holds every `_reduced_stock` entry of the line; two entries
	// mean the stock was reduced twice.
	ReducedStock []int64
}

// Address is a WooCommerce address.
type Address struct {
	FirstName, LastName, Company, Address1, Address2 string
	City, State, Postcode, Country, Email, Phone     string
}

// Meta is one custom field; Value is its text, or its JSON when it is no text.
type Meta struct {
	ID    int64
	Key   string
	Value string
}

// SetStock sets the quantity of a product or variation that manages its own
// stock, as the shop keeper does in wp-admin, and its status with it. It
// answers ErrNotFound for an unknown id and ErrInvalid for one that does not
// manage its own stock.
func (s *Store) SetStock(id, quantity int64) error {
	return s.site.Change(func(st *site.State) error {
		p, ok := st.Products[id]
		if !ok {
			return ErrNotFound
		}
		if !p.ManageStock {
			return invalid("id", "does not manage its own stock")
		}
		orders.SetQuantity(s.site, st, id, quantity)
		return nil
	})
}

// SetPrice sets the regular price ("" makes the product not purchasable) and
// ends a sale. Price is a plain decimal string in the store's currency. It
// answers ErrNotFound for an unknown id and ErrInvalid for a text that is no
// price.
func (s *Store) SetPrice(id int64, price string) error {
	return s.site.Change(func(st *site.State) error {
		p := st.EditProduct(id)
		if p == nil {
			return ErrNotFound
		}
		if price != "" && rest.PriceText(price) == "" {
			return invalid("price", "is not a plain decimal number")
		}
		p.RegularPrice, p.SalePrice = price, ""
		orders.Saved(s.site, st, p)
		return nil
	})
}

// Stock answers what the store holds of a product or variation.
func (s *Store) Stock(id int64) (Stock, error) {
	s.site.Lock()
	defer s.site.Unlock()
	p, ok := s.site.State.Products[id]
	if !ok {
		return Stock{}, ErrNotFound
	}
	out := Stock{ID: id, Status: s.site.State.StockStatus(p), Backorders: s.site.State.Backorders(p)}
	if h := s.site.State.StockHolder(p); h != nil {
		out.ManagedBy, out.Quantity = h.ID, h.Quantity()
	}
	return out, nil
}

// TrashProduct moves a product to the trash; its product.deleted webhook
// becomes due. Trashing it again changes nothing.
func (s *Store) TrashProduct(id int64) error {
	return s.site.Change(func(st *site.State) error {
		p, ok := st.Products[id]
		if !ok {
			return ErrNotFound
		}
		if p.Status != "trash" {
			s.site.TrashProduct(st, id)
		}
		return nil
	})
}

// SetOrderStatus moves an order to a status as the shop keeper does, with
// everything that happens there to stock, dates and webhooks.
func (s *Store) SetOrderStatus(id int64, status string) error {
	return s.site.Change(func(st *site.State) error {
		o := st.EditOrder(id)
		if o == nil {
			return ErrNotFound
		}
		if !slices.Contains(orders.Statuses(), status) {
			return invalid("status", "is not an order status")
		}
		orders.SetStatus(s.site, st, o, status)
		orders.TouchOrder(s.site, st, o)
		return nil
	})
}

// Order answers one order, one in the trash too.
func (s *Store) Order(id int64) (Order, error) {
	s.site.Lock()
	defer s.site.Unlock()
	o, ok := s.site.State.Orders[id]
	if !ok {
		return Order{}, ErrNotFound
	}
	return publicOrder(s.site.State, o), nil
}

// Orders answers every order, oldest first, drafts and trash included.
func (s *Store) Orders() []Order {
	s.site.Lock()
	defer s.site.Unlock()
	out := make([]Order, 0, len(s.site.State.Orders))
	for _, o := range s.site.State.Orders {
		out = append(out, publicOrder(s.site.State, o))
	}
	slices.SortFunc(out, func(a, b Order) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func publicOrder(st *site.State, o *site.Order) Order {
	out := Order{
		ID: o.ID, Number: wp.Itoa(o.ID), Key: o.Key, Status: o.Status, Currency: o.Currency, CustomerID: o.CustomerID,
		PaymentMethod: o.PayMethod, TransactionID: o.Transaction, Created: o.Created, Paid: o.Paid,
		Billing: public(o.Billing), Shipping: public(o.Shipping), ShippingTotal: o.ShipTotal, ShippingTax: o.ShipTax,
		DiscountTotal: o.Discount, DiscountTax: o.DiscountTax, CartTax: o.CartTax, TotalTax: o.TotalTax, Total: o.Total,
	}
	for _, l := range o.Lines {
		line := OrderLine{
			ID: l.ID, ProductID: l.ProductID, VariationID: l.Variation, Name: l.Name, Quantity: l.Quantity, Subtotal: l.Subtotal,
			SubtotalTax: l.SubtotalTax, Total: l.Total, TotalTax: l.TotalTax, ReducedStock: l.ReducedStock(),
		}
		if p := st.ProductOf(l); p != nil {
			line.SKU = p.SKU
		}
		out.Lines = append(out.Lines, line)
	}
	for _, m := range o.Meta {
		out.Meta = append(out.Meta, Meta{ID: m.ID, Key: m.Key, Value: wp.TextOf(m.Value)})
	}
	for _, n := range o.Notes {
		out.Notes = append(out.Notes, n.Text)
	}
	return out
}

func public(a site.Address) Address { return Address(a) }
