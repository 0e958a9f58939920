package rest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// companionVersion is the plugin's; package companion has it too.
const companionVersion = "1.0.0"

const (
	companionRoot = "/wp-json/wc-ankkor/v1"
	tokenMeta     = "_ankkor_token"
)

// companionRoutes are the plugin's own; without it there are none.
func companionRoutes() []Route {
	return []Route{
		{"GET", "status", (*Call).companionStatus},
		{"GET", "orders", (*Call).findByKey},
	}
}

// routesFor are the routes of the namespace an address lies in, and what is left
// of the address below it.
func (a *API) routesFor(path string) ([]Route, string) {
	if a.Options.Companion && strings.HasPrefix(path, companionRoot+"/") {
		return companionRoutes(), strings.Trim(strings.TrimPrefix(path, companionRoot), "/")
	}
	below := strings.Trim(strings.TrimPrefix(path, wire.RESTRoot), "/")
	if !strings.HasPrefix(path, wire.RESTRoot) {
		return nil, below
	}
	return a.routes, below
}

// signCompanion marks every answer of WooCommerce's API, errors too.
func signCompanion(s *site.Site, path string, header http.Header) {
	if s.Options.Companion && strings.HasPrefix(path, wire.RESTRoot+"/") {
		header.Set("X-Ankkor-Companion", companionVersion)
	}
}

func (c *Call) companionStatus() (Answer, *wire.Error) {
	return OK(wp.Object{
		{"version", companionVersion}, {"features", []string{"order_key", "order_lookup", "guest_payment", "stock_revision"}},
	})
}

// findByKey is GET /orders?key=…: the order a key made, in the trash too.
func (c *Call) findByKey() (Answer, *wire.Error) {
	if !c.Query.Has("key") {
		return Answer{}, &wire.Error{Status: http.StatusBadRequest, Code: "rest_missing_callback_param", Message: "Missing parameter(s): key",
			Extra: wp.Object{{"params", []string{"key"}}}}
	}
	key := c.Query.Get("key")
	if !isOrderKey(key) {
		return Answer{}, &wire.Error{Status: http.StatusBadRequest, Code: "rest_invalid_param", Message: "Invalid parameter(s): key",
			Extra: wp.Object{{"params", wp.Object{{"key", "Invalid parameter."}}}, {"details", []string{}}}}
	}
	found := []wp.Object{}
	if o := c.State.Orders[c.State.OrderKeys[key].Order]; o != nil {
		found = append(found, wp.Object{{"id", o.ID}, {"status", o.Status}})
	}
	return Answer{Status: http.StatusOK, Body: found}, nil
}

// isOrderKey is the plugin's is_key.
func isOrderKey(key string) bool {
	return key != "" && len(key) <= 128 && !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_.:-", r)
	})
}

// createOrder is POST /orders: with the plugin, an order that names a key is
// made once. WordPress has checked the parameters before the plugin is asked;
// its lock is the store's own.
func (c *Call) createOrder() (Answer, *wire.Error) {
	if err := c.checkOrder(); err != nil {
		return Answer{}, err
	}
	key, ok := c.requestedKey()
	switch {
	case !c.Site.Options.Companion || !ok:
		return c.makeOrder()
	case !isOrderKey(key):
		return Answer{}, wire.Fault(http.StatusBadRequest, "ankkor_invalid_key", "The order key must be 1 to 128 letters, digits, or - _ . :")
	}
	return c.createOnce(key)
}

// createInBatch is an order of a batch, which never reaches the plugin.
func (c *Call) createInBatch() (Answer, *wire.Error) {
	if err := c.checkOrder(); err != nil {
		return Answer{}, err
	}
	return c.makeOrder()
}

// requestedKey is the key in the body's meta_data; what is no text is no key.
func (c *Call) requestedKey() (string, bool) {
	var list []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	}
	_ = json.Unmarshal(c.Body["meta_data"], &list) // its type was checked
	for _, m := range list {
		if m.Key == tokenMeta {
			var text string
			_ = json.Unmarshal(m.Value, &text)
			return text, true
		}
	}
	return "", false
}

// createOnce is the plugin's create_once.
func (c *Call) createOnce(key string) (Answer, *wire.Error) {
	hash := c.bodyHash()
	row, known := c.State.OrderKeys[key]
	o := c.State.Orders[row.Order]
	switch {
	case known && o == nil:
		return Answer{}, wire.Fault(http.StatusGone, "ankkor_order_deleted", "The order with this key was deleted.")
	case !known:
		o = unrecorded(c.State, key)
	}
	if o == nil || o.Status == "trash" {
		a, err := c.makeOrder()
		if err == nil {
			c.State.OrderKeys[key] = site.KeyedOrder{Order: c.made, Hash: hash}
		}
		return a, err
	}
	if known && row.Hash != hash {
		return Answer{}, wire.Fault(http.StatusUnprocessableEntity, "ankkor_key_reused", "The order with this key was created from another request.")
	}
	c.State.OrderKeys[key] = site.KeyedOrder{Order: o.ID, Hash: hash}
	a, err := OK(c.OrderView(o))
	a.Header = http.Header{"X-Ankkor-Replay": {"1"}}
	return a, err
}

// bodyHash is the same for the same request, whatever the order of its members.
func (c *Call) bodyHash() string {
	var members any
	raw, _ := json.Marshal(c.Body)        // it was JSON before
	_ = json.Unmarshal(raw, &members)     // and still is
	canonical, _ := json.Marshal(members) // sorts them
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// unrecorded is the oldest order that carries the key although no row says so:
// it was made without the plugin, or by a batch.
func unrecorded(st *site.State, key string) *site.Order {
	var oldest *site.Order
	for _, o := range st.Orders {
		carries := slices.ContainsFunc(o.Meta, func(m shop.MetaData) bool { return m.Key == tokenMeta && wp.TextOf(m.Value) == key })
		if carries && o.Status != "trash" && o.Status != "checkout-draft" && (oldest == nil || o.ID < oldest.ID) {
			oldest = o
		}
	}
	return oldest
}

// companionStock is the field the plugin adds to products and variations.
func (c *Call) companionStock(p *shop.Product) wp.Object {
	if !c.Site.Options.Companion {
		return nil
	}
	counted, h := p.ID, c.State.StockHolder(p)
	if h != nil {
		counted = h.ID
	}
	return wp.Object{{"ankkor_stock", wp.Object{
		{"product_id", counted}, {"revision", c.State.Revisions[counted]}, {"quantity", quantityOrNull(h)},
	}}}
}
