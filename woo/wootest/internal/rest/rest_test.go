package rest_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func list(t *testing.T, s *wootest.Store, path string) (ids []int, header http.Header) {
	t.Helper()
	a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/"+path, "", storetest.SignedIn(storetest.TestKeys()[0]))
	var rows []struct{ ID int }
	if err := json.Unmarshal([]byte(a.Body), &rows); err != nil {
		t.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids, a.Header
}

func TestProductFilters(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string]string{
		"type=variable":                              "[44 37]",
		"category=19&orderby=id&order=asc":           "[20 21 44]",
		"tag=22":                                     "[16]",
		"featured=true":                              "[16]",
		"on_sale=true&orderby=id":                    "[37 36 19 18]",
		"status=draft":                               "[33]",
		"status=private":                             "[34]",
		"status=trash":                               "[]",
		"search=KURTA":                               "[37]",
		"min_price=2000&max_price=3000":              "[27]",
		"stock_status=onbackorder":                   "[27]",
		"virtual=true":                               "[31 30]",
		"downloadable=true":                          "[31]",
		"include[]=16&include[]=22":                  "[22 16]",
		"exclude=16&include=16,22":                   "[22]",
		"orderby=title&order=asc&per_page=2":         "[20 44]",
		"orderby=slug&order=asc&per_page=2":          "[28 20]",
		"orderby=price&per_page=2":                   "[20 21]",
		"orderby=price&order=asc&min_price=1":        "[32 33 34 17 36 22 30 29 28 26]",
		"sku=KURTA-S-RED,nope":                       "[38]",
		"parent=37":                                  "[]",
		"before=2026-11-20T10:16:08":                 "[32 31 30 29 28 27 26 25 24 23]",
		"after=2026-11-20T10:16:07":                  "[44 37 36 35 34 33]",
		"modified_before=2026-11-20T04:46:08Z":       "[32 31 30 29 28 27 26 25 24 23]",
		"modified_after=2026-11-20T04:46:10Z":        "[44 37]",
		"modified_after=2026-11-20%2010:16:10":       "[44 37]",
		"modified_after=2026-11-20T10:16:10%2B05:30": "[44 37]",
	}
	for query, want := range tests {
		if ids, _ := list(t, s, "products?_fields=id&"+query); fmt.Sprint(ids) != want {
			t.Errorf("%s: %v, want %s", query, ids, want)
		}
	}
	if ids, h := list(t, s, "products/37/variations?per_page=4&page=2"); fmt.Sprint(ids) != "[39 38]" || h.Get("X-WP-TotalPages") != "2" {
		t.Errorf("variations: %v of %s pages", ids, h.Get("X-WP-TotalPages"))
	}
	if ids, _ := list(t, s, "variations?sku=BANGLE-S"); fmt.Sprint(ids) != "[45]" {
		t.Errorf("all variations: %v", ids)
	}
}

// TestShopReads: what a client builds its rules from.
func TestShopReads(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string]string{
		"settings/products":               `woocommerce_hold_stock_minutes`,
		"settings/account":                `woocommerce_enable_guest_checkout`,
		"taxes?class=gst-12&per_page=100": `"rate":"12.0000"`,
		"taxes/9":                         `"class":"gst-12"`,
		"shipping/zones/1":                `"name":"India"`,
		"shipping/zones/0/methods":        `[]`,
		"shipping/zones/0/locations":      `[]`,
		"products/attributes":             `"slug":"pa_size"`,
		"products/attributes/2/terms":     `"slug":"indigo"`,
		"products/tags":                   `"count":1`,
		"products/categories?slug=home":   `"slug":"home"`,
		"products/shipping_classes":       `[]`,
		"coupons?code=SAVE10":             `"amount":"10.00"`,
		"coupons/149":                     `"minimum_amount":"500.00"`,
		"customers/2":                     `"username":"priya"`,
		"customers?search=sharma":         `"id":2`,
		"data/countries":                  `"code":"MH"`,
		"data/countries/IN":               `Maharashtra`,
		"payment_gateways":                `"enabled":false`,
	}
	for path, want := range tests {
		if a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/"+path, "", storetest.SignedIn(storetest.TestKeys()[0])); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %.200s", path, a.Status, a.Body)
		}
	}
}

