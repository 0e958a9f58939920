package woo

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Sort is the order of a list.
type Sort string

// The orders. The zero value is the store's own, newest first.
const (
	Newest       Sort = "{field:DATE,order:DESC}"
	CheapFirst   Sort = "{field:PRICE,order:ASC}"
	DearFirst    Sort = "{field:PRICE,order:DESC}"
	ByName       Sort = "{field:NAME,order:ASC}"
	ByMenu       Sort = "{field:MENU_ORDER,order:ASC}"
	MostPopular  Sort = "{field:POPULARITY,order:DESC}"
	BestRated    Sort = "{field:RATING,order:DESC}"
	LastModified Sort = "{field:MODIFIED,order:DESC}"
)

// known reports whether s may be written into a query.
func (s Sort) known() bool {
	switch s {
	case "", Newest, CheapFirst, DearFirst, ByName, ByMenu, MostPopular, BestRated, LastModified:
		return true
	}
	return false
}

// ProductFilter says which products of the catalogue to list. The zero value
// is all that are published, hidden ones included: for WooGraphQL hidden means
// "not in the shop's lists", not private.
type ProductFilter struct {
	Category string // a category's slug, its children included
	Tag      string // a tag's slug
	Search   string // words in name, description or SKU
	SKU      string
	IDs      []int64
	OnSale   bool // only products on sale
	InStock  bool // only products in stock or on backorder
	Featured bool

	// MinPrice and MaxPrice bound the stored price. Where prices are entered
	// without tax and shown with it, WooCommerce first takes the tax of the
	// standard class out of the bounds (WC_Query::price_filter_post_clauses).
	// Zero means no bound.
	MinPrice, MaxPrice decimal.Decimal

	Sort Sort
	// Variations asks for the variations of variable products too, which is
	// what makes a list slow.
	Variations bool
	// Visible leaves out what the shop hides from its own lists: from search
	// results when Search is set, else from the catalogue.
	Visible bool
	// PageSize is how many products one request brings, at most 100; 0 means
	// 50, or 10 with Variations.
	PageSize int
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

// list builds the query of a filter. Text reaches it as a variable only.
func (d documents) list(f ProductFilter) (string, map[string]any, error) {
	if err := f.validate(); err != nil {
		return "", nil, err
	}
	w := where{variables: map[string]any{"first": f.pageSize()}}
	w.text("category", f.Category)
	w.text("tag", f.Tag)
	w.text("search", f.Search)
	w.text("sku", f.SKU)
	w.amount("minPrice", f.MinPrice)
	w.amount("maxPrice", f.MaxPrice)
	w.literal("onSale:true", f.OnSale && len(f.IDs) == 0)
	w.literal("featured:true", f.Featured)
	w.literal("stockStatus:[IN_STOCK,ON_BACKORDER]", f.InStock)
	w.literal("visibility:SEARCH", f.Visible && f.Search != "")
	w.literal("visibility:CATALOG", f.Visible && f.Search == "")
	w.literal("orderby:["+string(f.Sort)+"]", f.Sort != "")
	w.ids("include", f.IDs)
	fragment := d.lightFragment()
	if f.Variations {
		fragment = d.fullFragment()
	}
	return "query($first:Int!,$after:String" + strings.Join(w.declared, "") + "){products(first:$first,after:$after,where:{" +
		strings.Join(w.fields, ",") + "}){" + pageSelection + ",nodes{...P}}}" + fragment, w.variables, nil
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

// leavesOut is the part of a filter that the store cannot apply: in WooGraphQL
// onSale takes the place of include, so of named products it is asked here.
func (f ProductFilter) leavesOut(n *productNode) bool {
	listed := n.OnSale && productType(n.Typename) != Grouped
	return f.OnSale && len(f.IDs) > 0 && !listed
}

func (f ProductFilter) validate() error {
	switch {
	case f.PageSize < 0 || f.PageSize > perPage:
		return &InvalidError{Field: "page_size", Reason: "must be 1 to 100"}
	case !f.Sort.known():
		return &InvalidError{Field: "sort", Reason: "is not one of the Sort values"}
	case f.MinPrice.IsNegative() || f.MaxPrice.IsNegative():
		return &InvalidError{Field: "price", Reason: "must not be negative"}
	case len(f.IDs) > perPage:
		return &InvalidError{Field: "ids", Reason: "must be at most 100"}
	}
	for _, text := range []struct{ field, value string }{
		{"category", f.Category}, {"tag", f.Tag}, {"search", f.Search}, {"sku", f.SKU},
	} {
		if len(text.value) > 500 || !utf8.ValidString(text.value) {
			return &InvalidError{Field: text.field, Reason: "must be valid UTF-8 of at most 500 bytes"}
		}
	}
	return nil
}

// where collects the fields of a where argument.
type where struct {
	declared  []string
	fields    []string
	variables map[string]any
}

func (w *where) add(name, kind string, value any) {
	w.declared = append(w.declared, ",$"+name+":"+kind)
	w.fields = append(w.fields, name+":$"+name)
	w.variables[name] = value
}

func (w *where) text(name, value string) {
	if value != "" {
		w.add(name, "String", value)
	}
}

func (w *where) amount(name string, value decimal.Decimal) {
	if !value.IsZero() {
		w.add(name, "Float", json.Number(value.String()))
	}
}

func (w *where) ids(name string, ids []int64) {
	if len(ids) > 0 {
		w.add(name, "[Int]", ids)
	}
}

func (w *where) literal(field string, on bool) {
	if on {
		w.fields = append(w.fields, field)
	}
}
