package inboxtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/checkout/inbox/inboxtest"
	"github.com/ankkor/ankkor/internal/suitetest"
)

// faulty is a sound inbox with one of its methods replaced.
type faulty struct {
	*memstore.Inbox
	put    func(context.Context, *memstore.Inbox, inbox.Message) (bool, error)
	claim  func(context.Context, *memstore.Inbox, string, int, time.Duration) ([]inbox.Claim, error)
	finish func(context.Context, *memstore.Inbox, inbox.Claim, inbox.Outcome) error
	bury   func(context.Context, *memstore.Inbox, string, string) error
}

func (f faulty) Put(ctx context.Context, m inbox.Message) (bool, error) {
	if f.put != nil {
		return f.put(ctx, f.Inbox, m)
	}
	return f.Inbox.Put(ctx, m)
}

func (f faulty) Claim(ctx context.Context, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
	if f.claim != nil {
		return f.claim(ctx, f.Inbox, source, limit, lease)
	}
	return f.Inbox.Claim(ctx, source, limit, lease)
}

func (f faulty) Finish(ctx context.Context, c inbox.Claim, how inbox.Outcome) error {
	if f.finish != nil {
		return f.finish(ctx, f.Inbox, c, how)
	}
	return f.Inbox.Finish(ctx, c, how)
}

func (f faulty) Requeue(ctx context.Context, source, key string) error {
	if f.bury != nil {
		return f.bury(ctx, f.Inbox, source, key)
	}
	return f.Inbox.Requeue(ctx, source, key)
}

// TestSuiteRejects plants one mistake at a time and expects it to be found at the
// promise it breaks.
func TestSuiteRejects(t *testing.T) {
	faults := map[string]struct {
		caught string
		fault  faulty
	}{
		"the topic is part of the key": {"the same key is the same message", faulty{
			put: func(ctx context.Context, b *memstore.Inbox, m inbox.Message) (bool, error) {
				m.Key += m.Topic
				return b.Put(ctx, m)
			},
		}},
		"keys are shared by all sources": {"a key belongs to its source", faulty{
			put: func(ctx context.Context, b *memstore.Inbox, m inbox.Message) (bool, error) {
				m.Source = "shop"
				return b.Put(ctx, m)
			},
		}},
		"everything is fresh": {"of one message put by many at once one is fresh", faulty{
			put: func(ctx context.Context, b *memstore.Inbox, m inbox.Message) (bool, error) {
				_, err := b.Put(ctx, m)
				return true, err
			},
		}},
		"the body is text": {"a message comes out as it went in", faulty{
			put: func(ctx context.Context, b *memstore.Inbox, m inbox.Message) (bool, error) {
				m.Body = []byte(string([]rune(string(m.Body))))
				return b.Put(ctx, m)
			},
		}},
		"an ended context is not looked at": {"a context that has ended stores nothing", faulty{
			put: func(ctx context.Context, b *memstore.Inbox, m inbox.Message) (bool, error) {
				return b.Put(context.WithoutCancel(ctx), m)
			},
		}},
		"too many are claimed": {"a claim holds no more than its limit", faulty{
			claim: func(ctx context.Context, b *memstore.Inbox, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
				return b.Claim(ctx, source, limit+1, lease)
			},
		}},
		"a message of two workers": {"many workers never hold the same message", faulty{
			claim: func(ctx context.Context, b *memstore.Inbox, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
				claims, err := b.Claim(ctx, source, limit, lease)
				if len(claims) > 0 {
					claims = append(claims, claims[0])
				}
				return claims, err
			},
		}},
		"a lease is twice as long": {"a lease that is over gives the message to the next", faulty{
			claim: func(ctx context.Context, b *memstore.Inbox, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
				return b.Claim(ctx, source, limit, 2*lease)
			},
		}},
		"no argument is checked": {"arguments that make no sense are refused", faulty{
			claim: func(ctx context.Context, b *memstore.Inbox, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
				return b.Claim(ctx, source, min(max(limit, 1), 1000), lease)
			},
		}},
		"acting is not noted": {"what was acted on is not claimed again, and its key is known", faulty{
			finish: func(ctx context.Context, b *memstore.Inbox, c inbox.Claim, how inbox.Outcome) error {
				if how.State == inbox.ActedOn {
					return nil
				}
				return b.Finish(ctx, c, how)
			},
		}},
		"a retry is due at once": {"a retry waits as long as it was told to", faulty{
			finish: func(ctx context.Context, b *memstore.Inbox, c inbox.Claim, how inbox.Outcome) error {
				how.RetryIn = 0
				return b.Finish(ctx, c, how)
			},
		}},
		"a retry is the end": {"a retry at once is due at once", faulty{
			finish: func(ctx context.Context, b *memstore.Inbox, c inbox.Claim, _ inbox.Outcome) error {
				return b.Finish(ctx, c, inbox.Done())
			},
		}},
		"a lost claim is not told": {"who lost a message cannot finish it", faulty{
			finish: func(ctx context.Context, b *memstore.Inbox, c inbox.Claim, how inbox.Outcome) error {
				_ = b.Finish(ctx, c, how)
				return nil
			},
		}},
		"a claim needs no token": {"nobody finishes what was never claimed", faulty{
			finish: func(ctx context.Context, b *memstore.Inbox, c inbox.Claim, how inbox.Outcome) error {
				if c.Token == "" {
					return nil
				}
				return b.Finish(ctx, c, how)
			},
		}},
		"giving up is trying again": {"what is given up is not claimed again", faulty{
			finish: func(ctx context.Context, b *memstore.Inbox, c inbox.Claim, how inbox.Outcome) error {
				if how.State == inbox.GivenUp {
					how = inbox.Retry(0, how.Reason)
				}
				return b.Finish(ctx, c, how)
			},
		}},
		"anything can be requeued": {"a dead letter says why and can be run again", faulty{
			bury: func(ctx context.Context, b *memstore.Inbox, source, key string) error {
				_ = b.Requeue(ctx, source, key)
				return nil
			},
		}},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, f.caught, func(t *testing.T) {
				inboxtest.Run(t, func(testing.TB) inboxtest.Harness {
					clock := inboxtest.NewClock()
					fault := f.fault
					fault.Inbox = memstore.NewInbox(clock.Now)
					return inboxtest.Harness{Inbox: fault, Advance: clock.Advance}
				})
			})
		})
	}
}
