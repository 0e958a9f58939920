package main

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo"
)

// errorLine is a product that could not be read.
type errorLine struct {
	ID    int64  `json:"id"`
	Slug  string `json:"slug,omitempty"`
	Error string `json:"error"`
}

// line is a product. Amounts are strings in major units.
type line struct {
	ID               int64             `json:"id"`
	Type             woo.ProductType   `json:"type"`
	Slug             string            `json:"slug"`
	SKU              string            `json:"sku,omitempty"`
	Name             string            `json:"name"`
	Link             string            `json:"link,omitempty"`
	ModifiedAt       *time.Time        `json:"modified_at,omitempty"`
	Price            *price            `json:"price"` // null when it is not for sale
	OnSale           bool              `json:"on_sale"`
	Purchasable      bool              `json:"purchasable"`
	Virtual          bool              `json:"virtual,omitempty"`
	Downloadable     bool              `json:"downloadable,omitempty"`
	Featured         bool              `json:"featured,omitempty"`
	TaxStatus        string            `json:"tax_status,omitempty"`
	TaxClass         string            `json:"tax_class,omitempty"`
	Stock            *stock            `json:"stock,omitempty"`
	Weight           string            `json:"weight,omitempty"`
	Categories       []string          `json:"categories,omitempty"` // slugs
	Tags             []string          `json:"tags,omitempty"`
	Attributes       []attribute       `json:"attributes,omitempty"`
	Images           []image           `json:"images,omitempty"`
	Variations       []variation       `json:"variations,omitempty"`
	Members          []int64           `json:"members,omitempty"` // of a group
	External         string            `json:"external_url,omitempty"`
	Rating           string            `json:"rating,omitempty"`
	Reviews          int64             `json:"reviews,omitempty"`
	ShortDescription string            `json:"short_description,omitempty"`
	Description      string            `json:"description,omitempty"`
	Defaults         map[string]string `json:"defaults,omitempty"`
}

type price struct {
	Text    string `json:"text,omitempty"`
	Min     string `json:"min"`
	Max     string `json:"max,omitempty"`
	Stored  string `json:"stored,omitempty"`  // before tax is added or taken out
	Regular string `json:"regular,omitempty"` // stored, without the sale
}

type stock struct {
	Status     woo.StockStatus `json:"status"`
	Managed    bool            `json:"managed"`
	Quantity   *int64          `json:"quantity,omitempty"`
	Backorders bool            `json:"backorders,omitempty"`
}

type attribute struct {
	Name       string   `json:"name"`
	Label      string   `json:"label"`
	Variations bool     `json:"variations,omitempty"`
	Values     []string `json:"values"`
}

type image struct {
	URL string `json:"url"`
	Alt string `json:"alt,omitempty"`
}

type variation struct {
	ID          int64             `json:"id"`
	SKU         string            `json:"sku,omitempty"`
	Name        string            `json:"name"`
	Attributes  map[string]string `json:"attributes"` // "" is any
	Price       *price            `json:"price"`
	OnSale      bool              `json:"on_sale"`
	Purchasable bool              `json:"purchasable"`
	TaxClass    string            `json:"tax_class,omitempty"`
	Stock       *stock            `json:"stock,omitempty"`
	Weight      string            `json:"weight,omitempty"`
	Image       string            `json:"image,omitempty"`
}

func productLine(p *woo.Product) line {
	l := line{
		ID: p.ID, Type: p.Type, Slug: p.Slug, SKU: p.SKU, Name: p.Name, Link: p.Link, Price: priceOf(p.Price), OnSale: p.OnSale,
		Purchasable: p.Purchasable, Virtual: p.Virtual, Downloadable: p.Downloadable, Featured: p.Featured,
		TaxStatus: p.TaxStatus, TaxClass: p.TaxClass, Stock: stockOf(p.Stock), Weight: text(p.Weight), Categories: slugs(p.Categories),
		Tags: slugs(p.Tags), Attributes: attributesOf(p.Attributes), Defaults: p.Defaults, Rating: text(p.Rating), Reviews: p.ReviewCount,
		ShortDescription: p.ShortDescription, Description: p.Description,
	}
	if !p.ModifiedAt.IsZero() {
		l.ModifiedAt = &p.ModifiedAt
	}
	if p.Image != nil {
		l.Images = append(l.Images, image{p.Image.URL, p.Image.Alt})
	}
	for _, img := range p.Gallery {
		l.Images = append(l.Images, image{img.URL, img.Alt})
	}
	for i := range p.Variations {
		l.Variations = append(l.Variations, variationOf(&p.Variations[i]))
	}
	for _, m := range p.Members {
		l.Members = append(l.Members, m.ID)
	}
	if p.External != nil {
		l.External = p.External.URL
	}
	return l
}

func variationOf(v *woo.Variation) variation {
	out := variation{
		ID: v.ID, SKU: v.SKU, Name: v.Name, Attributes: v.Attributes, Price: priceOf(v.Price), OnSale: v.OnSale, Purchasable: v.Purchasable,
		TaxClass: v.TaxClass, Stock: stockOf(v.Stock), Weight: text(v.Weight),
	}
	if v.Image != nil {
		out.Image = v.Image.URL
	}
	return out
}

// priceOf is nil for what has no price; what is free has the price 0.
func priceOf(p woo.Price) *price {
	if p.Kind == woo.NoPrice {
		return nil
	}
	return &price{Text: p.Text, Min: p.Min.String(), Max: valid(p.Max), Stored: valid(p.Stored), Regular: valid(p.StoredRegular)}
}

// stockOf is nil for what has none, such as a group. A number means something only where pieces are counted.
func stockOf(s woo.Stock) *stock {
	if s.Status == "" {
		return nil
	}
	out := &stock{Status: s.Status, Managed: s.Managed, Backorders: s.Backorders}
	if s.Managed {
		out.Quantity = &s.Quantity
	}
	return out
}

func attributesOf(list []woo.Attribute) []attribute {
	var out []attribute
	for _, a := range list {
		one := attribute{Name: a.Name, Label: a.Label, Variations: a.Variations}
		for _, o := range a.Options {
			one.Values = append(one.Values, o.Value)
		}
		out = append(out, one)
	}
	return out
}

func slugs(list []woo.Term) []string {
	var out []string
	for _, t := range list {
		out = append(out, t.Slug)
	}
	return out
}

func valid(d decimal.NullDecimal) string {
	if !d.Valid {
		return ""
	}
	return d.Decimal.String()
}

// text is empty for zero: an unset measure.
func text(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
