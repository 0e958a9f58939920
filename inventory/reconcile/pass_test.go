package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

func TestPassFollowsWhatChanged(t *testing.T) {
	s := open(t)
	s.pass()
	s.there.set(sari, 4)
	report := s.pass()
	s.wants(sari, 4)
	s.wants(mug, 10)
	if report.Corrected != 1 || len(report.Changes) != 1 || report.Changes[0].To != 4 {
		t.Errorf("got %+v", report)
	}
	s.now = s.now.Add(time.Hour)
	s.pass()
	s.there.asked = 0
	if s.pass(); s.there.asked > 4 { // what changed last is within the overlap
		t.Errorf("a pass over nothing new read %d items", s.there.asked)
	}
	s.balance()
}

// TestPassGoesOnWhereItStopped: a page that failed is read again, by whoever comes
// next, and one that was dealt with is not.
func TestPassGoesOnWhereItStopped(t *testing.T) {
	s := open(t, func(c *reconcile.Config) { c.Overlap = time.Second })
	s.pass()
	for i, item := range []inventory.Item{mug, sari, ring} {
		s.now = s.now.Add(time.Minute)
		s.there.set(item, int64(i))
	}
	calls := 0
	s.there.between = func() {
		if calls++; calls == 2 {
			s.there.once = errors.New("the store is down")
		}
	}
	s.now = s.now.Add(time.Minute)
	if _, err := s.Pass(t.Context()); err == nil || !strings.Contains(err.Error(), "down") {
		t.Fatalf("got %v", err)
	}
	s.wants(mug, 0)
	s.wants(ring, 10)
	s.there.asked = 0
	if _, err := s.replica().Pass(t.Context()); err != nil { // another process
		t.Fatal(err)
	}
	s.wants(sari, 1)
	s.wants(ring, 2)
	if s.there.asked > 3 { // the last of the page is seen again
		t.Errorf("%d items were read, although the first page was done", s.there.asked)
	}
}

func TestPassReadsManyChangesOfOneSecond(t *testing.T) {
	s := open(t)
	s.pass()
	s.now = s.now.Add(time.Hour)
	for i := range int64(5) {
		s.there.set(inventory.ProductItem(100+i), 1)
	}
	s.there.set(ring, 3)
	s.pass()
	s.wants(ring, 3)
}

func TestPassSettlesOrders(t *testing.T) {
	s := open(t)
	s.pass()
	s.sell(101, 4, inventory.Allocate)
	s.there.set(mug, 6)
	s.there.order(101, 4, "processing")
	s.there.order(7, 3, "processing") // somebody else's
	s.sell(101, 4, inventory.Confirm)
	s.pass()
	if l := s.level(mug); l.OnHand != 6 || l.Sold != 4 {
		t.Fatalf("after the sale: %+v", l)
	}
	s.there.order(101, 1, "processing") // three were refunded, with restocking
	s.there.set(mug, 9)
	report := s.pass()
	if l := s.level(mug); l.OnHand != 9 || l.Sold != 1 || report.Settled != 1 || len(s.open()) != 0 {
		t.Errorf("after the refund: %+v, %s", l, report.Text())
	}
	s.sell(101, 1, inventory.Ship)
	s.there.order(101, 0, "cancelled")
	s.there.set(mug, 10)
	s.pass()
	if l := s.level(mug); l.OnHand != 10 || l.Sold != 0 || l.Shipped != 0 {
		t.Errorf("after it came back: %+v", l)
	}
	s.balance()
}

// TestSettleOfAnOrderNotConfirmed: an order read before our books confirmed it says
// nothing about them.
func TestSettleOfAnOrderNotConfirmed(t *testing.T) {
	s := open(t)
	s.sell(101, 4, inventory.Allocate)
	s.there.order(101, 0, "pending")
	if report := s.pass(); report.Settled != 0 || s.level(mug).Allocated != 4 {
		t.Errorf("got %+v, %+v", report, s.level(mug))
	}
}

// TestOddBooksHoldUpNobody: a parcel was booked on the wrong order, so that one
// order's pieces cannot come back. All else goes on.
func TestOddBooksHoldUpNobody(t *testing.T) {
	s := open(t)
	s.sell(101, 4, inventory.Allocate, inventory.Confirm)
	s.sell(102, 4, inventory.Ship)
	s.sell(103, 2, inventory.Allocate, inventory.Confirm)
	s.there.order(101, 0, "cancelled")
	s.there.order(103, 1, "processing")
	s.there.set(sari, 4)
	report := s.pass()
	s.wants(sari, 4)
	if report.Failed == 0 || report.Settled != 1 || s.level(mug).Sold != 1 || !strings.Contains(report.Text(), "impossible: ") {
		t.Errorf("got %s, %+v", report.Text(), s.level(mug))
	}
}