func TestNotThere(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string]struct {
		status int
		code   string
	}{
		"GET products/999":                {404, "woocommerce_rest_product_invalid_id"},
		"PUT products/999":                {400, "woocommerce_rest_product_invalid_id"},
		"DELETE products/999":             {404, "woocommerce_rest_product_invalid_id"},
		"GET products/37/variations/46":   {404, "woocommerce_rest_product_variation_invalid_id"},
		"PUT products/37/variations/46":   {400, "woocommerce_rest_product_variation_invalid_id"},
		"DELETE products/37/variations/1": {404, "woocommerce_rest_product_variation_invalid_id"},
		"GET products/999/variations":     {404, "woocommerce_rest_product_invalid_id"},
		"POST products/999/variations":    {404, "woocommerce_rest_product_invalid_id"},
		"GET orders/999":                  {404, "woocommerce_rest_shop_order_invalid_id"},
		"PUT orders/999":                  {400, "woocommerce_rest_shop_order_invalid_id"},
		"DELETE orders/999":               {404, "woocommerce_rest_shop_order_invalid_id"},
		"GET orders/999/notes":            {404, "woocommerce_rest_order_invalid_id"},
		"GET coupons/999":                 {404, "woocommerce_rest_shop_coupon_invalid_id"},
		"GET customers/999":               {404, "wc_user_invalid_id"},
		"GET taxes/999":                   {404, "woocommerce_rest_tax_invalid_id"},
		"GET shipping/zones/9":            {404, "woocommerce_rest_shipping_zone_invalid"},
		"GET shipping/zones/9/methods":    {404, "woocommerce_rest_shipping_zone_invalid"},
		"GET products/attributes/9/terms": {404, "woocommerce_rest_taxonomy_invalid"},
		"GET settings/nope":               {404, "rest_setting_setting_group_invalid"},
		"GET data/countries/xx":           {404, "woocommerce_rest_data_invalid_location"},
		"PATCH products":                  {404, "rest_no_route"},
		"POST coupons":                    {400, "rest_missing_callback_param"},
		"PUT coupons/999":                 {400, "woocommerce_rest_shop_coupon_invalid_id"},
		"DELETE coupons/999":              {404, "woocommerce_rest_shop_coupon_invalid_id"},
		"POST customers":                  {400, "rest_missing_callback_param"},
		"PUT customers/999":               {404, "wc_user_invalid_id"},
		"DELETE customers/2":              {501, "woocommerce_rest_trash_not_supported"},
		"PUT taxes/9":                     {501, "wootest_read_only"},
		"POST shipping/zones":             {501, "wootest_read_only"},
		"POST products/categories":        {501, "wootest_read_only"},
	}
	for request, want := range tests {
		method, path, _ := strings.Cut(request, " ")
		if status, e := storetest.REST(t, s, method, path, "{}"); status != want.status || e["code"] != want.code {
			t.Errorf("%s: %d %v", request, status, e)
		}
	}
}

func TestPageLimits(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for query, message := range map[string]string{
		"per_page=0": "per_page must be between 1 (inclusive) and 100 (inclusive)", "page=0": "page must be greater than or equal to 1",
		"page=x": "page is not of type integer.", "order=up": "order is not one of asc and desc.",
	} {
		status, e := storetest.REST(t, s, "GET", "orders?"+query, "")
		data, _ := e["data"].(map[string]any)
		if status != 400 || e["code"] != "rest_invalid_param" || !strings.Contains(fmt.Sprint(data["params"]), message) {
			t.Errorf("%s: %d %v", query, status, e)
		}
	}
}

