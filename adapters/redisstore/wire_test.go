package redisstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/inventory"
)

// wire is a proxy in front of the server that can lose replies.
type wire struct {
	listener net.Listener
	lose     atomic.Int64 // replies still to be lost, with their connection
	hold     atomic.Bool  // no reply comes through
	lost     atomic.Int64
}

// through is a client whose connections go through a proxy.
func through(t *testing.T, edit func(*redis.Options)) (*wire, *redis.Client) {
	t.Helper()
	server(t) // skips where there is none
	options, err := redis.ParseURL(os.Getenv("ANKKOR_TEST_REDIS_URL"))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: listener}
	var running sync.WaitGroup
	target := options.Addr
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { w.carry(conn, target) })
		}
	})
	options.Addr = listener.Addr().String()
	if edit != nil {
		edit(options)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() {
		_ = client.Close()
		_ = listener.Close()
		running.Wait()
	})
	return w, client
}

// carry copies one connection's bytes.
func (w *wire) carry(conn net.Conn, target string) {
	up, err := net.Dial("tcp", target)
	if err != nil {
		_ = conn.Close()
		return
	}
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(up, conn)
		_ = up.Close()
	})
	buffer := make([]byte, 64<<10)
	for {
		n, err := up.Read(buffer)
		if err != nil {
			break
		}
		if w.hold.Load() {
			continue
		}
		if w.lose.Load() > 0 && w.lose.Add(-1) >= 0 {
			w.lost.Add(1)
			break
		}
		if _, err := conn.Write(buffer[:n]); err != nil {
			break
		}
	}
	_ = conn.Close()
	_ = up.Close()
	both.Wait()
}

func product(id int64) inventory.Key { return inventory.ProductItem(id).At(inventory.DefaultLocation) }

// stock puts pieces on the shelf.
func stock(t *testing.T, r *redisstore.Reserver, key inventory.Key, pieces int64) {
	t.Helper()
	if err := r.SetLevels(t.Context(), []inventory.Level{{Key: key, OnHand: pieces, Revision: 1}}); err != nil {
		t.Fatal(err)
	}
}

func ask(id string, key inventory.Key, pieces int64) inventory.ReserveRequest {
	return inventory.ReserveRequest{ID: id, Owner: "cart-1", Lines: []inventory.Line{{Item: key.Item, Quantity: pieces}}}
}

// held is how many pieces reservations hold.
func held(t *testing.T, r *redisstore.Reserver, key inventory.Key) int64 {
	t.Helper()
	levels, err := r.Levels(t.Context(), []inventory.Item{key.Item})
	if err != nil || len(levels) != 1 {
		t.Fatalf("Levels = %v, %v", levels, err)
	}
	return levels[0].Reserved
}

// TestLostRepliesTakeOnce: the client sends the script again each time its reply
// is lost, and stock moves once.
func TestLostRepliesTakeOnce(t *testing.T) {
	for _, retries := range []int{-1, 3} {
		t.Run("MaxRetries "+strconv.Itoa(retries), func(t *testing.T) {
			w, client := through(t, func(o *redis.Options) { o.MaxRetries, o.MinRetryBackoff = retries, -1 })
			store := rand.Text()
			cut, sound := open(t, client, store), open(t, server(t), store)
			stock(t, cut, product(1), 10)
			if _, err := cut.Reserve(t.Context(), ask("warm", product(1), 1)); err != nil { // the script is there now
				t.Fatal(err)
			}
			w.lose.Store(3)
			_, err := cut.Reserve(t.Context(), ask("r1", product(1), 2))
			if retries < 0 == (err == nil) {
				t.Errorf("with %d retries: %v", retries, err)
			}
			w.lose.Store(0)
			if w.lost.Load() == 0 {
				t.Error("no reply was lost")
			}
			again, err := sound.Reserve(t.Context(), ask("r1", product(1), 2))
			if err != nil || again.State != inventory.Active {
				t.Errorf("asked again: %v, %v", again, err)
			}
			if n := held(t, sound, product(1)); n != 3 {
				t.Errorf("%d pieces are held, want 3", n)
			}
		})
	}
}

