package woo

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Sort is the order of a list.
type Sort string

// The orders. The zero value is ByMenu, for a search what fits best first.
//
// Products that are equal in an order must still come once each on pages that
// are read one after the other. Over GraphQL they do; by price that takes
// growing requests, see [Client.Products]. The Store API numbers its pages and
// leaves the order of equals to the database: of products with the same name
// (ByName, ByMenu) one may come twice and another not at all, and LastModified
// it refuses, because an import changes hundreds in one second.
const (
	Newest       Sort = "newest"
	CheapFirst   Sort = "cheap first"
	DearFirst    Sort = "dear first"
	ByName       Sort = "by name"
	ByMenu       Sort = "by menu" // as the shop keeper arranged them, then by name
	MostPopular  Sort = "most popular"
	BestRated    Sort = "best rated"
	LastModified Sort = "last modified"
)

// ProductFilter says which products of the catalogue to list; what is set must
// all hold. The zero value is all that the shop shows.
type ProductFilter struct {
	Category string // a category's slug, its children included
	Tag      string // a tag's slug
	Search   string // words in name, description or SKU
	SKU      string // exactly
	IDs      []int64
	// Attributes are values of the shop's global attributes that a product
	// must have.
	Attributes []AttributeFilter
	OnSale     bool // only products on sale
	InStock    bool // only products in stock or on backorder
	Featured   bool

	// MinPrice and MaxPrice bound the stored price. Where prices are entered
	// without tax and shown with it, WooCommerce first takes the tax of the
	// standard class out of the bounds (WC_Query::price_filter_post_clauses).
	// Zero means no bound.
	MinPrice, MaxPrice decimal.Decimal

	Sort Sort
	// Variations asks for the variations of variable products too, which is
	// what makes a list slow.
	Variations bool
	// Hidden lists also what the shop hides from its own lists: from search
	// results when Search is set, else from the catalogue. Hidden is not
	// private: everyone can see such a product by its address.
	Hidden bool
	// PageSize is how many products one request brings, at most 100; 0 means
	// 50, or 10 with Variations.
	PageSize int
}

// AttributeFilter is a choice among the values of one attribute.
type AttributeFilter struct {
	Name   string   // of a global attribute, such as "pa_size"
	Values []string // slugs of its terms, such as "xl"
	// All wants every one of the values; any one is enough otherwise.
	All bool
}

// InvalidError names an argument that was refused before anything was sent.
type InvalidError struct {
	Field  string
	Reason string
}

// Error implements error.
func (e *InvalidError) Error() string { return "woo: " + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrRefused) true.
func (e *InvalidError) Is(target error) bool { return target == ErrRefused }

// ErrUnsupported is matched by an *UnsupportedError.
var ErrUnsupported = errors.New("woo: unsupported")

// UnsupportedError says that a catalogue cannot answer a question, whoever
// asks. Nothing was sent.
type UnsupportedError struct {
	Field  string    // of the filter, or the call
	By     Catalogue // which catalogue
	Reason string    // and what to do instead
}

// Error implements error.
func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("woo: %s: %s cannot: %s", e.Field, e.By, e.Reason)
}

// Is makes errors.Is true for ErrUnsupported and ErrRefused.
func (e *UnsupportedError) Is(target error) bool {
	return target == ErrUnsupported || target == ErrRefused
}

func (f ProductFilter) pageSize() int {
	switch {
	case f.PageSize > 0:
		return f.PageSize
	case f.Variations:
		return 10
	}
	return 50
}

// visibility is which of the shop's lists a filter asks for, "" for any.
func (f ProductFilter) visibility() string {
	switch {
	case f.Hidden:
		return ""
	case f.Search != "":
		return "search"
	}
	return "catalog"
}

// sifts reports whether a filter has parts that are applied here, because the
// store cannot or does not mean the same by them.
func (f ProductFilter) sifts() bool { return f.SKU != "" || f.OnSale && len(f.IDs) > 0 }

// leavesOut applies those parts. WooGraphQL finds SKUs that contain the text,
// the Store API those of variations too; and named products on sale are too
// much for both: one takes what is on sale in the place of what is named, the
// other mixes the two (ProductQuery::prepare_objects_query).
func (f ProductFilter) leavesOut(t ProductType, sku string, onSale bool) bool {
	if f.SKU != "" && sku != f.SKU {
		return true
	}
	return f.OnSale && len(f.IDs) > 0 && (!onSale || t == Grouped)
}

func (f ProductFilter) validate() error {
	switch {
	case f.PageSize < 0 || f.PageSize > perPage:
		return &InvalidError{Field: "page_size", Reason: "must be 1 to 100"}
	case !f.Sort.known():
		return &InvalidError{Field: "sort", Reason: "is not one of the Sort values"}
	case f.MinPrice.IsNegative() || f.MaxPrice.IsNegative():
		return &InvalidError{Field: "price", Reason: "must not be negative"}
	case outsized(f.MinPrice) || outsized(f.MaxPrice):
		return &InvalidError{Field: "price", Reason: "must have at most 18 digits, 8 of them decimals"}
	case len(f.IDs) > perPage:
		return &InvalidError{Field: "ids", Reason: "must be at most 100"}
	case strings.Contains(f.SKU, ","):
		return &InvalidError{Field: "sku", Reason: "must be one SKU: WooCommerce reads a comma as the end of one"}
	}
	for _, text := range []struct{ field, value string }{
		{"category", f.Category}, {"tag", f.Tag}, {"search", f.Search}, {"sku", f.SKU},
	} {
		if !plausible(text.value) {
			return &InvalidError{Field: text.field, Reason: "must be valid UTF-8 of at most 500 bytes"}
		}
	}
	return validateAttributes(f.Attributes)
}

// outsized finds numbers that no price is, and that would fill a page of zeros.
func outsized(d decimal.Decimal) bool {
	return d.Exponent() < -8 || d.Exponent() > 18 || d.NumDigits() > 18
}

// plausible bounds what is looked for.
func plausible(text string) bool { return len(text) <= 500 && utf8.ValidString(text) }

func validateAttributes(list []AttributeFilter) error {
	if len(list) > 20 {
		return &InvalidError{Field: "attributes", Reason: "must be at most 20"}
	}
	for _, a := range list {
		switch {
		case !globalAttribute(a.Name):
			return &InvalidError{Field: "attributes", Reason: `must be named as global attributes are, such as "pa_size"; a local one cannot be filtered by`}
		case len(a.Values) == 0 || len(a.Values) > perPage:
			return &InvalidError{Field: "attributes", Reason: a.Name + " must have 1 to 100 values"}
		}
		for _, v := range a.Values {
			if v == "" || !plausible(v) {
				return &InvalidError{Field: "attributes", Reason: a.Name + " has an empty or impossible value"}
			}
		}
	}
	return nil
}

// globalAttribute reports whether name can be a taxonomy of an attribute, 32
// bytes at most (wc_create_attribute allows 28 after the prefix).
func globalAttribute(name string) bool {
	return strings.HasPrefix(name, "pa_") && len(name) > 3 && len(name) <= 32 && !strings.ContainsFunc(name, notInSlug)
}

// notInSlug finds what sanitize_title leaves in no slug.
func notInSlug(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '%')
}
