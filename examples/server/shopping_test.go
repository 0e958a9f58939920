package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo/rest"
	"github.com/ankkor/ankkor/woo/wootest"
)

// Cash on the shop's terms: a fee, a tenth beforehand, not everywhere, not twice at a time. The store's order says so.
func TestCashTerms(t *testing.T) {
	o := opened(t, map[string]string{"COD_FEE": "49", "COD_PREPAY": "10%", "COD_PINS_EXCEPT": "5600", "COD_PINS": "560001,4", "COD_MAX_OPEN": "1"})
	asha := o.visitor()
	order := asha.place(asha.begun(), "cod")
	total, now, later := at(order, "quote", "totals", "total", "amount"), at(order, "pay_now", "amount"), at(order, "pay_on_delivery", "amount")
	if total != "602.88" || now != "60.29" || later != "542.59" {
		t.Errorf("total %s, now %s, at the door %s", total, now, later)
	}
	made := o.order(at(order, "order_number"))
	if made.PaymentMethod != "cod" || made.Total.String() != "602.88" || made.Status != "processing" || !made.Paid.IsZero() || meta(made, checkout.MetaPrepaid) == "" {
		t.Errorf("the store's order: %+v", made)
	}
	id := asha.begun()
	_, _, refused := asha.send("PUT", "/api/checkouts/"+id+"/payment-method", `{"method":"cod"}`)
	if at(refused, "code") != "payment_method_not_offered" || !strings.Contains(fmt.Sprint(refused["refusals"]), "open_orders") {
		t.Errorf("a second one while the first is on its way: %v", refused)
	}
	asha.must("PUT", "/api/checkouts/"+id+"/addresses", `{"billing":{"first_name":"Ravi","last_name":"Iyer","address_1":"1 MG Road",
		"city":"Bengaluru","state":"KA","postcode":"560002","country":"IN","email":"ravi@example.in","phone":"9845054321"}}`)
	_, _, refused = asha.send("PUT", "/api/checkouts/"+id+"/payment-method", `{"method":"cod"}`)
	if !strings.Contains(fmt.Sprint(refused["refusals"]), "code:pin") {
		t.Errorf("where the courier takes no cash: %v", refused)
	}
}

// order waits for the store's order of a number.
func (o *open) order(number string) wootest.Order {
	o.t.Helper()
	for _, made := range o.store.Orders() {
		if made.Number == number && number != "" {
			return made
		}
	}
	o.t.Fatalf("the store has no order %q", number)
	return wootest.Order{}
}

func meta(o wootest.Order, key string) string {
	for _, m := range o.Meta {
		if m.Key == key {
			return m.Value
		}
	}
	return ""
}

func TestNoCash(t *testing.T) {
	o := opened(t, map[string]string{"COD": "false"})
	if said := o.visitor().must("GET", "/api/payment-methods", ""); strings.Contains(fmt.Sprint(said), "cod") {
		t.Errorf("cash is not offered: %v", said)
	}
}

