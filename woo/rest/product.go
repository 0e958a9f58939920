package rest

// Product is one product, of any type but a variation. Get finds variations
// too, by their id; their Type is "variation".
type Product struct {
	ID               int64  `json:"id"`
	ParentID         int64  `json:"parent_id"`
	Name             string `json:"name"`
	Slug             string `json:"slug"`
	Permalink        string `json:"permalink"`
	Type             string `json:"type"`   // simple, variable, grouped, external, variation
	Status           string `json:"status"` // publish, draft, pending, private, future, trash
	Visibility       string `json:"catalog_visibility"`
	Featured         bool   `json:"featured"`
	Description      string `json:"description"`
	ShortDescription string `json:"short_description"`

	Goods
	SoldIndividually bool   `json:"sold_individually"`
	ExternalURL      string `json:"external_url"`
	ButtonText       string `json:"button_text"`
	ReviewsAllowed   bool   `json:"reviews_allowed"`
	AverageRating    Amount `json:"average_rating"`
	RatingCount      int64  `json:"rating_count"`
	TotalSales       int64  `json:"total_sales"`
	PurchaseNote     string `json:"purchase_note"`
	MenuOrder        int64  `json:"menu_order"`

	Categories []Ref              `json:"categories"`
	Tags       []Ref              `json:"tags"`
	Images     []Image            `json:"images"`
	Attributes []ProductAttribute `json:"attributes"`
	Defaults   []ChosenAttribute  `json:"default_attributes"`
	Variations []int64            `json:"variations"`
	Members    []int64            `json:"grouped_products"`
	Upsells    []int64            `json:"upsell_ids"`
	CrossSells []int64            `json:"cross_sell_ids"`
	Related    []int64            `json:"related_ids"`
}

// Goods is what a product and a variation have in common. Prices are as the
// store keeps them, without regard to how it displays tax; a variable
// product's are those of its cheapest variation.
type Goods struct {
	SKU          string `json:"sku"`
	GTIN         string `json:"global_unique_id"`
	Price        Amount `json:"price"` // the active one; none: cannot be bought
	RegularPrice Amount `json:"regular_price"`
	SalePrice    Amount `json:"sale_price"`
	SaleFrom     Time   `json:"date_on_sale_from_gmt"`
	SaleTo       Time   `json:"date_on_sale_to_gmt"`
	OnSale       bool   `json:"on_sale"`
	Purchasable  bool   `json:"purchasable"`
	Virtual      bool   `json:"virtual"`
	Downloadable bool   `json:"downloadable"`
	TaxStatus    string `json:"tax_status"` // taxable, shipping, none
	TaxClass     string `json:"tax_class"`  // "" is the standard rate, "parent" a variation's product's

	Managed          Managed `json:"manage_stock"`
	StockQuantity    Amount  `json:"stock_quantity"` // none where nobody counts; may be negative
	StockStatus      string  `json:"stock_status"`   // instock, outofstock, onbackorder
	Backorders       string  `json:"backorders"`     // no, notify, yes
	LowStock         *int64  `json:"low_stock_amount"`
	Weight           Amount  `json:"weight"`
	Dimensions       Size    `json:"dimensions"`
	ShippingClass    string  `json:"shipping_class"`
	ShippingClassID  int64   `json:"shipping_class_id"`
	Meta             []Meta  `json:"meta_data"`
	CreatedAt        Time    `json:"date_created_gmt"`
	ModifiedAt       Time    `json:"date_modified_gmt"`
	RequiresShipping bool    `json:"shipping_required"`
}

// Size is in the shop's unit of length.
type Size struct {
	Length Amount `json:"length"`
	Width  Amount `json:"width"`
	Height Amount `json:"height"`
}

// Image is a picture in the media library, or, written with Source alone, one
// to fetch into it.
type Image struct {
	ID     int64  `json:"id,omitzero"`
	Source string `json:"src,omitzero"`
	Name   string `json:"name,omitzero"`
	Alt    string `json:"alt,omitzero"`
}

// ProductAttribute is a property of a product with the values it can have.
type ProductAttribute struct {
	ID        int64    `json:"id,omitzero"` // 0 for one of the product's own
	Name      string   `json:"name,omitzero"`
	Visible   bool     `json:"visible"`
	Variation bool     `json:"variation"` // variations differ by it
	Options   []string `json:"options"`   // names, not slugs
}

