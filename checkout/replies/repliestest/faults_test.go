package repliestest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox/inboxtest"
	"github.com/ankkor/ankkor/checkout/replies"
	"github.com/ankkor/ankkor/checkout/replies/repliestest"
	"github.com/ankkor/ankkor/internal/suitetest"
)

// faulty is a sound store with some of its methods replaced.
type faulty struct {
	*memstore.Replies
	begin func(context.Context, *memstore.Replies, replies.Request, time.Duration) (*replies.Reply, replies.Claim, error)
	keep  func(context.Context, *memstore.Replies, replies.Claim, replies.Reply) error
	drop  func(context.Context, *memstore.Replies, replies.Claim) error
	erase func(context.Context, *memstore.Replies, string) error
}

func (f faulty) Begin(ctx context.Context, r replies.Request, lease time.Duration) (*replies.Reply, replies.Claim, error) {
	if f.begin != nil {
		return f.begin(ctx, f.Replies, r, lease)
	}
	return f.Replies.Begin(ctx, r, lease)
}

func (f faulty) Keep(ctx context.Context, c replies.Claim, r replies.Reply) error {
	if f.keep != nil {
		return f.keep(ctx, f.Replies, c, r)
	}
	return f.Replies.Keep(ctx, c, r)
}

func (f faulty) Drop(ctx context.Context, c replies.Claim) error {
	if f.drop != nil {
		return f.drop(ctx, f.Replies, c)
	}
	return f.Replies.Drop(ctx, c)
}

func (f faulty) EraseAbout(ctx context.Context, about string) error {
	if f.erase != nil {
		return f.erase(ctx, f.Replies, about)
	}
	return f.Replies.EraseAbout(ctx, about)
}

// begins is a faulty Begin that asks for something else.
func begins(change func(*replies.Request, *time.Duration)) faulty {
	return faulty{begin: func(ctx context.Context, s *memstore.Replies, r replies.Request, lease time.Duration) (*replies.Reply, replies.Claim, error) {
		change(&r, &lease)
		return s.Begin(ctx, r, lease)
	}}
}

// TestSuiteRejects plants one mistake at a time and expects it to be found at the promise it breaks.
func TestSuiteRejects(t *testing.T) {
	type begun func(context.Context, *memstore.Replies, replies.Request, time.Duration) (*replies.Reply, replies.Claim, error)
	everybodyIn := begun(func(ctx context.Context, s *memstore.Replies, r replies.Request, lease time.Duration) (*replies.Reply, replies.Claim, error) {
		known, c, err := s.Begin(ctx, r, lease)
		if errors.Is(err, replies.ErrBusy) {
			err = nil
		}
		return known, c, err
	})
	for name, f := range map[string]struct {
		caught string
		fault  faulty
	}{
		"the body is trimmed": {"a reply comes back byte for byte", faulty{
			keep: func(ctx context.Context, s *memstore.Replies, c replies.Claim, r replies.Reply) error {
				r.Body = r.Body[:max(0, len(r.Body)-1)]
				return s.Keep(ctx, c, r)
			},
		}},
		"the fingerprint is not looked at": {"the key with another request is refused", begins(func(r *replies.Request, _ *time.Duration) {
			if r.Fingerprint != "" {
				r.Fingerprint = "same"
			}
		})},
		"keys of all scopes are one": {"keys belong to their scope", begins(func(r *replies.Request, _ *time.Duration) { r.Scope = min(r.Scope, "all") })},
		"everybody is let in":        {"of many copies at once one is let in", faulty{begin: everybodyIn}},
		"a lease is twice as long":   {"a claim ends with its lease", begins(func(_ *replies.Request, d *time.Duration) { *d *= 2 })},
		"a drop is forgotten": {"what was dropped can be done again", faulty{
			drop: func(context.Context, *memstore.Replies, replies.Claim) error { return nil },
		}},
		"a drop takes replies, too": {"a reply cannot be dropped", faulty{
			drop: func(ctx context.Context, s *memstore.Replies, _ replies.Claim) error {
				return s.EraseAbout(ctx, "chk_1")
			},
		}},
		"erasing erases nothing": {"replies about something can be erased", faulty{
			erase: func(context.Context, *memstore.Replies, string) error { return nil },
		}},
		"an ended context is not looked at": {"a context that has ended changes nothing", faulty{
			keep: func(ctx context.Context, s *memstore.Replies, c replies.Claim, r replies.Reply) error {
				return s.Keep(context.WithoutCancel(ctx), c, r)
			},
		}},
		"a key of any length": {"what cannot be stored is refused", begins(func(r *replies.Request, _ *time.Duration) { r.Key = r.Key[:min(len(r.Key), 255)] })},
	} {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, f.caught, func(t *testing.T) {
				repliestest.Run(t, func(testing.TB) repliestest.Harness {
					clock := inboxtest.NewClock()
					fault := f.fault
					fault.Replies = memstore.NewReplies(clock.Now)
					return repliestest.Harness{Store: fault, Advance: clock.Advance}
				})
			})
		})
	}
	t.Run("replies are forgotten after a day, and claims after a second", func(t *testing.T) {
		suitetest.Rejects(t, "a reply is kept for thirty days", func(t *testing.T) {
			repliestest.Run(t, func(testing.TB) repliestest.Harness {
				clock := inboxtest.NewClock()
				start := clock.Now()
				hasty := func() time.Time { return start.Add(30 * clock.Now().Sub(start)) }
				return repliestest.Harness{Store: memstore.NewReplies(hasty), Advance: clock.Advance}
			})
		})
	})
}
