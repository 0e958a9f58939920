package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ankkor/ankkor/woo"
)

// export writes the catalogue page by page and says how many products could not be read.
func export(ctx context.Context, client *woo.Client, o options, store string, out, progress io.Writer) (unreadable int, err error) {
	f := woo.ProductFilter{
		Search: o.search, Category: o.category, Hidden: true, Variations: true, Sort: woo.Newest, PageSize: o.pageSize,
	}
	place, err := openPlace(o, store)
	if err != nil {
		return 0, err
	}
	if place.Next != "" {
		fmt.Fprintf(progress, "going on after %d products\n", place.Written)
	}
	unreadable = place.Unreadable
	w := bufio.NewWriter(out)
	for total := int64(-1); ; {
		page, err := client.ProductPage(ctx, f, place.Next)
		if err != nil {
			return unreadable, fmt.Errorf("after %d products: %w", place.Written, readable(err))
		}
		if err := write(w, page); err != nil {
			return unreadable, err
		}
		unreadable += len(page.Unreadable)
		total = max(total, page.Total)
		place.Written += len(page.Products) + len(page.Unreadable)
		place.Next, place.Unreadable = page.Next, unreadable
		report(progress, place.Written, total, unreadable)
		if page.Next == "" {
			return unreadable, place.close()
		}
		if err := place.save(); err != nil {
			return unreadable, err
		}
	}
}

// readable makes a wrong -search or -category the caller's mistake.
func readable(err error) error {
	var invalid *woo.InvalidError
	if errors.As(err, &invalid) || errors.Is(err, woo.ErrUnsupported) {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}

// write writes a page, the whole of it or an error.
func write(w *bufio.Writer, page woo.Page) error {
	encode := json.NewEncoder(w)
	encode.SetEscapeHTML(false)
	for i := range page.Products {
		if err := encode.Encode(productLine(&page.Products[i])); err != nil {
			return err
		}
	}
	for _, p := range page.Unreadable {
		if err := encode.Encode(errorLine{ID: p.ID, Slug: p.Slug, Error: p.Error()}); err != nil {
			return err
		}
	}
	return w.Flush()
}

func report(progress io.Writer, written int, total int64, unreadable int) {
	text := fmt.Sprintf("%d products", written)
	if total >= 0 {
		text = fmt.Sprintf("%d of %d products", written, total)
	}
	if unreadable > 0 {
		text += fmt.Sprintf(", %d of them could not be read", unreadable)
	}
	fmt.Fprintln(progress, text)
}
