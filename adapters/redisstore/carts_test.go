package redisstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
)

// carts are those of a shop that nobody else has, which are removed after the test.
func carts(tb testing.TB, client *redis.Client, c redisstore.Config) *redisstore.Carts {
	tb.Helper()
	s, err := redisstore.NewCarts(context.Background(), client, c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx := context.Background()
		keys := client.Scan(ctx, 0, "ankkor:{"+c.Store+"}:*", 1000).Iterator()
		for keys.Next(ctx) {
			client.Del(ctx, keys.Val())
		}
	})
	return s
}

func newCarts(tb testing.TB) carttest.StoreHarness {
	c := redisstore.Config{Store: rand.Text()}
	return carttest.StoreHarness{Store: carts(tb, server(tb), c), Clients: []cart.Store{carts(tb, server(tb), c)}}
}

func TestCartsConformance(t *testing.T) { carttest.RunStore(t, newCarts) }

func BenchmarkCarts(b *testing.B) { carttest.BenchmarkStore(b, newCarts) }

// cartOf is a cart with one line, or none.
func cartOf(n int, pieces int64, at time.Time) cart.Cart {
	c := cart.Cart{ID: "CART" + strconv.Itoa(n), Owner: cart.Owner("guest:" + strconv.Itoa(n)), UpdatedAt: at.UTC()}
	if pieces > 0 {
		ref := cart.ItemRef{ProductID: 7}
		c.Lines = []cart.Line{{Key: ref.Key(), Ref: ref, Quantity: pieces, AddedAt: at.UTC()}}
	}
	return c
}

// TestASaveSentAgainCountsOnce: no conflict with oneself.
func TestASaveSentAgainCountsOnce(t *testing.T) {
	w, client := through(t, func(o *redis.Options) { o.MinRetryBackoff = -1 })
	c := redisstore.Config{Store: rand.Text()}
	cut, sound := carts(t, client, c), carts(t, server(t), c)
	saved, err := cut.Save(t.Context(), cartOf(1, 1, time.Now()), 0)
	if err != nil {
		t.Fatal(err)
	}
	w.lose.Store(2)
	next := cartOf(1, 2, time.Now())
	if saved, err = cut.Save(t.Context(), next, saved.Version); err != nil || saved.Version != 2 {
		t.Errorf("%+v, %v; want version 2", saved, err)
	}
	if w.lost.Load() == 0 {
		t.Error("no reply was lost")
	}
	stored, err := sound.Load(t.Context(), next.Owner)
	if err != nil || stored.Version != 2 || stored.Lines[0].Quantity != 2 {
		t.Errorf("%+v, %v", stored, err)
	}
	if _, err := sound.Save(t.Context(), next, 1); !errors.Is(err, cart.ErrConflict) {
		t.Errorf("another save over the same version: %v", err)
	}
}

// TestCartsExpire after their life, counted anew by each save, on the server's clock.
func TestCartsExpire(t *testing.T) {
	client, c := server(t), redisstore.Config{Store: rand.Text(), CartLife: time.Hour}
	s := carts(t, client, c)
	saved, err := s.Save(t.Context(), cartOf(1, 1, time.Now().Add(24*time.Hour)), 0)
	if err != nil {
		t.Fatal(err)
	}
	key := "ankkor:{" + c.Store + "}:cart:guest:1"
	for range 2 {
		if life := client.PTTL(t.Context(), key).Val(); life <= 59*time.Minute || life > time.Hour {
			t.Errorf("it lives for %s more, want an hour", life)
		}
		client.PExpire(t.Context(), key, time.Minute)
		if saved, err = s.Save(t.Context(), saved, saved.Version); err != nil {
			t.Fatal(err)
		}
	}
	client.Del(t.Context(), key) // as if it had expired
	if _, err := s.Load(t.Context(), "guest:1"); !errors.Is(err, cart.ErrNotFound) {
		t.Errorf("Load = %v", err)
	}
	idle, err := s.Idle(t.Context(), time.Time{}, time.Now().Add(48*time.Hour), cart.Cart{}, 10)
	if err != nil || len(idle) != 0 {
		t.Errorf("a cart that has expired is listed: %v, %v", idle, err)
	}
}

