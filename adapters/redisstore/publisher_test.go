package redisstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
)

// publisher is one of a stream of its own, which is emptied after the test.
func publisher(tb testing.TB, client *redis.Client, c redisstore.Config) *redisstore.Publisher {
	tb.Helper()
	p, err := redisstore.NewPublisher(context.Background(), client, c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { client.Del(context.Background(), p.Stream()) })
	return p
}

// delivered reads a stream from its beginning.
func delivered(ctx context.Context, client *redis.Client, stream string) ([]checkout.Event, error) {
	entries, err := client.XRange(ctx, stream, "-", "+").Result()
	if err != nil {
		return nil, err
	}
	var events []checkout.Event
	for _, entry := range entries {
		e, err := redisstore.ReadEvent(entry)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

func TestPublisherConformance(t *testing.T) {
	checkouttest.RunPublisher(t, func(t *testing.T) checkouttest.PublisherHarness {
		client, c := server(t), redisstore.Config{Store: rand.Text()}
		p := publisher(t, client, c)
		return checkouttest.PublisherHarness{
			Publisher: p, Others: []checkout.Publisher{publisher(t, server(t), c)},
			Delivered: func(ctx context.Context) ([]checkout.Event, error) { return delivered(ctx, client, p.Stream()) },
		}
	})
}

// TestTheStreamIsBounded, and keeps the latest.
func TestTheStreamIsBounded(t *testing.T) {
	client := server(t)
	p := publisher(t, client, redisstore.Config{Store: rand.Text(), Events: 500})
	for n := range int64(3000) {
		e := checkout.Event{ID: fmt.Sprint("chk_1-", n), Checkout: "chk_1", Sequence: n}
		if err := p.Publish(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	events, err := delivered(t.Context(), client, p.Stream())
	if err != nil || len(events) < 500 || len(events) > 1000 || events[len(events)-1].Sequence != 2999 {
		t.Errorf("%d events are kept, %v; want about 500, the latest", len(events), err)
	}
}

// TestALostReplyPublishesAgain rather than not at all.
func TestALostReplyPublishesAgain(t *testing.T) {
	w, client := through(t, func(o *redis.Options) { o.MinRetryBackoff = -1 })
	p := publisher(t, client, redisstore.Config{Store: rand.Text()})
	e := checkout.Event{ID: "chk_1-1", Kind: "checkout.placed", Checkout: "chk_1", Sequence: 1, At: time.Unix(1e9, 0).UTC()}
	if err := p.Publish(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	w.lose.Store(1)
	e.ID, e.Sequence = "chk_1-2", 2
	if err := p.Publish(t.Context(), e); err != nil {
		t.Error(err)
	}
	events, err := delivered(t.Context(), server(t), p.Stream())
	if err != nil || len(events) != 3 || events[1].ID != "chk_1-2" || events[2].ID != "chk_1-2" {
		t.Errorf("%+v, %v; want the second event twice", events, err)
	}
}

// TestAllOrNone: what cannot be added leaves nothing behind.
func TestAllOrNone(t *testing.T) {
	client := server(t)
	p := publisher(t, client, redisstore.Config{Store: rand.Text()})
	client.Set(t.Context(), p.Stream(), "something else", 0)
	if err := p.Publish(t.Context(), checkout.Event{ID: "1"}, checkout.Event{ID: "2"}); err == nil {
		t.Error("published to what is no stream")
	}
}

func TestReadEventRefusesOthers(t *testing.T) {
	for _, values := range []map[string]any{
		nil, {"sequence": "x", "at": "2026-11-08T18:00:00Z"}, {"sequence": "1"}, {"sequence": 1, "at": "yesterday"},
	} {
		if e, err := redisstore.ReadEvent(redis.XMessage{ID: "7-1", Values: values}); err == nil {
			t.Errorf("%v is read as %+v", values, e)
		}
	}
}

func TestConstructorsReportEveryMistake(t *testing.T) {
	bad := redisstore.Config{Store: "{", CartLife: time.Second, Events: -1}
	for name, open := range map[string]func() error{
		"NewPublisher": func() error { _, err := redisstore.NewPublisher(t.Context(), nil, bad); return err },
		"NewCarts":     func() error { _, err := redisstore.NewCarts(t.Context(), nil, bad); return err },
		"NewMarks":     func() error { _, err := redisstore.NewMarks(t.Context(), nil, bad); return err },
	} {
		err := open()
		var all interface{ Unwrap() []error }
		if !errors.Is(err, redisstore.ErrConfig) || !errors.As(err, &all) || len(all.Unwrap()) != 4 {
			t.Errorf("%s: %v; want four mistakes", name, err)
		}
	}
}
