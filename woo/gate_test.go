package woo_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/woo"
)

// fakeStore is a store without a network, so that time can be faked too.
type fakeStore struct {
	answer           func(n int, r *http.Request) (*http.Response, error) // n counts from 1
	sent, now, worst atomic.Int32
}

func (f *fakeStore) RoundTrip(r *http.Request) (*http.Response, error) {
	n := f.sent.Add(1)
	now := f.now.Add(1)
	defer f.now.Add(-1)
	for {
		worst := f.worst.Load()
		if now <= worst || f.worst.CompareAndSwap(worst, now) {
			break
		}
	}
	return f.answer(int(n), r)
}

// status answers with a status and a body that WooCommerce could have sent.
func status(code int, body string) (*http.Response, error) {
	return &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func (f *fakeStore) client(t *testing.T, edit func(*woo.Config)) *woo.Client {
	t.Helper()
	c := woo.Config{URL: "https://shop.example", Key: testKey, Secret: woo.NewSecret(testSecret), HTTP: &http.Client{Transport: f}, Retries: -1}
	if edit != nil {
		edit(&c)
	}
	client, err := woo.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func ask(ctx context.Context, c *woo.Client) error {
	_, err := c.Send(ctx, woo.Request{Op: "ask", Path: "wc/v3/data"}, nil)
	return err
}

// TestSoManyAtATime: the rest waits its turn, and nobody is forgotten.
func TestSoManyAtATime(t *testing.T) {
	for limit, want := range map[int]int32{3: 3, 1: 1, 0: woo.DefaultMaxConcurrent, -1: 40} {
		synctest.Test(t, func(t *testing.T) {
			store := &fakeStore{answer: func(int, *http.Request) (*http.Response, error) {
				time.Sleep(time.Second)
				return status(200, `[]`)
			}}
			client := store.client(t, func(c *woo.Config) { c.MaxConcurrent = limit })
			var wg sync.WaitGroup
			for range 40 {
				wg.Go(func() {
					if err := ask(t.Context(), client); err != nil {
						t.Error(err)
					}
				})
			}
			synctest.Wait()
			if now := store.now.Load(); now != want {
				t.Errorf("MaxConcurrent %d: %d requests under way, want %d", limit, now, want)
			}
			wg.Wait()
			if store.worst.Load() != want || store.sent.Load() != 40 {
				t.Errorf("MaxConcurrent %d: %d at a time, %d in all", limit, store.worst.Load(), store.sent.Load())
			}
		})
	}
}

// TestWaitingEndsWithTheContext: nothing was sent, a write is not unknown, and
// the place in the queue is free for others.
func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &fakeStore{answer: func(int, *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Second)
			return status(200, `[]`)
		}}
		client := store.client(t, func(c *woo.Config) { c.MaxConcurrent = 1 })
		var wg sync.WaitGroup
		wg.Go(func() { _ = ask(t.Context(), client) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := client.Send(ctx, woo.Request{Op: "write", Method: "POST", Path: "wc/v3/orders", Body: 1}, nil)
		if e := checkKind(t, err, woo.Unavailable); !errors.Is(e, context.DeadlineExceeded) || store.sent.Load() != 1 {
			t.Errorf("%v, %d sent", err, store.sent.Load())
		}
		wg.Wait()
		if err := ask(t.Context(), client); err != nil {
			t.Error(err)
		}
	})
}

var errReset = errors.New("connection reset by peer")

// TestBreaker: what counts as a failing store, and what as one that says no.
func TestBreaker(t *testing.T) {
	refusal := `{"code":"internal_server_error","message":"No.","data":{"status":500}}`
	tests := map[string]struct {
		answer func() (*http.Response, error)
		opens  bool
	}{
		"no connection":  {func() (*http.Response, error) { return nil, errReset }, true},
		"bad gateway":    {func() (*http.Response, error) { return status(502, "") }, true},
		"maintenance":    {func() (*http.Response, error) { return status(503, "") }, true},
		"gateway waited": {func() (*http.Response, error) { return status(504, "") }, true},
		"too slow": {func() (*http.Response, error) {
			time.Sleep(2 * time.Second)
			return nil, context.DeadlineExceeded
		}, true},
		"body breaks off": {func() (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(io.MultiReader(strings.NewReader("["), broken{}))}, nil
		}, true},
		"500":       {func() (*http.Response, error) { return status(500, refusal) }, false},
		"not found": {func() (*http.Response, error) { return status(404, refusal) }, false},
		"too many":  {func() (*http.Response, error) { return status(429, "") }, false},
		"a page":    {func() (*http.Response, error) { return status(200, "<html>") }, false},
		"refused":   {func() (*http.Response, error) { return status(401, refusal) }, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &fakeStore{answer: func(int, *http.Request) (*http.Response, error) { return test.answer() }}
				client := store.client(t, func(c *woo.Config) { c.BreakAfter, c.Timeout = 5, time.Second })
				for range 5 {
					if ask(t.Context(), client) == nil {
						t.Fatal("no failure")
					}
				}
				_, err := client.Send(t.Context(), woo.Request{Op: "write", Method: "POST", Path: "wc/v3/orders", Body: 1}, nil)
				if opened := store.sent.Load() == 5; opened != test.opens {
					t.Fatalf("after five failures %d requests are sent", store.sent.Load())
				}
				if test.opens { // nothing was sent, so that nothing is unknown
					if e := checkKind(t, err, woo.Unavailable); !strings.Contains(e.Error(), "left alone") {
						t.Errorf("%v", e)
					}
				}
			})
		})
	}
}

