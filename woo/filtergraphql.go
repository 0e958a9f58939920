package woo

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// known reports whether s is one of the orders.
func (s Sort) known() bool {
	switch s {
	case "", Newest, CheapFirst, DearFirst, ByName, ByMenu, MostPopular, BestRated, LastModified:
		return true
	}
	return false
}

// graphQL is the order as WooGraphQL names it, "" for its own, which is by menu
// and from behind, or for a search by relevance.
func (s Sort) graphQL() string {
	switch s {
	case Newest:
		return "{field:DATE,order:DESC}"
	case CheapFirst:
		return "{field:PRICE,order:ASC}"
	case DearFirst:
		return "{field:PRICE,order:DESC}"
	case ByName:
		return "{field:NAME,order:ASC}"
	case MostPopular:
		return "{field:POPULARITY,order:DESC}"
	case BestRated:
		return "{field:RATING,order:DESC}"
	case LastModified:
		return "{field:MODIFIED,order:DESC}"
	}
	return ""
}

// backwards reports whether a list is read from its end. Only that way does
// WooGraphQL page through the shop's menu: its own order is the menu from
// behind, and asked for MENU_ORDER it loses most products after the first page
// (Product_Connection_Resolver::get_query_args).
func (f ProductFilter) backwards() bool { return f.Sort == ByMenu || f.Sort == "" && f.Search == "" }

// byPrice reports whether cursors are of no use: they do not tell products with
// the same price apart and take the wrong one of two prices for a range.
func (f ProductFilter) byPrice() bool { return f.Sort == CheapFirst || f.Sort == DearFirst }

// list builds the query of a filter. Text reaches it as a variable only.
func (d documents) list(f ProductFilter, w *where) (string, map[string]any) {
	return d.products(f, w, "found,"+pageSelection(f.backwards())+",nodes{...P}") + d.listFragments(f), w.variables
}

// products asks for a page of a list.
func (d documents) products(f ProductFilter, w *where, selection string) string {
	page := "first:$n,after:$at"
	if f.backwards() {
		page = "last:$n,before:$at"
	}
	return "query($n:Int!,$at:String" + w.declarations() + "){products(" + page + ",where:" + w.argument() + "){" + selection + "}}"
}

// count asks how many products a filter lists.
func (d documents) count(w *where) (string, map[string]any) {
	declared := strings.TrimPrefix(w.declarations(), ",")
	if declared != "" {
		declared = "(" + declared + ")"
	}
	return "query" + declared + "{products(first:1,where:" + w.argument() + "){found,nodes{__typename}}}", w.variables
}

// where is the filter as products(where:) takes it. Drafts are asked away: the
// store leaves them out of what it shows, not out of what it counts.
func (f ProductFilter) where(b bounds) *where {
	w := &where{variables: map[string]any{}}
	w.literal(`status:"publish"`, true)
	w.text("category", f.Category)
	if f.Tag != "" { // "tag" finds nothing: WordPress takes it for the tag of a post
		w.add("tagIn", "[String]", []string{f.Tag})
	}
	w.amount("minPrice", b.low)
	w.amount("maxPrice", b.high)
	f.common(w)
	w.taxonomies(f.Attributes)
	order := f.Sort.graphQL()
	w.literal("orderby:["+order+"]", order != "")
	return w
}

// common are the parts of a filter that lists and statistics take alike.
func (f ProductFilter) common(w *where) {
	w.text("search", f.Search)
	w.text("sku", f.SKU)
	w.literal("onSale:true", f.OnSale && len(f.IDs) == 0)
	w.literal("featured:true", f.Featured)
	w.literal("stockStatus:[IN_STOCK,ON_BACKORDER]", f.InStock)
	w.literal("visibility:"+strings.ToUpper(f.visibility()), !f.Hidden)
	if len(f.IDs) > 0 {
		w.add("include", "[Int]", f.IDs)
	}
}

// where collects the fields of a where argument.
type where struct {
	declared  []string
	fields    []string
	variables map[string]any
}

func (w *where) argument() string { return "{" + strings.Join(w.fields, ",") + "}" }

// declarations continues a list of variables.
func (w *where) declarations() string { return strings.Join(w.declared, "") }

func (w *where) add(name, kind string, value any) {
	w.fields = append(w.fields, name+":"+w.variable(name, kind, value))
}

// variable declares one and gives the way to name it.
func (w *where) variable(name, kind string, value any) string {
	w.declared = append(w.declared, ",$"+name+":"+kind)
	w.variables[name] = value
	return "$" + name
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

func (w *where) literal(field string, on bool) {
	if on {
		w.fields = append(w.fields, field)
	}
}

// taxonomies filters by attributes. WooGraphQL's own attributes argument wants
// every term it is given, one of them is out of its reach; taxonomyFilter says
// both, in 0.21 and in 1.0.
func (w *where) taxonomies(list []AttributeFilter) {
	if len(list) == 0 {
		return
	}
	filters := make([]string, len(list))
	for i, a := range list {
		operator := "IN"
		if a.All {
			operator = "AND"
		}
		terms := w.variable(fmt.Sprint("terms", i), "[String]", a.Values)
		filters[i] = "{taxonomy:" + enumName(a.Name) + ",terms:" + terms + ",operator:" + operator + "}"
	}
	w.fields = append(w.fields, "taxonomyFilter:{relation:AND,filters:["+strings.Join(filters, ",")+"]}")
}
