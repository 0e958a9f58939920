package session_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
	"github.com/ankkor/ankkor/woo/wootest"
)

// TestParallelAdds: whoever adds at once, no piece is lost, though the store
// itself may lose one.
func TestParallelAdds(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		s := session.New(shop.door, session.Options{})
		var adding sync.WaitGroup
		quantities := make(chan int64, 8)
		for range cap(quantities) {
			adding.Go(func() {
				now, err := s.Add(t.Context(), session.AddItem{ProductID: penID, Quantity: 1})
				if err != nil {
					t.Error(err)
					return
				}
				quantities <- now.Lines[0].Quantity
			})
		}
		adding.Wait()
		close(quantities)
		seen := map[int64]bool{}
		for q := range quantities {
			seen[q] = true
		}
		if now := ok(t)(s.Cart(t.Context())); summary(now) != "8×17" || len(seen) != 8 {
			t.Errorf("the cart has %s; the adds saw %v", summary(now), seen)
		}
	})
}

// held is a door whose calls wait until they are let go. It counts how many are
// inside at a time.
type held struct {
	session.Door
	let chan struct{}

	mu           sync.Mutex
	inside, most int
}

func (d *held) Read(context.Context, woo.Secret) (session.Reply, error) {
	d.mu.Lock()
	d.inside++
	d.most = max(d.most, d.inside)
	d.mu.Unlock()
	<-d.let
	d.mu.Lock()
	d.inside--
	d.mu.Unlock()
	return session.Reply{Token: graphToken("t_1", 0)}, nil
}

// TestOneAtATime: calls of one session wait for each other, those of two do not,
// and one that waits gives up with its context.
func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		door := &held{let: make(chan struct{})}
		first, second := session.New(door, session.Options{}), session.New(door, session.Options{})
		var reading sync.WaitGroup
		read := func(ctx context.Context, s *session.Session, want error) {
			reading.Go(func() {
				if _, err := s.Cart(ctx); !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			})
		}
		for range 3 {
			read(t.Context(), first, nil)
		}
		synctest.Wait()
		if door.inside != 1 {
			t.Fatalf("%d calls of one session at a time", door.inside)
		}
		read(t.Context(), second, nil)
		synctest.Wait()
		if door.inside != 2 {
			t.Fatalf("%d calls of two sessions at a time", door.inside)
		}
		waiting, giveUp := context.WithCancel(t.Context())
		read(waiting, first, context.Canceled)
		synctest.Wait()
		giveUp()
		synctest.Wait()
		close(door.let)
		reading.Wait()
		if door.most != 2 {
			t.Errorf("%d calls at a time", door.most)
		}
	})
}

// TestUnknownIsNotSentAgain: a change whose answer is lost is unknown, is sent
// once, and reading the cart tells what became of it.
func TestUnknownIsNotSentAgain(t *testing.T) {
	pieces := map[wootest.FaultKind]string{
		wootest.CutBefore: "1×17", wootest.CutAfter: "1×17 2×16", wootest.BadGateway: "1×17 2×16", wootest.HTML: "1×17 2×16", wootest.Truncated: "1×17 2×16",
	}
	for kind, want := range pieces {
		eachDoor(t, func(t *testing.T, shop shop) {
			t.Run(string(kind), func(t *testing.T) {
				s := session.New(shop.door, session.Options{})
				ok(t)(s.Add(t.Context(), session.AddItem{ProductID: penID, Quantity: 1}))
				fault := wootest.Fault{Kind: kind, Method: "POST", Path: "/wp-json/wc/store/v1/cart/*"}
				if _, graph := shop.door.(*session.GraphQL); graph {
					fault = wootest.Fault{Kind: kind, Operation: "addToCart"}
				}
				if err := shop.store.Faults().Arm(fault); err != nil {
					t.Fatal(err)
				}
				before := s.Token()
				if _, err := s.Add(t.Context(), mug(2)); !errors.Is(err, woo.ErrUnknown) {
					t.Fatal(err)
				}
				if !s.Token().Equal(before) {
					t.Error("the token of an unclear answer was kept")
				}
				if now := ok(t)(s.Cart(t.Context())); summary(now) != want {
					t.Errorf("the cart has %q, want %q", summary(now), want)
				}
			})
		})
	}
}