// TestTheIndexForgets carts that expired long ago.
func TestTheIndexForgets(t *testing.T) {
	client, c := server(t), redisstore.Config{Store: rand.Text(), CartLife: time.Hour}
	s := carts(t, client, c)
	for n, age := range []time.Duration{26 * time.Hour, 24 * time.Hour, 0} {
		if _, err := s.Save(t.Context(), cartOf(n, 1, time.Now().Add(-age)), 0); err != nil {
			t.Fatal(err)
		}
	}
	if n := client.ZCard(t.Context(), "ankkor:{"+c.Store+"}:idle").Val(); n != 2 {
		t.Errorf("%d carts are in the index, want the two of the last 25 hours", n)
	}
}

// TestIdleAsInMemory: many carts, saved, emptied, changed and deleted, are listed page
// by page as the memory's are.
func TestIdleAsInMemory(t *testing.T) {
	s, model := carts(t, server(t), redisstore.Config{Store: rand.Text()}), memstore.NewCarts()
	begin := time.Now().Truncate(time.Second)
	random := mathrand.New(mathrand.NewPCG(7, 8))
	for range 700 {
		n := random.IntN(400)
		owner := cart.Owner("guest:" + strconv.Itoa(n))
		current, _ := model.Load(t.Context(), owner)
		if random.IntN(10) == 0 {
			check(t, s.Delete(t.Context(), owner), model.Delete(t.Context(), owner))
			continue
		}
		at := begin.Add(time.Duration(random.IntN(5)) * time.Microsecond) // many at one moment
		next := cartOf(n, random.Int64N(4), at)
		_, mine := s.Save(t.Context(), next, current.Version)
		_, theirs := model.Save(t.Context(), next, current.Version)
		check(t, mine, theirs)
	}
	for _, limit := range []int{7, 100, 1000} {
		from, to := begin.Add(-time.Microsecond), begin.Add(3*time.Microsecond)
		mine, theirs := pages(t, s, from, to, limit), pages(t, model, from, to, limit)
		if diff := cmp.Diff(theirs, mine, cmpopts.EquateEmpty()); diff != "" || len(mine) < 50 {
			t.Errorf("pages of %d, %d carts (-memory +Redis):\n%s", limit, len(mine), diff)
		}
	}
}

func check(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// pages reads all idle carts, page by page.
func pages(t *testing.T, s interface {
	Idle(ctx context.Context, from, to time.Time, after cart.Cart, limit int) ([]cart.Cart, error)
}, from, to time.Time, limit int) (all []cart.Cart) {
	t.Helper()
	var last cart.Cart
	for {
		page, err := s.Idle(t.Context(), from, to, last, limit)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
		if len(page) < limit {
			return all
		}
		last = page[len(page)-1]
	}
}

// TestMarks: of many one is the first, also when the answer was lost, until the mark
// is gone.
func TestMarks(t *testing.T) {
	w, client := through(t, func(o *redis.Options) { o.MinRetryBackoff = -1 })
	c := redisstore.Config{Store: rand.Text()}
	_ = carts(t, server(t), c) // removes what is left
	marks, err := redisstore.NewMarks(t.Context(), client, c)
	if err != nil {
		t.Fatal(err)
	}
	var first atomic.Int64
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if is, err := marks.Mark(t.Context(), "cart 1", time.Now().Add(time.Hour)); err != nil {
				t.Error(err)
			} else if is {
				first.Add(1)
			}
		})
	}
	group.Wait()
	if first.Load() != 1 {
		t.Errorf("%d were told that they are the first", first.Load())
	}
	w.lose.Store(1)
	for n, want := range []bool{true, false} {
		if is, err := marks.Mark(t.Context(), "cart 2", time.Now().Add(time.Hour)); err != nil || is != want {
			t.Errorf("mark %d of another cart: first %v, %v; want %v", n, is, err, want)
		}
	}
	for n := range 2 {
		if is, err := marks.Mark(t.Context(), "over", time.Now().Add(-time.Hour)); err != nil || !is {
			t.Errorf("mark %d that is over at once: first %v, %v", n, is, err)
		}
	}
}
