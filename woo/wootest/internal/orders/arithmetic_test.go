package orders_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// computed is an order that a real WooCommerce computed, with everything it
// computed it from.
type computed struct {
	ID       string                       `json:"id"`
	Settings map[string]json.RawMessage   `json:"settings"`
	Rates    []json.RawMessage            `json:"tax_rates"`
	Products []map[string]json.RawMessage `json:"products"`
	Coupons  []map[string]json.RawMessage `json:"coupons"`
	Request  struct {
		Path string          `json:"path"`
		Body json.RawMessage `json:"body"`
	} `json:"request"`
	Response struct {
		Status int            `json:"status"`
		Body   map[string]any `json:"body"`
	} `json:"response"`
}

// TestOrderArithmetic creates the orders of testdata/rest-orders.jsonl.gz on a
// store with their settings and compares every amount.
func TestOrderArithmetic(t *testing.T) {
	for _, r := range readComputed(t) {
		t.Run(r.ID, func(t *testing.T) {
			s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = r.catalogue(t) })
			a := storetest.Send(t, s, "POST", r.Request.Path, string(r.Request.Body), storetest.SignedIn(storetest.TestKeys()[0]))
			if a.Status != r.Response.Status {
				t.Fatalf("status %d, recorded %d\n%s", a.Status, r.Response.Status, a.Body)
			}
			got, _ := storetest.Decode(t, a.Body).(map[string]any)
			var d storetest.Differ
			amounts(&d, "", r.Response.Body, got)
			for _, line := range d.Found {
				t.Error(line)
			}
		})
	}
}

func readComputed(t *testing.T) []computed {
	t.Helper()
	path := "testdata/rest-orders.jsonl.gz"
	if p := os.Getenv("WOOTEST_ORDERS"); p != "" {
		path = p
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(zipped)
	lines.Buffer(nil, 1<<20)
	var out []computed
	for lines.Scan() {
		var r computed
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.UseNumber()
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// amounts compares what was recorded and leaves the rest of the answer alone.
func amounts(d *storetest.Differ, path string, want map[string]any, got map[string]any) {
	for k, w := range want {
		at := path + "." + k
		switch w := w.(type) {
		case []any:
			g, _ := got[k].([]any)
			if len(g) != len(w) {
				d.Note(at, "has %d elements, recorded %d", len(g), len(w))
				continue
			}
			for i := range w {
				wm, _ := w[i].(map[string]any)
				gm, _ := g[i].(map[string]any)
				amounts(d, fmt.Sprintf("%s[%d]", at, i), wm, gm)
			}
		default:
			if fmt.Sprint(w) != fmt.Sprint(got[k]) && !sameNumber(w, got[k]) {
				d.Note(at, "is %v, recorded %v", got[k], w)
			}
		}
	}
}

// sameNumber compares JSON numbers, which may be written in two ways.
func sameNumber(want, got any) bool {
	w, ok1 := want.(json.Number)
	g, ok2 := got.(json.Number)
	if !ok1 || !ok2 {
		return false
	}
	a, err1 := w.Float64()
	b, err2 := g.Float64()
	return err1 == nil && err2 == nil && a == b
}

// catalogue is the store the order was computed in.
func (r computed) catalogue(t *testing.T) fs.FS {
	t.Helper()
	files := fstest.MapFS{
		"site.json":        {Data: []byte(`{"title":"x","utc_offset_minutes":330,"woocommerce":"10.4.3","wordpress":"6.9.7"}`)},
		"currency.json":    {Data: []byte(`{"code":"INR","name":"Indian rupee","symbol":"&#8377;"}`)},
		"taxes.json":       {Data: storetest.MustJSON(t, r.Rates)},
		"tax_classes.json": {Data: taxClasses()},
	}
	files["settings_general.json"] = &fstest.MapFile{Data: storetest.MustJSON(t, []map[string]string{
		{"id": "woocommerce_default_country", "value": r.word("base_country") + ":" + r.word("base_state")},
		{"id": "woocommerce_calc_taxes", "value": r.yesNo("tax_enabled")},
		{"id": "woocommerce_calc_discounts_sequentially", "value": r.yesNo("calc_discounts_sequentially")},
		{"id": "woocommerce_price_num_decimals", "value": r.word("decimals")},
		{"id": "woocommerce_currency_pos", "value": "left"}, {"id": "woocommerce_price_thousand_sep", "value": ","},
		{"id": "woocommerce_price_decimal_sep", "value": "."},
	})}
	files["settings_tax.json"] = &fstest.MapFile{Data: storetest.MustJSON(t, []map[string]string{
		{"id": "woocommerce_prices_include_tax", "value": r.yesNo("prices_include_tax")},
		{"id": "woocommerce_tax_based_on", "value": r.word("tax_based_on")},
		{"id": "woocommerce_shipping_tax_class", "value": r.word("shipping_tax_class")},
		{"id": "woocommerce_tax_round_at_subtotal", "value": r.yesNo("tax_round_at_subtotal")},
	})}
	products, variations := r.products(t)
	files["products.json"] = &fstest.MapFile{Data: storetest.MustJSON(t, products)}
	files["variations.json"] = &fstest.MapFile{Data: storetest.MustJSON(t, variations)}
	files["coupons.json"] = &fstest.MapFile{Data: storetest.MustJSON(t, r.coupons(t))}
	return files
}

func taxClasses() []byte {
	slugs := []string{"gst-0", "gst-3", "gst-5", "gst-12", "gst-18", "gst-28", "gst-40"}
	sort.Strings(slugs) // the site's order is alphabetical
	var rows []string
	for _, s := range append([]string{"standard"}, slugs...) {
		rows = append(rows, fmt.Sprintf(`{"slug":%q,"name":%q}`, s, s))
	}
	return []byte("[" + strings.Join(rows, ",") + "]")
}

func (r computed) word(name string) string { return strings.Trim(string(r.Settings[name]), `"`) }

func (r computed) yesNo(name string) string {
	if r.word(name) == "true" {
		return "yes"
	}
	return "no"
}

// products are simple products, and variations whose parents the order never
// asks about.
func (r computed) products(t *testing.T) (products, variations []map[string]any) {
	t.Helper()
	for _, p := range r.Products {
		var categories []map[string]any
		var ids []int64
		if err := json.Unmarshal(p["category_ids"], &ids); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			categories = append(categories, map[string]any{"id": id})
		}
		row := map[string]any{
			"id": p["id"], "parent_id": p["parent_id"], "name": "Product " + string(p["id"]), "type": "simple", "status": "publish",
			"regular_price": p["regular_price"], "sale_price": p["sale_price"], "tax_status": p["tax_status"], "tax_class": p["tax_class"],
			"categories": categories, "stock_status": "instock", "backorders": "no",
		}
		if string(p["parent_id"]) == "0" {
			products = append(products, row)
		} else {
			variations = append(variations, row)
		}
	}
	return products, variations
}

func (r computed) coupons(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, c := range r.Coupons {
		row := map[string]any{"status": "publish", "discount_type": c["type"]}
		for k, v := range c {
			row[k] = v
		}
		if expires := strings.Trim(string(c["date_expires"]), `"`); expires != "null" {
			row["date_expires_gmt"] = strings.TrimSuffix(expires, "Z")
		}
		delete(row, "date_expires")
		out = append(out, row)
	}
	return out
}
