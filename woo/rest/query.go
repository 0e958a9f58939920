package rest

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Query narrows a list. The zero value is the whole of it. What a list has no
// such parameter for, WooCommerce ignores.
type Query struct {
	// Search finds text where WooCommerce looks for it: an order's number,
	// transaction id (with High-Performance Order Storage) and address, a
	// product's name and SKU, a customer's name and e-mail.
	Search string
	// IDs keeps only these, at most a hundred.
	IDs []int64
	// Status is one or more of the list's own; orders in the trash are not part
	// of "any".
	Status []string
	// SKU finds products, and variations too, by the whole SKU.
	SKU []string
	// Slug is a product's, Code a coupon's, Email a customer's, Class a tax
	// rate's.
	Slug, Code, Email, Class string
	// Role is a customer's: "customer" unless set, "all" for every user.
	Role string
	// Customer and Product keep only orders of the customer, with the product.
	Customer, Product int64
	// ModifiedFrom keeps what was changed in this second or later. The store
	// knows seconds only, and stamps by its own clock: to follow changes, begin
	// each pass where the one before began, minus what the clocks may differ
	// by, and expect to see things again. Selling a parent-managed variation
	// moves the parent's date alone.
	ModifiedFrom time.Time
	// CreatedFrom and CreatedBefore bound the creation date.
	CreatedFrom, CreatedBefore time.Time
	// More is added as it is.
	More url.Values
}

// values are the parameters of the query.
func (q Query) values() url.Values {
	v := url.Values{}
	maps.Copy(v, q.More)
	for name, text := range map[string]string{
		"search": q.Search, "slug": q.Slug, "code": q.Code, "email": q.Email, "class": q.Class, "role": q.Role,
		"include": joined(q.IDs), "status": strings.Join(q.Status, ","), "sku": strings.Join(q.SKU, ","),
		"modified_after": from(q.ModifiedFrom), "after": from(q.CreatedFrom), "before": instant(q.CreatedBefore),
	} {
		if text != "" {
			v.Set(name, text)
		}
	}
	for name, id := range map[string]int64{"customer": q.Customer, "product": q.Product} {
		if id != 0 {
			v.Set(name, strconv.FormatInt(id, 10))
		}
	}
	return v
}

// from is the last second before t: the store's bounds leave out the bound.
func from(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return instant(t.Truncate(time.Second).Add(-time.Second))
}

// instant is a time with its zone. Without one, WooCommerce would take it for
// the site's.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

func joined(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}
