package woo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/inventory"
)

// ProductError is a product whose data cannot be used. Others of the same list
// can.
type ProductError struct {
	ID    int64
	Slug  string
	Field string // as GraphQL names it
	Err   error
}

// Error implements error.
func (e *ProductError) Error() string {
	return fmt.Sprintf("woo: product %d (%s): %s: %v", e.ID, e.Slug, e.Field, e.Err)
}

// Unwrap gives ErrBadAnswer and the cause.
func (e *ProductError) Unwrap() []error { return []error{ErrBadAnswer, e.Err} }

// errNoID says that an answer about a product does not say which.
var errNoID = errors.New("an id is missing")

// fieldError is a *ProductError that does not know its product yet.
func fieldError(field string, err error) error { return &ProductError{Field: field, Err: err} }

// product makes a Product of what GraphQL sent.
func (c *Client) product(ctx context.Context, n *productNode) (Product, error) {
	if n.DatabaseID <= 0 {
		return Product{}, inProduct(fieldError("databaseId", errNoID), n.DatabaseID, n.Slug)
	}
	p := Product{
		ID: n.DatabaseID, Slug: readableSlug(n.Slug), Name: plainText(n.Name), SKU: n.SKU,
		Type: productType(n.Typename), Link: n.Link,
		Description: n.Description, ShortDescription: n.ShortDescription, ModifiedAt: gmt(n.ModifiedGMT),
		TaxStatus: strings.ToLower(n.TaxStatus), OnSale: n.OnSale, Purchasable: n.Purchasable,
		Virtual: n.Virtual, Downloadable: n.Downloadable, Featured: n.Featured, SoldIndividually: n.SoldIndividually,
		NeedsShipping: n.ShippingRequired, ShippingClassID: n.ShippingClassID,
		Image: image(n.Image), Gallery: images(n.Gallery), Categories: terms(n.Categories), Tags: terms(n.Tags),
		Attributes: attributes(n.Attributes), Defaults: chosen(n.Defaults),
		External: offsite(n), Rating: n.AverageRating.or0(), ReviewCount: n.ReviewCount,
		Members: c.cards(n.Members.Nodes), Upsells: c.cards(n.Upsells.Nodes), CrossSells: c.cards(n.CrossSells.Nodes), Related: c.related(n),
	}
	p.Stock = stockOf(n.stockNode, inventory.ProductItem(p.ID), inventory.ProductItem(p.ID))
	err := c.fillPriced(ctx, n.priceNode, n.sizeNode, n.Purchasable, priced{&p.Price, &p.TaxClass, &p.ShippingClass, &p.Weight, &p.Size})
	if err != nil {
		return Product{}, inProduct(err, n.DatabaseID, n.Slug)
	}
	p.Price = p.Price.of(p.Type)
	return p, nil
}

// priced is what a product and a variation have in common and may fail to
// decode.
type priced struct {
	price         *Price
	taxClass      *string
	shippingClass *string
	weight        *decimal.Decimal
	size          *Size
}

func (c *Client) fillPriced(ctx context.Context, p priceNode, s sizeNode, purchasable bool, into priced) (err error) {
	if *into.price, err = c.price(p, purchasable); err != nil {
		return err
	}
	if *into.taxClass, err = c.taxClass(ctx, p.TaxClass); err != nil {
		return err
	}
	if *into.shippingClass, err = c.shippingClass(ctx, s.ShippingClassID); err != nil {
		return err
	}
	for _, m := range []struct {
		field, text string
		into        *decimal.Decimal
	}{
		{"weight", s.Weight, into.weight}, {"length", s.Length, &into.size.Length},
		{"width", s.Width, &into.size.Width}, {"height", s.Height, &into.size.Height},
	} {
		if m.text == "" {
			continue
		}
		if *m.into, err = parseAmount(m.text); err != nil {
			return fieldError(m.field, err)
		}
	}
	return nil
}

// variations makes Variations of a variable product's.
func (c *Client) variations(ctx context.Context, parent *productNode, list []variationNode) ([]Variation, error) {
	out := make([]Variation, len(list))
	for i := range list {
		v, err := c.variation(ctx, parent.DatabaseID, &list[i])
		if err != nil {
			return nil, inProduct(err, list[i].DatabaseID, parent.Slug)
		}
		out[i] = v
	}
	return out, nil
}

func (c *Client) variation(ctx context.Context, parent int64, n *variationNode) (Variation, error) {
	v := Variation{
		ID: n.DatabaseID, Name: plainText(n.Name), SKU: n.SKU, Description: n.Description,
		TaxStatus: strings.ToLower(n.TaxStatus), OnSale: n.OnSale, Purchasable: n.Purchasable, Virtual: n.Virtual, Downloadable: n.Downloadable,
		NeedsShipping: !n.Virtual, ShippingClassID: n.ShippingClassID, Image: image(n.Image), Attributes: chosen(n.Attributes),
	}
	v.Stock = stockOf(n.stockNode, inventory.VariationItem(v.ID), inventory.ProductItem(parent))
	err := c.fillPriced(ctx, n.priceNode, n.sizeNode, n.Purchasable, priced{&v.Price, &v.TaxClass, &v.ShippingClass, &v.Weight, &v.Size})
	return v, err
}

// inProduct names the product an error is about.
func inProduct(err error, id int64, slug string) error {
	var e *ProductError
	if errors.As(err, &e) {
		return &ProductError{ID: id, Slug: readableSlug(slug), Field: e.Field, Err: e.Err}
	}
	return err
}

// productType is the type behind a GraphQL type name.
func productType(typename string) ProductType {
	switch typename {
	case "GroupProduct":
		return Grouped
	}
	return ProductType(strings.ToLower(strings.TrimSuffix(typename, "Product")))
}

// readableSlug undoes WordPress's percent-encoding: slugs are stored as
// "%e0%a4%9a…" and looked up in either form.
func readableSlug(slug string) string {
	plain, err := url.PathUnescape(slug)
	if err != nil || !utf8.ValidString(plain) {
		return slug
	}
	return plain
}

// gmt reads a *_gmt date: UTC, written without a zone. What is no date is the
// zero time.
func gmt(text string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(text, "Z"))
	if err != nil {
		return time.Time{}
	}
	return t
}
