package shop

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Product is a product or a variation as WooCommerce stores it. What depends
// on the clock, on children or on settings is computed when asked for.
type Product struct {
	ID                int64       `json:"id"`
	ParentID          int64       `json:"parent_id"`
	Type              string      `json:"type"`
	Status            string      `json:"status"`
	Name              string      `json:"name"`
	Slug              string      `json:"slug"`
	DateCreated       Time        `json:"date_created_gmt"`
	DateModified      Time        `json:"date_modified_gmt"`
	Featured          bool        `json:"featured"`
	CatalogVisibility string      `json:"catalog_visibility"`
	Description       string      `json:"description"`
	ShortDescription  string      `json:"short_description"`
	SKU               string      `json:"sku"`
	GlobalUniqueID    string      `json:"global_unique_id"`
	RegularPrice      string      `json:"regular_price"`
	SalePrice         string      `json:"sale_price"`
	OnSaleFrom        *Time       `json:"date_on_sale_from_gmt"`
	OnSaleTo          *Time       `json:"date_on_sale_to_gmt"`
	TotalSales        int64       `json:"total_sales"`
	Virtual           bool        `json:"virtual"`
	Downloadable      bool        `json:"downloadable"`
	Downloads         []Download  `json:"downloads"`
	DownloadLimit     int64       `json:"download_limit"`
	DownloadExpiry    int64       `json:"download_expiry"`
	ExternalURL       string      `json:"external_url"`
	ButtonText        string      `json:"button_text"`
	TaxStatus         string      `json:"tax_status"`
	TaxClass          string      `json:"tax_class"`
	ManageStock       Managed     `json:"manage_stock"`
	StockQuantity     *int64      `json:"stock_quantity"`
	StockStatus       string      `json:"stock_status"`
	Backorders        string      `json:"backorders"`
	LowStockAmount    *int64      `json:"low_stock_amount"`
	SoldIndividually  bool        `json:"sold_individually"`
	Weight            string      `json:"weight"`
	Dimensions        Dimensions  `json:"dimensions"`
	ShippingClass     string      `json:"shipping_class"`
	ReviewsAllowed    bool        `json:"reviews_allowed"`
	AverageRating     string      `json:"average_rating"`
	RatingCount       int64       `json:"rating_count"`
	UpsellIDs         []int64     `json:"upsell_ids"`
	CrossSellIDs      []int64     `json:"cross_sell_ids"`
	PurchaseNote      string      `json:"purchase_note"`
	Categories        []Term      `json:"categories"`
	Brands            []Term      `json:"brands"`
	Tags              []Term      `json:"tags"`
	Images            []Image     `json:"images"`
	Image             *Image      `json:"image"`
	Attributes        []Attribute `json:"attributes"`
	DefaultAttributes []Attribute `json:"default_attributes"`
	GroupedProducts   []int64     `json:"grouped_products"`
	MenuOrder         int64       `json:"menu_order"`
	Meta              []MetaData  `json:"meta_data"`
}

// Download is a file that belongs to a product.
type Download struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	File string `json:"file"`
}

// Dimensions are a product's measures, as text.
type Dimensions struct {
	Length string `json:"length"`
	Width  string `json:"width"`
	Height string `json:"height"`
}

// Term is a category, a tag, a brand or the value of an attribute.
type Term struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Slug string `json:"slug"`
}

// Image is a picture of a product, by its original.
type Image struct {
	ID              int64  `json:"id"`
	DateCreated     string `json:"date_created"`
	DateCreatedGMT  string `json:"date_created_gmt"`
	DateModified    string `json:"date_modified"`
	DateModifiedGMT string `json:"date_modified_gmt"`
	Src             string `json:"src"`
	Name            string `json:"name"`
	Alt             string `json:"alt"`
}

// Attribute is a product's attribute (Options) or a variation's (Option).
type Attribute struct {
	ID        int64    `json:"id"`
	Name      string   `json:"name"`
	Slug      string   `json:"slug"`
	Position  int64    `json:"position"`
	Visible   bool     `json:"visible"`
	Variation bool     `json:"variation"`
	Options   []string `json:"options"`
	Option    string   `json:"option"`
}

// MetaData is one custom field; its value is any JSON.
type MetaData struct {
	ID    int64           `json:"id"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Managed is manage_stock: true or false; a variation that reads "parent"
// manages nothing itself.
type Managed bool

// UnmarshalJSON implements json.Unmarshaler.
func (m *Managed) UnmarshalJSON(raw []byte) error {
	*m = Managed(string(raw) == "true")
	return nil
}

// Clone is a copy that may be changed without the product changing.
func (p *Product) Clone() *Product {
	c := *p
	if p.StockQuantity != nil {
		n := *p.StockQuantity
		c.StockQuantity = &n
	}
	c.Meta = slices.Clone(p.Meta)
	return &c
}

// IsVariation says whether it is one of a variable product's variations.
func (p *Product) IsVariation() bool { return p.Type == "variation" }

// Quantity is the stock, 0 where none is kept.
func (p *Product) Quantity() int64 {
	if p.StockQuantity == nil {
		return 0
	}
	return *p.StockQuantity
}

// OnSaleAt says whether the sale price counts at the time: there is one, it is
// below the regular price and the dates allow it (WC_Product::is_on_sale).
func (p *Product) OnSaleAt(now time.Time) bool {
	if p.SalePrice == "" {
		return false
	}
	sale, err1 := decimal.NewFromString(p.SalePrice)
	regular, err2 := decimal.NewFromString(p.RegularPrice)
	if err1 != nil || err2 != nil || !sale.LessThan(regular) {
		return false
	}
	if p.OnSaleFrom != nil && p.OnSaleFrom.After(now) {
		return false
	}
	return p.OnSaleTo == nil || !p.OnSaleTo.Before(now)
}

// PriceAt is the active price as stored; "" when there is none.
func (p *Product) PriceAt(now time.Time) string {
	if p.OnSaleAt(now) {
		return p.SalePrice
	}
	return p.RegularPrice
}

// OptionNames are a variation's values, as its name shows them.
func (p *Product) OptionNames() string {
	var names []string
	for _, a := range p.Attributes {
		if a.Option != "" {
			names = append(names, a.Option)
		}
	}
	return strings.Join(names, ", ")
}

// NeedsShipping is WC_Product::needs_shipping.
func (p *Product) NeedsShipping() bool { return !p.Virtual }

// Visible says whether the shop lists the product.
func (p *Product) Visible() bool {
	return !p.IsVariation() && p.Status == "publish" && p.CatalogVisibility != "hidden"
}

// RoundedRating is the average rating in whole stars.
func (p *Product) RoundedRating() string {
	d, err := decimal.NewFromString(p.AverageRating)
	if err != nil {
		return "0"
	}
	return d.Round(0).String()
}