// TestFirstChangeLost: the cart is there before the first change, so that a lost
// answer can be looked up.
func TestFirstChangeLost(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		fault := wootest.Fault{Kind: wootest.CutAfter, Method: "POST", Path: "/wp-json/wc/store/v1/cart/*"}
		if _, graph := shop.door.(*session.GraphQL); graph {
			fault = wootest.Fault{Kind: wootest.CutAfter, Operation: "addToCart"}
		}
		if err := shop.store.Faults().Arm(fault); err != nil {
			t.Fatal(err)
		}
		s := session.New(shop.door, session.Options{})
		if _, err := s.Add(t.Context(), mug(1)); !errors.Is(err, woo.ErrUnknown) {
			t.Fatal(err)
		}
		if now := ok(t)(s.Cart(t.Context())); summary(now) != "1×16" {
			t.Errorf("the cart has %q", summary(now))
		}
	})
}

// TestChangeThenUnreadable: WooGraphQL tells the cart after a customer's change
// only when it is read; where that fails, the change is not said to have failed.
func TestChangeThenUnreadable(t *testing.T) {
	graph := newScript(t, answer{body: `{"data":{"updateCustomer":{"clientMutationId":null}}}`}, answer{status: 503, body: `<html>`})
	store := newScript(t, answer{token: cartToken("t_1", 1), body: `[]`}, answer{status: 503, body: `<html>`})
	_, err := resume(t, graph.graphQL(), graphToken("t_1", 0)).SetCustomer(t.Context(), bengaluru, bengaluru)
	_, clearErr := resume(t, store.storeAPI(), cartToken("t_1", 0)).Clear(t.Context())
	for name, err := range map[string]error{"WooGraphQL": err, "Store API": clearErr} {
		if !errors.Is(err, woo.ErrUnknown) || !strings.Contains(err.Error(), "the change was made") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestManyLines: a cart of more lines than fit one answer is read to its end.
func TestManyLines(t *testing.T) {
	line := func(n string) string {
		return `{"key":"k` + n + `","quantity":1,"subtotal":"1","total":"1","tax":"0","product":{"node":{"databaseId":1` + n + `}}}`
	}
	page := func(n, next string) string {
		return `{"total":"3","contents":{"pageInfo":{"hasNextPage":` + next + `,"endCursor":"c` + n + `"},"nodes":[` + line(n) + `]}}`
	}
	script := newScript(t,
		answer{body: `{"data":{"addToCart":{"cart":` + page("0", "true") + `}}}`},
		answer{body: `{"data":{"cart":` + page("1", "true") + `}}`}, answer{body: `{"data":{"cart":` + page("2", "true") + `}}`},
		answer{body: `{"data":{"cart":` + page("3", "false") + `}}`},
	)
	now := ok(t)(resume(t, script.graphQL(), graphToken("t_1", 0)).Add(t.Context(), mug(1)))
	if got := summary(now); got != "1×11 1×12 1×13" {
		t.Errorf("the cart has %q", got)
	}
	if last := script.seen()[3]; !strings.Contains(string(last.body), `"after":"c2"`) {
		t.Errorf("the last page was asked for with %s", last.body)
	}
	endless := newScript(t, answer{body: `{"data":{"cart":` + page("1", "true") + `}}`})
	if _, err := resume(t, endless.graphQL(), graphToken("t_1", 0)).Cart(t.Context()); !errors.Is(err, woo.ErrBadAnswer) || len(endless.seen()) > 10 {
		t.Errorf("pages without end: %v after %d", err, len(endless.seen()))
	}
}

// TestNothingStaysBehind: no goroutine outlives its call; the bubble does not end
// before those that were started in it.
func TestNothingStaysBehind(t *testing.T) {
	for name, open := range doors {
		synctest.Test(t, func(t *testing.T) {
			with, body := graphToken("t_1", 0), `{"data":{"cart":`+oneLineCart1+`}}`
			if name == "Store API" {
				with, body = cartToken("t_1", 0), recorded(t, "storeapi/read.json")
			}
			client, err := woo.New(woo.Config{URL: "https://shop.example.test", HTTP: &http.Client{Transport: fixed{"", body}}})
			if err != nil {
				t.Fatal(err)
			}
			s := resume(t, open(t, client), with)
			ok(t)(s.Cart(t.Context()))
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := s.Add(ctx, mug(1)); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			_, _ = s.Checkout(t.Context(), order(1))
		})
	}
}
