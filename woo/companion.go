package woo

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/ankkor/ankkor/checkout"
)

// What the companion plugin (package woo/companion) answers with and under.
const (
	companionHeader = "X-Ankkor-Companion"
	companionRoot   = wpJSON + "wc-ankkor/v1/"
	// keyInUse is a creation that waited too long for another one with its
	// token: what becomes of that one is open.
	keyInUse = "ankkor_key_in_use"
)

// companionPlugin is what is known of the plugin on the store: its version, nil
// for nothing. It may be installed and removed while we run.
type companionPlugin struct{ version atomic.Pointer[string] }

// Companion returns the version of the companion plugin that the store named in
// an answer of its REST API, "" as long as none has been seen. With it, an
// order is found by its token in one look instead of by searching and leafing
// through the newest, and a creation that is sent again with the same token
// answers the order that exists. Everything works without it.
func (c *Client) Companion() string {
	if v := c.companion.version.Load(); v != nil {
		return *v
	}
	return ""
}

// notice reads the plugin's mark on an answer of wc/v3. That one is missing
// proves nothing: a firewall's page has none either.
func (p *companionPlugin) notice(h http.Header) {
	seen := strings.TrimSpace(h.Get(companionHeader))
	if seen == "" || len(seen) > 20 || strings.ContainsFunc(seen, unfitForHeader) {
		return
	}
	if known := p.version.Load(); known == nil || *known != seen {
		p.version.Store(&seen)
	}
}

// forget is for when the plugin's own routes are gone.
func (p *companionPlugin) forget() { p.version.Store(nil) }

// orderByKey asks the plugin for the order with a token and reads it. It is
// asked once. ok is false whenever that does not settle the matter: no plugin,
// no answer, no row for the token (the order may be older than the plugin, or
// the store may have died between the order and the row), an order in the trash
// (which frees the token for another), or one that does not carry it.
func (c *Client) orderByKey(ctx context.Context, op, token string) (o checkout.StoreOrder, ok bool) {
	if c.Companion() == "" {
		return checkout.StoreOrder{}, false
	}
	k := call{op: op, method: http.MethodGet, root: companionRoot, path: "orders", query: url.Values{"key": {token}}, fresh: true}
	a, failed := c.attempt(ctx, k, false)
	var rows []struct {
		ID looseInt `json:"id"`
	}
	if failed == nil {
		failed = decodeInto(op, false, a, &rows)
	}
	switch {
	case failed != nil && failed.Code == "rest_no_route":
		c.companion.forget()
		return checkout.StoreOrder{}, false
	case failed != nil, len(rows) != 1:
		return checkout.StoreOrder{}, false
	}
	n, err := c.orderNode(ctx, op, int64(rows[0].ID))
	if err != nil || int64(n.ID) != int64(rows[0].ID) || n.token() != token {
		return checkout.StoreOrder{}, false
	}
	o, err = n.order(op)
	return o, err == nil && !o.Trashed() && !o.Draft()
}
