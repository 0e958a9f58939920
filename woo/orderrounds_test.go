package woo_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// rounds is how many times each way of ordering is put under fire.
const rounds = 300

// roundsPerStore keeps lists of orders short.
const roundsPerStore = 25

// roundsNow is rounds, or a part of them for who is in a hurry: every pure
// trouble once and as many mixtures.
func roundsNow() int {
	if testing.Short() {
		return 2 * len(pure)
	}
	return rounds
}

// trouble is what goes wrong in one round. It follows from the round's number
// alone: `go test -run 'TestExactlyOne.*/seed=17$'` is round 17 again.
type trouble struct {
	name                        string
	create, complete            wootest.FaultKind
	reads                       int    // LateEffect: how many reads it waits for
	doubleCreate, doublePayment bool   // a proxy sends the request twice
	crash                       string // where a worker dies: "create after"
	stale                       int    // readings from a cache that is behind
}

// pure are troubles by themselves, each with a name of its own.
var pure = []trouble{
	{name: "none"},
	{name: "reply lost on create", create: wootest.CutAfter},
	{name: "request lost on create", create: wootest.CutBefore},
	{name: "502 after create", create: wootest.BadGateway},
	{name: "a page after create", create: wootest.HTML},
	{name: "half a reply after create", create: wootest.Truncated},
	{name: "late effect of create, after one look", create: wootest.LateEffect, reads: 4},
	{name: "late effect of create, after two looks", create: wootest.LateEffect, reads: 8},
	{name: "create sent twice by a proxy", doubleCreate: true},
	{name: "reply lost on completion", complete: wootest.CutAfter},
	{name: "request lost on completion", complete: wootest.CutBefore},
	{name: "502 after completion", complete: wootest.BadGateway},
	{name: "late effect of completion, after one look", complete: wootest.LateEffect, reads: 4},
	{name: "late effect of completion, after two looks", complete: wootest.LateEffect, reads: 8},
	{name: "completion sent twice in parallel", doublePayment: true},
	{name: "crash before create", crash: "create before"},
	{name: "crash between create and record", crash: "create after"},
	{name: "crash before completion", crash: "complete before"},
	{name: "crash between completion and record", crash: "complete after"},
	{name: "a cache that is behind", stale: 2},
	{name: "maintenance during create", create: wootest.Unavailable},
	{name: "slow down, said at completion", complete: wootest.RateLimited},
}

// troubleOf is the trouble of a round: every other one is pure, the rest mix.
func troubleOf(seed int) trouble {
	if seed%2 == 0 {
		return pure[seed/2%len(pure)]
	}
	r := rand.New(rand.NewPCG(uint64(seed), 2026))
	pick := func() trouble { return pure[r.IntN(len(pure))] }
	t := trouble{
		create: pick().create, complete: pick().complete, reads: []int{1, 4, 5, 8}[r.IntN(4)], crash: pick().crash,
		doubleCreate: r.IntN(4) == 0, doublePayment: r.IntN(4) == 0, stale: r.IntN(2) * r.IntN(3),
	}
	if t.create == wootest.LateEffect {
		t.doubleCreate = false // a copy of an acknowledged creation that comes after the completion is not looked for
	}
	t.name = fmt.Sprintf("%+v", t)
	return t
}

// arm makes the store and the proxy behave accordingly.
func (tr trouble) arm(t *testing.T, store *wootest.Store, p *doublingProxy) {
	t.Helper()
	var faults []wootest.Fault
	if tr.create != "" {
		faults = append(faults, wootest.Fault{Kind: tr.create, Method: "POST", Path: ordersPath, Reads: tr.reads})
	}
	if tr.complete != "" {
		faults = append(faults, wootest.Fault{Kind: tr.complete, Method: "PUT", Path: ordersPath + "/*", Reads: tr.reads})
	}
	if tr.stale > 0 {
		faults = append(faults, wootest.Fault{Kind: wootest.StaleRead, Method: "GET", Path: ordersPath + "/*", Times: tr.stale})
	}
	if tr.doublePayment {
		faults = append(faults, wootest.Fault{Kind: wootest.Overlap, Method: "PUT", Path: ordersPath + "/*", Delay: 100 * time.Millisecond})
	}
	if err := store.Faults().Arm(faults...); err != nil {
		t.Fatal(err)
	}
	p.arm(tr)
}

