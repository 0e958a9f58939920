package stockhttp_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/inventory/stockhttp"
	"github.com/ankkor/ankkor/inventory/stockhttp/stockhttptest"
)

// memory is a Once with a clock that moves when told.
func memory(*testing.T) stockhttptest.OnceHarness {
	now := noon
	m := stockhttp.NewMemory(func() time.Time { return now })
	return stockhttptest.OnceHarness{Once: []stockhttp.Once{m}, Advance: func(d time.Duration) { now = now.Add(d) }}
}

func TestMemoryConforms(t *testing.T) { stockhttptest.RunOnce(t, memory) }

// broken is a Once with a mistake.
type broken struct {
	stockhttp.Once
	fault string
}

const (
	forEver      = "a lease has no end"
	forgetsDone  = "what was done can be given back"
	ownMemory    = "each replica has its own"
	secondIsDone = "what is in hand counts as done"
)

func (b broken) Begin(ctx context.Context, id string, lease time.Duration) (mine, done bool, err error) {
	if b.fault == forEver {
		lease = 1000 * time.Hour
	}
	mine, done, err = b.Once.Begin(ctx, id, lease)
	return mine, done || b.fault == secondIsDone && !mine, err
}

func (b broken) Done(ctx context.Context, id string, keep time.Duration) error {
	if b.fault == forgetsDone {
		return nil
	}
	return b.Once.Done(ctx, id, keep)
}

func TestRunOnceRejects(t *testing.T) {
	for fault, promise := range map[string]string{
		forEver:      "a lease that is over lets others begin",
		forgetsDone:  "what was done stays done for its time",
		ownMemory:    "of many who begin at once one has it",
		secondIsDone: "an id has one holder at a time",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, promise, func(t *testing.T) {
				stockhttptest.RunOnce(t, func(t *testing.T) stockhttptest.OnceHarness {
					h := memory(t)
					h.Once[0] = broken{h.Once[0], fault}
					if fault == ownMemory {
						h.Once = append(h.Once, stockhttp.NewMemory(nil))
					}
					return h
				})
			})
		})
	}
}

// Whoever recorded a request cannot start the work again by another message id, which
// nothing signs.
func TestQStashTakesASignatureOnce(t *testing.T) {
	w := &worker{}
	h := newQStash(t, w)
	recorded := genuine(t, "msg_1")
	for i, want := range []int{204, 401, 401} {
		if got := post(h, "", recorded); got.Code != want {
			t.Errorf("call %d: %d, want %d", i, got.Code, want)
		}
		recorded["Upstash-Message-Id"] += "x"
	}
	if w.runs != 1 {
		t.Errorf("%d runs", w.runs)
	}
}

// atWork is work that is sent once more while it is done.
type atWork struct {
	t     *testing.T
	h     http.Handler
	again func(*testing.T) map[string]string
	runs  int
	codes []int
}

func (a *atWork) work(context.Context) error {
	if a.runs++; a.runs == 1 {
		got := post(a.h, "", a.again(a.t))
		a.codes = append(a.codes, got.Code)
		if got.Header().Get("Retry-After") == "" {
			a.t.Error("whoever comes meanwhile is not told when to come again")
		}
	}
	return nil
}

func TestMessageInHand(t *testing.T) {
	a := &atWork{t: t, again: func(t *testing.T) map[string]string { return genuine(t, "msg_1") }}
	var err error
	a.h, err = stockhttp.QStash(stockhttp.QStashConfig{
		CurrentKey: stockhttp.NewSecret(current), URL: destination, Once: stockhttp.NewMemory(nil), Work: a.work,
		Now: func() time.Time { return noon }, Log: quiet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	first, later := post(a.h, "", genuine(t, "msg_1")), post(a.h, "", genuine(t, "msg_1"))
	if first.Code != 204 || later.Code != 204 || a.runs != 1 || len(a.codes) != 1 || a.codes[0] != 503 {
		t.Errorf("%d, %v meanwhile, %d later, %d runs", first.Code, a.codes, later.Code, a.runs)
	}
}

// A replica that dies at work leaves the message to others, once its lease is over.
func TestReplicaDiesAtWork(t *testing.T) {
	now, runs := noon, 0
	h, err := stockhttp.Shared(stockhttp.SharedConfig{
		Secrets: []stockhttp.Secret{stockhttp.NewSecret(current)}, Once: stockhttp.NewMemory(func() time.Time { return now }),
		Lease: time.Minute, Log: quiet(),
		Work: func(context.Context) error {
			if runs++; runs == 1 {
				panic("killed")
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func() (code int) {
		defer func() { _ = recover() }()
		return post(h, "", map[string]string{"Authorization": "Bearer " + current, "Idempotency-Key": "sweep-2026-11-20"}).Code
	}
	for i, want := range []int{0, 503} {
		if got := send(); got != want {
			t.Errorf("call %d: %d, want %d", i, got, want)
		}
	}
	now = now.Add(time.Minute)
	if got := send(); got != 204 || runs != 2 {
		t.Errorf("after the lease: %d, %d runs", got, runs)
	}
}

func TestSharedGuardsByKey(t *testing.T) {
	w := &worker{}
	h, err := stockhttp.Shared(stockhttp.SharedConfig{
		Secrets: []stockhttp.Secret{stockhttp.NewSecret(current)}, Once: stockhttp.NewMemory(nil), Work: w.work, Log: quiet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		key        string
		code, runs int
	}{
		{"a", 204, 1}, {"a", 204, 1}, {"\xff\x00", 204, 2}, {"\xff\x00", 204, 2}, {"", 204, 3}, {"", 204, 4},
		{strings.Repeat("k", 200), 204, 5}, {strings.Repeat("k", 201), 400, 5},
	} {
		got := post(h, "", map[string]string{"Authorization": "Bearer " + current, "Idempotency-Key": tc.key})
		if got.Code != tc.code || w.runs != tc.runs {
			t.Errorf("%q: %d, %d runs, want %d, %d", tc.key, got.Code, w.runs, tc.code, tc.runs)
		}
	}
	if got := post(h, "", map[string]string{"Authorization": "Bearer wrong", "Idempotency-Key": "b"}); got.Code != 401 {
		t.Errorf("a wrong secret: %d", got.Code)
	}
}

// away is a memory that cannot be reached.
type away struct{ stockhttp.Once }

func (away) Begin(context.Context, string, time.Duration) (mine, done bool, err error) {
	return false, false, errors.New("postgres is away")
}

func TestMemoryAway(t *testing.T) {
	w := &worker{}
	c := stockhttp.QStashConfig{
		CurrentKey: stockhttp.NewSecret(current), URL: destination, Once: away{}, Work: w.work,
		Now: func() time.Time { return noon }, Log: quiet(),
	}
	h, err := stockhttp.QStash(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := post(h, "", genuine(t, "msg_1")); got.Code != 503 || w.runs != 0 || strings.Contains(got.Body.String(), "postgres") {
		t.Errorf("%d %q, %d runs", got.Code, got.Body, w.runs)
	}
	c.Lease = -1
	if _, err := stockhttp.QStash(c); !errors.Is(err, stockhttp.ErrConfig) {
		t.Errorf("a negative lease: %v", err)
	}
}
