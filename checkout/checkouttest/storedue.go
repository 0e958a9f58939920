package checkouttest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
)

const lease = time.Minute

// dueNow creates a checkout that was due d before the store's clock.
func (s *storeTest) dueAgo(id checkout.ID, d time.Duration) checkout.Record {
	s.Helper()
	r := record(id)
	r.DueAt = at.Add(-d)
	return s.create(r)
}

func (s *storeTest) claim(limit int) []checkout.ID {
	s.Helper()
	claimed, err := s.Store.Due(s.Context(), limit, lease)
	if err != nil {
		s.Fatalf("Due: %v", err)
	}
	ids := make([]checkout.ID, len(claimed))
	for i, c := range claimed {
		ids[i] = c.ID
	}
	return ids
}

func dueOldestFirst(t *testing.T, s *storeTest) {
	s.dueAgo("chk_new", time.Minute)
	s.dueAgo("chk_old", time.Hour)
	s.dueAgo("chk_mid", time.Minute*30)
	s.create(record("chk_never"))
	later := record("chk_later")
	later.DueAt = at.Add(100 * 365 * 24 * time.Hour)
	s.create(later)
	if diff := cmp.Diff([]checkout.ID{"chk_old", "chk_mid"}, s.claim(2)); diff != "" {
		t.Errorf("first claim (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]checkout.ID{"chk_new"}, s.claim(10)); diff != "" {
		t.Errorf("second claim (-want +got):\n%s", diff)
	}
}

func claimHides(t *testing.T, s *storeTest) {
	s.dueAgo("chk_1", time.Minute)
	if got := s.claim(1); len(got) != 1 {
		t.Fatalf("claimed %v", got)
	}
	s.Advance(lease - time.Second)
	if got := s.claim(1); len(got) != 0 {
		t.Errorf("claimed again within the lease: %v", got)
	}
	s.Advance(2 * time.Second)
	if got := s.claim(1); len(got) != 1 {
		t.Error("not claimed after the lease")
	}
}

func commitEndsClaim(t *testing.T, s *storeTest) {
	r := s.dueAgo("chk_1", time.Minute)
	s.claim(1)
	s.create(r)
	if got := s.claim(1); len(got) != 1 {
		t.Error("still hidden after its Commit")
	}
	r = s.load("chk_1")
	r.DueAt = time.Time{}
	s.create(r)
	s.Advance(time.Hour)
	if got := s.claim(1); len(got) != 0 {
		t.Errorf("claimed although nothing is due: %v", got)
	}
}

func claimsAreExclusive(t *testing.T, s *storeTest) {
	const n = 60
	for i := range n {
		s.dueAgo(checkout.ID(fmt.Sprintf("chk_%02d", i)), time.Duration(i+1)*time.Minute)
	}
	var mu sync.Mutex
	var all []checkout.ID
	together(8, func(int) bool {
		for range n {
			claimed, err := s.Store.Due(t.Context(), 7, lease)
			if err != nil {
				t.Error(err)
			}
			if len(claimed) == 0 {
				return true
			}
			mu.Lock()
			for _, c := range claimed {
				all = append(all, c.ID)
			}
			mu.Unlock()
		}
		return false
	})
	slices.Sort(all)
	if len(all) != n || len(slices.Compact(all)) != n {
		t.Errorf("%d claims of %d checkouts", len(all), n)
	}
}

func outboxKeeps(t *testing.T, s *storeTest) {
	box, ok := s.Store.(checkout.Outbox)
	if !ok {
		t.Skip("the store keeps no outbox")
	}
	event := func(n int64) checkout.Event {
		return checkout.Event{ID: fmt.Sprintf("chk_1-%d", n), Kind: "checkout.placed", Checkout: "chk_1", Sequence: n, At: at, Data: []byte(`{"n":1}`)}
	}
	r := s.commit(checkout.Change{Record: record("chk_1"), Outbox: []checkout.Event{event(1), event(2)}}).Record
	s.commit(checkout.Change{Record: r, Outbox: []checkout.Event{event(3)}})
	pending := func(limit int) []checkout.Event {
		events, err := box.Pending(t.Context(), limit)
		if err != nil {
			t.Fatal(err)
		}
		return events
	}
	if diff := cmp.Diff([]checkout.Event{event(1), event(2)}, pending(2)); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	for range 2 {
		if err := box.Acknowledge(t.Context(), "chk_1-1", "chk_1-2"); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]checkout.Event{event(3)}, pending(10)); diff != "" {
		t.Errorf("after acknowledging (-want +got):\n%s", diff)
	}
}
