package crash_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/internal/lab/crash"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// rig is a schema of Postgres, a store of Redis and a loopback address, on which one world after another is made. All
// its clocks, the servers' too, are shifted together.
type rig struct {
	tb       testing.TB
	db       *sqlx.DB
	schema   string
	store    *pgstore.Store
	reserver *redisstore.Reserver
	redis    *shiftedRedis
	shift    atomic.Int64

	shop   *wootest.Store // serves worldsPerShop worlds, one after another
	woo    *woo.Client
	rules  checkout.Rulebook
	served int

	razorpay *httptest.Server
	mu       sync.Mutex
	account  http.Handler // of the world there is now
}

func (r *rig) now() time.Time { return time.Now().Add(time.Duration(r.shift.Load())) }

// advance moves every clock.
func (r *rig) advance(d time.Duration) {
	shift := time.Duration(r.shift.Add(int64(d)))
	r.exec(fmt.Sprintf("UPDATE %s.crash_clock SET shift = %d * interval '1 microsecond'", r.schema, shift.Microseconds()))
}

func (r *rig) exec(statement string) {
	r.tb.Helper()
	if _, err := r.db.ExecContext(context.Background(), statement); err != nil {
		r.tb.Fatal(err)
	}
}

func (r *rig) check(err error) {
	r.tb.Helper()
	if err != nil {
		r.tb.Fatal(err)
	}
}

// forget takes everything from Redis.
func (r *rig) forget() {
	r.tb.Helper()
	r.check(r.redis.empty())
}

// newRig begins one in a database that others share.
func newRig(tb testing.TB, address, name string) *rig {
	tb.Helper()
	r := &rig{tb: tb, schema: name}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		tb.Fatal("the address of Postgres cannot be read")
	}
	r.db = sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	r.db.SetMaxOpenConns(5)
	r.db.SetMaxIdleConns(5)
	tb.Cleanup(func() { _ = r.db.Close() })
	own := pgstore.Config{Schema: name}
	r.check(pgstore.Migrate(tb.Context(), r.db, own))
	r.exec("CREATE TABLE " + name + ".crash_clock (one integer PRIMARY KEY, shift interval NOT NULL)")
	r.exec("INSERT INTO " + name + ".crash_clock VALUES (1, '0')")
	r.exec("CREATE OR REPLACE FUNCTION " + name + ".clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS " +
		"$$SELECT clock_timestamp() + shift FROM " + name + ".crash_clock WHERE one = 1$$") // by its index: the functions that ask shun scans
	r.store, err = pgstore.New(tb.Context(), r.db, own)
	r.check(err)
	r.redis = &shiftedRedis{shift: &r.shift, store: name + "-" + rand.Text()}
	client := servers.Redis(tb)
	client.AddHook(r.redis)
	r.redis.client = client
	tb.Cleanup(r.forget)
	r.reserver, err = redisstore.New(tb.Context(), hooked{client}, redisstore.Config{Store: r.redis.store})
	r.check(err)
	r.razorpay = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		account := r.account
		r.mu.Unlock()
		account.ServeHTTP(w, req)
	}))
	tb.Cleanup(r.razorpay.Close)
	tb.Cleanup(func() {
		if r.shop != nil {
			_ = r.shop.Close()
		}
	})
	return r
}

// empty takes everything out of the tables. The owner of the ledger may do what nobody else may.
func (r *rig) empty() {
	r.tb.Helper()
	r.forget()
	var tables []string
	r.check(r.db.Select(&tables, "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename NOT IN ('migrations', 'crash_clock')", r.schema))
	var b strings.Builder
	for _, table := range tables {
		b.WriteString("DELETE FROM " + r.schema + "." + table + ";")
	}
	r.exec("BEGIN; SET LOCAL session_replication_role = replica;" + b.String() + "COMMIT")
}

// cashHistory is the store's, if it keeps one.
func (r *rig) cashHistory() checkout.CashHistory {
	h, _ := any(r.store).(checkout.CashHistory)
	return h
}

// worldsPerShop is how many worlds have one WooCommerce, each with a coupon of its own.
const worldsPerShop = 50

// manyCoupons is a store's data with a coupon for each world.
type manyCoupons struct{ fs.FS }

// Open implements fs.FS.
func (m manyCoupons) Open(name string) (fs.File, error) {
	if name != "coupons.json" {
		return m.FS.Open(name)
	}
	data, err := fs.ReadFile(m.FS, name)
	if err != nil {
		return nil, err
	}
	var known []map[string]any
	if err := json.Unmarshal(data, &known); err != nil {
		return nil, err
	}
	var coupons []map[string]any
	for _, c := range known {
		if c["code"] != "once" {
			continue
		}
		for n := range worldsPerShop {
			own := maps.Clone(c)
			own["id"], own["code"] = 9000+n, couponOf(n)
			coupons = append(coupons, own)
		}
	}
	text, err := json.Marshal(coupons)
	if err != nil {
		return nil, err
	}
	return fstest.MapFS{name: {Data: text}}.Open(name)
}

