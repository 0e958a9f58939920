package woo

import (
	"time"

	"github.com/shopspring/decimal"
)

// ProductType is what kind of product a Product is.
type ProductType string

// The types. A store with plugins may have others, named as it names them.
const (
	Simple   ProductType = "simple"
	Variable ProductType = "variable"
	Grouped  ProductType = "grouped"
	External ProductType = "external"
)

// Product is what a product page shows, as a visitor who is not logged in sees
// it. Descriptions are HTML written by the shop's staff; names are plain text.
type Product struct {
	ID               int64
	Slug             string // readable: Hindi letters, not percent signs
	Name             string
	SKU              string
	Type             ProductType
	Link             string // the product's page in WordPress
	Description      string
	ShortDescription string
	ModifiedAt       time.Time

	Price       Price
	TaxStatus   string // taxable, shipping or none; "" for a grouped product
	TaxClass    string // the slug; "" is the standard rate
	OnSale      bool
	Purchasable bool // false for grouped and external products and without a price
	Virtual     bool
	// Downloadable products bring files; most are Virtual too.
	Downloadable bool
	Featured     bool
	// SoldIndividually products are sold once per order.
	SoldIndividually bool

	Stock         Stock
	NeedsShipping bool
	// ShippingClassID names the class, 0 for none. ShippingClass is its slug,
	// which only a client with a REST key can find out.
	ShippingClassID int64
	ShippingClass   string
	Weight          decimal.Decimal // in the store's unit, zero when unset
	Size            Size

	Image      *Image // nil when there is none
	Gallery    []Image
	Categories []Term
	Tags       []Term

	Attributes []Attribute
	// Defaults are the attribute values chosen when the page opens.
	Defaults map[string]string
	// Variations are complete for Product, ProductByID and ProductBySKU, and
	// for Products with ProductFilter.Variations; else nil.
	Variations []Variation

	Members  []Card   // of a grouped product
	External *Offsite // of an external product

	// Upsells, CrossSells and Related are what the page of a product shows
	// beside it: the first two chosen by the shop, the last picked by
	// WooCommerce from the same categories and tags. Product, ProductByID and
	// ProductBySKU fill them, lists do not. What cannot be read of them is left
	// out.
	Upsells, CrossSells, Related []Card

	Rating      decimal.Decimal // 0 to 5
	ReviewCount int64
}

// Size is a parcel's, in the store's unit; zero where unset.
type Size struct{ Length, Width, Height decimal.Decimal }

// Image is a picture. SrcSet is ready for an img element's srcset attribute.
type Image struct {
	ID            int64
	URL           string
	Alt           string
	SrcSet        string
	Width, Height int64 // of URL, 0 when the store does not know
	// Sizes are the smaller copies WordPress made, cropped ones too. A product
	// page has them, a list only the SrcSet.
	Sizes []ImageSize
}

// ImageSize is one copy of an Image.
type ImageSize struct {
	Name          string // such as "woocommerce_thumbnail"
	URL           string
	Width, Height int64
}

// Term is a category or a tag of a product; see Category for the shop's own.
type Term struct {
	ID   int64
	Name string
	Slug string
}

// Card is what a tile shows of a product: one of a group, or one beside
// another.
type Card struct {
	ID          int64
	Slug        string
	Name        string
	SKU         string
	Type        ProductType
	Price       Price
	OnSale      bool
	Purchasable bool
	Stock       Stock
	Image       *Image
	Rating      decimal.Decimal // 0 to 5
	ReviewCount int64
}

// Offsite is where an external product is sold.
type Offsite struct {
	URL        string
	ButtonText string
}

// Attribute is a property of a product, such as its size. Global ones are
// shared by the whole shop.
type Attribute struct {
	Name       string // "pa_size" for a global one, "engraving" for a local one
	Label      string // "Size"
	Global     bool
	Visible    bool // shown on the product page
	Variations bool // chosen to pick a variation
	Options    []Option
}

// Option is one value of an Attribute.
type Option struct {
	Value string // what identifies it: a global option's slug, a local one's text
	Label string // what to show
}

// Variation is one thing that can be bought of a variable product.
type Variation struct {
	ID            int64
	Name          string
	SKU           string
	Description   string
	Price         Price
	TaxStatus     string
	TaxClass      string
	OnSale        bool
	Purchasable   bool
	Virtual       bool
	Downloadable  bool
	Stock         Stock
	NeedsShipping bool
	// ShippingClassID and ShippingClass are the product's unless it has its own.
	ShippingClassID int64
	ShippingClass   string
	Weight          decimal.Decimal
	Size            Size
	Image           *Image
	// Attributes are the values this variation stands for, by attribute name.
	// "" means any: the buyer chooses.
	Attributes map[string]string
}
