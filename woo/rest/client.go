package rest

import (
	"strconv"

	"github.com/ankkor/ankkor/woo"
)

// Client reaches a store's resources. It is safe for concurrent use, holds no
// state of its own and can be copied.
type Client struct{ woo *woo.Client }

// New makes a client that sends through c, with its key, limits and retries.
func New(c *woo.Client) *Client { return &Client{woo: c} }

// zones has a thing with the id 0: the rest of the world.
const zones = "shipping/zones"

// root is where version 3 of the API lies below /wp-json/.
const root = "wc/v3/"

// Products are the products of every type but variations.
func (c *Client) Products() Collection[Product, ProductChange] {
	return collection[Product, ProductChange](c, "product", "products")
}

// Variations are those of one variable product.
func (c *Client) Variations(product int64) Collection[Variation, VariationChange] {
	return collection[Variation, VariationChange](c, "variation", under("products", product, "variations"))
}

// AllVariations are those of every product (WooCommerce 9.5 and later). Their
// stock changes by orders move their own modification date, unless the parent
// manages it.
func (c *Client) AllVariations() List[Variation] {
	return List[Variation]{c: c, name: "variation", path: "variations"}
}

// ShippingClasses group products by what they cost to send.
func (c *Client) ShippingClasses() Collection[ShippingClass, ShippingClassChange] {
	return collection[ShippingClass, ShippingClassChange](c, "shipping class", "products/shipping_classes")
}

// Categories are those of products.
func (c *Client) Categories() Collection[Category, CategoryChange] {
	return collection[Category, CategoryChange](c, "category", "products/categories")
}

// Orders are those of every status. To make an order take effect exactly once,
// use woo's CreatePending, FindOrder and Complete instead of Create.
func (c *Client) Orders() Collection[Order, OrderChange] {
	return collection[Order, OrderChange](c, "order", "orders")
}

// Notes are those of one order. They come all at once, are not paged and
// cannot be changed.
func (c *Client) Notes(order int64) Resource[Note, NoteChange] {
	return resource[Note, NoteChange](c, "note", under("orders", order, "notes"))
}

// Refunds are those of one order. They cannot be changed.
func (c *Client) Refunds(order int64) Resource[Refund, RefundChange] {
	return resource[Refund, RefundChange](c, "refund", under("orders", order, "refunds"))
}

// Customers are the registered ones; guests have no record.
func (c *Client) Customers() Collection[Customer, CustomerChange] {
	return collection[Customer, CustomerChange](c, "customer", "customers")
}

// Coupons are the shop's discount codes.
func (c *Client) Coupons() Collection[Coupon, CouponChange] {
	return collection[Coupon, CouponChange](c, "coupon", "coupons")
}

// TaxRates are the rows of the tax table, of all classes.
func (c *Client) TaxRates() Collection[TaxRate, TaxRateChange] {
	return collection[TaxRate, TaxRateChange](c, "tax rate", "taxes")
}

// Zones are the shipping zones. Zone 0 stands for all places in no other one.
func (c *Client) Zones() Resource[Zone, ZoneChange] {
	return resource[Zone, ZoneChange](c, "shipping zone", zones)
}

// ZoneMethods are the ways of shipping in one zone, by instance.
func (c *Client) ZoneMethods(zone int64) Resource[ZoneMethod, ZoneMethodChange] {
	return resource[ZoneMethod, ZoneMethodChange](c, "shipping method", under(zones, zone, "methods"))
}

// Webhooks are the store's notifications.
func (c *Client) Webhooks() Collection[Webhook, WebhookChange] {
	return collection[Webhook, WebhookChange](c, "webhook", "webhooks")
}

func under(parent string, id int64, child string) string {
	return parent + "/" + strconv.FormatInt(id, 10) + "/" + child
}