// TestStockWrites: the rules of the product controller.
func TestStockWrites(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := []struct {
		body, want string
	}{
		{`{"stock_quantity":null}`, "true 10 instock"},
		{`{"inventory_delta":-3}`, "true 7 instock"},
		{`{"stock_quantity":"6"}`, "true 6 instock"},
		{`{"stock_quantity":0,"stock_status":"instock"}`, "true 0 outofstock"},
		{`{"backorders":"notify"}`, "true 0 onbackorder"},
		{`{"manage_stock":false}`, "false <nil> onbackorder"},
		{`{"stock_quantity":5}`, "false <nil> onbackorder"},
		{`{"manage_stock":true}`, "true 0 outofstock"},
	}
	for _, tc := range tests {
		_, p := storetest.REST(t, s, "PUT", "products/16", tc.body)
		if got := fmt.Sprintf("%v %v %v", p["manage_stock"], p["stock_quantity"], p["stock_status"]); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.body, got, tc.want)
		}
	}
	for body, field := range map[string]string{
		`{"stock_quantity":1.5}`: "stock_quantity", `{"manage_stock":"maybe"}`: "manage_stock", `{"backorders":"perhaps"}`: "backorders",
		`{"name":5}`: "name", `{"categories":{}}`: "categories", `{"meta_data":[5]}`: "meta_data",
	} {
		if status, e := storetest.REST(t, s, "PUT", "products/16", body); status != 400 || e["message"] != "Invalid parameter(s): "+field {
			t.Errorf("%s: %d %v", body, status, e)
		}
	}
}

func TestVariationWrites(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	status, v := storetest.REST(t, s, "POST", "products/37/variations", `{"regular_price":"1500","sku":"KURTA-XL","attributes":[{"id":1,"name":"Size","slug":"pa_size","option":"L"}]}`)
	if status != 201 || v["parent_id"] != float64(37) || v["name"] != "L" || v["manage_stock"] != "parent" {
		t.Fatalf("%d %v", status, v)
	}
	id := fmt.Sprint(v["id"])
	if got := storetest.GraphQL(t, s, `{product(id:"37",idType:DATABASE_ID){...on ProductWithPricing{price}}}`); got != `{"product":{"price":"₹1,099.00 - ₹1,500.00"}}` {
		t.Error(got)
	}
	if _, b := storetest.REST(t, s, "POST", "products/37/variations/batch", `{"create":[{"sku":"K2"}],"update":[{"id":`+id+`,"regular_price":"900"},{"id":46}],"delete":[`+id+`,999]}`); fmt.Sprint(b["update"].([]any)[1].(map[string]any)["error"]) == "" || len(b["delete"].([]any)) != 2 || len(b["create"].([]any)) != 1 {
		t.Errorf("%v", b)
	}
	if status, _ := storetest.REST(t, s, "GET", "products/37/variations/"+id, ""); status != 404 {
		t.Errorf("a deleted variation answers %d", status)
	}
}

func TestNotes(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	path := fmt.Sprintf("orders/%d/notes", storetest.Place(t, s, storetest.OneMug("")))
	if status, e := storetest.REST(t, s, "POST", path, `{}`); status != 400 || e["code"] != "rest_missing_callback_param" {
		t.Errorf("%d %v", status, e)
	}
	_, n := storetest.REST(t, s, "POST", path, `{"note":"packed","customer_note":true}`)
	one := path + "/" + fmt.Sprint(n["id"])
	if _, got := storetest.REST(t, s, "GET", one, ""); got["note"] != "packed" || got["customer_note"] != true {
		t.Errorf("%v", got)
	}
	if status, _ := storetest.REST(t, s, "DELETE", one, ""); status != 501 {
		t.Errorf("deleted without force: %d", status)
	}
	storetest.REST(t, s, "DELETE", one+"?force=true", "")
	if status, _ := storetest.REST(t, s, "GET", one, ""); status != 404 {
		t.Errorf("a deleted note answers %d", status)
	}
}

func TestOrdersBatch(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	_, b := storetest.REST(t, s, "POST", "orders/batch", `{"create":[`+storetest.OneMug("")+`,{"line_items":[{}]}],"update":[{"id":154,"status":"processing"},{"id":999}],"delete":[154]}`)
	var out struct {
		Create, Update, Delete []struct {
			ID     int64
			Status string
			Error  struct{ Code string }
		}
	}
	if err := json.Unmarshal(storetest.MustJSON(t, b), &out); err != nil {
		t.Fatal(err)
	}
	if out.Create[0].ID != 154 || out.Create[1].Error.Code != "woocommerce_rest_required_product_reference" ||
		out.Update[0].Status != "processing" || out.Update[1].Error.Code != "woocommerce_rest_shop_order_invalid_id" || out.Delete[0].ID != 154 {
		t.Errorf("%+v", out)
	}
	if len(s.Orders()) != 0 || storetest.Stock(t, s, 16) != 9 {
		t.Errorf("%d orders, %d left", len(s.Orders()), storetest.Stock(t, s, 16))
	}
}

