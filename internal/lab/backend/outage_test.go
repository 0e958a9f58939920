package backend_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/backend"
	"github.com/ankkor/ankkor/internal/lab/proxy"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// impatient lets another server look after a call soon: the stand-ins answer at once or never. On a busy machine "at once"
// is a second or two.
func impatient() []string { return []string{"LEASE=5s", "SETTLE=6s"} }

// The server is killed three times while twelve people buy. Whoever was told "yours" has one order and paid for it once.
func TestKilledWhileSelling(t *testing.T) {
	shop := backend.Open(t, backend.Config{Pieces: 8, Environment: impatient()})
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	var buying sync.WaitGroup
	var mu sync.Mutex
	var bought []backend.Checkout
	sold := make(chan struct{}, 100)
	for n := range 12 {
		buying.Go(func() {
			s := shop.Shopper()
			defer s.Close()
			for round := range 2 {
				c, err := s.Insist(ctx, shop.Goods[(n+round)%3], 1)
				switch {
				case err == nil:
					mu.Lock()
					bought = append(bought, c)
					mu.Unlock()
				case !backend.SoldOut(err):
					t.Errorf("shopper %d: %v", n, err)
				}
				sold <- struct{}{}
			}
		})
	}
	for range 3 {
		<-sold
		<-sold
		shop.Kill()
		shop.Serve(t)
	}
	buying.Wait()
	if len(bought) == 0 {
		t.Fatal("nobody bought anything")
	}
	settled(t, shop, bought...)
}

// Postgres stops: the server stays up and is not ready. Postgres starts: it is ready again, and sells.
func TestReadiness(t *testing.T) {
	servers.PostgresURL(t)                             // says on which machines this runs
	folder, err := os.MkdirTemp("", "ankkor-backend-") //nolint:usetesting // another user passes through it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o711); err != nil {
		t.Fatal(err)
	}
	own, err := testenv.StartOwnPostgres(t.Context(), filepath.Join(folder, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.Kill)
	shop := backend.Open(t, backend.Config{PostgresURL: own.URL})
	own.Kill()
	if status, body := shop.Ready(t.Context()); status != http.StatusServiceUnavailable || !strings.Contains(body, `"postgres":"away"`) {
		t.Errorf("without Postgres: %d %s", status, body)
	}
	if status, body := shop.Get(t.Context(), "/healthz"); status != http.StatusOK {
		t.Errorf("is it alive: %d %s", status, body)
	}
	if _, err := shop.Shopper().Buy(t.Context(), shop.Goods[0], 1); !backend.Passing(err) {
		t.Errorf("bought without Postgres: %v", err)
	}
	if err := own.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	shop.Await(t, "it is ready again", func(ctx context.Context) bool { status, _ := shop.Ready(ctx); return status == http.StatusOK })
	c, err := shop.Shopper().Buy(t.Context(), shop.Goods[0], 1)
	if err != nil {
		t.Fatal(err)
	}
	settled(t, shop, c)
}

// Redis goes away: the server is ready, says so, and goes on selling on Postgres; when Redis is back it admits again.
func TestRedisAway(t *testing.T) {
	servers.Redis(t) // says on which machines this runs
	address, err := url.Parse(os.Getenv(testenv.RedisVariable))
	if err != nil {
		t.Fatal("the address of Redis cannot be read")
	}
	real := address.Host
	p, err := proxy.Listen(real)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	address.Host = p.Addr()
	shop := backend.Open(t, backend.Config{Pieces: 3, Environment: []string{"REDIS_URL=" + address.String()}})
	var bought []backend.Checkout
	buy := func() {
		t.Helper()
		c, err := shop.Shopper().Buy(t.Context(), shop.Goods[0], 1)
		if err != nil {
			t.Fatal(err)
		}
		bought = append(bought, c)
	}
	buy()
	p.Point("127.0.0.1:1") // nobody listens there
	p.Reset()
	if status, body := shop.Ready(t.Context()); status != http.StatusOK || !strings.Contains(body, `"redis":"away"`) {
		t.Errorf("without Redis: %d %s", status, body)
	}
	buy()
	p.Point(real)
	shop.Await(t, "Redis is back", func(ctx context.Context) bool {
		_, body := shop.Ready(ctx)
		return strings.Contains(body, `"redis":"ok"`)
	})
	buy()
	if _, err := shop.Shopper().Buy(t.Context(), shop.Goods[0], 1); !backend.SoldOut(err) {
		t.Errorf("the fourth of three pieces: %v", err)
	}
	settled(t, shop, bought...)
}
