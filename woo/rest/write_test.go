package rest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

// TestOnTheWire: what is nil is not sent, money is a string, "" takes away,
// times have a zone.
func TestOnTheWire(t *testing.T) {
	ctx, kolkata := t.Context(), time.FixedZone("IST", 19800)
	until := rest.Time{Time: time.Date(2026, 11, 30, 23, 59, 59, 0, kolkata)}
	tests := map[string]struct {
		call func(*rest.Client) error
		line string
		body string
	}{
		"price": {func(c *rest.Client) error {
			_, err := c.Products().Update(ctx, 16, rest.ProductChange{GoodsChange: rest.GoodsChange{RegularPrice: new(amount("499")), SalePrice: &rest.Amount{}, SaleTo: &rest.Time{}}})
			return err
		}, "PUT products/16", `{"regular_price":"499","sale_price":"","date_on_sale_to_gmt":""}`},
		"sale": {func(c *rest.Client) error {
			_, err := c.Variations(37).Update(ctx, 38, rest.VariationChange{GoodsChange: rest.GoodsChange{SalePrice: new(amount("1099.50")), SaleTo: &until}})
			return err
		}, "PUT products/37/variations/38", `{"sale_price":"1099.50","date_on_sale_to_gmt":"2026-11-30T18:29:59Z"}`},
		"no categories": {func(c *rest.Client) error {
			_, err := c.Products().Create(ctx, rest.ProductChange{Name: new("Tea"), Categories: []rest.Ref{}, Tags: nil})
			return err
		}, "POST products", `{"name":"Tea","categories":[]}`},
		"coupon": {func(c *rest.Client) error {
			_, err := c.Coupons().Create(ctx, rest.CouponChange{Code: new("diwali"), Amount: new(amount("10")), ExpiresAt: &until, UsageLimit: new(int64(1))})
			return err
		}, "POST coupons", `{"code":"diwali","amount":"10","date_expires":"2026-11-30T18:29:59Z","usage_limit":1}`},
		"order": {func(c *rest.Client) error {
			_, err := c.Orders().Update(ctx, 154, rest.OrderChange{Lines: []rest.LineChange{{ID: 3, Quantity: new(int64(0))}}, ShippingLines: []rest.ShippingChange{{MethodID: "flat_rate", InstanceID: 2, Total: new(amount("49.00"))}}})
			return err
		}, "PUT orders/154", `{"line_items":[{"id":3,"quantity":0}],"shipping_lines":[{"method_id":"flat_rate","instance_id":"2","total":"49.00"}]}`},
		"webhook": {func(c *rest.Client) error {
			_, err := c.Webhooks().Create(ctx, rest.WebhookChange{Topic: new("product.updated"), DeliveryURL: new("https://shop.example/hook"), Secret: new(woo.NewSecret("s3cret"))})
			return err
		}, "POST webhooks", `{"topic":"product.updated","delivery_url":"https://shop.example/hook","secret":"s3cret"}`},
		"enable": {func(c *rest.Client) error { _, err := c.Enable(ctx, 6); return err }, "PUT webhooks/6", `{"status":"active"}`},
		"places": {func(c *rest.Client) error { _, err := c.SetPlaces(ctx, 1, nil); return err }, "PUT shipping/zones/1/locations", `[]`},
		"setting": {func(c *rest.Client) error {
			_, err := c.SetSetting(ctx, "general", "woocommerce_specific_allowed_countries", []string{"IN"})
			return err
		}, "PUT settings/general/woocommerce_specific_allowed_countries", `{"value":["IN"]}`},
		"class": {func(c *rest.Client) error { _, err := c.CreateTaxClass(ctx, "GST 28"); return err }, "POST taxes/classes", `{"name":"GST 28"}`},
		"shipping class": {func(c *rest.Client) error {
			_, err := c.ShippingClasses().Create(ctx, rest.ShippingClassChange{Name: new("Bulky")})
			return err
		}, "POST products/shipping_classes", `{"name":"Bulky"}`},
		"category": {func(c *rest.Client) error {
			_, err := c.Categories().Update(ctx, 17, rest.CategoryChange{Parent: new(int64(0)), Description: new("")})
			return err
		}, "PUT products/categories/17", `{"parent":0,"description":""}`},
		"zone": {func(c *rest.Client) error {
			_, err := c.Zones().Update(ctx, 2, rest.ZoneChange{Order: new(int64(3))})
			return err
		}, "PUT shipping/zones/2", `{"order":3}`},
		"zone method": {func(c *rest.Client) error {
			_, err := c.ZoneMethods(1).Update(ctx, 4, rest.ZoneMethodChange{Enabled: new(false), Settings: map[string]string{"cost": "49.00"}})
			return err
		}, "PUT shipping/zones/1/methods/4", `{"enabled":false,"settings":{"cost":"49.00"}}`},
		"tax rate": {func(c *rest.Client) error {
			_, err := c.TaxRates().Update(ctx, 5, rest.TaxRateChange{Rate: new(amount("18.00")), Postcodes: []string{}})
			return err
		}, "PUT taxes/5", `{"postcodes":[],"rate":"18.00"}`},
		"trash": {func(c *rest.Client) error { return c.Products().Trash(ctx, 16) }, "DELETE products/16", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := test.line[strings.LastIndexAny(test.line, "/ ")+1:]
			if strings.Trim(id, "0123456789") != "" {
				id = "1"
			}
			status := `"status":"active"`
			site, shop := newSite(t, answering(200, fmt.Sprintf(`{"id":%s,"instance_id":%s,"amount":"10.00",%s}`, id, id, status)))
			if name == "places" {
				site, shop = newSite(t, answering(200, `[]`))
			}
			if name == "setting" {
				site, shop = newSite(t, answering(200, `{"id":"woocommerce_x","value":["IN"]}`))
			}
			if err := test.call(shop); err != nil {
				t.Fatal(err)
			}
			got := site.seen()
			if diff := cmp.Diff([]string{test.line, test.body}, []string{got[0].line, strings.TrimSpace(got[0].body)}); diff != "" || len(got) != 1 {
				t.Errorf("%d requests (-want +got)\n%s", len(got), diff)
			}
		})
	}
}

