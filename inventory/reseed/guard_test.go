package reseed_test

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
)

// memory is a store of levels that forgets when it is told to.
type memory struct {
	mu         sync.Mutex
	levels     map[inventory.Key]inventory.Level
	beat       int64
	generation int64
	of         map[inventory.Key]int64 // the generation of each level
	pending    bool
	moved      bool
	fail       map[string]error
	told       int // calls of SetLevels
}

func newMemory() *memory {
	return &memory{levels: map[inventory.Key]inventory.Level{}, of: map[inventory.Key]int64{}, fail: map[string]error{}}
}

func (m *memory) Levels(context.Context, []inventory.Item) ([]inventory.Level, error) {
	return nil, errors.New("not asked here")
}

func (m *memory) SetLevels(_ context.Context, levels []inventory.Level) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	levels, err := inventory.CheckLevels(levels)
	if err = errors.Join(err, m.fail["SetLevels"]); err != nil {
		return err
	}
	m.told++
	for _, l := range levels {
		old, ok := m.levels[l.Key]
		if !ok || m.of[l.Key] != m.generation || l.Revision > old.Revision {
			m.levels[l.Key], m.of[l.Key] = l, m.generation
		}
	}
	return nil
}

func (m *memory) Recheck(_ context.Context, seen int64, doubt bool) (inventory.Memory, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fail["Recheck"]; err != nil {
		return inventory.Memory{}, err
	}
	var lost inventory.Loss
	switch {
	case m.beat == 0:
		lost = inventory.Emptied
	case m.moved:
		lost = inventory.Moved
	case m.beat < seen:
		lost = inventory.WentBack
	case doubt:
		lost = inventory.Doubted
	}
	if lost != "" {
		m.generation, m.pending, m.moved = m.generation+1, true, false
	}
	m.beat = max(m.beat, seen) + 1
	return inventory.Memory{Beat: m.beat, Generation: m.generation, Pending: m.pending, Lost: lost}, nil
}

func (m *memory) Retaught(_ context.Context, generation int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.fail["Retaught"]; err != nil {
		return err
	}
	if generation == m.generation {
		m.pending = false
	}
	return nil
}

func (m *memory) lookAt(do func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	do()
}

// snapshot is a state that can be restored.
func (m *memory) snapshot() func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	levels, of, beat, generation := maps.Clone(m.levels), maps.Clone(m.of), m.beat, m.generation
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.levels, m.of, m.beat, m.generation = levels, of, beat, generation
	}
}

// shop is books with so many items, ten pieces of each, and a memory.
type shop struct {
	*reseed.Guard
	books  *memstore.Stock
	memory *memory
}

func newShop(t *testing.T, items int) *shop {
	t.Helper()
	s := &shop{books: memstore.NewStock(memstore.StockConfig{}), memory: newMemory()}
	for i := range items {
		s.receive(t, i, 10)
	}
	s.Guard = s.another(t)
	return s
}

// another is a guard in another process.
func (s *shop) another(t *testing.T) *reseed.Guard {
	t.Helper()
	g, err := reseed.New(reseed.Config{Memory: s.memory, Books: s.books})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func key(i int) inventory.Key {
	return inventory.ProductItem(int64(i + 1)).At(inventory.DefaultLocation)
}

func (s *shop) receive(t *testing.T, i int, pieces int64) {
	t.Helper()
	move := inventory.Move{Kind: inventory.Receive, Lines: []inventory.Held{{Key: key(i), Quantity: pieces}}}
	if _, err := s.books.Move(t.Context(), move); err != nil {
		t.Fatal(err)
	}
}

// wantInStep holds that the memory knows what the books know.
func (s *shop) wantInStep(t *testing.T, items int) {
	t.Helper()
	for i := range items {
		levels, err := s.books.Levels(t.Context(), []inventory.Item{key(i).Item})
		if err != nil {
			t.Fatal(err)
		}
		s.memory.lookAt(func() {
			if diff := cmp.Diff(levels[0], s.memory.levels[key(i)]); diff != "" {
				t.Fatalf("memory and books (-books +memory):\n%s", diff)
			}
		})
	}
}

func (s *shop) check(t *testing.T, want reseed.Report) {
	t.Helper()
	got, err := s.Check(t.Context())
	if err != nil || got != want {
		t.Errorf("Check = %+v, %v; want %+v", got, err, want)
	}
}

func TestWhatIsNoticed(t *testing.T) {
	tests := map[string]struct {
		happens func(s *shop, old func())
		want    inventory.Loss
	}{
		"flushed":              {func(s *shop, _ func()) { s.memory.beat = 0; clear(s.memory.levels) }, inventory.Emptied},
		"another server":       {func(s *shop, old func()) { old(); s.memory.moved = true }, inventory.Moved},
		"back in time":         {func(_ *shop, old func()) { old() }, inventory.WentBack},
		"news that were lost":  {func(s *shop, _ func()) { s.Doubt() }, inventory.Doubted},
		"nothing has happened": {func(*shop, func()) {}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, 3)
			s.check(t, reseed.Report{Lost: inventory.Emptied, Told: 3})
			old := s.memory.snapshot()
			s.check(t, reseed.Report{})
			if test.want != "" {
				s.receive(t, 1, 5)
			}
			test.happens(s, old)
			want := reseed.Report{Lost: test.want}
			if test.want != "" {
				want.Told = 3
			}
			s.check(t, want)
			s.wantInStep(t, 3)
			s.check(t, reseed.Report{})
		})
	}
}

