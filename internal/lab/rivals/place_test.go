package rivals_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/internal/lab/servers"
)

// placing is how an order reaches a shop: who asks, and three items, one piece of each.
type placing struct {
	Order string  `json:"order"`
	Items []int64 `json:"items"`
}

const (
	shelf    = 1000 // products
	atATime  = 100  // connections, as in an ab -c 100
	plentyOf = 1_000_000_000
)

// tokenKey signs what says who asks; both servers verify it in the same way.
var tokenKey = []byte("a key of thirty-two bytes or more")

func token(b *testing.B) string {
	b.Helper()
	text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject: "guest-1", ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Hour)),
	}).SignedString(tokenKey)
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// owner is who asks, by the token that came along.
func owner(r *http.Request) (string, error) {
	var claims jwt.RegisteredClaims
	text, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	_, err := jwt.ParseWithClaims(text, &claims, func(*jwt.Token) (any, error) { return tokenKey, nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	return claims.Subject, err
}

// shop is a way to place orders. Prepare, if there is one, is called before a round, and not measured.
type shop struct {
	place   func(ctx context.Context, owner string, p placing) error
	prepare func(orders, products int)
}

func (s shop) ready(orders, products int) {
	if s.prepare != nil {
		s.prepare(orders, products)
	}
}

// answering makes a handler of a way to place orders.
func answering(place func(ctx context.Context, owner string, p placing) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := owner(r)
		if err != nil {
			http.Error(w, "who are you", http.StatusUnauthorized)
			return
		}
		var p placing
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&p); err != nil || len(p.Items) == 0 {
			http.Error(w, "no order", http.StatusBadRequest)
			return
		}
		if err := place(r.Context(), who, p); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"order":%q}`, p.Order)
	})
}

// crowd are shoppers who keep their connections.
type crowd struct {
	b      *testing.B
	client *http.Client
	token  string
	serial atomic.Int64
}

func newCrowd(b *testing.B) *crowd {
	b.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: atATime, MaxConnsPerHost: atATime}
	b.Cleanup(transport.CloseIdleConnections)
	return &crowd{b: b, client: &http.Client{Transport: transport}, token: token(b)}
}

// round lets the crowd place so many orders, of products among the first few, and returns the time for one and how long
// the slowest of a hundred took.
func (c *crowd) round(at string, orders, products int) (each, p99 time.Duration) {
	took := make([]time.Duration, orders)
	var next atomic.Int64
	var buying sync.WaitGroup
	begun := time.Now()
	for range atATime {
		buying.Go(func() {
			for n := next.Add(1) - 1; n < int64(orders); n = next.Add(1) - 1 {
				start := time.Now()
				c.place(at, products)
				took[n] = time.Since(start)
			}
		})
	}
	buying.Wait()
	each = time.Since(begun) / time.Duration(orders)
	slices.Sort(took)
	return each, took[orders*99/100]
}

func (c *crowd) place(at string, products int) {
	n := c.serial.Add(1)
	first := int(n*7919) % products
	body, err := json.Marshal(placing{Order: fmt.Sprintf("chk_%d_%d", n, time.Now().UnixNano()), Items: []int64{
		int64(first + 1), int64((first+1)%products + 1), int64((first+2)%products + 1),
	}})
	if err != nil {
		c.b.Error(err)
		return
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, at, strings.NewReader(string(body)))
	if err != nil {
		c.b.Error(err)
		return
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := c.client.Do(r)
	if err != nil {
		c.b.Error(err)
		return
	}
	said, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		c.b.Errorf("%d %s", answer.StatusCode, said)
	}
}

// pool opens a database with so many connections.
func pool(b *testing.B, address string, size int) *sqlx.DB {
	b.Helper()
	db, err := sqlx.Open("pgx", address)
	if err != nil {
		b.Fatal("the database cannot be opened")
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// BenchmarkPlace places orders of three lines over HTTP, from a hundred connections: who asks is verified, stock is held
// in Redis and claimed durably in Postgres with its ledger, the idempotency key and the event are written. "claim" is
// those two calls of ours, as checkout.Service makes them; "service" is the whole of Service.Place, which reads cart,
// catalogue and rules again, quotes, makes the gateway's order and writes it down, from shops that were prepared before.
//
// The rival is what is written first: one redsync lock for each product, SELECT FOR UPDATE, one statement after the other,
// one transaction. It does not read a cart, nor quote. Where stock is concerned it promises as much as ours do.
//
//	.cache/bin/testenv -durable -with redis,postgres -in internal/lab go test -run '^$' -bench Place -benchtime 9x ./rivals
//
// Rounds of ours and of the rival's alternate on one server; the ratios are medians over the rounds. What sharing a
// commit saves is the wait for the disk: point ANKKOR_TEST_POSTGRES_URL at a server with fsync on to see it.
//
// Measured so, on two cores with other work on them (a load of 7 to 10 before the run): claim 3.1 spread and 39 to 41 hot,
// with a p99 of 0.29 to 0.31 and 0.02 of the rival's. Where the time of the
// processors goes at a hundred connections, spread, with little else to do (275 µs a claim): Redis 52, for two scripts;
// Postgres 76; this program 147, of which asking, answering and the token take 32.
//
// What service comes to is said beside it.
func BenchmarkPlace(b *testing.B) {
	for _, kind := range []struct {
		name     string
		products int
		orders   int // in a round
		ours     func(b *testing.B, address string) shop
	}{
		{"claim/spread", shelf, 1000, claims}, {"claim/hot", 3, 1000, claims}, {"service/spread", shelf, 200, service}, {"service/hot", 3, 200, service},
	} {
		b.Run(kind.name, func(b *testing.B) {
			address := servers.PostgresURL(b)
			ours, rival := kind.ours(b, address), naive(b, address)
			mine, theirs := httptest.NewServer(answering(ours.place)), httptest.NewServer(answering(rival.place))
			b.Cleanup(mine.Close)
			b.Cleanup(theirs.Close)
			interleave(b, newCrowd(b), ours, mine.URL, theirs.URL, kind.orders, kind.products)
		})
	}
}

// interleave measures in turns and reports ratios.
func interleave(b *testing.B, c *crowd, shop shop, ours, rival string, orders, products int) {
	b.Helper()
	const few = 200 // the rival's orders in a round: it is not there for its own sake
	mine := func(n int) (each, p99 time.Duration) {
		shop.ready(n, products)
		return c.round(ours, n, products)
	}
	mine(atATime)
	c.round(rival, atATime, products)
	var rates, tails []float64
	var spent, others time.Duration
	for b.Loop() {
		each, p99 := mine(orders)
		other, otherP99 := c.round(rival, few, products)
		spent, others = spent+each, others+other
		rates = append(rates, float64(other)/float64(each))
		tails = append(tails, float64(p99)/float64(otherP99))
	}
	slices.Sort(rates)
	slices.Sort(tails)
	rounds := float64(len(rates))
	b.ReportMetric(rates[len(rates)/2], "ours/rival")
	b.ReportMetric(tails[len(tails)/2], "p99-ours/rival")
	b.ReportMetric(rounds*1e9/float64(spent), "orders/s")
	b.ReportMetric(rounds*1e9/float64(others), "rival/s")
	b.ReportMetric(0, "ns/op")
}
