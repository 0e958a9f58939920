package mishap_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/internal/mishap"
)

type fault struct {
	On          string
	What        string
	Skip, Times int
}

func newQueue(faults ...fault) *mishap.Queue[string, fault] {
	q := mishap.New(func(f *fault) (string, *int, *int) { return f.On, &f.Skip, &f.Times })
	q.Plant(faults...)
	return q
}

// TestTake makes calls one after the other and looks at what each of them meets.
func TestTake(t *testing.T) {
	tests := map[string]struct {
		planted []fault
		calls   []string
		met     []string
		left    int
	}{
		"nothing planted":               {nil, []string{"pay", "pay"}, []string{"", ""}, 0},
		"one call when it says nothing": {[]fault{{On: "pay", What: "a"}}, []string{"pay", "pay"}, []string{"a", ""}, 0},
		"another operation":             {[]fault{{On: "pay", What: "a"}}, []string{"read", "pay"}, []string{"", "a"}, 0},
		"as often as it says":           {[]fault{{On: "pay", What: "a", Times: 2}}, []string{"pay", "pay", "pay"}, []string{"a", "a", ""}, 0},
		"after those that go well":      {[]fault{{On: "pay", What: "a", Skip: 2}}, []string{"pay", "pay", "pay"}, []string{"", "", "a"}, 0},
		"only its own calls are waited for": {[]fault{{On: "pay", What: "a", Skip: 1}}, []string{"read", "pay", "read", "pay"},
			[]string{"", "", "", "a"}, 0},
		"the oldest first":               {[]fault{{On: "pay", What: "a"}, {On: "pay", What: "b"}}, []string{"pay", "pay"}, []string{"a", "b"}, 0},
		"one that waits keeps the place": {[]fault{{On: "pay", What: "a", Skip: 1}, {On: "pay", What: "b"}}, []string{"pay", "pay", "pay"}, []string{"", "a", "b"}, 0},
		"what is left over":              {[]fault{{On: "pay", What: "a", Times: 3}, {On: "read", What: "b"}}, []string{"pay"}, []string{"a"}, 2},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			q := newQueue(c.planted...)
			var met []string
			counted := map[string]int{}
			for _, op := range c.calls {
				met = append(met, q.Take(op).What)
				counted[op]++
			}
			if diff := cmp.Diff(c.met, met); diff != "" {
				t.Errorf("met (-want +got)\n%s", diff)
			}
			if got := len(q.Planted()); got != c.left {
				t.Errorf("%d faults are left, want %d", got, c.left)
			}
			for op, n := range counted {
				if q.Calls(op) != n {
					t.Errorf("%d calls of %s were counted, not %d", q.Calls(op), op, n)
				}
			}
		})
	}
}

// TestTakeIfLeavesTheRest holds that a call that goes on to somebody else is counted
// there, and its fault kept for there.
func TestTakeIfLeavesTheRest(t *testing.T) {
	q := newQueue(fault{On: "pay", What: "elsewhere"}, fault{On: "pay", What: "here"})
	here := func(f fault) bool { return f.What == "here" }
	if f, ok := q.TakeIf("pay", here); ok {
		t.Fatalf("took %v", f)
	}
	if q.Calls("pay") != 0 || len(q.Planted()) != 2 {
		t.Errorf("%d calls counted, %d faults left", q.Calls("pay"), len(q.Planted()))
	}
	if got := q.Take("pay").What; got != "elsewhere" {
		t.Errorf("then met %q", got)
	}
	if f, ok := q.TakeIf("pay", here); !ok || f.What != "here" || q.Calls("pay") != 2 {
		t.Errorf("then took %v, %v after %d calls", f, ok, q.Calls("pay"))
	}
}

// TestPlantedIsACopy holds that looking changes nothing.
func TestPlantedIsACopy(t *testing.T) {
	q := newQueue(fault{On: "pay", What: "a"})
	q.Planted()[0].On = "read"
	if got := q.Take("pay").What; got != "a" {
		t.Errorf("met %q", got)
	}
}

// TestTakeInParallel hands each fault out once.
func TestTakeInParallel(t *testing.T) {
	const times, calls = 50, 80
	q := newQueue(fault{On: "pay", What: "a", Times: times})
	var mu sync.Mutex
	var wg sync.WaitGroup
	met := 0
	for range calls {
		wg.Go(func() {
			if q.Take("pay").What == "a" {
				mu.Lock()
				defer mu.Unlock()
				met++
			}
		})
	}
	wg.Wait()
	if met != times || q.Calls("pay") != calls || len(q.Planted()) != 0 {
		t.Errorf("%d of %d calls met the fault, %d were counted, %d faults are left", met, calls, q.Calls("pay"), len(q.Planted()))
	}
}
