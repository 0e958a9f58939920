package rest

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ankkor/ankkor/woo"
)

// pageSize is the longest page WooCommerce gives; more is a 400.
const pageSize = 100

// maxPages bounds a list: a store that never ends one is broken.
const maxPages = 100_000

// All reads the list page by page, oldest id first, each thing once, and ends
// with the first error or with ctx. Nothing is skipped when things are added,
// change or are removed meanwhile: where a list got shorter, its last
// pages are read again. (One page is missed only if as many were added as were removed between
// two pages.) A page is read again after a failure that may pass.
func (l List[T]) All(ctx context.Context, q Query) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w := walk[T]{list: l, query: q.values(), seen: map[int64]bool{}}
		w.query.Set("per_page", strconv.Itoa(pageSize))
		w.query.Set("orderby", "id")
		w.query.Set("order", "asc")
		for page := 1; page > 0; {
			items, next, err := w.page(ctx, page)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			page = next
		}
	}
}

// Collect reads the whole list into memory.
func (l List[T]) Collect(ctx context.Context, q Query) ([]T, error) {
	var all []T
	for item, err := range l.All(ctx, q) {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// row is a T with its id, which is in every one of them.
type row[T any] struct {
	want  int64 // the id it must have, 0 for any
	id    int64
	value T
}

func (r *row[T]) loosely(d decoder, from any) error {
	var id struct {
		ID *int64 `json:"id"`
	}
	if err := d.decode(from, &id); err != nil {
		return err
	}
	if id.ID == nil || r.want != 0 && r.want != *id.ID {
		return d.at(".id").wants("that of what was asked for")
	}
	r.id = *id.ID
	return d.decode(from, &r.value)
}

// walk is a way through a list.
type walk[T any] struct {
	list  List[T]
	query url.Values
	seen  map[int64]bool
	total int // how long the list was at the last page
	reads int
}

// page reads a page and names the next one, 0 for none.
func (w *walk[T]) page(ctx context.Context, n int) (fresh []T, next int, err error) {
	req := w.list.request("list", http.MethodGet, w.list.path)
	w.query.Set("page", strconv.Itoa(n))
	req.Query = w.query
	if w.reads++; w.reads > maxPages {
		return nil, 0, &woo.Error{Kind: woo.Unavailable, Op: req.Op, Cause: fmt.Errorf("%w: more than %d pages", woo.ErrBadAnswer, maxPages)}
	}
	var rows []row[T]
	reply, err := w.list.c.send(ctx, req, &rows)
	if err != nil {
		return nil, 0, err
	}
	total, paged := count(reply.Header.Get("X-WP-Total"))
	gone := w.total - total
	if w.total = total; paged && gone > 0 && n > 1 {
		return nil, max(1, n-(gone+pageSize-1)/pageSize), nil
	}
	for _, r := range rows {
		if !w.seen[r.id] {
			w.seen[r.id] = true
			fresh = append(fresh, r.value)
		}
	}
	if len(rows) < pageSize || paged && n*pageSize >= total || !paged && len(fresh) == 0 {
		return fresh, 0, nil
	}
	return fresh, n + 1, nil
}

// count reads a header that counts.
func count(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}
