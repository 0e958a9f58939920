package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox"
)

func message(key, topic string) inbox.Message {
	return inbox.Message{Source: "shop", Key: key, Topic: topic, Body: []byte("{}"), ReceivedAt: time.Now()}
}

func put(t *testing.T, b inbox.Inbox, messages ...inbox.Message) {
	t.Helper()
	for _, m := range messages {
		if _, err := b.Put(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
}

func dispatcher(t *testing.T, c inbox.DispatcherConfig) *inbox.Dispatcher {
	t.Helper()
	c.Source, c.Log = "shop", slog.New(slog.DiscardHandler)
	d, err := inbox.NewDispatcher(c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// handled notes what a handler was called with.
type handled struct {
	mu     sync.Mutex
	keys   []string
	answer func(n int) error // of the n-th call, from 1
}

func (h *handled) handle(_ context.Context, m inbox.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys = append(h.keys, m.Key)
	if h.answer == nil {
		return nil
	}
	return h.answer(len(h.keys))
}

func (h *handled) seen() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.keys)
}

func TestDispatchFinishesWhatIsDue(t *testing.T) {
	b, h := memstore.NewInbox(nil), &handled{}
	put(t, b, message("1", "a"), message("2", "b"))
	d := dispatcher(t, inbox.DispatcherConfig{Inbox: b, Handle: h.handle})
	if n, err := d.Dispatch(t.Context()); n != 2 || err != nil {
		t.Errorf("Dispatch = %d, %v; want 2", n, err)
	}
	if n, err := d.Dispatch(t.Context()); n != 0 || err != nil {
		t.Errorf("a second Dispatch = %d, %v; want 0", n, err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, h.seen()); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
}

// TestGroupsAreHandledOnce: the newest of a group stands for all of it.
func TestGroupsAreHandledOnce(t *testing.T) {
	b, h := memstore.NewInbox(nil), &handled{}
	old, newest := message("1", "product 12"), message("2", "product 12")
	newest.ReceivedAt = old.ReceivedAt.Add(time.Second)
	put(t, b, newest, old, message("3", "product 13"), message("4", ""), message("5", ""))
	d := dispatcher(t, inbox.DispatcherConfig{Inbox: b, Handle: h.handle, Group: func(m inbox.Message) string { return m.Topic }})
	if n, err := d.Dispatch(t.Context()); n != 5 || err != nil {
		t.Errorf("Dispatch = %d, %v; want 5", n, err)
	}
	got := h.seen()
	slices.Sort(got)
	if diff := cmp.Diff([]string{"2", "3", "4", "5"}, got); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
}

// TestRunTriesAgain: waits double from Backoff, and after MaxAttempts the message
// is a dead letter that somebody is told of.
func TestRunTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := memstore.NewInbox(nil)
		var at []time.Duration
		start := time.Now()
		var told []string
		d := dispatcher(t, inbox.DispatcherConfig{
			Inbox: b, Backoff: 10 * time.Second, MaxAttempts: 4, Every: time.Second,
			Handle: func(context.Context, inbox.Message) error {
				at = append(at, time.Since(start))
				return errors.New("the store is away")
			},
			GivenUp: func(_ context.Context, m inbox.Message, reason string) { told = append(told, m.Key+": "+reason) },
		})
		put(t, b, message("1", "a"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := d.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run = %v, want the context's error", err)
		}
		want := []time.Duration{0, 10 * time.Second, 30 * time.Second, 70 * time.Second}
		if diff := cmp.Diff(want, at); diff != "" {
			t.Errorf("handled at (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"1: the store is away"}, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}

func TestWhatTheHandlerAnswers(t *testing.T) {
	tests := map[string]struct {
		answer    func(int) error
		calls     int
		dead      string
		remaining int // messages to be claimed again
	}{
		"gives up at once": {func(int) error { return fmt.Errorf("no id in it: %w", inbox.ErrGiveUp) }, 1, "no id in it: inbox: give up", 0},
		"panics":           {func(int) error { panic("oh") }, 1, "", 1},
		"fails":            {func(int) error { return errors.New("later") }, 1, "", 1},
		"succeeds":         {nil, 1, "", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			b, h := memstore.NewInbox(func() time.Time { return now }), &handled{answer: test.answer}
			put(t, b, message("1", "a"))
			if _, err := dispatcher(t, inbox.DispatcherConfig{Inbox: b, Handle: h.handle}).Dispatch(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(h.seen()) != test.calls {
				t.Errorf("handled %d times", len(h.seen()))
			}
			dead, err := b.Dead(t.Context(), "shop", 10)
			if err != nil || len(dead) > 0 != (test.dead != "") || len(dead) > 0 && dead[0].Reason != test.dead {
				t.Errorf("dead letters %v, %v; want %q", dead, err, test.dead)
			}
			now = now.Add(time.Minute)
			if again, _ := b.Claim(t.Context(), "shop", 10, time.Minute); len(again) != test.remaining {
				t.Errorf("%d messages wait, want %d", len(again), test.remaining)
			}
		})
	}
}

// TestStorageFailures: a claim that cannot be finished comes back, and Run goes on.
func TestStorageFailures(t *testing.T) {
	b, h := &flaky{Inbox: memstore.NewInbox(nil)}, &handled{}
	put(t, b, message("1", "a"))
	d := dispatcher(t, inbox.DispatcherConfig{Inbox: b, Handle: h.handle})
	b.finish = errors.New("connection reset")
	if n, err := d.Dispatch(t.Context()); n != 0 || err == nil || !strings.Contains(err.Error(), "connection reset") {
		t.Errorf("Dispatch = %d, %v; want the storage's error", n, err)
	}
	b.finish, b.claim = nil, errors.New("too many clients")
	if _, err := d.Dispatch(t.Context()); err == nil || !strings.Contains(err.Error(), "too many clients") {
		t.Errorf("Dispatch = %v, want the storage's error", err)
	}
	b.finish, b.claim = inbox.ErrLost, nil
	put(t, b, message("2", "a"))
	if n, err := d.Dispatch(t.Context()); n != 0 || err != nil {
		t.Errorf("Dispatch of a lost message = %d, %v; want 0 and no error", n, err)
	}
}

// flaky is an inbox whose calls fail when told to.
type flaky struct {
	inbox.Inbox
	claim, finish error
}

func (f *flaky) Claim(ctx context.Context, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
	if f.claim != nil {
		return nil, f.claim
	}
	return f.Inbox.Claim(ctx, source, limit, lease)
}

func (f *flaky) Finish(ctx context.Context, c inbox.Claim, how inbox.Outcome) error {
	if f.finish != nil {
		return f.finish
	}
	return f.Inbox.Finish(ctx, c, how)
}

func TestNewDispatcherReportsEveryMistake(t *testing.T) {
	_, err := inbox.NewDispatcher(inbox.DispatcherConfig{Batch: 5000, MaxAttempts: -1})
	for _, word := range []string{"inbox", "handle", "max_attempts", "source"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not mention %s", err, word)
		}
	}
	if !errors.Is(err, inbox.ErrInvalid) {
		t.Errorf("%v is not ErrInvalid", err)
	}
}

func TestMessagesDoNotPrintTheirBody(t *testing.T) {
	m := message("key", "order.updated")
	m.Body = []byte("asha@example.in")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, m); strings.Contains(text, "asha") {
			t.Errorf("%s prints %s", verb, text)
		}
	}
}
