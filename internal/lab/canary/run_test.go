package canary

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/internal/lab/backend"
	"github.com/ankkor/ankkor/internal/lab/proxy"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
	"github.com/ankkor/ankkor/woo/wootest"
)

func TestMain(m *testing.M) { backend.Main(m) }

// person is somebody whose every word can be told from anything else.
func person() Marks {
	return Marks{
		"the first name": "Kanariella", "the last name": "Vogelhain", "the company": "Voliere Zq7", "the street": "77 Zwitschergasse",
		"the second line": "Hinterhaus Zq7", "the e-mail": "kanariella.zq7@example.in", "the phone": "9871234509", "the note": "bitte leise klopfen zq7",
	}
}

func home(p Marks) string {
	return fmt.Sprintf(`{"billing":{"first_name":%q,"last_name":%q,"company":%q,"address_1":%q,"address_2":%q,"city":"Bengaluru","state":"KA",`+
		`"postcode":"560001","country":"IN","email":%q,"phone":%q},"note":%q}`, p["the first name"], p["the last name"], p["the company"],
		p["the street"], p["the second line"], p["the e-mail"], p["the phone"], p["the note"])
}

// through puts a proxy in front of a server, and returns its URL through it.
func through(t *testing.T, address string) (*proxy.Proxy, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("the address of a server cannot be read")
	}
	p, err := proxy.Listen(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	u.Host = p.Addr()
	return p, u.String()
}

// run is a shop that is watched, and what is known of it.
type run struct {
	*backend.Backend
	t               *testing.T
	told            *collector
	answered        *answers
	persons         Marks
	mu              sync.Mutex
	secrets         Marks
	postgres, redis *proxy.Proxy
}

func open(t *testing.T) *run {
	t.Helper()
	r := &run{t: t, told: openCollector(t), answered: &answers{}, persons: person(), secrets: Marks{}}
	servers.Redis(t) // says on which machines this runs
	var postgres, redis string
	r.postgres, postgres = through(t, servers.PostgresURL(t))
	r.redis, redis = through(t, os.Getenv(testenv.RedisVariable))
	r.Backend = backend.Open(t, backend.Config{PostgresURL: postgres, Pieces: 100, Environment: []string{
		"REDIS_URL=" + redis, "LOG_LEVEL=debug", "LEASE=5s", "SETTLE=6s", "GRACE=5s",
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + r.told.url, "OTEL_BSP_SCHEDULE_DELAY=200", "OTEL_METRIC_EXPORT_INTERVAL=300",
	}})
	for name, secret := range r.Secrets() {
		r.secrets[name] = secret
	}
	return r
}

// shopper is a new one, marked.
func (r *run) shopper() *backend.Shopper {
	s := r.Shopper()
	s.Home, s.Seen = home(r.persons), r.answered.seen
	r.t.Cleanup(func() {
		s.Close()
	})
	return s
}

// tries sends what is refused, or fails, or not; what matters is what is said of it.
func (r *run) tries(s *backend.Shopper, method, path, body string) {
	_ = s.Send(r.t.Context(), method, path, body, nil)
}

// buys tries a whole purchase.
func (r *run) buys(s *backend.Shopper, good int) (backend.Checkout, error) {
	c, err := s.Buy(r.t.Context(), r.Goods[good%len(r.Goods)], 1)
	r.mu.Lock()
	defer r.mu.Unlock()
	for n, cookie := range s.Cookies() {
		r.secrets[fmt.Sprintf("cookie %d of %s", n, c.ID)] = cookie
	}
	return c, err
}