// ChosenAttribute is one value of an attribute. A variation that takes any has
// none of that attribute.
type ChosenAttribute struct {
	ID     int64  `json:"id,omitzero"`
	Name   string `json:"name,omitzero"`
	Option string `json:"option"`
}

// ProductChange is what is written of a product; nil stays as it is.
type ProductChange struct {
	Name             *string `json:"name,omitempty"`
	Slug             *string `json:"slug,omitempty"`
	Type             *string `json:"type,omitempty"`
	Visibility       *string `json:"catalog_visibility,omitempty"`
	Featured         *bool   `json:"featured,omitempty"`
	ShortDescription *string `json:"short_description,omitempty"`
	GoodsChange
	SoldIndividually *bool              `json:"sold_individually,omitempty"`
	ExternalURL      *string            `json:"external_url,omitempty"`
	Categories       []Ref              `json:"categories,omitzero"` // empty, not nil, takes all away
	Tags             []Ref              `json:"tags,omitzero"`
	Images           []Image            `json:"images,omitzero"`
	Attributes       []ProductAttribute `json:"attributes,omitzero"`
	Members          []int64            `json:"grouped_products,omitzero"`
	Upsells          []int64            `json:"upsell_ids,omitzero"`
	CrossSells       []int64            `json:"cross_sell_ids,omitzero"`
	MenuOrder        *int64             `json:"menu_order,omitempty"`
}

// GoodsChange is what is written of a product and of a variation.
type GoodsChange struct {
	Status       *string `json:"status,omitempty"`
	Description  *string `json:"description,omitempty"`
	SKU          *string `json:"sku,omitempty"`
	RegularPrice *Amount `json:"regular_price,omitempty"` // Amount{} takes the price away
	SalePrice    *Amount `json:"sale_price,omitempty"`    // Amount{} ends the sale
	SaleFrom     *Time   `json:"date_on_sale_from_gmt,omitempty"`
	SaleTo       *Time   `json:"date_on_sale_to_gmt,omitempty"`
	Virtual      *bool   `json:"virtual,omitempty"`
	Downloadable *bool   `json:"downloadable,omitempty"`
	TaxStatus    *string `json:"tax_status,omitempty"`
	TaxClass     *string `json:"tax_class,omitempty"`
	// ManageStock false makes the store forget the quantity.
	ManageStock *bool `json:"manage_stock,omitempty"`
	// StockQuantity is ignored by the store, and so an *IgnoredError, where the
	// product does not manage its own stock.
	StockQuantity *int64 `json:"stock_quantity,omitempty"`
	// StockStatus is recomputed by the store where stock is managed.
	StockStatus   *string `json:"stock_status,omitempty"`
	Backorders    *string `json:"backorders,omitempty"`
	Weight        *Amount `json:"weight,omitempty"`
	ShippingClass *string `json:"shipping_class,omitempty"` // its slug
	Meta          []Meta  `json:"meta_data,omitzero"`
}

// Words that WooCommerce's product schema knows (class-wc-rest-products-controller.php).
func (c GoodsChange) choices() []choice {
	return []choice{
		{"status", c.Status, []string{"draft", "pending", "private", "publish", "future"}},
		{"tax_status", c.TaxStatus, []string{"taxable", "shipping", "none"}},
		{"stock_status", c.StockStatus, []string{"instock", "outofstock", "onbackorder"}},
		{"backorders", c.Backorders, []string{"no", "notify", "yes"}},
	}
}

func (c GoodsChange) check() error {
	if err := checkChoices(c.choices()...); err != nil {
		return err
	}
	return checkAmounts(map[string]*Amount{"regular_price": c.RegularPrice, "sale_price": c.SalePrice, "weight": c.Weight})
}

func (c ProductChange) check() error {
	err := checkChoices(
		choice{"type", c.Type, []string{"simple", "grouped", "external", "variable"}},
		choice{"catalog_visibility", c.Visibility, []string{"visible", "catalog", "search", "hidden"}})
	if err != nil {
		return err
	}
	return c.GoodsChange.check()
}

func (c ProductChange) ignored(p Product) error { return c.GoodsChange.ignoredIn(p.ID, p.Goods) }

// ignoredIn finds a quantity that the store did not take: WooCommerce says 200
// and keeps what it has where stock is not managed, or by the parent.
func (c GoodsChange) ignoredIn(id int64, now Goods) error {
	if c.StockQuantity == nil || now.Managed == ByItself {
		return nil
	}
	return &IgnoredError{ID: id, Field: "stock_quantity", Reason: "its stock is " + now.Managed.String()}
}