// TestIgnoredWrites: the store says 200 and does nothing; we do not.
func TestIgnoredWrites(t *testing.T) {
	ctx, nine := t.Context(), rest.GoodsChange{StockQuantity: new(int64(9))}
	tests := map[string]struct {
		answer http.Handler
		call   func(*rest.Client) error
		field  string
	}{
		"unmanaged product": {recorded("product-unmanaged"), func(c *rest.Client) error {
			p, err := c.Products().Update(ctx, 17, rest.ProductChange{GoodsChange: nine})
			if p.ID != 17 {
				t.Errorf("the answer is lost: %+v", p)
			}
			return err
		}, "stock_quantity"},
		"managed by parent": {recorded("variation-parent-ignored"), func(c *rest.Client) error {
			_, err := c.Variations(37).Update(ctx, 40, rest.VariationChange{GoodsChange: nine})
			return err
		}, "stock_quantity"},
		"paid in the trash": {answering(200, `{"id":5,"status":"trash"}`), func(c *rest.Client) error {
			_, err := c.Orders().Update(ctx, 5, rest.OrderChange{SetPaid: true})
			return err
		}, "status"},
		"nothing to pay": {answering(200, `{"id":5,"status":"pending","total":"0.00","date_paid_gmt":null}`), func(c *rest.Client) error {
			_, err := c.Orders().Update(ctx, 5, rest.OrderChange{SetPaid: true})
			return err
		}, "set_paid"},
		"more than all": {answering(201, `{"id":5,"amount":"0.00"}`), func(c *rest.Client) error {
			_, err := c.Coupons().Create(ctx, rest.CouponChange{Code: new("x"), Type: new("percent"), Amount: new(amount("150"))})
			return err
		}, "amount"},
		"no address": {answering(201, `{"id":5,"email_restrictions":[]}`), func(c *rest.Client) error {
			_, err := c.Coupons().Create(ctx, rest.CouponChange{Code: new("x"), Emails: []string{"nope"}})
			return err
		}, "email_restrictions"},
		"paused from the start": {recorded("webhook"), func(c *rest.Client) error {
			_, err := c.Webhooks().Create(ctx, rest.WebhookChange{Status: new("paused")})
			return err
		}, "status"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, shop := newSite(t, test.answer)
			err := test.call(shop)
			var ignored *rest.IgnoredError
			if !errors.As(err, &ignored) || !errors.Is(err, rest.ErrIgnored) || ignored.Field != test.field || ignored.ID == 0 {
				t.Errorf("got %v, want an IgnoredError about %s", err, test.field)
			}
		})
	}
}

