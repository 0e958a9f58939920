package inventorytest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func competing() []promise {
	return []promise{
		{text: "of 200 after 100 pieces exactly 100 get one", check: twoHundredAfterAHundred},
		{text: "a request sent many times at once is one reservation", check: resentAtOnce},
		{text: "of different requests of one id one wins", check: oneIDManyRequests},
		{text: "baskets filled in opposite orders are whole or empty", check: oppositeOrders},
		{text: "a replaced piece is never let go in between", check: neverLetGo},
		{text: "of many replacements one wins", check: oneReplacementWins},
		{text: "of release and replacement one wins", check: oneEndWins},
		{text: "of release and expiry one wins", needs: needs{clock: true}, check: releaseOrExpiry},
		{text: "nothing is lost or made in a crowd", check: crowd},
	}
}

// together calls n goroutines at once, spread over the clients, and waits for
// them.
func (s *store) together(n int, call func(i int, client inventory.Reserver)) {
	clients := append([]inventory.Reserver{s.Reserver}, s.Clients...)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			call(i, clients[i%len(clients)])
		})
	}
	close(start)
	wg.Wait()
}

// tally counts how calls ended.
type tally struct{ granted, short, conflict, other atomic.Int64 }

func (c *tally) add(s *store, err error) {
	switch {
	case err == nil:
		c.granted.Add(1)
	case errors.Is(err, inventory.ErrInsufficient):
		c.short.Add(1)
	case errors.Is(err, inventory.ErrConflict):
		c.conflict.Add(1)
	default:
		c.other.Add(1)
		s.Errorf("unexpected error: %v", err)
	}
}

func (c *tally) want(s *store, granted, short, conflict int64) {
	s.Helper()
	got := []int64{c.granted.Load(), c.short.Load(), c.conflict.Load()}
	if diff := cmp.Diff([]int64{granted, short, conflict}, got); diff != "" {
		s.Errorf("granted, short, conflict (-want +got)\n%s", diff)
	}
}

// twoHundredAfterAHundred has several rounds, since a store that looks before it
// takes may be lucky in one.
func twoHundredAfterAHundred(s *store) {
	for round := range int64(5) {
		item := inventory.ProductItem(100 + round)
		s.stock(item, 100)
		var c tally
		s.together(200, func(i int, client inventory.Reserver) {
			req := askFor(fmt.Sprintf("r%d.%d", round, i), inventory.Line{Item: item, Quantity: 1})
			_, err := client.Reserve(s.Context(), req)
			c.add(s, err)
		})
		c.want(s, 100, 100, 0)
		s.wantReserved(item, 100)
	}
}

func resentAtOnce(s *store) {
	s.stock(shirt, 100)
	answers := make([]inventory.Reservation, 50)
	var c tally
	s.together(len(answers), func(i int, client inventory.Reserver) {
		var err error
		answers[i], err = client.Reserve(s.Context(), ask("r1", 3))
		c.add(s, err)
	})
	c.want(s, 50, 0, 0)
	for _, a := range answers[1:] {
		if diff := cmp.Diff(answers[0], a); diff != "" {
			s.Fatalf("two answers to one request differ\n%s", diff)
		}
	}
	s.wantReserved(shirt, 3)
}

func oneIDManyRequests(s *store) {
	s.stock(shirt, 1000)
	var c tally
	var won atomic.Int64
	s.together(20, func(i int, client inventory.Reserver) {
		r, err := client.Reserve(s.Context(), ask("r1", int64(i+1)))
		c.add(s, err)
		if err == nil {
			won.Store(r.Lines[0].Quantity)
		}
	})
	c.want(s, 1, 0, 19)
	s.wantReserved(shirt, won.Load())
}