const ordersPath = "/wp-json/wc/v3/orders"

// doublingProxy stands between us and the store and sends one creation, or one
// completion, twice; the second answer is the one that is passed on.
type doublingProxy struct {
	next http.RoundTripper

	mu      sync.Mutex
	doubles map[string]bool // by method
}

func (p *doublingProxy) arm(tr trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.doubles = map[string]bool{"POST": tr.doubleCreate, "PUT": tr.doublePayment}
}

func (p *doublingProxy) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	double := p.doubles[r.Method] && strings.HasPrefix(r.URL.Path, ordersPath)
	if double {
		p.doubles[r.Method] = false
	}
	p.mu.Unlock()
	if !double {
		return p.next.RoundTrip(r)
	}
	var first sync.WaitGroup
	first.Go(func() { p.alone(r) })
	if r.Method == "POST" {
		first.Wait()
	}
	defer first.Wait()
	return p.next.RoundTrip(r)
}

// alone sends a copy of a request that nobody waits for.
func (p *doublingProxy) alone(r *http.Request) {
	again := r.Clone(context.WithoutCancel(r.Context()))
	body, err := r.GetBody()
	if err != nil {
		return
	}
	again.Body = body
	resp, err := p.next.RoundTrip(again)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// crashing is the client in a process that dies once, at a chosen place: the
// goroutine ends there, and nothing that would follow happens.
type crashing struct {
	*woo.Client
	mu sync.Mutex
	at string
}

func (c *crashing) arm(at string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *crashing) pass(at string) {
	c.mu.Lock()
	die := c.at == at
	if die {
		c.at = ""
	}
	c.mu.Unlock()
	if die {
		runtime.Goexit()
	}
}

func (c *crashing) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	c.pass("create before")
	o, err := c.Client.CreatePending(ctx, req)
	c.pass("create after")
	return o, err
}

func (c *crashing) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	c.pass("complete before")
	o, err := c.Client.Complete(ctx, id, how)
	c.pass("complete after")
	return o, err
}

// front is a store with a client behind the proxy.
func front(t *testing.T) (*wootest.Store, *crashing, *doublingProxy) {
	t.Helper()
	store, err := wootest.New(wootest.Config{TLS: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.SetStock(16, 10*rounds); err != nil {
		t.Fatal(err)
	}
	proxy := &doublingProxy{next: store.HTTPClient().Transport}
	client, err := woo.New(woo.Config{
		URL: store.URL(), GraphQLURL: store.GraphQLURL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()),
		HTTP: &http.Client{Transport: proxy}, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return store, &crashing{Client: client}, proxy
}

// checkOneEffect looks with the shop keeper's eyes: of the orders with the
// token one took effect, its stock moved once, and the others lie in the trash
// and never were more than pending.
func checkOneEffect(t *testing.T, store *wootest.Store, token string, before int64) {
	t.Helper()
	store.Faults().Settle() // a copy of a request that comes after everything
	effective := 0
	for _, o := range store.Orders() {
		switch {
		case !slices.ContainsFunc(o.Meta, func(m wootest.Meta) bool { return m.Key == woo.TokenMetaKey && m.Value == token }):
		case o.Status == "processing":
			effective++
			if fmt.Sprint(o.Lines[0].ReducedStock) != "[1]" || o.TransactionID == token {
				t.Errorf("order %d: stock notes %v, transaction %s", o.ID, o.Lines[0].ReducedStock, o.TransactionID)
			}
		case o.Status != "trash" || len(o.Lines[0].ReducedStock) > 0 || !o.Paid.IsZero():
			t.Errorf("order %d hangs about in status %s, stock notes %v", o.ID, o.Status, o.Lines[0].ReducedStock)
		}
	}
	if left := stockOf(t, store, 16); effective != 1 || left != before-1 {
		t.Errorf("%d orders took effect, %d pieces left of %d", effective, left, before)
	}
}
