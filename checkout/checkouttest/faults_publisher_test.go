package checkouttest_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/internal/suitetest"
)

// stream is a sound publisher, which the faults below are planted in.
type stream struct {
	mu     sync.Mutex
	events []checkout.Event
}

func (s *stream) Publish(ctx context.Context, events ...checkout.Event) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.add(events...)
	return nil
}

func (s *stream) add(events ...checkout.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range events {
		e.Data = slices.Clone(e.Data)
		s.events = append(s.events, e)
	}
}

func (s *stream) delivered(context.Context) ([]checkout.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events), nil
}

// spoiledStream is a stream with one fault.
type spoiledStream struct {
	*stream
	publish func(ctx context.Context, s *stream, events []checkout.Event) error
}

func (s spoiledStream) Publish(ctx context.Context, events ...checkout.Event) error {
	return s.publish(ctx, s.stream, events)
}

func TestASoundPublisherPasses(t *testing.T) {
	checkouttest.RunPublisher(t, func(*testing.T) checkouttest.PublisherHarness {
		s := &stream{}
		return checkouttest.PublisherHarness{Publisher: s, Others: []checkout.Publisher{s}, Delivered: s.delivered}
	})
}

// each publishes the events after a change to each.
func each(change func(*checkout.Event)) func(context.Context, *stream, []checkout.Event) error {
	return func(ctx context.Context, s *stream, events []checkout.Event) error {
		events = slices.Clone(events)
		for i := range events {
			change(&events[i])
		}
		return s.Publish(ctx, events...)
	}
}

func TestRunPublisherRejects(t *testing.T) {
	calls := new(int64)
	faults := map[string]struct {
		promise string
		publish func(ctx context.Context, s *stream, events []checkout.Event) error
	}{
		"data as text": {"events arrive as they were published", each(func(e *checkout.Event) {
			e.Data = []byte(string([]rune(string(e.Data))))
		})},
		"seconds only": {"events arrive as they were published", each(func(e *checkout.Event) { e.At = e.At.Truncate(1e9) })},
		"a float's sequence": {"events arrive as they were published", each(func(e *checkout.Event) {
			e.Sequence = int64(float32(e.Sequence)) + 1
		})},
		"sorted by checkout": {"events arrive in order", func(ctx context.Context, s *stream, events []checkout.Event) error {
			events = slices.Clone(events)
			slices.SortStableFunc(events, func(a, b checkout.Event) int { return int(a.Checkout[4]) - int(b.Checkout[4]) })
			return s.Publish(ctx, events...)
		}},
		"the latest first": {"calls arrive one after another", func(_ context.Context, s *stream, events []checkout.Event) error {
			s.events = append(slices.Clone(events), s.events...)
			return nil
		}},
		"a full batch is cut": {"many events arrive at once", func(ctx context.Context, s *stream, events []checkout.Event) error {
			return s.Publish(ctx, events[:min(len(events), 1000)]...)
		}},
		"nothing is an error": {"no events are no error", func(ctx context.Context, s *stream, events []checkout.Event) error {
			if len(events) == 0 {
				return context.DeadlineExceeded
			}
			return s.Publish(ctx, events...)
		}},
		"a new id each time": {"an event published again keeps its id", func(ctx context.Context, s *stream, events []checkout.Event) error {
			*calls++
			if *calls > 1 && len(events) == 3 {
				return each(func(e *checkout.Event) { e.ID += "-again" })(ctx, s, events)
			}
			return s.Publish(ctx, events...)
		}},
		"shared data": {"the caller keeps its events", func(_ context.Context, s *stream, events []checkout.Event) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.events = append(s.events, events...)
			return nil
		}},
		"no look at the context": {"a done context publishes nothing", func(_ context.Context, s *stream, events []checkout.Event) error {
			return s.Publish(context.Background(), events...)
		}},
		"published, then the context": {"a done context publishes nothing", func(ctx context.Context, s *stream, events []checkout.Event) error {
			s.add(events...)
			return ctx.Err()
		}},
		"every tenth is lost": {"many publishers lose nothing", func(ctx context.Context, s *stream, events []checkout.Event) error {
			if len(events) == 1 && events[0].Sequence%10 == 0 {
				return nil
			}
			return s.Publish(ctx, events...)
		}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunPublisher(t, func(*testing.T) checkouttest.PublisherHarness {
					s := spoiledStream{&stream{}, fault.publish}
					return checkouttest.PublisherHarness{Publisher: s, Delivered: s.delivered}
				})
			})
		})
	}
}
