package inventorytest_test

import (
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
)

// What stores that may forget get wrong.
const (
	emptyIsFine           fault = "takes an empty memory for a sound one"
	emptySaysSoAlways     fault = "gives up again while it is pending"
	sameBeat              fault = "has one beat for two looks"
	beatOfItsOwn          fault = "does not go on from the caller's beat"
	alwaysGivesUp         fault = "gives up at every look"
	ignoresDoubt          fault = "ignores a doubt"
	forgetsWhatItDoubts   fault = "forgets what is doubted"
	freesWhatItDoubts     fault = "frees what is reserved of doubted levels"
	refusesToldAnew       fault = "compares revisions with what was given up"
	believesAnything      fault = "takes any revision once it was in doubt"
	endsWithTheFirstKey   fault = "is out of doubt after one key"
	keepsUncovered        fault = "voids nothing when it is told anew"
	neverEnds             fault = "stays in doubt for ever"
	endsAnyGeneration     fault = "ends whatever generation"
	looksAnyway           fault = "looks though the context is done"
	looksInTwoSteps       fault = "looks, then gives up"
	countsFromOne         fault = "counts generations from one again"
	countsOn              fault = "counts on from the generation it has"
	trustsAnyServer       fault = "trusts another server"
	trustsThePast         fault = "trusts what went back"
	answersUnknownSoldOut fault = "calls what it forgot sold out"
)

func brokenMemories() map[fault]string {
	return map[fault]string{
		emptyIsFine:           "a new memory is empty and says so once",
		emptySaysSoAlways:     "a new memory is empty and says so once",
		sameBeat:              "every look has a higher beat",
		beatOfItsOwn:          "memory from before the last look is noticed",
		alwaysGivesUp:         "nothing is given up without a reason",
		ignoresDoubt:          "a doubt gives all levels up",
		forgetsWhatItDoubts:   "what was given up stays in use until it is told",
		freesWhatItDoubts:     "what was given up stays in use until it is told",
		refusesToldAnew:       "what was given up is told anew at any revision, once",
		believesAnything:      "what was given up is told anew at any revision, once",
		endsWithTheFirstKey:   "each key is told anew for itself",
		keepsUncovered:        "levels told anew void what they do not cover",
		neverEnds:             "a generation ends when it is told",
		endsAnyGeneration:     "the end of an earlier generation ends nothing",
		looksAnyway:           "a look whose context is done gives nothing up",
		looksInTwoSteps:       "of many who look one gives up",
		answersUnknownSoldOut: "an emptied memory is noticed",
		countsFromOne:         "the end of a generation that was wiped out ends nothing",
		trustsAnyServer:       "memory of another server is noticed",
		trustsThePast:         "memory from before the last look is noticed",
		countsOn:              "the end of a generation that went back ends nothing",
	}
}

// memory is a toy that may forget.
type memory struct {
	*toy
	numbers *atomic.Int64 // of generations; no two are alike
	now     remembered
}

// remembered is what can be lost, apart from the levels.
type remembered struct {
	known      bool // somebody vouched for it
	elsewhere  bool // where it is not now
	beat       int64
	generation int64
	pending    bool
	of         map[inventory.Key]int64 // the generation of each level
}

func newMemory(f fault) func(testing.TB) inventorytest.Harness {
	return func(testing.TB) inventorytest.Harness {
		c := newClock()
		s := &toy{fault: f, clock: c, levels: map[inventory.Key]inventory.Level{}, skew: map[inventory.Key]int64{}}
		m := &memory{toy: s, numbers: new(atomic.Int64), now: remembered{of: map[inventory.Key]int64{}}}
		return inventorytest.Harness{
			Reserver: m, Levels: m, Forgetful: m, Clients: []inventory.Reserver{m}, Advance: c.advance,
			Wipe: m.wipe, Carry: m.carry, Keep: m.keep,
		}
	}
}

