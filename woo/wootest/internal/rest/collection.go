package rest

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// page is the paging of a collection request.
type page struct{ number, size int }

// paging reads page and per_page, whose limits WordPress checks.
func (c *Call) paging() page {
	size, number := 10, 1
	if n, err := strconv.Atoi(c.Query.Get("per_page")); err == nil {
		size = n
	}
	if n, err := strconv.Atoi(c.Query.Get("page")); err == nil {
		number = n
	}
	return page{number: number, size: size}
}

// checkCollection validates the parameters all collections share.
func (c *Call) checkCollection(orderby []string) *wire.Error {
	var bad ParamErrors
	bad.bounded(c.Query, "page", 1, 0)
	bad.bounded(c.Query, "per_page", 1, 100)
	if v := c.Query.Get("order"); v != "" && v != "asc" && v != "desc" {
		bad.Enum("order", []string{"asc", "desc"})
	}
	if v := c.Query.Get("orderby"); v != "" && !slices.Contains(orderby, v) {
		bad.Enum("orderby", orderby)
	}
	return bad.Err()
}

// checkEnums refuses what no entry of a collection can be. A list is named
// item by item, as WordPress does.
func (c *Call) checkEnums(fields ...field) *wire.Error {
	var bad ParamErrors
	for _, f := range fields {
		if f.kind != "array" {
			if v := c.Query.Get(f.name); v != "" && !slices.Contains(f.enum, v) {
				bad.Enum(f.name, f.enum)
			}
			continue
		}
		for i, v := range listParam(c.Query, f.name) {
			if !slices.Contains(f.enum, v) {
				at := f.name + "[" + strconv.Itoa(i) + "]"
				bad.Add(f.name, "rest_not_in_enum", at+" is not one of "+wp.WordList(f.enum)+".", nil)
				break
			}
		}
	}
	return bad.Err()
}

// slice cuts out the page and writes the paging headers. Extra are parameters
// WooCommerce adds to the links of some collections.
func paged[T any](c *Call, list []T, extra string) ([]T, http.Header) {
	p := c.paging()
	pages := (len(list) + p.size - 1) / p.size
	h := http.Header{}
	h.Set("X-WP-Total", strconv.Itoa(len(list)))
	h.Set("X-WP-TotalPages", strconv.Itoa(pages))
	var links []string
	if p.number > 1 && pages > 0 {
		links = append(links, c.pageLink(min(p.number-1, pages), extra, "prev"))
	}
	if p.number < pages {
		links = append(links, c.pageLink(p.number+1, extra, "next"))
	}
	if len(links) > 0 {
		h.Set("Link", strings.Join(links, ", "))
	}
	from := min((p.number-1)*p.size, len(list))
	return list[from:min(from+p.size, len(list))], h
}

// pageLink is the request's own address with another page, as add_query_arg
// writes it: the parameters in the order they came.
func (c *Call) pageLink(number int, extra, rel string) string {
	var parts []string
	for _, pair := range strings.Split(c.Raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key == "" || key == "page" {
			continue
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = url.QueryEscape(plain)
		}
		parts = append(parts, key+"="+value)
	}
	if extra != "" {
		parts = append(parts, extra)
	}
	parts = append(parts, "page="+strconv.Itoa(number))
	return "<" + c.address(c.Path) + "?" + strings.Join(parts, "&") + `>; rel="` + rel + `"`
}

// listAnswer is one page of a collection.
func listAnswer[T any](c *Call, list []T, extra string, view func(T) wp.Object) (Answer, *wire.Error) {
	part, header := paged(c, list, extra)
	return Answer{Status: http.StatusOK, Header: header, Body: ViewAll(part, view)}, nil
}

// ViewAll shows every element of a list.
func ViewAll[T any](list []T, view func(T) wp.Object) []wp.Object {
	out := make([]wp.Object, 0, len(list))
	for _, v := range list {
		out = append(out, view(v))
	}
	return out
}

// window holds the date parameters of a collection.
type window struct{ after, before, modifiedAfter, modifiedBefore time.Time }

// dates reads after, before, modified_after and modified_before: site time
// unless the value has a zone or dates_are_gmt is set.
func (c *Call) dates() window {
	asGMT := wp.Truthy(c.Query.Get("dates_are_gmt"))
	read := func(name string) time.Time {
		t, _ := c.Site.Shop.ParseLocal(c.Query.Get(name), asGMT)
		return t
	}
	return window{read("after"), read("before"), read("modified_after"), read("modified_before")}
}

func (w window) holds(created, modified time.Time) bool {
	return Inside(created, w.after, w.before) && Inside(modified, w.modifiedAfter, w.modifiedBefore)
}

// Inside says whether a moment lies between two others; a zero one is no bound.
func Inside(t, after, before time.Time) bool {
	return (after.IsZero() || t.After(after)) && (before.IsZero() || t.Before(before))
}

// sortKey is what collections can be ordered by.
type sortKey struct {
	id                int64
	created, modified time.Time
	title, slug       string
}

// sortBy orders a collection as WordPress does: by date, newest first, unless
// told otherwise, ties by id in the same direction.
func sortBy[T any](c *Call, list []T, key func(T) sortKey) {
	by, desc := c.Query.Get("orderby"), c.Query.Get("order") != "asc"
	slices.SortStableFunc(list, func(a, b T) int {
		x, y := key(a), key(b)
		n := cmp.Compare(x.id, y.id)
		switch by {
		case "id", "include":
		case "modified":
			n = cmp.Or(x.modified.Compare(y.modified), n)
		case "title":
			n = cmp.Or(strings.Compare(strings.ToLower(x.title), strings.ToLower(y.title)), n)
		case "slug":
			n = cmp.Or(strings.Compare(x.slug, y.slug), n)
		default:
			n = cmp.Or(x.created.Compare(y.created), n)
		}
		if desc {
			return -n
		}
		return n
	})
}
