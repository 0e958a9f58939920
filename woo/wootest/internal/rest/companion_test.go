package rest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/companion"
	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// The answers below are those of ankkor-companion.php on WooCommerce 10.0.2.

const keyRoute = "/wp-json/wc-ankkor/v1/orders?key="

func withCompanion(c *wootest.Config) { c.Companion = true }

// keyed is the body of an order with a key.
func keyed(key, more string) string {
	return fmt.Sprintf(`{"meta_data":[{"key":"_ankkor_token","value":%q}]%s}`, key, more)
}

// create sends a creation and answers the order's id, or the error's code.
func create(t *testing.T, s *wootest.Store, body string) (storetest.Reply, int64, string) {
	t.Helper()
	a := storetest.Send(t, s, "POST", "/wp-json/wc/v3/orders", body, storetest.SignedIn(storetest.TestKeys()[0]))
	var o struct {
		ID   int64  `json:"id"`
		Code string `json:"code"`
	}
	if err := json.Unmarshal([]byte(a.Body), &o); err != nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return a, o.ID, o.Code
}

func lookUp(t *testing.T, s *wootest.Store, key string) string {
	t.Helper()
	return storetest.Send(t, s, "GET", keyRoute+key, "", storetest.SignedIn(storetest.TestKeys()[0])).Body
}

// TestKeyedCreation walks a key through its life.
func TestKeyedCreation(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	first, id, _ := create(t, s, keyed("key_1", ""))
	if first.Status != 201 || first.Header.Get("X-Ankkor-Replay") != "" || first.Header.Get("X-Ankkor-Companion") != companion.Version {
		t.Fatalf("%d %v", first.Status, first.Header)
	}
	again, same, _ := create(t, s, keyed("key_1", ""))
	if again.Status != 200 || same != id || again.Header.Get("X-Ankkor-Replay") != "1" || again.Header.Get("Location") != "" || again.Body != first.Body {
		t.Errorf("again: %d, order %d of %d, %v", again.Status, same, id, again.Header)
	}
	if a, _, code := create(t, s, keyed("key_1", `,"customer_note":"x"`)); a.Status != 422 || code != "ankkor_key_reused" {
		t.Errorf("another body: %d %s", a.Status, a.Body)
	}
	if got, want := lookUp(t, s, "key_1"), fmt.Sprintf(`[{"id":%d,"status":"pending"}]`, id); got != want {
		t.Errorf("found %s, want %s", got, want)
	}
	path := fmt.Sprintf("orders/%d", id)
	storetest.REST(t, s, "DELETE", path, "")
	if got, want := lookUp(t, s, "key_1"), fmt.Sprintf(`[{"id":%d,"status":"trash"}]`, id); got != want {
		t.Errorf("found %s, want %s", got, want)
	}
	second, other, _ := create(t, s, keyed("key_1", `,"customer_note":"y"`))
	if second.Status != 201 || other == id {
		t.Errorf("the trash kept the key: %d, order %d", second.Status, other)
	}
	storetest.REST(t, s, "DELETE", fmt.Sprintf("orders/%d?force=true", other), "")
	if a, _, code := create(t, s, keyed("key_1", "")); a.Status != 410 || code != "ankkor_order_deleted" {
		t.Errorf("after the deletion: %d %s", a.Status, a.Body)
	}
	if got := lookUp(t, s, "key_1"); got != "[]" {
		t.Errorf("found %s", got)
	}
}

// TestKeysThatAreNone: a bad key makes nothing, and a bad order is refused
// before the plugin sees its key.
func TestKeysThatAreNone(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	for _, value := range []string{`"a b"`, `""`, `12`, `null`, `["a"]`, `"` + strings.Repeat("k", 129) + `"`} {
		a, _, code := create(t, s, `{"meta_data":[{"key":"_ankkor_token","value":`+value+`}]}`)
		if a.Status != 400 || code != "ankkor_invalid_key" {
			t.Errorf("%s: %d %s", value, a.Status, a.Body)
		}
	}
	if a, _, code := create(t, s, keyed("a b", `,"status":"nonsense"`)); a.Status != 400 || code != "rest_invalid_param" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if n := len(s.Orders()); n != 0 {
		t.Errorf("%d orders were made", n)
	}
}