// broken is a connection that breaks.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errReset }

// TestBreakerLetsOneThrough: after BreakFor one request sees how the store is,
// and only one.
func TestBreakerLetsOneThrough(t *testing.T) {
	for _, recovered := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			store := &fakeStore{answer: func(n int, _ *http.Request) (*http.Response, error) {
				time.Sleep(100 * time.Millisecond)
				if n <= 3 || !recovered {
					return nil, errReset
				}
				return status(200, `[]`)
			}}
			client := store.client(t, func(c *woo.Config) { c.BreakAfter, c.BreakFor = 3, 90*time.Second })
			for range 3 {
				_ = ask(t.Context(), client)
			}
			time.Sleep(89 * time.Second)
			if checkKind(t, ask(t.Context(), client), woo.Unavailable); store.sent.Load() != 3 {
				t.Fatal("asked before the pause was over")
			}
			time.Sleep(2 * time.Second)
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() { _ = ask(t.Context(), client) })
			}
			wg.Wait()
			if n := store.sent.Load(); n != 4 {
				t.Errorf("%d requests to see how it is, want one", n-3)
			}
			err := ask(t.Context(), client)
			if recovered != (err == nil) {
				t.Errorf("recovered %v: %v", recovered, err)
			}
		})
	}
}

// TestCallerWhoLeaves says nothing about the store: not while it is well, and
// not as the one that was let through to see.
func TestCallerWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := true
		store := &fakeStore{answer: func(_ int, r *http.Request) (*http.Response, error) {
			select {
			case <-r.Context().Done():
				return nil, r.Context().Err()
			case <-time.After(time.Second):
			}
			if !up {
				return nil, errReset
			}
			return status(200, `[]`)
		}}
		client := store.client(t, func(c *woo.Config) { c.BreakAfter, c.BreakFor = 3, time.Minute })
		leave := func() {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			defer cancel()
			if err := ask(ctx, client); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v", err)
			}
		}
		for range 50 {
			leave()
		}
		if err := ask(t.Context(), client); err != nil {
			t.Fatalf("fifty callers left: %v", err)
		}
		up = false
		for range 3 {
			_ = ask(t.Context(), client)
		}
		time.Sleep(61 * time.Second)
		up = true
		leave()
		if err := ask(t.Context(), client); err != nil {
			t.Errorf("the one let through left: %v", err)
		}
	})
}

// TestBreakerOff and a success in between: failures in a row are what counts.
func TestBreakerCountsInARow(t *testing.T) {
	for after, want := range map[int]int32{-1: 100, 10: 100} {
		synctest.Test(t, func(t *testing.T) {
			store := &fakeStore{answer: func(n int, _ *http.Request) (*http.Response, error) {
				if after > 0 && n%10 == 0 {
					return status(200, `[]`)
				}
				return nil, errReset
			}}
			client := store.client(t, func(c *woo.Config) { c.BreakAfter = after })
			for range 100 {
				_ = ask(t.Context(), client)
			}
			if n := store.sent.Load(); n != want {
				t.Errorf("BreakAfter %d: %d sent, want %d", after, n, want)
			}
		})
	}
}

// TestPausedIsNotRetried: a caller learns at once, without a wait.
func TestPausedIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &fakeStore{answer: func(int, *http.Request) (*http.Response, error) { return nil, errReset }}
		client := store.client(t, func(c *woo.Config) { c.BreakAfter, c.Retries = 2, 5 })
		_ = ask(t.Context(), client) // the second try trips it, the third finds it open
		begun := time.Now()
		checkKind(t, ask(t.Context(), client), woo.Unavailable)
		if store.sent.Load() != 2 || time.Since(begun) != 0 {
			t.Errorf("%d sent, answered after %v", store.sent.Load(), time.Since(begun))
		}
	})
}