// TestEveryCallReturnsWithItsContext although the socket hangs and the client
// looks at no cancellation, also when the server has been quick so far.
func TestEveryCallReturnsWithItsContext(t *testing.T) {
	for _, warm := range []string{"Reserve", "Extend", "Release", "Levels", "SetLevels", "Recheck", "Retaught"} {
		t.Run(warm, func(t *testing.T) {
			w, client := through(t, func(o *redis.Options) { o.ReadTimeout = 10 * time.Second })
			r := open(t, client, rand.Text())
			stock(t, r, product(1), 10)
			for n := range 5 { // from the second on it is quick
				if _, err := r.Reserve(t.Context(), ask("warm"+strconv.Itoa(n), product(1), 1)); err != nil {
					t.Fatal(err)
				}
			}
			call := calls(r)[warm]
			w.hold.Store(true)
			for range 2 { // quick so far, and not quick any more
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(20*time.Millisecond, cancel)
				if err := call(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("%v, want the context's error", err)
				}
				if err := call(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("with an ended context: %v", err)
				}
			}
			_ = client.Close() // what still waits for the socket comes back
		})
	}
}

// calls are all that can be asked of a Reserver.
func calls(r *redisstore.Reserver) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Reserve":   func(ctx context.Context) error { _, err := r.Reserve(ctx, ask("r1", product(1), 1)); return err },
		"Extend":    func(ctx context.Context) error { _, err := r.Extend(ctx, "r1", time.Minute); return err },
		"Release":   func(ctx context.Context) error { _, err := r.Release(ctx, "r1"); return err },
		"Levels":    func(ctx context.Context) error { _, err := r.Levels(ctx, []inventory.Item{"product:1"}); return err },
		"SetLevels": func(ctx context.Context) error { return r.SetLevels(ctx, []inventory.Level{{Key: product(2)}}) },
		"Recheck":   func(ctx context.Context) error { _, err := r.Recheck(ctx, 0, false); return err },
		"Retaught":  func(ctx context.Context) error { return r.Retaught(ctx, 1) },
	}
}

// TestAnImpatientLineSendsAgain: what a quick server suddenly does not answer in time
// is sent again, takes once, and is answered.
func TestAnImpatientLineSendsAgain(t *testing.T) {
	w, client := through(t, nil)
	store := rand.Text()
	r, sound := open(t, client, store), open(t, server(t), store)
	stock(t, r, product(1), 10)
	for n := range 5 {
		if _, err := r.Reserve(t.Context(), ask("warm"+strconv.Itoa(n), product(1), 1)); err != nil {
			t.Fatal(err)
		}
	}
	w.lose.Store(1)
	if _, err := r.Reserve(t.Context(), ask("r1", product(1), 2)); err != nil || w.lost.Load() != 1 {
		t.Errorf("%v; %d replies were lost, want 1", err, w.lost.Load())
	}
	if n := held(t, sound, product(1)); n != 7 {
		t.Errorf("%d pieces are held, want 7", n)
	}
}

// TestWhoGivesUpWhileWaitingIsNotSent.
func TestWhoGivesUpWhileWaitingIsNotSent(t *testing.T) {
	w, client := through(t, nil)
	store := rand.Text()
	r, sound := open(t, client, store), open(t, server(t), store)
	stock(t, r, product(1), 100)
	w.hold.Store(true)
	var wg sync.WaitGroup
	for i := range 2 { // as many as may be on their way
		wg.Go(func() { _, _ = r.Reserve(t.Context(), ask("way"+strconv.Itoa(i), product(1), 1)) })
	}
	ctx, cancel := context.WithCancel(t.Context())
	for r.OnTheWay() < 2 { // whose replies are held back
		runtime.Gosched()
	}
	wg.Go(func() {
		if _, err := r.Reserve(ctx, ask("given-up", product(1), 5)); !errors.Is(err, context.Canceled) {
			t.Errorf("Reserve = %v, want the context's error", err)
		}
	})
	for r.Waiting() == 0 {
		runtime.Gosched()
	}
	cancel()
	for r.Waiting() != 0 {
		runtime.Gosched()
	}
	_ = client.Close()
	wg.Wait()
	if n := held(t, sound, product(1)); n > 2 {
		t.Errorf("%d pieces are held, want no more than the 2 that were on their way", n)
	}
}