func (m *memory) wipe() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = remembered{of: map[inventory.Key]int64{}}
	m.held = nil
	for key := range m.levels {
		if m.fault != answersUnknownSoldOut {
			delete(m.levels, key)
		} else {
			m.levels[key] = inventory.Level{Key: key}
		}
	}
}

func (m *memory) carry() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now.elsewhere = true
}

func (m *memory) keep() (restore func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now, levels, held := m.now, maps.Clone(m.levels), slices.Clone(m.held)
	now.of = maps.Clone(now.of)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.now, m.levels, m.held = now, levels, held
	}
}

// why says why levels are to be given up.
func (m *memory) why(seen int64, doubt bool) inventory.Loss {
	switch {
	case !m.now.known && m.fault != emptyIsFine, m.now.pending && m.fault == emptySaysSoAlways:
		return inventory.Emptied
	case m.now.elsewhere && m.fault != trustsAnyServer:
		return inventory.Moved
	case m.now.beat < seen && m.fault != trustsThePast:
		return inventory.WentBack
	case doubt && m.fault != ignoresDoubt, m.fault == alwaysGivesUp:
		return inventory.Doubted
	}
	return ""
}

func (m *memory) Recheck(ctx context.Context, seen int64, doubt bool) (inventory.Memory, error) {
	if m.fault == looksAnyway {
		ctx = context.WithoutCancel(ctx)
	}
	if _, err := m.begin(ctx); err != nil {
		return inventory.Memory{}, err
	}
	why := m.why(seen, doubt)
	if m.fault == looksInTwoSteps {
		m.pause()
	}
	defer m.mu.Unlock()
	if why != "" {
		m.giveUp()
	}
	m.now.known, m.now.elsewhere = true, false
	switch {
	case m.fault == beatOfItsOwn:
		m.now.beat++
	case m.fault != sameBeat || m.now.beat == 0:
		m.now.beat = max(m.now.beat, seen) + 1
	}
	return inventory.Memory{Beat: m.now.beat, Generation: m.now.generation, Pending: m.now.pending, Lost: why}, nil
}

func (m *memory) giveUp() {
	m.now.pending = true
	switch m.fault {
	case countsFromOne, countsOn:
		m.now.generation++
	default:
		m.now.generation = m.numbers.Add(1)
	}
	switch m.fault {
	case forgetsWhatItDoubts:
		m.levels = map[inventory.Key]inventory.Level{}
	case freesWhatItDoubts:
		m.held = nil
	}
}

func (m *memory) Retaught(ctx context.Context, generation int64) error {
	if _, err := m.begin(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if m.fault != neverEnds && (generation == m.now.generation || m.fault == endsAnyGeneration) {
		m.now.pending = false
	}
	return nil
}

// SetLevels gives levels that were given up no revision before it takes new ones.
func (m *memory) SetLevels(ctx context.Context, levels []inventory.Level) error {
	if _, err := m.begin(ctx); err != nil {
		return err
	}
	for _, next := range levels {
		l, known := m.levels[next.Key]
		if !known || m.now.of[next.Key] == m.now.generation && m.fault != believesAnything {
			m.now.of[next.Key] = m.now.generation
			continue
		}
		m.now.of[next.Key] = m.now.generation
		if m.fault == endsWithTheFirstKey {
			for key := range m.levels {
				m.now.of[key] = m.now.generation
			}
		}
		if m.fault != refusesToldAnew {
			l.Revision = min(l.Revision, next.Revision-1)
			m.levels[next.Key] = l
		}
		if m.fault == keepsUncovered {
			m.levels[next.Key] = inventory.Level{Key: next.Key, Revision: l.Revision}
		}
	}
	m.mu.Unlock()
	return m.toy.SetLevels(ctx, levels)
}

func TestAcceptsAMemoryWithoutFault(t *testing.T) { inventorytest.Run(t, newMemory(none)) }

func TestRejectsFaultsOfMemories(t *testing.T) {
	for f, promise := range brokenMemories() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, promise, func(t *testing.T) { inventorytest.Run(t, newMemory(f)) })
		})
	}
}
