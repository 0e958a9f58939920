package woo

import (
	"cmp"
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

// storeNode is a product or a variation as the Store API writes it
// (ProductSchema).
type storeNode struct {
	ID               looseInt         `json:"id"`
	Parent           looseInt         `json:"parent"`
	Type             looseText        `json:"type"`
	Name             looseText        `json:"name"`
	Slug             looseText        `json:"slug"`
	SKU              looseText        `json:"sku"`
	Permalink        looseText        `json:"permalink"`
	Variation        looseText        `json:"variation"` // "Size: M, Color: Red"
	ShortDescription looseText        `json:"short_description"`
	Description      looseText        `json:"description"`
	OnSale           looseBool        `json:"on_sale"`
	Prices           storePrices      `json:"prices"`
	Rating           looseAmount      `json:"average_rating"`
	ReviewCount      looseInt         `json:"review_count"`
	Images           []storeImage     `json:"images"`
	Categories       []storeTerm      `json:"categories"`
	Tags             []storeTerm      `json:"tags"`
	Attributes       []storeAttribute `json:"attributes"`
	Variations       []storePlace     `json:"variations"`
	GroupedProducts  []looseInt       `json:"grouped_products"`
	Purchasable      looseBool        `json:"is_purchasable"`
	InStock          looseBool        `json:"is_in_stock"`
	OnBackorder      looseBool        `json:"is_on_backorder"`
	SoldIndividually looseBool        `json:"sold_individually"`
	AddToCart        struct {
		URL  looseText `json:"url"`
		Text looseText `json:"single_text"`
	} `json:"add_to_cart"`
}

type storeImage struct {
	ID     looseInt  `json:"id"`
	Src    looseText `json:"src"`
	SrcSet looseText `json:"srcset"`
	Alt    looseText `json:"alt"`
}

type storeAttribute struct {
	Name       looseText       `json:"name"` // the label
	Taxonomy   looseText       `json:"taxonomy"`
	Variations looseBool       `json:"has_variations"`
	Terms      []storeTermUsed `json:"terms"`
}

type storeTermUsed struct {
	Name    looseText `json:"name"`
	Slug    looseText `json:"slug"`
	Default looseBool `json:"default"`
}

// storePlace is a variation as its product lists it.
type storePlace struct {
	ID         looseInt `json:"id"`
	Attributes []struct {
		Name  looseText `json:"name"`
		Value looseText `json:"value"`
	} `json:"attributes"`
}

// storePrices are shown prices, in the smallest unit the shop shows.
type storePrices struct {
	Price        looseAmount `json:"price"`
	RegularPrice looseAmount `json:"regular_price"`
	Range        *struct {
		Min looseAmount `json:"min_amount"`
		Max looseAmount `json:"max_amount"`
	} `json:"price_range"`
	MinorUnit looseInt  `json:"currency_minor_unit"`
	Decimal   looseText `json:"currency_decimal_separator"`
	Thousand  looseText `json:"currency_thousand_separator"`
	Prefix    looseText `json:"currency_prefix"`
	Suffix    looseText `json:"currency_suffix"`
}

// product makes a Product of what the Store API sent.
func (n *storeNode) product() (Product, error) {
	if n.ID <= 0 {
		return Product{}, n.unreadable(fieldError("id", errNoID))
	}
	own := inventory.ProductItem(int64(n.ID))
	p := Product{
		ID: int64(n.ID), Slug: readableSlug(string(n.Slug)), Name: plainText(string(n.Name)), SKU: string(n.SKU),
		Type: ProductType(n.Type), Link: string(n.Permalink),
		Description: string(n.Description), ShortDescription: string(n.ShortDescription),
		OnSale: bool(n.OnSale), Purchasable: bool(n.Purchasable), SoldIndividually: bool(n.SoldIndividually),
		Stock: n.stock(own), Categories: storeTerms(n.Categories), Tags: storeTerms(n.Tags),
		Attributes: storeAttributes(n.Attributes), Defaults: storeDefaults(n.Attributes),
		External: n.offsite(), Rating: n.Rating.or0(), ReviewCount: int64(n.ReviewCount),
	}
	p.Image, p.Gallery = n.images()
	var err error
	if p.Price, err = n.price(); err != nil {
		return Product{}, n.unreadable(err)
	}
	return p, nil
}

// variation makes a Variation. place is what its product says of it.
func (n *storeNode) variation(p *Product, place storePlace) (Variation, error) {
	v := Variation{
		ID: int64(n.ID), Name: n.fullName(p, place), SKU: string(n.SKU), Description: string(n.Description),
		OnSale: bool(n.OnSale), Purchasable: bool(n.Purchasable), Stock: n.stock(inventory.VariationItem(int64(n.ID))),
		Attributes: place.attributes(p.Attributes),
	}
	v.Image, _ = n.images()
	var err error
	if v.Price, err = n.price(); err != nil {
		return Variation{}, n.unreadable(err)
	}
	return v, nil
}

// fullName is the name with the values after it, as WooCommerce writes it
// ("Kurta - M, Red").
func (n *storeNode) fullName(p *Product, place storePlace) string {
	var labels []string
	for _, a := range p.Attributes {
		value := place.attributes(p.Attributes)[a.Name]
		for _, o := range a.Options {
			if value != "" && o.Value == value {
				labels = append(labels, o.Label)
			}
		}
	}
	if len(labels) == 0 {
		return plainText(string(n.Name))
	}
	return p.Name + " - " + strings.Join(labels, ", ")
}

func (n *storeNode) unreadable(err error) error {
	return inProduct(err, int64(n.ID), string(n.Slug))
}

// stock knows no numbers: see addFacts.
func (n *storeNode) stock(own inventory.Item) Stock {
	s := Stock{Status: OutOfStock, Item: own}
	switch {
	case n.Type == "external" || n.Type == "grouped":
		s.Status = ""
	case bool(n.OnBackorder):
		s.Status, s.Backorders = OnBackorder, true
	case bool(n.InStock):
		s.Status = InStock
	}
	return s
}

func (n *storeNode) offsite() *Offsite {
	if n.Type != "external" || n.AddToCart.URL == "" {
		return nil
	}
	return &Offsite{URL: string(n.AddToCart.URL), ButtonText: plainText(string(n.AddToCart.Text))}
}

// images are the main one and the others. They come without a width.
func (n *storeNode) images() (first *Image, rest []Image) {
	for i := range n.Images {
		img := n.Images[i].image()
		switch {
		case img == nil:
		case first == nil:
			first = img
		default:
			rest = append(rest, *img)
		}
	}
	return first, rest
}

func (n *storeImage) image() *Image {
	if n == nil || n.Src == "" {
		return nil
	}
	return &Image{ID: int64(n.ID), URL: string(n.Src), Alt: plainText(string(n.Alt)), SrcSet: string(n.SrcSet)}
}

func storeTerms(list []storeTerm) []Term {
	var out []Term
	for _, t := range list {
		out = append(out, Term{ID: int64(t.ID), Name: plainText(string(t.Name)), Slug: readableSlug(string(t.Slug))})
	}
	return out
}

func storeAttributes(list []storeAttribute) []Attribute {
	var out []Attribute
	for _, n := range list {
		a := Attribute{Name: n.key(), Label: plainText(string(n.Name)), Global: n.Taxonomy != "", Visible: true, Variations: bool(n.Variations)}
		for _, t := range n.Terms {
			value := string(t.Slug)
			if a.Global {
				value = readableSlug(value)
			}
			a.Options = append(a.Options, Option{Value: value, Label: cmp.Or(plainText(string(t.Name)), value)})
		}
		out = append(out, a)
	}
	return out
}

// key is the name of an attribute. A local one comes with its label only, of
// which WooCommerce makes the name (sanitize_title).
func (n storeAttribute) key() string {
	if n.Taxonomy != "" {
		return string(n.Taxonomy)
	}
	return strings.Join(strings.Fields(strings.ToLower(plainText(string(n.Name)))), "-")
}

func storeDefaults(list []storeAttribute) map[string]string {
	var out map[string]string
	for _, n := range list {
		for _, t := range n.Terms {
			if !t.Default {
				continue
			}
			if out == nil {
				out = map[string]string{}
			}
			out[n.key()] = attributeValue(n.key(), string(t.Slug))
		}
	}
	return out
}

// attributes are what a variation stands for, by name: it comes by label.
func (n storePlace) attributes(of []Attribute) map[string]string {
	out := map[string]string{}
	for _, chosen := range n.Attributes {
		label := plainText(string(chosen.Name))
		for _, a := range of {
			if a.Variations && a.Label == label {
				out[a.Name] = attributeValue(a.Name, string(chosen.Value))
			}
		}
	}
	return out
}

// price reads the shown prices. The Store API writes 0 for no price as well,
// and nothing of what is stored.
func (n *storeNode) price() (Price, error) {
	s := n.Prices
	if s.MinorUnit < 0 || s.MinorUnit > 8 {
		return Price{}, fieldError("prices.currency_minor_unit", errors.New("0 to 8 is expected"))
	}
	low, high := s.Price, s.Price
	if s.Range != nil {
		low, high = s.Range.Min, s.Range.Max
	}
	if !low.Valid || !high.Valid || low.Decimal.IsZero() && high.Decimal.IsZero() {
		if bool(n.Purchasable) && low.Valid {
			return Price{Kind: Free, Max: zeroAmount(), Stored: zeroAmount(), StoredRegular: zeroAmount()}.of(ProductType(n.Type)), nil
		}
		return Price{}, nil
	}
	p := Price{Kind: Priced, Min: s.major(low.Decimal), Max: decimal.NewNullDecimal(s.major(high.Decimal))}
	p.Text = s.text(p.Min)
	if !p.Min.Equal(p.Max.Decimal) {
		p.Text += " - " + s.text(p.Max.Decimal)
	}
	if s.Range == nil && s.RegularPrice.Valid {
		p.RegularText = s.text(s.major(s.RegularPrice.Decimal))
	}
	return p, nil
}

func (s storePrices) major(minor decimal.Decimal) decimal.Decimal {
	return minor.Shift(-int32(s.MinorUnit))
}

// text writes an amount as the shop shows it.
func (s storePrices) text(d decimal.Decimal) string {
	f := pricing.Format{Thousand: string(s.Thousand), Decimal: string(s.Decimal), Decimals: int(s.MinorUnit), Grouping: pricing.Western}
	return plainText(string(s.Prefix) + f.Amount(d) + string(s.Suffix))
}