// TestCrowd: thousands after a hundred pieces, from two processes.
func TestCrowd(t *testing.T) {
	const shoppers, pieces = 5000, 100
	store := rand.Text()
	shops := []*redisstore.Reserver{open(t, server(t), store), open(t, server(t), store)}
	stock(t, shops[0], product(1), pieces)
	before := runtime.NumGoroutine()
	var sold, sorry atomic.Int64
	var wg sync.WaitGroup
	for i := range shoppers {
		wg.Go(func() {
			switch _, err := shops[i%2].Reserve(t.Context(), ask("r"+strconv.Itoa(i), product(1), 1)); {
			case err == nil:
				sold.Add(1)
			case errors.Is(err, inventory.ErrInsufficient):
				sorry.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if sold.Load() != pieces || sorry.Load() != shoppers-pieces || held(t, shops[0], product(1)) != pieces {
		t.Errorf("%d were granted, %d refused, %d are held; want %d, %d, %d",
			sold.Load(), sorry.Load(), held(t, shops[0], product(1)), pieces, shoppers-pieces, pieces)
	}
	for n := 0; runtime.NumGoroutine() > before+8; n++ { // the clients keep a few for their connections
		if n == 1e6 {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		runtime.Gosched()
	}
}

// TestARefusalLeavesNothing: what the short way took before it saw that there is too
// little is given back.
func TestARefusalLeavesNothing(t *testing.T) {
	client := server(t)
	r := open(t, client, rand.Text())
	stock(t, r, product(1), 5)
	for n := range 3 {
		for _, key := range []inventory.Key{product(1), product(2)} { // the other one is unknown
			if _, err := r.Reserve(t.Context(), ask("r"+strconv.Itoa(n), key, 6)); !errors.Is(err, inventory.ErrInsufficient) {
				t.Errorf("%s: %v", key, err)
			}
		}
	}
	if n := held(t, r, product(1)); n != 0 {
		t.Errorf("%d pieces are held by nobody", n)
	}
	want := map[string]int64{"levels": 2, "free": 1, "reservations": 0, "due": 0} // the level and its location
	for _, key := range r.Keys() {
		name := key[strings.LastIndex(key, ":")+1:]
		n := client.HLen(t.Context(), key).Val()
		if name == "due" {
			n = client.ZCard(t.Context(), key).Val()
		}
		if n != want[name] {
			t.Errorf("%s has %d entries, want %d", name, n, want[name])
		}
	}
}

// TestWhatHasExpiredIsThereForTheNext, whichever way they ask.
func TestWhatHasExpiredIsThereForTheNext(t *testing.T) {
	r := open(t, server(t), rand.Text())
	var shift time.Duration
	r.ShiftClock(func() time.Duration { return shift })
	stock(t, r, product(1), 5)
	for n := range 50 {
		if _, err := r.Reserve(t.Context(), ask("r"+strconv.Itoa(n), product(1), 5)); err != nil {
			t.Fatalf("the %d. of 50: %v", n+1, err)
		}
		shift += inventory.DefaultTTL
	}
}

// TestNothingIsKeptForEver: an hour past its expiry a reservation leaves nothing.
func TestNothingIsKeptForEver(t *testing.T) {
	client := server(t)
	r := open(t, client, rand.Text())
	var shift time.Duration
	r.ShiftClock(func() time.Duration { return shift })
	stock(t, r, product(1), 1000)
	for i := range 500 {
		if _, err := r.Reserve(t.Context(), ask("r"+strconv.Itoa(i), product(1), 1)); err != nil {
			t.Fatal(err)
		}
	}
	shift = inventory.DefaultTTL + time.Second
	if n := held(t, r, product(1)); n != 0 {
		t.Errorf("%d pieces are held after the expiry", n)
	}
	shift = inventory.DefaultTTL + inventory.Remembered + time.Second
	held(t, r, product(1))
	for _, key := range r.Keys() {
		if !strings.HasSuffix(key, ":reservations") && !strings.HasSuffix(key, ":due") {
			continue
		}
		if n := client.Exists(t.Context(), key).Val(); n != 0 {
			t.Errorf("%s is still there", key)
		}
	}
}

// TestAFlushedServerIsTaughtAgain by whoever comes first.
func TestAFlushedServerIsTaughtAgain(t *testing.T) {
	client := server(t)
	r := open(t, client, rand.Text())
	stock(t, r, product(1), 5)
	if err := client.Del(t.Context(), r.Keys()...).Err(); err != nil {
		t.Fatal(err)
	}
	_, err := r.Reserve(t.Context(), ask("r1", product(1), 1))
	var short *inventory.ShortageError
	if !errors.As(err, &short) || len(short.Unknown()) != 1 {
		t.Fatalf("an empty server answered %v, want that it does not know the item", err)
	}
	stock(t, r, product(1), 5)
	if _, err := r.Reserve(t.Context(), ask("r1", product(1), 1)); err != nil {
		t.Error(err)
	}
}