// hostile is what is sent by mistake, or on purpose.
func (r *run) hostile(c backend.Checkout) {
	s, long := r.shopper(), strings.Repeat(r.persons["the last name"], 60)
	at := "/checkouts/" + string(c.ID)
	for _, body := range []string{
		strings.Replace(s.Home, r.persons["the last name"], long, 1),
		strings.Replace(s.Home, "@example.in", "", 1),
		strings.Replace(s.Home, `"phone":"`, `"phone":"call `, 1),
		strings.Replace(s.Home, `"560001"`, `"`+r.persons["the company"]+`"`, 1),
		s.Home[:len(s.Home)-9], "[" + s.Home + "]", `"` + r.persons["the e-mail"] + `"`, strings.Replace(s.Home, `:"IN"`, `:7`, 1),
	} {
		own := r.shopper()
		if err := own.Fill(r.t.Context(), r.Goods[0], 1); err != nil {
			r.t.Fatal(err)
		}
		started, err := own.Ready(r.t.Context(), "cod")
		if err != nil {
			r.t.Fatal(err)
		}
		r.tries(own, "PUT", "/checkouts/"+string(started.ID)+"/addresses", body)
		r.tries(own, "POST", "/cart/changes", body)
	}
	r.tries(s, "POST", "/cart/changes", `{"op":"clear"}`)
	r.tries(s, "GET", at, "")
	r.tries(s, "PUT", at+"/addresses", s.Home)
	r.tries(s, "GET", "/cart?email="+url.QueryEscape(r.persons["the e-mail"]), "")
	r.tries(s, "POST", at+"/payment", `{"razorpay_order_id":"order_00000000000000","razorpay_payment_id":"pay_00000000000000","razorpay_signature":"`+strings.Repeat("5a9c", 16)+`"}`)
	r.tries(s, "GET", "/operator/stuck", "")
	for _, path := range []string{"/webhooks/razorpay", "/webhooks/woocommerce"} {
		r.posts(path, s.Home)
	}
}

// posts sends a webhook that nobody signed.
func (r *run) posts(path, body string) {
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "X-Razorpay-Signature": strings.Repeat("5a9c", 16), "X-WC-Webhook-Signature": "a2FuYXJpenE3",
		"X-WC-Webhook-Topic": "order.updated", "Authorization": "Bearer " + r.Staff + "x",
	} {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = answer.Body.Close()
}

// storeFails lets the WooCommerce behind fail in every way while people buy.
func (r *run) storeFails() {
	if err := r.Store.Faults().Arm([]wootest.Fault{
		{Kind: wootest.HTML, Method: "POST", Path: "/wp-json/wc/v3/orders"},
		{Kind: wootest.CutAfter, Method: "POST", Path: "/wp-json/wc/v3/orders"},
		{Kind: wootest.BadGateway, Method: "POST", Path: "/wp-json/wc/v3/orders"},
		{Kind: wootest.Truncated, Method: "PUT", Path: "/wp-json/wc/v3/orders/*"},
		{Kind: wootest.HTML, Method: "PUT", Path: "/wp-json/wc/v3/orders/*"},
		{Kind: wootest.Unavailable, Path: "/graphql"},
	}...); err != nil {
		r.t.Fatal(err)
	}
	r.rush(6)
	r.Store.Faults().Clear()
}

// rush lets so many people buy at once, whatever comes of it.
func (r *run) rush(people int) {
	var buying sync.WaitGroup
	for n := range people {
		s := r.shopper()
		buying.Go(func() { _, _ = r.buys(s, n) })
	}
	buying.Wait()
}

// gatewayFails lets the Razorpay behind fail in every way while people pay.
func (r *run) gatewayFails() {
	if err := r.Gateway.Plant([]razorpaytest.Fault{
		{Op: razorpaytest.OpCreateOrder, Kind: razorpaytest.HTMLReply}, {Op: razorpaytest.OpCreateOrder, Kind: razorpaytest.LoseReply},
		{Op: razorpaytest.OpCreateOrder, Kind: razorpaytest.Unauthorized}, {Op: razorpaytest.OpPayments, Kind: razorpaytest.HalfReply},
		{Op: razorpaytest.OpPayments, Kind: razorpaytest.FirewallPage}, {Op: razorpaytest.OpCapture, Kind: razorpaytest.ErrorAfter},
		{Op: razorpaytest.OpPay, Kind: razorpaytest.PayShort}, {Op: razorpaytest.OpPay, Kind: razorpaytest.PayForeign},
	}...); err != nil {
		r.t.Fatal(err)
	}
	r.rush(8)
}

