package wootest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// recordedDelivery is one request that the recorded store made.
type recordedDelivery struct {
	File    string      `json:"file"`
	At      time.Time   `json:"at"`
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
}

func (d recordedDelivery) header(name string) string {
	for _, h := range d.Headers {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

// changedAt is when the body says its resource changed last, else when it came.
func (d recordedDelivery) changedAt() time.Time {
	var body struct {
		Modified string `json:"date_modified_gmt"`
	}
	if json.Unmarshal([]byte(d.Body), &body) == nil && body.Modified != "" {
		if at, err := time.Parse("2006-01-02T15:04:05", body.Modified); err == nil {
			return at
		}
	}
	return d.At.Truncate(time.Second)
}

// mailbox takes deliveries and answers what their path says: /status/500.
type mailbox struct {
	*httptest.Server
	mu  sync.Mutex
	got []storetest.Received
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	m := &mailbox{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		m.mu.Lock()
		m.got = append(m.got, storetest.Received{Path: req.URL.Path, Header: req.Header, Body: string(body)})
		m.mu.Unlock()
		if req.URL.Path == "/status/500" {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(m.Close)
	return m
}

func (m *mailbox) take() []storetest.Received {
	m.mu.Lock()
	defer m.mu.Unlock()
	got := m.got
	m.got = nil
	return got
}

// events is a store whose webhooks come to a mailbox, and what happens in it.
type events struct {
	*storetest.Retelling
	mail *mailbox
}

// put makes a REST request that must succeed.
func (e events) put(t *testing.T, method, path, body string) {
	t.Helper()
	if status, answer := storetest.REST(t, e.Store, method, path, body); status >= 300 {
		t.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
}

func (e events) hook(t *testing.T, topic, path, secret string) {
	t.Helper()
	e.put(t, "POST", "webhooks", fmt.Sprintf(`{"topic":%q,"delivery_url":%q%s}`, topic, e.mail.URL+path, secret))
}

// episode is one change and the deliveries it caused, in no particular order.
type episode struct {
	does  string
	do    func(*testing.T, events)
	files []int
}

// byREST is an episode of one REST request.
func byREST(method, path, body string, files ...int) episode {
	return episode{method + " " + path, func(t *testing.T, e events) { t.Helper(); e.put(t, method, path, body) }, files}
}

const secretOfHooks = `,"secret":"whsec"`

const ravi = `"billing":{"first_name":"Ravi","last_name":"Iyer","address_1":"14 Brigade Road","city":"Bengaluru","state":"KA",
	"postcode":"560001","country":"IN","email":"ravi@example.test","phone":"+919812345678"}`

const raviShort = `"billing":{"first_name":"Ravi","state":"KA","postcode":"560001","country":"IN","email":"ravi@example.test"}`

// episodes are what happened while the deliveries were recorded.
func episodes() []episode {
	list := []episode{
		byREST("PUT", "products/16", `{"stock_quantity":9}`, 6),
		byREST("PUT", "products/16", `{"stock_quantity":9}`, 7), // no change
		byREST("PUT", "products/37/variations/38", `{"stock_quantity":4}`, 8),
		byREST("PUT", "products/37/variations/43", `{"stock_quantity":0}`, 9),
		byREST("PUT", "products/37", `{"stock_quantity":15}`, 10),
		byREST("PUT", "products/17", `{"regular_price":"30.00"}`, 11),
		byREST("POST", "products/batch", `{"update":[{"id":16,"stock_quantity":8},{"id":18,"stock_quantity":30},{"id":22,"stock_quantity":60}]}`, 12, 13, 14),
		byREST("POST", "products/37/variations/batch", `{"update":[{"id":38,"stock_quantity":3},{"id":43,"stock_quantity":8}]}`, 15, 16),
		{"two quick changes", func(t *testing.T, e events) {
			e.put(t, "PUT", "products/16", `{"stock_quantity":7}`)
			e.put(t, "PUT", "products/16", `{"stock_quantity":6}`)
		}, []int{17}},
		byREST("POST", "products", `{"name":"Webhook Diya","sku":"WH-1","regular_price":"45.00","manage_stock":true,"stock_quantity":5}`, 18),
		byREST("DELETE", "products/154", ``, 19),
		byREST("PUT", "products/154", `{"status":"publish"}`, 20),
		byREST("DELETE", "products/154?force=true", ``),
	}
	return append(append(list, orderEpisodes()...), hookEpisodes()...)
}

func orderEpisodes() []episode {
	return []episode{
		byREST("POST", "orders", `{"payment_method":"cod",`+ravi+`,"line_items":[{"product_id":16,"quantity":1},{"product_id":37,"variation_id":38,"quantity":1}]}`, 21, 22),
		byREST("PUT", "orders/155", `{"status":"processing"}`, 23, 24, 25),
		byREST("POST", "orders/155/notes", `{"note":"packed"}`),
		byREST("PUT", "orders/155", `{"status":"completed"}`, 26),
		byREST("POST", "orders/155/refunds", `{"amount":"10.00","api_refund":false}`, 27),
		byREST("PUT", "orders/155", `{"meta_data":[{"key":"_awb","value":"1"}]}`, 28),
		byREST("DELETE", "orders/155", ``),
		{"checkout over GraphQL", checkoutOverGraphQL, []int{29, 30, 31}},
		{"checkout over the Store API", checkoutOverStoreAPI, []int{32, 33}},
		byREST("POST", "orders", `{"payment_method":"cod","set_paid":true,`+ravi+`,"line_items":[{"product_id":20}]}`, 34, 35, 36),
		byREST("POST", "orders", `{"payment_method":"cod","set_paid":true,`+raviShort+`,"line_items":[{"product_id":37,"variation_id":40}]}`, 37, 38, 39),
		byREST("PUT", "products/44/variations/46", `{"manage_stock":true,"stock_quantity":1}`, 40),
		byREST("POST", "orders", `{"payment_method":"cod","set_paid":true,`+raviShort+`,"line_items":[{"product_id":44,"variation_id":46}]}`, 41, 42, 43),
		byREST("PUT", "products/44/variations/45", `{"stock_status":"outofstock"}`, 44),
		byREST("POST", "orders", `{"payment_method":"bacs","set_paid":true,`+raviShort+`,"line_items":[{"product_id":16}]}`, 45, 46, 47),
		byREST("PUT", "orders/162", `{"status":"cancelled"}`, 48, 49),
		byREST("PUT", "products/16", `{"stock_quantity":33}`, 50),
	}
}

// hookEpisodes are a receiver that fails seven times, one without a secret, and
// topics. A failing webhook whose ping failed is pinged again by every save.
func hookEpisodes() []episode {
	list := []episode{{"a receiver that fails", func(t *testing.T, e events) {
		e.hook(t, "product.updated", "/status/500", secretOfHooks)
	}, []int{51}}}
	for i := range 7 {
		files := []int{52 + 3*i, 53 + 3*i, 54 + 3*i}
		if i == 6 {
			files = []int{70, 71} // now disabled: no ping
		}
		list = append(list, byREST("PUT", "products/17", fmt.Sprintf(`{"regular_price":"%d.00"}`, 21+i), files...))
	}
	list = append(list, byREST("PUT", "webhooks/6", `{"status":"active"}`, 72), byREST("DELETE", "webhooks/6?force=true", ``),
		episode{"no secret given", func(t *testing.T, e events) { e.hook(t, "product.updated", "/nosecret", "") }, []int{73}},
		byREST("PUT", "products/17", `{"regular_price":"25.00"}`, 74, 75))
	for i, topic := range []string{
		"action.woocommerce_update_product_stock", "product.restored", "order.deleted", "order.restored", "customer.updated",
		"coupon.updated", "action.woocommerce_product_set_stock",
	} {
		list = append(list, episode{"topic " + topic, func(t *testing.T, e events) { e.hook(t, topic, "/topic", secretOfHooks) }, []int{76 + i}})
	}
	return list
}

func checkoutOverGraphQL(t *testing.T, e events) {
	e.GuestWith(t, "t_"+strings.Repeat("0", 30), 16, 1)
	guest := e.Learnt["t_"+strings.Repeat("0", 30)]
	e.Ask(t, `mutation{checkout(input:{paymentMethod:"cod",metaData:[{key:"_sdk_ref",value:"z1"}],billing:{firstName:"Ravi",lastName:"Iyer",
		address1:"14 Brigade Road",city:"Bengaluru",state:"KA",postcode:"560001",country:IN,phone:"+919812345678",email:"ravi@example.test"}})
		{order{orderNumber}}}`, map[string]string{"woocommerce-session": "Session " + e.Tokens[guest], "User-Agent": ""})
}

func checkoutOverStoreAPI(t *testing.T, e events) {
	const address = `{"first_name":"Ravi","last_name":"Iyer","address_1":"14 Brigade Road","city":"Bengaluru","state":"KA",
		"postcode":"560001","country":"IN","phone":"+919812345678"%s}`
	header := map[string]string{"Content-Type": "application/json", "User-Agent": ""}
	header["Cart-Token"] = storetest.Send(t, e.Store, "GET", "/wp-json/wc/store/v1/cart", "", header).Header.Get("Cart-Token")
	for _, step := range [][3]string{
		{"POST", "cart/add-item", `{"id":17,"quantity":1}`},
		{"GET", "checkout", ``},
		{"POST", "checkout", `{"payment_method":"cod","billing_address":` + fmt.Sprintf(address, `,"email":"ravi@example.test"`) +
			`,"shipping_address":` + fmt.Sprintf(address, "") + `}`},
	} {
		if got := storetest.Send(t, e.Store, step[0], "/wp-json/wc/store/v1/"+step[1], step[2], header); got.Status >= 300 {
			t.Fatalf("%s: %d %s", step[1], got.Status, got.Body)
		}
	}
}

// TestReplayDeliveries: every delivery of the recorded store, from the change
// that caused it: to whom, with which headers, and what it said. Nothing else
// may come.
func TestReplayDeliveries(t *testing.T) {
	wanted := map[int]recordedDelivery{}
	for _, d := range storetest.ReadRecordings[recordedDelivery](t, "webhooks") {
		var n int
		if _, err := fmt.Sscanf(d.File, "%d", &n); err != nil {
			t.Fatal(err)
		}
		wanted[n] = d
	}
	e := events{storetest.NewRetelling(t, nil), newMailbox(t)}
	e.put(t, "PUT", "products/20", `{"stock_quantity":1}`) // not recorded, but the next order sold it out
	for _, topic := range []string{"product.created", "product.updated", "product.deleted", "order.created", "order.updated"} {
		e.hook(t, topic, "/webhooks/woocommerce", secretOfHooks)
	}
	e.deliver(t)
	seen := 0
	for i, episode := range episodes() {
		t.Run(fmt.Sprintf("%02d %s", i+1, episode.does), func(t *testing.T) {
			seen += len(episode.files)
			e.tellEpisode(t, episode, wanted)
		})
	}
	if seen != len(wanted) {
		t.Errorf("%d deliveries replayed of %d", seen, len(wanted))
	}
}

func (e events) deliver(t *testing.T) []storetest.Received {
	t.Helper()
	for e.Store.PendingWebhooks() > 0 {
		storetest.Deliver(t, e.Store)
	}
	return e.mail.take()
}

func (e events) tellEpisode(t *testing.T, ep episode, wanted map[int]recordedDelivery) {
	t.Helper()
	for _, n := range ep.files {
		if at := wanted[n].changedAt(); at.After(e.Clock.Now()) {
			e.Clock.Set(at)
		}
	}
	ep.do(t, e)
	got := e.deliver(t)
	for _, n := range ep.files {
		want := wanted[n]
		i := slices.IndexFunc(got, func(g storetest.Received) bool { return e.isThat(want, g) })
		if i < 0 {
			t.Errorf("%s did not come", want.File)
			continue
		}
		e.checkDelivery(t, want, got[i])
		got = slices.Delete(got, i, i+1)
	}
	for _, g := range got {
		t.Errorf("not recorded: %s %s to %s: %.80s", g.Header.Get("X-WC-Webhook-ID"), g.Header.Get("X-WC-Webhook-Topic"), g.Path, g.Body)
	}
}

// isThat matches a delivery by webhook, topic and the id in its body.
func (e events) isThat(want recordedDelivery, g storetest.Received) bool {
	type named struct {
		ID int64 `json:"id"`
	}
	var w, h named
	if json.Unmarshal([]byte(want.Body), &w) != nil {
		return want.Body == g.Body // a ping
	}
	return json.Unmarshal([]byte(g.Body), &h) == nil && w == h && want.header("X-WC-Webhook-ID") == g.Header.Get("X-WC-Webhook-ID")
}

func (e events) checkDelivery(t *testing.T, want recordedDelivery, g storetest.Received) {
	t.Helper()
	for _, h := range want.Headers {
		have := g.Header.Get(h[0])
		switch h[0] {
		case "Host", "Connection", "Content-Length":
		case "X-WC-Webhook-Signature", "X-WC-Webhook-Delivery-ID":
			if len(have) != len(h[1]) {
				t.Errorf("%s: header %s: %q, recorded %q", want.File, h[0], have, h[1])
			}
		default:
			if moved := (storetest.Recording{}).Moved(e.Store, h[1]); have != moved {
				t.Errorf("%s: header %s: %q, recorded %q", want.File, h[0], have, moved)
			}
		}
	}
	if !strings.HasPrefix(want.Body, "{") {
		if g.Body != want.Body || g.Header.Get("X-WC-Webhook-Signature") != "" {
			t.Errorf("%s: %q, %v", want.File, g.Body, g.Header)
		}
		return
	}
	d := storetest.Differ{Same: func(path string, want, got any) bool { return e.Same(t, path, want, got) || isHashOf(path) }}
	d.Compare("", storetest.Decode(t, (storetest.Recording{}).Moved(e.Store, want.Body)), storetest.Decode(t, g.Body))
	for _, line := range d.Found {
		if !e.differsByDesign(want.File, line) {
			t.Errorf("%s: %s", want.File, line)
		}
	}
}

// differsByDesign: an order of the Store API was a draft whose items were made
// and made again, and keeps hashes of the cart and the name of a debug log.
func (e events) differsByDesign(file, line string) bool {
	return slices.Contains([]string{"032-order.updated", "033-order.created"}, file) &&
		(strings.Contains(line, "[0].id: is ") || strings.HasPrefix(line, ".meta_data"))
}

// isHashOf: WooCommerce's own hashes of a cart and a place for its debug log.
func isHashOf(path string) bool { return path == ".cart_hash" || strings.Contains(path, "meta_data[") }

// TestReplayPings: five webhooks, five pings.
func TestReplayPings(t *testing.T) {
	e := events{storetest.NewRetelling(t, nil), newMailbox(t)}
	for _, want := range storetest.ReadRecordings[recordedDelivery](t, "webhooks-ping") {
		e.hook(t, "order.created", "/webhooks/woocommerce", secretOfHooks)
		got := e.deliver(t)
		if len(got) != 1 {
			t.Fatalf("%s: %d came", want.File, len(got))
		}
		e.checkDelivery(t, want, got[0])
	}
}