func couponOf(world int) string { return fmt.Sprintf("once%d", world) }

// reopen begins another WooCommerce. Its rules do not change, so they are read once.
func (r *rig) reopen() {
	r.tb.Helper()
	if r.shop != nil {
		r.check(r.shop.Close())
	}
	var err error
	r.shop, err = wootest.New(wootest.Config{Now: r.now, Catalogue: manyCoupons{wootest.Catalogue()}})
	r.check(err)
	r.woo, err = woo.New(woo.Config{
		URL: r.shop.URL(), Key: r.shop.ConsumerKey(), Secret: woo.NewSecret(r.shop.ConsumerSecret()), HTTP: r.shop.HTTPClient(), Now: r.now,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	r.check(err)
	read, err := r.woo.Rules(r.tb.Context())
	r.check(err)
	r.rules, err = memstore.NewRulebook(read)
	r.check(err)
	r.served = 0
}

// look finds a token's orders, those in effect with their refunds.
func (r *rig) look(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	found, err := r.woo.FindOrder(ctx, token)
	for i, o := range found {
		if err == nil && o.Effective() {
			found[i], err = r.woo.ReadOrder(ctx, o.ID)
		}
	}
	return found, err
}

// world is a shop on servers that have nothing of any other.
func (r *rig) world() *crash.World {
	r.tb.Helper()
	r.empty()
	r.shift.Store(0)
	r.advance(0)
	if r.shop == nil || r.served == worldsPerShop {
		r.reopen()
	}
	r.served++
	shop := r.shop
	shop.Faults().Clear()
	r.check(shop.SetStock(crash.Product, crash.Pieces))
	bank, post := r.bank(), crash.NewPost()
	return &crash.World{
		Coupon: couponOf(r.served - 1),
		Config: checkout.Config{
			Store: r.store, Carts: r.store.Carts(), Catalog: r.woo, Rules: r.rules, Reserver: r.reserver, Orders: r.woo, Stock: r.woo,
			Notifier: post, Publisher: post, Shipper: post, Now: r.now,
			Payments: crash.PaymentsThrough(bank.client, bank.client), CashHistory: r.cashHistory(),
		},
		Inbox: r.store.Inbox(), Bank: bank, Books: r.store, Post: post, Advance: r.advance,
		Forget:  r.forget,
		Overlap: func() { r.check(shop.Faults().Arm(wootest.Fault{Kind: wootest.Overlap, Method: http.MethodPut})) },
		Look:    r.look,
		Sold: func() (int64, error) {
			left, err := shop.Stock(crash.Product)
			return crash.Pieces - left.Quantity, err
		},
	}
}

const (
	keyID      = "rzp_test_CrashPoints01"
	keySecret  = "crash-key-secret-0123456789"
	hookSecret = "crash-hook-secret-0123456789"
)

// razorpayBank is a Razorpay on loopback.
type razorpayBank struct {
	*razorpaytest.Server
	client *razorpay.Client
	hook   int
}

func (r *rig) bank() *razorpayBank {
	r.tb.Helper()
	account, err := razorpaytest.New(razorpaytest.Config{KeyID: keyID, KeySecret: keySecret, AutoCapture: true, Now: r.now})
	r.check(err)
	r.mu.Lock()
	r.account = account
	r.mu.Unlock()
	client, err := razorpay.New(razorpay.Config{
		KeyID: keyID, KeySecret: payment.NewSecret(keySecret), HTTP: r.razorpay.Client(), URL: r.razorpay.URL, Now: r.now,
	})
	r.check(err)
	return &razorpayBank{Server: account, client: client}
}

func (b *razorpayBank) Pay(orderID string) (payment.Callback, error) {
	c, err := b.Server.Pay(orderID)
	return payment.Callback(c), err
}

func (b *razorpayBank) Authorize(orderID string) (payment.Callback, error) {
	c, err := b.Server.Authorize(orderID)
	return payment.Callback(c), err
}

func (b *razorpayBank) Orders(receipt string) []string {
	var ids []string
	for _, o := range b.Server.Orders(receipt) {
		ids = append(ids, o.ID)
	}
	return ids
}

func (b *razorpayBank) Listen(box inbox.Inbox) error {
	receiver, err := razorpay.NewReceiver(razorpay.ReceiverConfig{
		Secrets: []payment.Secret{payment.NewSecret(hookSecret)}, Inbox: box, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	b.hook, err = b.AddWebhook(razorpaytest.Webhook{
		Secret: hookSecret, Handler: receiver, Shuffle: mathrand.New(mathrand.NewPCG(1, 2)),
	})
	return err
}

func (b *razorpayBank) Deliver(ctx context.Context) { b.Server.Deliver(ctx) }

func (b *razorpayBank) Replay() { b.Server.Replay(b.hook) }

func (b *razorpayBank) Dispatcher(box inbox.Inbox, s *checkout.Service) (*inbox.Dispatcher, error) {
	return razorpay.NewDispatcher(inbox.DispatcherConfig{Inbox: box, Log: slog.New(slog.DiscardHandler)}, razorpay.Recheck(s))
}