// TestChecked: what the store would take for something else is refused here,
// with its field, and nothing is sent.
func TestChecked(t *testing.T) {
	ctx := t.Context()
	goods := func(g rest.GoodsChange) func(*rest.Client) error {
		return func(c *rest.Client) error {
			_, err := c.Products().Update(ctx, 16, rest.ProductChange{GoodsChange: g})
			return err
		}
	}
	order := func(o rest.OrderChange) func(*rest.Client) error {
		return func(c *rest.Client) error { _, err := c.Orders().Create(ctx, o); return err }
	}
	refund := func(r rest.RefundChange) func(*rest.Client) error {
		return func(c *rest.Client) error { _, err := c.Refund(ctx, 5, r); return err }
	}
	type calls map[string]func(*rest.Client) error
	tests := map[string]calls{
		"id": {"zero": func(c *rest.Client) error { _, err := c.Products().Get(ctx, 0); return err },
			"negative": func(c *rest.Client) error { return c.Orders().Delete(ctx, -1) }},
		"backorders":                  {"a word": goods(rest.GoodsChange{Backorders: new("maybe")})},
		"status":                      {"trash": goods(rest.GoodsChange{Status: new("trash")})},
		"regular_price":               {"negative": goods(rest.GoodsChange{RegularPrice: new(amount("-1"))}), "huge": goods(rest.GoodsChange{RegularPrice: new(rest.AmountOf(decimal.New(1, 999999)))})},
		"line_items[0]":               {"no line": refund(rest.RefundChange{Amount: amount("1"), Lines: []rest.RefundPart{{Quantity: 1, Total: amount("1")}}})},
		"line_items[0].quantity":      {"negative": order(rest.OrderChange{Lines: []rest.LineChange{{ProductID: 1, Quantity: new(int64(-1))}}})},
		"line_items[0].product_id":    {"none": order(rest.OrderChange{Lines: []rest.LineChange{{VariationID: 38}}})},
		"shipping_lines[0].method_id": {"none": order(rest.OrderChange{ShippingLines: []rest.ShippingChange{{Title: new("x")}}})},
		"fee_lines[0].name":           {"none": order(rest.OrderChange{Fees: []rest.FeeChange{{Total: new(amount("1"))}}})},
		"amount":                      {"none": refund(rest.RefundChange{}), "nothing": refund(rest.RefundChange{Amount: amount("0")}), "huge": refund(rest.RefundChange{Amount: rest.AmountOf(decimal.New(1, 99999))})},
		"note":                        {"empty": func(c *rest.Client) error { _, err := c.Notes(5).Create(ctx, rest.NoteChange{}); return err }},
		"email": {"no address": func(c *rest.Client) error {
			_, err := c.Customers().Create(ctx, rest.CustomerChange{Email: new("asha")})
			return err
		}},
		"usage_limit": {"negative": func(c *rest.Client) error {
			_, err := c.Coupons().Create(ctx, rest.CouponChange{UsageLimit: new(int64(-1))})
			return err
		}},
		"delivery_url": {"a file": func(c *rest.Client) error {
			_, err := c.Webhooks().Create(ctx, rest.WebhookChange{DeliveryURL: new("file:///etc/passwd")})
			return err
		}},
		"code":  {"a path": func(c *rest.Client) error { _, err := c.Country(ctx, "../orders"); return err }},
		"group": {"a path": func(c *rest.Client) error { _, err := c.Settings(ctx, "general?x=1"); return err }},
		"value": {"a number": func(c *rest.Client) error { _, err := c.SetSetting(ctx, "general", "x", 7); return err }},
		"zone":  {"the rest of the world": func(c *rest.Client) error { _, err := c.SetPlaces(ctx, 0, nil); return err }},
		"slug":  {"empty": func(c *rest.Client) error { return c.DeleteTaxClass(ctx, "") }},
		"date": {"year 0": func(c *rest.Client) error {
			_, err := c.Coupons().Create(ctx, rest.CouponChange{ExpiresAt: &rest.Time{Time: time.Date(20261, 1, 1, 0, 0, 0, 0, time.UTC)}})
			return err
		}},
	}
	for field, calls := range tests {
		for name, call := range calls {
			t.Run(field+" "+name, func(t *testing.T) {
				site, shop := newSite(t, answering(200, `{}`))
				err := call(shop)
				var bad *woo.InvalidError
				if !errors.As(err, &bad) || bad.Field != field || !errors.Is(err, woo.ErrRefused) {
					t.Errorf("got %v", err)
				}
				if len(site.seen()) != 0 {
					t.Error("something was sent")
				}
			})
		}
	}
}