// A guest's cart and checkout move to the account that the guest signs in to; the cookie is worth nothing after that.
func TestSignIn(t *testing.T) {
	o := opened(t, map[string]string{"ACCOUNT_KEYS": longSecret, "ACCOUNT_ISSUER": storeURL})
	account, err := rest.New(o.woo).Customers().Create(t.Context(), rest.CustomerChange{
		Email: new("asha@example.in"), Username: new("asha"), Password: new("a password of a stand-in"),
	})
	if err != nil {
		t.Fatal(err)
	}
	asha := o.visitor()
	id := asha.begun()
	if status, _, said := asha.send("POST", "/api/account/sign-in", ""); status != http.StatusUnauthorized {
		t.Errorf("signed in as nobody: %d %v", status, said)
	}
	asha.token = minted(t, longSecret, jwt.SigningMethodHS256, asThePlugin(strconv.FormatInt(account.ID, 10), ""))
	if said := asha.must("GET", "/api/cart", ""); strings.Contains(fmt.Sprint(said), "name") {
		t.Errorf("before signing in the account has the guest's cart: %v", said)
	}
	for range 2 { // again does no harm
		said := asha.must("POST", "/api/account/sign-in", "")
		if count := strings.Count(fmt.Sprint(said["cart"]), "quantity:1"); count == 0 || strings.Contains(fmt.Sprint(said), "quantity:2") {
			t.Errorf("the account's cart: %v", said)
		}
	}
	asha.must("GET", "/api/checkouts/"+id, "")
	order := asha.place(id, "cod")
	if made := o.order(at(order, "order_number")); made.CustomerID != account.ID {
		t.Errorf("the order is customer %d's", made.CustomerID)
	}
	token := asha.token
	if asha.token = ""; len(asha.browser.Jar.Cookies(must(url.Parse(o.url)))) != 0 {
		t.Error("the guest's cookie is still there")
	}
	if status, _, _ := asha.send("GET", "/api/checkouts/"+id, ""); status != http.StatusUnauthorized && status != http.StatusNotFound {
		t.Errorf("nobody sees the account's order: %d", status)
	}
	ravi := o.visitor()
	ravi.token = minted(t, longSecret, jwt.SigningMethodHS256, asThePlugin("123456", ""))
	if status, _, _ := ravi.send("GET", "/api/checkouts/"+id, ""); status != http.StatusNotFound {
		t.Errorf("another account sees the order: %d", status)
	}
	o.unreachable(ravi)
	ravi.token = token + "x"
	status, header, said := ravi.send("GET", "/api/cart", "")
	if status != http.StatusUnauthorized || at(said, "code") != "unauthenticated" || header.Get("WWW-Authenticate") == "" {
		t.Errorf("a token that is none: %d %v", status, said)
	}
}

