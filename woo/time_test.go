package woo_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
)

// These tests run on simulated time, with the client's own clock and timers. A
// goroutine that outlives its call would keep a test from ending.

// hanging never answers.
func hanging(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// stuttering answers a status at once and never ends its body.
func stuttering(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: endlessly{r.Context()}, Request: r}, nil
}

type endlessly struct{ ctx context.Context }

func (b endlessly) Read([]byte) (int, error) { <-b.ctx.Done(); return 0, b.ctx.Err() }
func (endlessly) Close() error               { return nil }

// busy answers 503 with a Retry-After.
func busy(after string) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 503, Header: http.Header{"Retry-After": {after}}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
	}
}

// timed is a client on simulated time.
func timed(t *testing.T, transport roundTripper) *woo.Client {
	t.Helper()
	client, err := woo.New(woo.Config{
		URL: "https://shop.example.test", Key: testKey, Secret: woo.NewSecret(testSecret), HTTP: &http.Client{Transport: transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestOneRequestIsBounded(t *testing.T) {
	for name, transport := range map[string]roundTripper{"no answer": hanging, "half an answer": stuttering} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := timed(t, transport).CreatePending(t.Context(), mugOrder())
				checkKind(t, err, woo.Unknown)
				if took := time.Since(start); took != woo.DefaultTimeout {
					t.Errorf("took %v, want %v", took, woo.DefaultTimeout)
				}
			})
		})
	}
}

func TestReadsOfAHangingStoreAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := timed(t, hanging).Order(t.Context(), 1)
		checkKind(t, err, woo.Unavailable)
		const tries = 1 + woo.DefaultRetries
		if took := time.Since(start); took < tries*woo.DefaultTimeout || took > tries*woo.DefaultTimeout+2*time.Second {
			t.Errorf("took %v for %d tries", took, tries)
		}
	})
}

// TestCallEndsAtItsDeadline, whatever it is waiting for.
func TestCallEndsAtItsDeadline(t *testing.T) {
	const limit = 3 * time.Second
	for name, transport := range map[string]roundTripper{"no answer": hanging, "half an answer": stuttering, "asked to wait": busy("2"), "asked to wait long": busy("20")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := timed(t, transport)
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				calls := map[string]func() error{
					"product": func() error { _, err := client.Product(ctx, "mug"); return err },
					"items":   func() error { _, err := client.Items(ctx, refsOf(1, 2, 3)); return err },
					"stock":   func() error { _, err := client.Stock(ctx, manyVariations()); return err },
					"rules":   func() error { _, err := client.Rules(ctx); return err },
					"find":    func() error { _, err := client.FindOrder(ctx, mugToken); return err },
				}
				for name, call := range calls {
					err := call()
					checkTyped(t, err)
					if errors.Is(err, woo.ErrUnknown) {
						t.Errorf("%s: a read has no effect: %v", name, err)
					}
				}
				if elapsed := time.Until(deadline(ctx)); elapsed < -time.Millisecond {
					t.Errorf("%v after the deadline", -elapsed)
				}
			})
		})
	}
}

func deadline(ctx context.Context) time.Time {
	at, _ := ctx.Deadline()
	return at
}

func manyVariations() (items []inventory.Item) {
	for id := int64(1); id <= 20; id++ {
		items = append(items, inventory.VariationItem(id))
	}
	return items
}

// TestCancellingEndsTheCall at once, in the middle of a request or of a wait.
func TestCancellingEndsTheCall(t *testing.T) {
	for name, transport := range map[string]roundTripper{"request": hanging, "body": stuttering, "wait": busy("10")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := timed(t, transport)
				ctx, cancel := context.WithCancel(t.Context())
				start := time.Now()
				time.AfterFunc(time.Second, cancel)
				_, err := client.Stock(ctx, manyVariations())
				checkTyped(t, err)
				if took := time.Since(start); took != time.Second {
					t.Errorf("took %v, want 1s", took)
				}
			})
		})
	}
}

// TestWaitsAreTheStoresOwn: with the client's own timer, not one of a test.
func TestWaitsAreTheStoresOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := timed(t, busy("7")).Order(t.Context(), 1)
		if e := checkKind(t, err, woo.Unavailable); e.RetryAfter != 7*time.Second {
			t.Errorf("the caller is told %v", e.RetryAfter)
		}
		if took := time.Since(start); took < 14*time.Second || took > 21*time.Second {
			t.Errorf("two waits of 7 s took %v", took)
		}
	})
}