// storageFails cuts Postgres and Redis while people buy.
func (r *run) storageFails() {
	for n, p := range []*proxy.Proxy{r.redis, r.postgres} {
		s := r.shopper()
		if err := s.Fill(r.t.Context(), r.Goods[n], 1); err != nil {
			r.t.Fatal(err)
		}
		p.Spoil(proxy.Refuse)
		p.Reset()
		_, _ = r.buys(s, n) // whatever comes of it
		_, _ = s.Place(r.t.Context(), "cod")
		p.Spoil(nil)
	}
}

// TestRun is a whole day of a shop on which much fails. Nothing of what may not be seen is in its log, in its spans and
// metrics, or in an error that it answered.
func TestRun(t *testing.T) {
	r := open(t)
	first, err := r.buys(r.shopper(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Gateway.Payments(first.Gateway.OrderID) {
		r.persons["the e-mail at the gateway"], r.persons["the phone at the gateway"] = p.Email, p.Contact
	}
	r.hostile(first)
	r.storeFails()
	r.gatewayFails()
	r.storageFails()
	r.Await(t, "it is ready again", func(ctx context.Context) bool { status, _ := r.Ready(ctx); return status == http.StatusOK })
	last := r.shopper() // whoever meets a connection that died meanwhile tries again
	if c, err := last.Insist(t.Context(), r.Goods[1], 1); err != nil {
		t.Errorf("the last purchase: %+v, %v", c, err)
	}
	r.Terminate(t)
	if code := r.Stopped(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	r.search()
}

// place is where somebody may read.
type place struct {
	name, text string
	has        []string // shows that there was something to say
	marks      []Marks
}

// search looks through everything.
func (r *run) search() {
	r.t.Helper()
	for _, p := range []place{
		{"the log", r.Log(), []string{`"level":"ERROR"`, `"msg":"serving"`, `"msg":"customer to be told"`}, []Marks{r.secrets, r.persons}},
		{"spans and metrics", r.told.String(), []string{"checkout.create_order", "woocommerce POST", "ankkor.effect.duration", "http.server.request.duration"}, []Marks{r.secrets, r.persons}},
		{"errors answered", r.answered.refusals.String(), []string{`"code":"invalid"`, `"code":"unavailable"`, `"code":"not_found"`}, []Marks{r.secrets, r.persons}},
		{"everything answered", r.answered.bodies.String(), []string{r.persons["the street"]}, []Marks{r.secrets}},
	} {
		for _, fault := range p.faults() {
			r.t.Error(fault)
		}
	}
}

func (p place) faults() (found []string) {
	for _, want := range p.has {
		if !strings.Contains(p.text, want) {
			found = append(found, fmt.Sprintf("%s: there is no %s in it, so it was not tried", p.name, want))
		}
	}
	for _, m := range p.marks {
		for _, what := range m.Find(p.text) {
			found = append(found, fmt.Sprintf("%s shows %s: %s", p.name, what, around(p.text, m[what])))
		}
	}
	return found
}

// TestAPlantedLineIsSeen: one line among others that says who ordered, and one with a key in base64.
func TestAPlantedLineIsSeen(t *testing.T) {
	p := place{name: "the log", text: `{"msg":"placed"}` + "\n" + `{"msg":"mail","to":"77 ZWITSCHERGASSE","key":"xx` +
		base64.StdEncoding.EncodeToString([]byte("user:the-key-of-this-shop")) + `"}`, has: []string{"placed"},
		marks: []Marks{person(), {"the key": "the-key-of-this-shop"}}}
	if found := p.faults(); len(found) != 2 {
		t.Errorf("found %q", found)
	}
	p.has = []string{"paid"}
	if found := p.faults(); len(found) != 3 {
		t.Errorf("what was not tried: %q", found)
	}
}

// around is where a mark is in a text, if it is there plainly.
func around(text, mark string) string {
	at := strings.Index(text, mark)
	if at < 0 {
		return "in some encoding"
	}
	return fmt.Sprintf("%q", text[max(0, at-200):min(len(text), at+len(mark)+100)])
}
