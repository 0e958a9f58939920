package checkouttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// RunRegister checks a [checkout.Store] that is a [checkout.Register].
func RunRegister(t *testing.T, fresh func(t *testing.T) StoreHarness) {
	promises := []struct {
		name  string
		check func(*registerTest)
	}{
		{"what waits for a person is listed, what stood longest first", stuckListed},
		{"no more is listed than asked for", stuckLimited},
		{"what goes on is not listed any more", retriedNotListed},
		{"words of a shopper are not taken for a mark", wordsAreNoMark},
		{"a tally is what counting every record comes to", tallyCounts},
		{"a tally of nothing is nothing", tallyOfNothing},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			h := fresh(t)
			register, ok := h.Store.(checkout.Register)
			if !ok {
				t.Fatal("the store is no checkout.Register")
			}
			p.check(&registerTest{&storeTest{T: t, StoreHarness: h}, register})
		})
	}
}

// registerTest is one promise of a register being checked.
type registerTest struct {
	*storeTest
	register checkout.Register
}

func (s *registerTest) stuck(limit int) (ids []checkout.ID) {
	s.Helper()
	list, err := s.register.Stuck(s.Context(), limit)
	if err != nil {
		s.Fatalf("Stuck: %v", err)
	}
	for _, r := range list {
		if want := s.load(r.ID); !cmp.Equal(want, r) {
			s.Errorf("a record as listed (-stored +got)\n%s", cmp.Diff(want, r))
		}
		ids = append(ids, r.ID)
	}
	return ids
}

func (s *registerTest) wantStuck(limit int, want ...checkout.ID) {
	s.Helper()
	if diff := cmp.Diff(want, s.stuck(limit)); diff != "" {
		s.Errorf("Stuck(%d) (-want +got)\n%s", limit, diff)
	}
}

// given is a record one effect of which was given up.
func given(id checkout.ID, stood time.Duration) checkout.Record {
	r := record(id)
	r.UpdatedAt = at.Add(-stood)
	r.Intents = []checkout.Intent{{Dead: true}}
	return r
}

func stuckListed(s *registerTest) {
	s.create(given("chk_2", time.Hour))
	s.create(record("chk_fine"))
	s.create(given("chk_3", time.Minute))
	s.create(given("chk_1", time.Hour))
	s.wantStuck(10, "chk_1", "chk_2", "chk_3")
}

func stuckLimited(s *registerTest) {
	for i := range 5 {
		s.create(given(checkout.ID(fmt.Sprintf("chk_%d", i)), time.Hour))
	}
	s.wantStuck(2, "chk_0", "chk_1")
	s.wantStuck(0)
}

func retriedNotListed(s *registerTest) {
	r := s.create(given("chk_1", time.Hour))
	s.wantStuck(9, "chk_1")
	r.Intents = nil
	s.create(r)
	s.wantStuck(9)
}

func wordsAreNoMark(s *registerTest) {
	r := record("chk_1")
	r.CustomerNote = `"dead":true`
	r.Alerts = []string{`,"dead":true}`}
	s.create(r)
	s.wantStuck(9)
	got, err := s.register.Tally(s.Context(), at, at.Add(time.Hour))
	if err != nil || got.Stuck != 0 || got.Open != 1 {
		s.Errorf("Tally: %+v, %v", got, err)
	}
}

// sale is a record of which the order took effect.
func sale(id checkout.ID, paise int64, done time.Time) checkout.Record {
	r := record(id)
	r.UpdatedAt = done
	r.Quote = &quote.Quote{Currency: pricing.INR, Totals: quote.Totals{Total: pricing.Paise(paise)}}
	r.Placed = &checkout.Placement{At: done, Plan: checkout.Plan{Online: pricing.Paise(paise)}}
	r.Order = &checkout.OrderFact{ID: 7, CompletedAt: done}
	return r
}

func pending(id checkout.ID, paise int64) checkout.Record {
	r := sale(id, paise, at)
	r.Order = nil
	r.UpdatedAt = at.Add(-72 * time.Hour)
	r.Gateway = &payment.Order{ID: "order_00000000000001"}
	return r
}

// books are checkouts of every kind that a tally tells apart.
func books() []checkout.Record {
	yesterday := sale("chk_yesterday", 10000, at.Add(-24*time.Hour))
	refunded := sale("chk_refunded", 20000, at.Add(-48*time.Hour))
	refunded.Refunds = []checkout.RefundFact{{ID: "rfnd_1", Amount: pricing.Paise(500), At: at.Add(time.Hour)}}
	refunded.UpdatedAt = at.Add(time.Hour)
	stuck := given("chk_stuck", 96*time.Hour)
	closed := record("chk_closed")
	closed.Closing = &checkout.Closing{}
	closed.UpdatedAt = at.Add(time.Minute)
	dead := sale("chk_dead", 40000, at.Add(time.Minute))
	dead.Intents = []checkout.Intent{{Dead: true}}
	return []checkout.Record{
		record("chk_open"), record("chk_open2"), sale("chk_first", 30000, at), sale("chk_last", 50000, at.Add(24*time.Hour)),
		pending("chk_pending", 1500), pending("chk_pending2", 2500), yesterday, refunded, stuck, closed, dead,
	}
}

func tallyCounts(s *registerTest) {
	for _, r := range books() {
		s.create(r)
	}
	for _, window := range []struct{ from, to time.Time }{
		{at, at.Add(24 * time.Hour)}, {at.Add(-24 * time.Hour), at}, {at.Add(-96 * time.Hour), at.Add(96 * time.Hour)},
		{at.Add(96 * time.Hour), at.Add(97 * time.Hour)}, {at, at},
	} {
		var want checkout.Tally
		var err error
		for _, r := range books() {
			if want, err = want.Count(r, window.from, window.to); err != nil {
				s.Fatal(err)
			}
		}
		got, err := s.register.Tally(s.Context(), window.from, window.to)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			s.Errorf("from %s to %s: %v (-want +got)\n%s", window.from, window.to, err, diff)
		}
	}
}

func tallyOfNothing(s *registerTest) {
	got, err := s.register.Tally(s.Context(), at, at.Add(time.Hour))
	if diff := cmp.Diff(checkout.Tally{}, got); err != nil || diff != "" {
		s.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