// TestHigherRevisionsAreOverruled: the books were restored, and count again from
// where they were.
func TestHigherRevisionsAreOverruled(t *testing.T) {
	s := newShop(t, 1)
	s.check(t, reseed.Report{Lost: inventory.Emptied, Told: 1})
	wrong := s.memory.levels[key(0)]
	wrong.OnHand, wrong.Revision = 1000, wrong.Revision+7
	s.memory.levels[key(0)] = wrong
	s.check(t, reseed.Report{})
	s.Doubt()
	s.check(t, reseed.Report{Lost: inventory.Doubted, Told: 1})
	s.wantInStep(t, 1)
}

// TestWhoStartsDoubts: while nobody was looking anything may have happened.
func TestWhoStartsDoubts(t *testing.T) {
	s := newShop(t, 2)
	s.check(t, reseed.Report{Lost: inventory.Emptied, Told: 2})
	if got, err := s.another(t).Check(t.Context()); err != nil || got.Lost != inventory.Doubted || got.Told != 2 {
		t.Errorf("the first look of another process = %+v, %v", got, err)
	}
}

// TestNothingIsForgottenAfterAnError: whatever fails, the next look does it all.
func TestNothingIsForgottenAfterAnError(t *testing.T) {
	for _, step := range []string{"Recheck", "SetLevels", "Retaught"} {
		t.Run(step, func(t *testing.T) {
			s := newShop(t, 2)
			s.check(t, reseed.Report{Lost: inventory.Emptied, Told: 2})
			s.receive(t, 0, 1)
			s.Doubt()
			s.memory.fail[step] = errors.New("away")
			if _, err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "away") {
				t.Errorf("Check = %v", err)
			}
			s.memory.fail = map[string]error{}
			if _, err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			s.wantInStep(t, 2)
			if s.memory.pending {
				t.Error("levels are still said to be untold")
			}
		})
	}
}

// TestAnotherEndsWhatOneBegan: a process dies between giving levels up and telling
// them anew.
func TestAnotherEndsWhatOneBegan(t *testing.T) {
	s := newShop(t, 2)
	other := s.another(t)
	for _, g := range []*reseed.Guard{s.Guard, other} {
		if _, err := g.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.receive(t, 0, 1)
	s.Doubt()
	s.memory.fail["SetLevels"] = context.Canceled
	if _, err := s.Check(t.Context()); err == nil {
		t.Error("Check succeeded")
	}
	clear(s.memory.fail)
	if got, err := other.Check(t.Context()); err != nil || got != (reseed.Report{Told: 2}) {
		t.Errorf("the other's Check = %+v, %v", got, err)
	}
	s.wantInStep(t, 2)
}

// TestManyItems are read page by page.
func TestManyItems(t *testing.T) {
	s := newShop(t, 401)
	s.check(t, reseed.Report{Lost: inventory.Emptied, Told: 401})
	s.wantInStep(t, 401)
	if s.memory.told != 3 {
		t.Errorf("told in %d calls, want 3", s.memory.told)
	}
}

// TestRun looks every second, tells all every ten minutes, and ends with its context.
// counted counts the pages that were read.
type counted struct {
	*memstore.Stock
	pages int
}

func (c *counted) Standings(ctx context.Context, q inventory.StandingQuery) ([]inventory.Standing, error) {
	c.pages++
	return c.Stock.Standings(ctx, q)
}

// TestNoCustomersCoupons: they are neither told nor paged through, many as they are.
func TestNoCustomersCoupons(t *testing.T) {
	s := newShop(t, 1)
	for i := range 601 {
		item := inventory.CustomerCouponItem("diwali", strconv.Itoa(i), 1)
		if err := s.books.SetLevels(t.Context(), []inventory.Level{{Key: item.At(inventory.DefaultLocation), OnHand: 1}}); err != nil {
			t.Fatal(err)
		}
	}
	coupon := inventory.Level{Key: inventory.CouponItem("diwali").At(inventory.DefaultLocation), OnHand: 1}
	if err := s.books.SetLevels(t.Context(), []inventory.Level{coupon}); err != nil {
		t.Fatal(err)
	}
	books := &counted{Stock: s.books}
	guard, err := reseed.New(reseed.Config{Memory: s.memory, Books: books})
	if err != nil {
		t.Fatal(err)
	}
	s.Guard = guard
	s.check(t, reseed.Report{Lost: inventory.Emptied, Told: 2})
	if s.wantInStep(t, 1); books.pages != 2 {
		t.Errorf("%d pages were read", books.pages)
	}
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t, 2)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		s.wantInStep(t, 2)
		s.receive(t, 0, 1)
		s.memory.lookAt(func() { s.memory.moved = true })
		time.Sleep(time.Second)
		synctest.Wait()
		s.wantInStep(t, 2)

		s.receive(t, 1, 1) // and the news of it were lost
		time.Sleep(9 * time.Minute)
		synctest.Wait()
		s.memory.lookAt(func() {
			if s.memory.told != 2 {
				t.Errorf("told %d times in nine minutes without a reason, want 2 of before", s.memory.told)
			}
		})
		time.Sleep(time.Minute)
		synctest.Wait()
		s.wantInStep(t, 2)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run = %v", err)
		}
	})
}

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := reseed.New(reseed.Config{Pace: reseed.Pace{Every: -1, Whole: -1}})
	for _, word := range []string{"Memory", "Books", "Every", "Whole"} {
		if !errors.Is(err, reseed.ErrConfig) || !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not mention %s", err, word)
		}
	}
	var none *reseed.Guard
	none.Doubt() // does nothing
}