// TestForms: PHP takes form fields as well as JSON.
func TestForms(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	header := storetest.SignedIn(storetest.TestKeys()[0])
	header["Content-Type"] = "application/x-www-form-urlencoded"
	if a := storetest.Send(t, s, "PUT", "/wp-json/wc/v3/products/17", "regular_price=30&name=Fine+Pen", header); !strings.Contains(a.Body, `"price":"30"`) || !strings.Contains(a.Body, "Fine Pen") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestEscapes: JSON as PHP writes it, with slashes and other scripts escaped.
func TestEscapes(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/products/28?_fields=name,permalink", "", storetest.SignedIn(storetest.TestKeys()[0]))
	if !strings.Contains(a.Body, `"name":"\u091a\u093e\u092f`) || !strings.Contains(a.Body, `http`) || strings.Contains(a.Body, "//") {
		t.Error(a.Body)
	}
	storetest.REST(t, s, "PUT", "products/28", `{"name":"\"\\ \u2028 <b>😀</b>"}`)
	a = storetest.Send(t, s, "GET", "/wp-json/wc/v3/products/28?_fields=name", "", storetest.SignedIn(storetest.TestKeys()[0]))
	if !strings.Contains(a.Body, `"name":"\"\\ \u2028 <b>\ud83d\ude00<\/b>"`) {
		t.Error(a.Body)
	}
}

// TestMetaData: by id, else by key, else new; null removes.
func TestMetaData(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	path := fmt.Sprintf("orders/%d", storetest.Place(t, s, storetest.OneMug(`"meta_data":[{"key":"a","value":"1"},{"key":"b","value":[1,{"c":null}]}]`)))
	meta := func(body string) string {
		_, o := storetest.REST(t, s, "PUT", path, body)
		var out []string
		for _, m := range o["meta_data"].([]any) {
			out = append(out, fmt.Sprintf("%v=%s", m.(map[string]any)["key"], storetest.MustJSON(t, m.(map[string]any)["value"])))
		}
		return strings.Join(out, " ")
	}
	for _, step := range []struct{ body, want string }{
		{`{}`, `a="1" b=[1,{"c":null}]`},
		{`{"meta_data":[{"key":"a","value":"2"}]}`, `a="2" b=[1,{"c":null}]`},
		{`{"meta_data":[{"id":1,"key":"z","value":5}]}`, `b=[1,{"c":null}] z=5`},
		{`{"meta_data":[{"key":"b","value":null},{"key":"","value":"x"}]}`, `z=5`},
	} {
		if got := meta(step.body); got != step.want {
			t.Errorf("%s: %s, want %s", step.body, got, step.want)
		}
	}
}

// TestNothingIsLoggedButTheRequest: no key, secret or body.
func TestNothingIsLoggedButTheRequest(t *testing.T) {
	var text lockedBuffer
	logger := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Logger = logger })
	storetest.Place(t, s, storetest.OneMug(`"customer_note":"canary-body"`))
	storetest.Send(t, s, "GET", "/wp-json/wc/v3/products?consumer_key="+storetest.TestKeys()[0].Key+"&consumer_secret="+storetest.TestKeys()[0].Secret, "", nil)
	got := text.String()
	if !strings.Contains(got, "path=/wp-json/wc/v3/orders") || !strings.Contains(got, "status=201") {
		t.Errorf("the request is not logged: %s", got)
	}
	for _, secret := range []string{storetest.TestKeys()[0].Key, storetest.TestKeys()[0].Secret, "canary-body", "Basic"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s is logged", secret)
		}
	}
}

// lockedBuffer is a buffer for a logger.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