// TestTrash: what is in the trash already is no error; what has no trash is.
func TestTrash(t *testing.T) {
	site, shop := newSite(t, recorded("product-trashed"))
	if err := shop.Products().Trash(t.Context(), 16); err != nil || site.seen()[0].query.Get("force") != "false" {
		t.Error(err)
	}
	checkKind(t, shop.Products().Delete(t.Context(), 16), woo.Refused)
	if site.seen()[1].query.Get("force") != "true" {
		t.Error("deleted into the trash")
	}
}

// TestSecretsAreNotPrinted whatever the verb.
func TestSecretsAreNotPrinted(t *testing.T) {
	secret := woo.NewSecret("whsec-hidden")
	for _, v := range []any{rest.WebhookChange{Secret: &secret}, rest.CustomerChange{Password: new("pass-hidden")}} {
		if text := fmt.Sprintf("%v %+v %#v %s", v, v, v, v); strings.Contains(text, "hidden") {
			t.Errorf("%T prints %s", v, text)
		}
	}
}

// TestPeopleAreNotPrinted when somebody is looked for, nor is a secret in a log.
func TestPeopleAreNotPrinted(t *testing.T) {
	var text strings.Builder
	log := slog.New(slog.NewTextHandler(&text, nil))
	q := rest.Query{Search: "Priya", Email: "priya@example.test", IDs: []int64{7}, Status: []string{"any"}}
	_, _ = fmt.Fprintf(&text, "%v %+v %#v %s\n", q, q, q, q)
	log.Info("query", "q", q)
	if got := text.String(); strings.Contains(strings.ToLower(got), "priya") || !strings.Contains(got, "ids [7]") {
		t.Errorf("prints %s", got)
	}
}

// TestTextMeta: what is written as a text is read as one.
func TestTextMeta(t *testing.T) {
	m := rest.TextMeta("_note", `5" < 6"`)
	if m.Key != "_note" || m.Text() != `5" < 6"` || !json.Valid(m.Value) {
		t.Errorf("%+v, %q", m, m.Text())
	}
}

// TestRefusals of the store come as what they are.
func TestRefusals(t *testing.T) {
	tests := map[string]woo.Kind{"product-unknown": woo.NotFound, "product-price-number": woo.Refused, "batch-101": woo.Refused, "order-bad-coupon": woo.Refused}
	for file, want := range tests {
		_, shop := newSite(t, recorded(file))
		_, err := shop.Products().Update(t.Context(), 16, rest.ProductChange{Name: new("x")})
		checkKind(t, err, want)
	}
}