// TestAFailureOfOneKind does not keep the others from being followed.
func TestAFailureOfOneKind(t *testing.T) {
	s := open(t)
	s.there.set(sari, 4)
	s.there.once = errors.New("the list of orders is down")
	s.now = s.now.Add(time.Minute)
	if _, err := s.Pass(t.Context()); err == nil || !strings.Contains(err.Error(), "down") {
		t.Errorf("got %v", err)
	}
	s.wants(sari, 4)
}

func TestPassReadsAgainWhatClaimsEndedOf(t *testing.T) {
	s := open(t, func(c *reconcile.Config) { c.Feed = nil })
	s.sell(101, 4, inventory.Allocate)
	s.there.set(mug, 6)
	s.must(s.Changed(t.Context(), reconcile.Products, 16, 0)) // has it already
	s.sell(101, 4, inventory.Confirm)
	s.wants(mug, 2) // too few, never too many
	s.pass()
	s.wants(mug, 6)
	if n := len(s.open()); n != 0 {
		t.Errorf("%d findings", n)
	}
}

// TestStaleRise: one answer from before a sale does not sell it again.
func TestStaleRise(t *testing.T) {
	s := open(t)
	s.sell(101, 4, inventory.Allocate, inventory.Confirm)
	calls := 0
	s.there.between = func() {
		s.there.mu.Lock()
		defer s.there.mu.Unlock()
		calls++
		l := s.there.numbers[mug]
		l.OnHand = map[bool]int64{true: 10, false: 6}[calls == 1]
		s.there.numbers[mug] = l
	}
	_, err := s.Refresh(t.Context(), mug)
	s.must(err)
	s.wants(mug, 6)
	if calls != 2 {
		t.Errorf("read %d times", calls)
	}
}

func TestSweepFindsEverything(t *testing.T) {
	s := open(t, func(c *reconcile.Config) { c.Tolerance = &inventory.Tolerance{BasisPoints: 5000} })
	s.now = s.now.Add(time.Hour)
	s.there.set(mug, 10)
	s.pass()
	s.there.mu.Lock()
	delete(s.there.numbers, ring) // for good, and nothing says so
	l := s.there.numbers[sari]
	l.OnHand = 8
	s.there.numbers[sari] = l // past every date
	s.there.mu.Unlock()
	if s.pass(); s.level(ring).OnHand != 10 {
		t.Fatal("a pass cannot know")
	}
	report, err := s.Sweep(t.Context())
	s.must(err)
	s.wants(sari, 8)
	if l := s.level(ring); l.Sellable() != 0 || report.Read != 3 {
		t.Errorf("got %+v, %+v", l, report)
	}
	gone := s.open()
	if len(gone) != 1 || gone[0].Kind != reconcile.Gone {
		t.Fatalf("got %+v", gone)
	}
	s.there.set(ring, 5)
	s.pass()
	if s.wants(ring, 5); len(s.open()) != 0 {
		t.Errorf("it is back, but %+v", s.open())
	}
}

func TestSweepGoesOnWhereItStopped(t *testing.T) {
	s := open(t, func(c *reconcile.Config) { c.Batch = 1 })
	calls := 0
	s.there.between = func() {
		if calls++; calls == 2 {
			s.there.once = errors.New("the store is down")
		}
	}
	if _, err := s.Sweep(t.Context()); err == nil {
		t.Fatal("no error")
	}
	report, err := s.replica().Sweep(t.Context())
	if s.must(err); report.Read != 2 {
		t.Errorf("the second sweep read %d of the two that were left", report.Read)
	}
}