func oppositeOrders(s *store) {
	s.stock(shirt, 10)
	s.stock(scarf, 10)
	var c tally
	s.together(40, func(i int, client inventory.Reserver) {
		a, b := inventory.Line{Item: shirt, Quantity: 1}, inventory.Line{Item: scarf, Quantity: 1}
		if i%2 == 0 {
			a, b = b, a
		}
		_, err := client.Reserve(s.Context(), askFor(fmt.Sprintf("r%d", i), a, b))
		c.add(s, err)
	})
	c.want(s, 10, 30, 0)
	s.wantReserved(shirt, 10)
	s.wantReserved(scarf, 10)
}

func neverLetGo(s *store) {
	const swaps, strangers = 50, 8
	s.stock(shirt, 1)
	s.reserve(ask("r0", 1))
	var mine, theirs tally
	swapped := make(chan struct{})
	s.together(1+strangers, func(i int, client inventory.Reserver) {
		if i > 0 {
			s.snatch(client, fmt.Sprintf("s%d", i), &theirs, swapped)
			return
		}
		defer close(swapped)
		for n := range swaps {
			_, err := client.Reserve(s.Context(), replace(fmt.Sprintf("r%d", n), ask(fmt.Sprintf("r%d", n+1), 1)))
			mine.add(s, err)
		}
	})
	mine.want(s, swaps, 0, 0)
	theirs.want(s, 0, theirs.short.Load(), 0)
	s.wantReserved(shirt, 1)
}

// snatch asks for a shirt, again and again, until stop is closed.
func (s *store) snatch(client inventory.Reserver, name string, c *tally, stop <-chan struct{}) {
	for n := 0; ; n++ {
		_, err := client.Reserve(s.Context(), ask(fmt.Sprintf("%s.%d", name, n), 1))
		c.add(s, err)
		select {
		case <-stop:
			return
		default:
		}
	}
}

func oneReplacementWins(s *store) {
	s.stock(shirt, 2)
	s.reserve(ask("r0", 2))
	var c tally
	s.together(20, func(i int, client inventory.Reserver) {
		_, err := client.Reserve(s.Context(), replace("r0", ask(fmt.Sprintf("r%d", i+1), 2)))
		c.add(s, err)
	})
	c.want(s, 1, 19, 0)
	s.wantReserved(shirt, 2)
}

// oneEndWins lets releases and replacements go for the same reservation. If a
// release comes first its stock is free for the first of the others, so one of
// them gets it either way.
func oneEndWins(s *store) {
	s.stock(shirt, 3)
	first := ask("r0", 3)
	s.reserve(first)
	var c tally
	var released, replaced atomic.Int64
	s.together(20, func(i int, client inventory.Reserver) {
		if i%2 == 0 {
			_, err := client.Reserve(s.Context(), replace("r0", ask(fmt.Sprintf("r%d", i+1), 3)))
			c.add(s, err)
			return
		}
		switch r, err := client.Release(s.Context(), "r0"); {
		case err == nil && r.State == inventory.Released:
			released.Add(1)
		case err == nil && r.State == inventory.Replaced:
			replaced.Add(1)
		default:
			s.Errorf("Release: got %+v, %v", r, err)
		}
	})
	c.want(s, 1, 9, 0)
	if released.Load() != 0 && replaced.Load() != 0 {
		s.Errorf("%d were told released and %d replaced: only one can be true", released.Load(), replaced.Load())
	}
	s.wantReserved(shirt, 3)
}

func releaseOrExpiry(s *store) {
	s.stock(shirt, 3)
	const n = 20
	for i := range n {
		s.reserve(ask(fmt.Sprintf("r%d", i), 1))
		s.together(8, func(c int, client inventory.Reserver) {
			if c == 0 {
				s.Advance(ttl)
				return
			}
			r, err := client.Release(s.Context(), fmt.Sprintf("r%d", i))
			if err != nil || r.State != inventory.Released && r.State != inventory.Expired {
				s.Errorf("Release: got %+v, %v", r, err)
			}
		})
		s.wantReserved(shirt, 0)
	}
	s.reserve(ask("last", 3))
	s.Advance(time.Second)
	s.wantReserved(shirt, 3)
}
