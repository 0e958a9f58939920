package pgstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// trip is a request that touches what its words say: "k1" a key, "n1" a name, "make" and "cut" what they are called.
type trip string

func (t trip) touches() (what touched) {
	for word := range strings.FieldsSeq(string(t)) {
		switch {
		case word == "make":
			what.makes = true
		case word == "cut":
			what.cuts = true
		case word[0] == 'k':
			what.keys = append(what.keys, inventory.Item("product:"+word).At(inventory.DefaultLocation))
		case word[0] == 'n':
			what.names = append(what.names, word)
		}
	}
	return what
}

func (trip) decide(context.Context, *desk) error { return nil }

// airport records who flew with whom, and lets a flight land when it is told to.
type airport struct {
	*sharing
	mu     sync.Mutex
	flown  []string
	lands  chan struct{}
	errors map[trip]error
}

func newAirport(flights int) *airport {
	a := &airport{lands: make(chan struct{}), errors: map[trip]error{}}
	a.sharing = newSharing(flights, time.Hour, func(_ context.Context, group []*passenger) {
		var words []string
		for _, p := range group {
			words = append(words, string(p.request.(trip)))
			p.err = a.errors[p.request.(trip)]
		}
		a.mu.Lock()
		a.flown = append(a.flown, strings.Join(words, " + "))
		a.mu.Unlock()
		<-a.lands
	})
	return a
}

// board lets callers come one after the other.
func (a *airport) come(t *testing.T, trips ...trip) {
	for _, r := range trips {
		go func() {
			if arrived, err := a.do(t.Context(), r); !arrived || err != nil {
				t.Errorf("%s: arrived %v, %v", r, arrived, err)
			}
		}()
		synctest.Wait()
	}
}

func TestWhoFliesTogether(t *testing.T) {
	for _, tc := range []struct {
		name    string
		flights int
		trips   []trip
		want    []string
	}{
		{"a lone caller goes at once", 1, []trip{"k1"}, []string{"k1"}},
		{"others of its key wait, and share", 2, []trip{"k1", "k1", "k1"}, []string{"k1", "k1 + k1"}},
		{"others of other keys do not wait", 2, []trip{"k1", "k2"}, []string{"k1", "k2"}},
		{"who finds no free flight waits, and shares", 1, []trip{"k1", "k2", "k3"}, []string{"k1", "k2 + k3"}},
		{"one name is never twice in a flight", 1, []trip{"k0", "n1", "n1", "n2"}, []string{"k0", "n1 + n2", "n1"}},
		{"who waits keeps its keys from those behind it", 2, []trip{"k1", "k2", "k1 k2", "k2"}, []string{"k1", "k2", "k1 k2 + k2"}},
		{"those that make and those that cut go apart", 1, []trip{"k0", "k1 make", "k2 cut", "k3 make"}, []string{"k0", "k1 make + k3 make", "k2 cut"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAirport(tc.flights)
				a.come(t, tc.trips...)
				for range tc.want {
					a.lands <- struct{}{}
					synctest.Wait()
				}
				if !slices.Equal(a.flown, tc.want) {
					t.Errorf("flown %q, want %q", a.flown, tc.want)
				}
				if len(a.busy) != 0 || a.onTheWay != 0 || len(a.waiting) != 0 {
					t.Errorf("left over: %d busy, %d on the way, %d waiting", len(a.busy), a.onTheWay, len(a.waiting))
				}
			})
		})
	}
}

func TestAFlightHasRoomForSoMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAirport(1)
		a.come(t, "k0")
		for i := range maxTogether + 1 {
			a.come(t, trip(fmt.Sprintf("k0 n%d", i)))
		}
		for range 3 {
			a.lands <- struct{}{}
			synctest.Wait()
		}
		if n := strings.Count(a.flown[1], "k0"); len(a.flown) != 3 || n != maxTogether {
			t.Errorf("%d flights, %d in the second; want 3, %d", len(a.flown), n, maxTogether)
		}
	})
}

func TestWhoGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAirport(1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		errs := map[trip]error{}
		var mu sync.Mutex
		for _, r := range []trip{"k1 flying", "k1 waiting"} {
			go func() {
				arrived, err := a.do(ctx, r)
				mu.Lock()
				errs[r] = err
				mu.Unlock()
				if arrived {
					t.Errorf("%s arrived", r)
				}
			}()
			synctest.Wait()
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if err := errs["k1 flying"]; !errors.Is(err, ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("one on the way: %v", err)
		}
		if err := errs["k1 waiting"]; !errors.Is(err, ErrNotApplied) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("one that waits: %v", err)
		}
		a.lands <- struct{}{}
		synctest.Wait()
		if len(a.flown) != 1 {
			t.Errorf("flown %q: one that gave up was sent", a.flown)
		}
		if _, err := a.do(ctx, trip("k1")); !errors.Is(err, context.DeadlineExceeded) || len(a.flown) != 1 {
			t.Errorf("with a context that is over: %v, flown %q", err, a.flown)
		}
	})
}