// unreachable closes the database: signing in has to be repeated, and says so.
func (o *open) unreachable(v *visitor) {
	o.t.Helper()
	if err := o.db.Close(); err != nil {
		o.t.Fatal(err)
	}
	if status, header, said := v.send("POST", "/api/account/sign-in", ""); status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		o.t.Errorf("signed in without a database: %d %v", status, said)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A checkout that was left leads back to its cart by the link of its mail, in whatever browser.
func TestRecovery(t *testing.T) {
	o := opened(t, map[string]string{"RECOVERY_KEYS": longSecret, "ABANDON_AFTER": "1s", "STOREFRONT_URL": "https://www.example.in"})
	id := o.visitor().begun()
	var record checkout.Record
	o.await("the checkout is given up", func(ctx context.Context) bool {
		var err error
		record, err = o.shop.store.Load(ctx, checkout.ID(id))
		return err == nil && record.Closing != nil
	})
	link := must(url.Parse(o.linkOf(checkout.Notice{Kind: checkout.NoticeAbandoned, Record: record})))
	if link.Host != "www.example.in" || link.Path != "/cart/recover" || link.Query().Get("token") == "" {
		t.Fatalf("the mail leads to %s", link)
	}
	elsewhere := o.visitor()
	if said := elsewhere.must("POST", "/api/cart/recover", `{"token":"`+link.Query().Get("token")+`"}`); !strings.Contains(fmt.Sprint(said), "product_id:"+strconv.Itoa(teapot)) {
		t.Errorf("what comes back: %v", said)
	}
	if status, _, said := elsewhere.send("POST", "/api/cart/recover", `{"token":"`+link.Query().Get("token")+`x"}`); status != http.StatusUnprocessableEntity {
		t.Errorf("a link that is not whole: %d %v", status, said)
	}
	if page := o.linkOf(checkout.Notice{Kind: checkout.NoticeShipped, Record: record}); page != "https://www.example.in/orders/"+id {
		t.Errorf("other mails lead to %s", page)
	}
}

// await waits until something is so, and gives up after a minute, which nothing takes.
func (o *open) await(what string, so func(context.Context) bool) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	for !so(ctx) {
		select {
		case <-ctx.Done():
			o.t.Fatalf("it never happened that %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// A cart that was left before there was a checkout is told of once, without saying whose it is.
func TestCartLeft(t *testing.T) {
	o := opened(t, map[string]string{"ABANDON_AFTER": "2s"})
	told := make(chan checkout.Event, 10)
	o.events = publisher(func(e checkout.Event) { told <- e })
	v := o.visitor()
	v.must("POST", "/api/cart/changes", fmt.Sprintf(`{"op":"add","product_id":%d,"quantity":2}`, teapot))
	o.await("the cart counts as left", func(ctx context.Context) bool {
		n, err := o.left.Sweep(ctx)
		return err == nil && n == 1
	})
	e := <-told
	if e.Kind != "cart.left" || !bytes.Contains(e.Data, []byte(`"quantity":2`)) || bytes.Contains(e.Data, []byte("guest:")) {
		t.Errorf("%s %s", e.Kind, e.Data)
	}
	if n, err := o.left.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("told again: %d, %v", n, err)
	}
}

// publisher is what hears of events.
type publisher func(checkout.Event)

func (p publisher) Publish(_ context.Context, events ...checkout.Event) error {
	for _, e := range events {
		p(e)
	}
	return nil
}

// Pages of another origin may ask when they are the shop's, and only then; an address may ask so often.
func TestOriginsAndLimits(t *testing.T) {
	o := opened(t, map[string]string{"TRUSTED_ORIGINS": "https://www.example.in", "RATE_LIMIT": "1", "RATE_BURST": "6"})
	page := o.visitor()
	for origin, want := range map[string]string{"https://www.example.in": "https://www.example.in", "https://elsewhere.example": ""} {
		page.origin = origin
		status, header, _ := page.send("POST", "/api/cart/changes", fmt.Sprintf(`{"op":"add","product_id":%d,"quantity":1}`, teapot))
		if allowed := header.Get("Access-Control-Allow-Origin"); allowed != want || (status == http.StatusOK) != (want != "") {
			t.Errorf("%s: %d, %q may read", origin, status, allowed)
		}
	}
	page.origin = ""
	status, header := 0, http.Header{}
	for n := 0; n < 20 && status != http.StatusTooManyRequests; n++ {
		status, header, _ = page.send("GET", "/api/cart", "")
	}
	if status != http.StatusTooManyRequests || header.Get("Retry-After") == "" {
		t.Errorf("twenty requests at once: %d", status)
	}
	if status, _, _ := page.send("GET", "/readyz", ""); status != http.StatusOK {
		t.Errorf("the probe is limited, too: %d", status)
	}
}

// The server starts while Redis is away, says so and sells; Redis comes, and admits.
func TestStartsWithoutRedis(t *testing.T) {
	redisURL := os.Getenv("ANKKOR_TEST_REDIS_URL")
	if redisURL == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("CI has no Redis in ANKKOR_TEST_REDIS_URL")
		}
		t.Skip("there is no Redis: make test starts one, or name one in ANKKOR_TEST_REDIS_URL")
	}
	address := must(url.Parse(redisURL))
	there := &door{to: address.Host}
	listener := must(new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0"))
	address.Host = listener.Addr().String()
	go there.serve(listener)
	t.Cleanup(func() { _ = listener.Close() })
	o := opened(t, map[string]string{"REDIS_URL": address.String(), "STAFF_TOKENS": "asha=" + longSecret})
	v := o.visitor()
	if said := v.must("GET", "/readyz", ""); at(said, "checks", "redis") != "away" || at(said, "status") != "ready" {
		t.Errorf("while Redis is away: %v", said)
	}
	if order := v.place(v.begun(), "cod"); at(order, "order_number") == "" {
		t.Errorf("sold nothing while Redis is away: %v", order)
	}
	there.open()
	o.await("Redis is there", func(context.Context) bool { return at(v.must("GET", "/readyz", ""), "checks", "redis") == "ok" })
	o.await("Redis knows the stock", func(ctx context.Context) bool {
		keys, err := o.redis.client.Keys(ctx, "ankkor:{"+o.config.schema+"}:levels").Result()
		return err == nil && len(keys) == 1
	})
	if order := v.place(v.begun(), "cod"); at(order, "order_number") == "" {
		t.Errorf("sold nothing with Redis: %v", order)
	}
}

// door is closed, until it leads somewhere.
type door struct {
	to string

	mu     sync.Mutex
	opened bool
}

func (d *door) open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened = true
}

func (d *door) serve(listener net.Listener) {
	for {
		from, err := listener.Accept()
		if err != nil {
			return
		}
		d.mu.Lock()
		opened := d.opened
		d.mu.Unlock()
		if !opened {
			_ = from.Close()
			continue
		}
		go func() {
			defer func() { _ = from.Close() }()
			to, err := new(net.Dialer).DialContext(context.Background(), "tcp", d.to)
			if err != nil {
				return
			}
			defer func() { _ = to.Close() }()
			go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
			_, _ = io.Copy(from, to)
		}()
	}
}