// TestReplayTellsTheOrderAsItIs, with as many decimals as were asked for.
func TestReplayTellsTheOrderAsItIs(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	body := keyed("key_1", `,"line_items":[{"product_id":16,"quantity":1}]`)
	_, id, _ := create(t, s, body)
	storetest.REST(t, s, "PUT", fmt.Sprintf("orders/%d", id), `{"set_paid":true}`)
	a := storetest.Send(t, s, "POST", "/wp-json/wc/v3/orders?dp=6&_fields=id,status,total", body, storetest.SignedIn(storetest.TestKeys()[0]))
	if want := fmt.Sprintf(`{"id":%d,"status":"processing","total":"499.000000","_links"`, id); a.Status != 200 || !strings.HasPrefix(a.Body, want) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestKeyOfAnUnrecordedOrder: one made past the plugin is taken for the key's.
func TestKeyOfAnUnrecordedOrder(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	_, made := storetest.REST(t, s, "POST", "orders/batch", `{"create":[`+keyed("key_1", "")+`,`+keyed("key_1", "")+`]}`)
	if len(made["create"].([]any)) != 2 || len(s.Orders()) != 2 {
		t.Fatalf("%v", made)
	}
	if got := lookUp(t, s, "key_1"); got != "[]" {
		t.Errorf("found %s", got)
	}
	a, id, _ := create(t, s, keyed("key_1", `,"customer_note":"x"`))
	if a.Status != 200 || id != s.Orders()[0].ID || lookUp(t, s, "key_1") == "[]" {
		t.Errorf("%d, order %d", a.Status, id)
	}
}

// TestKeyedCreationsAtOnce: one makes the order, the others are told of it.
func TestKeyedCreationsAtOnce(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	var wg sync.WaitGroup
	var mu sync.Mutex
	counts := map[int]int{}
	for range 8 {
		wg.Go(func() {
			a, err := storetest.SendRaw(s, "POST", "/wp-json/wc/v3/orders", keyed("key_1", ""), storetest.SignedIn(storetest.TestKeys()[0]))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			counts[a.Status]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if diff := cmp.Diff(map[int]int{201: 1, 200: 7}, counts); diff != "" || len(s.Orders()) != 1 {
		t.Errorf("%d orders (-want +got)\n%s", len(s.Orders()), diff)
	}
}

// TestCompanionRoutes: what they say, to whom.
func TestCompanionRoutes(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	tests := map[string]struct {
		path   string
		key    int // of testKeys(), -1 for none
		status int
		body   string
	}{
		"status":     {"/wp-json/wc-ankkor/v1/status", 0, 200, `{"version":"1.0.0","features":["order_key","order_lookup","guest_payment","stock_revision"]}`},
		"nobody":     {"/wp-json/wc-ankkor/v1/status", -1, 401, `{"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot list resources.","data":{"status":401}}`},
		"no key":     {"/wp-json/wc-ankkor/v1/orders", 0, 400, `{"code":"rest_missing_callback_param","message":"Missing parameter(s): key","data":{"status":400,"params":["key"]}}`},
		"bad key":    {keyRoute + "a%20b", 0, 400, `{"code":"rest_invalid_param","message":"Invalid parameter(s): key","data":{"status":400,"params":{"key":"Invalid parameter."},"details":[]}}`},
		"stranger":   {keyRoute + "abcdefgh", 0, 200, `[]`},
		"no route":   {"/wp-json/wc-ankkor/v1/nothing", 0, 404, `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`},
		"in wc/v3":   {"/wp-json/wc/v3/nothing", 0, 404, `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`},
		"unreadable": {"/wp-json/wc/v3/orders", -1, 401, `{"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot list resources.","data":{"status":401}}`},
	}
	for name, test := range tests {
		var header map[string]string
		if test.key >= 0 {
			header = storetest.SignedIn(storetest.TestKeys()[test.key])
		}
		a := storetest.Send(t, s, "GET", test.path, "", header)
		if a.Status != test.status || a.Body != test.body {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
		signed, want := a.Header.Get("X-Ankkor-Companion") != "", strings.HasPrefix(test.path, "/wp-json/wc/v3/")
		if signed != want {
			t.Errorf("%s: the plugin's header is there: %v", name, signed)
		}
	}
}

// TestWithoutCompanion there is nothing of it.
func TestWithoutCompanion(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	a, first, _ := create(t, s, keyed("key_1", ""))
	_, second, _ := create(t, s, keyed("key_1", ""))
	if first == second || a.Header.Get("X-Ankkor-Companion") != "" {
		t.Error("a store without the plugin keeps keys")
	}
	if got := storetest.Send(t, s, "GET", keyRoute+"key_1", "", storetest.SignedIn(storetest.TestKeys()[0])); got.Status != http.StatusNotFound {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if _, p := storetest.REST(t, s, "GET", "products/16", ""); p["ankkor_stock"] != nil {
		t.Errorf("%v", p["ankkor_stock"])
	}
}

// TestStockRevisions: a save with another quantity counts once, a sale twice,
// and a variation's parent with it.
func TestStockRevisions(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	check := func(step string, id int64, path string, counted int64, revision, quantity any) {
		t.Helper()
		_, p := storetest.REST(t, s, "GET", path, "")
		want := map[string]any{"product_id": float64(counted), "revision": revision, "quantity": quantity}
		if diff := cmp.Diff(want, p["ankkor_stock"]); diff != "" {
			t.Errorf("%s, product %d (-want +got)\n%s", step, id, diff)
		}
	}
	_, a := storetest.REST(t, s, "POST", "products", `{"name":"A","regular_price":"10","manage_stock":true,"stock_quantity":10}`)
	id := int64(a["id"].(float64))
	path := fmt.Sprintf("products/%d", id)
	check("created", id, path, id, 1.0, 10.0)
	for _, step := range []struct {
		body               string
		revision, quantity any
	}{
		{`{"stock_quantity":9}`, 2.0, 9.0}, {`{"stock_quantity":9}`, 2.0, 9.0}, {`{"regular_price":"11"}`, 2.0, 9.0},
		{`{"inventory_delta":-1}`, 3.0, 8.0}, {`{"manage_stock":false}`, 4.0, nil}, {`{"manage_stock":true,"stock_quantity":8}`, 5.0, 8.0},
	} {
		storetest.REST(t, s, "PUT", path, step.body)
		check(step.body, id, path, id, step.revision, step.quantity)
	}
	_, o := storetest.REST(t, s, "POST", "orders", fmt.Sprintf(`{"line_items":[{"product_id":%d,"quantity":2}]}`, id))
	check("pending", id, path, id, 5.0, 8.0)
	order := fmt.Sprintf("orders/%.0f", o["id"])
	storetest.REST(t, s, "PUT", order, `{"set_paid":true}`)
	check("paid", id, path, id, 7.0, 6.0)
	storetest.REST(t, s, "PUT", order, `{"status":"cancelled"}`)
	check("cancelled", id, path, id, 9.0, 8.0)
}

func TestStockRevisionsOfVariations(t *testing.T) {
	s, _ := storetest.NewStore(t, withCompanion)
	stockOf := func(path string) [3]float64 {
		_, p := storetest.REST(t, s, "GET", path, "")
		a, _ := p["ankkor_stock"].(map[string]any)
		id, _ := a["product_id"].(float64)
		revision, _ := a["revision"].(float64)
		quantity, _ := a["quantity"].(float64)
		return [3]float64{id, revision, quantity}
	}
	_, v := storetest.REST(t, s, "POST", "products", `{"name":"V","type":"variable","manage_stock":true,"stock_quantity":5}`)
	parent := fmt.Sprintf("products/%.0f", v["id"])
	_, x := storetest.REST(t, s, "POST", parent+"/variations", `{"regular_price":"10","manage_stock":true,"stock_quantity":3}`)
	_, y := storetest.REST(t, s, "POST", parent+"/variations", `{"regular_price":"10"}`)
	own, inherits := fmt.Sprintf("%s/variations/%.0f", parent, x["id"]), fmt.Sprintf("%s/variations/%.0f", parent, y["id"])
	p, q := v["id"].(float64), x["id"].(float64)
	want := func(step string, ownStock, parentStock [3]float64) {
		t.Helper()
		got := [][3]float64{stockOf(own), stockOf(inherits), stockOf(parent)}
		if diff := cmp.Diff([][3]float64{ownStock, parentStock, parentStock}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", step, diff)
		}
	}
	want("created", [3]float64{q, 1, 3}, [3]float64{p, 3, 5})
	storetest.REST(t, s, "PUT", own, `{"stock_quantity":2}`)
	want("own put", [3]float64{q, 2, 2}, [3]float64{p, 4, 5})
	storetest.REST(t, s, "PUT", parent, `{"stock_quantity":4}`)
	want("parent put", [3]float64{q, 2, 2}, [3]float64{p, 5, 4})
	storetest.REST(t, s, "POST", "orders", fmt.Sprintf(`{"set_paid":true,"line_items":[{"product_id":%.0f,"variation_id":%.0f,"quantity":1},{"product_id":%.0f,"variation_id":%.0f,"quantity":1}]}`,
		v["id"], x["id"], v["id"], y["id"]))
	want("sold", [3]float64{q, 4, 1}, [3]float64{p, 9, 3})
}