func TestHints(t *testing.T) {
	s := open(t)
	s.there.set(ring, 1)
	s.there.set(mug, 2)
	s.must(s.Changed(t.Context(), reconcile.Variations, 43, 16))
	s.wants(ring, 1)
	s.wants(mug, 2)
	s.must(s.Changed(t.Context(), reconcile.Orders, 404, 0))
	s.must(s.Changed(t.Context(), reconcile.Products, 404, 0))
	s.sell(101, 1, inventory.Allocate, inventory.Confirm)
	s.there.order(101, 0, "cancelled")
	s.must(s.Changed(t.Context(), reconcile.Orders, 101, 0))
	if l := s.level(mug); l.Sold != 0 || l.OnHand != 2 {
		t.Errorf("after a hint of the order: %+v", l)
	}
	for _, bad := range []struct {
		kind reconcile.Kind
		id   int64
	}{{"coupons", 1}, {reconcile.Trashed, 1}} {
		if err := s.Changed(t.Context(), bad.kind, bad.id, 0); !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// TestTwoReplicas: whoever is second with a page stops, and nothing is lost.
func TestTwoReplicas(t *testing.T) {
	s := open(t)
	s.there.set(mug, 3)
	other := s.replica()
	var conflict error
	s.there.between = func() {
		s.there.between = nil
		_, err := other.Pass(t.Context())
		conflict = errors.Join(conflict, err)
	}
	_, err := s.Pass(t.Context())
	if conflict != nil || !errors.Is(err, reconcile.ErrConflict) {
		t.Errorf("got %v and %v", conflict, err)
	}
	s.wants(mug, 3)
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, func(c *reconcile.Config) { c.Now = time.Now })
		s.there.now, s.there.log = time.Now, nil
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Service.Run(ctx) }()
		time.Sleep(time.Second)
		s.there.set(mug, 7)
		time.Sleep(time.Minute)
		s.wants(mug, 7)
		s.there.mu.Lock()
		delete(s.there.numbers, sari)
		s.there.broken = errors.New("the store is down")
		s.there.mu.Unlock()
		time.Sleep(2 * time.Minute)
		s.there.mu.Lock()
		s.there.broken = nil
		s.there.mu.Unlock()
		time.Sleep(24 * time.Hour)
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
		if got := s.level(sari).OnHand; got != 0 {
			t.Errorf("the daily sweep left %d of what is gone", got)
		}
		kinds := fmt.Sprint(s.events.kinds())
		for _, want := range []inventory.StockEventKind{inventory.StockChanged, inventory.ItemGone, inventory.SoldOut} {
			if !strings.Contains(kinds, string(want)) {
				t.Errorf("no %s among %s", want, kinds)
			}
		}
	})
}

func TestTheReserverIsTold(t *testing.T) {
	elsewhere := memstore.NewStock(memstore.StockConfig{})
	s := open(t, func(c *reconcile.Config) { c.Reserver = elsewhere })
	s.there.set(mug, 2)
	s.pass()
	levels, err := elsewhere.Levels(t.Context(), []inventory.Item{mug})
	if s.must(err); len(levels) != 1 || levels[0].OnHand != 2 || levels[0].Revision != s.level(mug).Revision {
		t.Errorf("got %+v", levels)
	}
}

func TestProgressIsShown(t *testing.T) {
	var seen []reconcile.Progress
	s := open(t, func(c *reconcile.Config) {
		c.Batch, c.Progress = 2, func(p reconcile.Progress) { seen = append(seen, p) }
	})
	_, err := s.Sweep(t.Context())
	s.must(err)
	if diff := cmp.Diff([]reconcile.Progress{{"sweep", 2}, {"sweep", 3}, {"sweep", 3}}, seen); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBackordersAreCapped(t *testing.T) {
	s := open(t, func(c *reconcile.Config) { c.Backorders = 5 })
	s.there.mu.Lock()
	s.there.numbers[mug] = inventory.Level{
		Key: mug.At(inventory.DefaultLocation), OnHand: 1, Policy: inventory.Backorder, BackorderLimit: inventory.MaxLevel,
	}
	s.there.mu.Unlock()
	report, err := s.Refresh(t.Context(), mug, mug, inventory.ProductItem(404))
	s.must(err)
	if l := s.level(mug); l.Sellable() != 6 || report.Read != 1 || report.Changes[0].Policy != inventory.Backorder {
		t.Errorf("got %+v, %+v", l, report)
	}
}

func TestConfigurationMistakesComeAtOnce(t *testing.T) {
	_, err := reconcile.New(reconcile.Config{
		Batch: 1001, Every: -1, Backorders: -1, Tolerance: &inventory.Tolerance{BasisPoints: -1},
	})
	for _, field := range []string{"Books", "Source", "Journal", "Batch", "Every", "Backorders", "Tolerance"} {
		if !errors.Is(err, reconcile.ErrConfig) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s is not named in %v", field, err)
		}
	}
}

// paged counts the pages that are read of what there is.
type paged struct {
	reconcile.Books
	pages int
}

func (p *paged) Standings(ctx context.Context, q inventory.StandingQuery) ([]inventory.Standing, error) {
	p.pages++
	return p.Books.Standings(ctx, q)
}

// TestASweepPassesCustomersCouponsBy: there may be one for every order, and nothing to be read of any.
func TestASweepPassesCustomersCouponsBy(t *testing.T) {
	var books *paged
	s := open(t, func(c *reconcile.Config) {
		books = &paged{Books: c.Books}
		c.Books, c.Batch = books, 2
	})
	for i := range 20 {
		key := inventory.CustomerCouponItem("diwali", strconv.Itoa(i), 1).At(inventory.DefaultLocation)
		s.must(s.stock.SetLevels(t.Context(), []inventory.Level{{Key: key, OnHand: 1}}))
	}
	report, err := s.Sweep(t.Context())
	if s.must(err); report.Read != 3 || books.pages > 4 {
		t.Errorf("%d items in %d pages", report.Read, books.pages)
	}
}
