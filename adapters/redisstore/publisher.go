package redisstore

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/checkout"
)

//go:embed lua/events.lua
var eventsLua string

var _ checkout.Publisher = (*Publisher)(nil)

// Publisher adds events to a Redis stream. All events of a call are added in one step,
// or none; within one checkout they are in the order of their sequence, as long as
// they are published in it. The stream keeps the latest Config.Events, about; whoever
// has to see each reads it often enough, with a consumer group or the id of the last
// entry read.
//
// An event may come again, from a relay that did not hear that it had been published
// or a client that sent it again: consumers skip an id they know, or a sequence that
// is not higher than the last of that checkout. [ReadEvent] reads an entry.
//
// It is safe for concurrent use by any number of processes.
type Publisher struct {
	script *script
	config Config
}

// NewPublisher returns a Publisher on the host's client, which it never closes. It
// asks and reports what [New] does.
func NewPublisher(ctx context.Context, client redis.UniversalClient, c Config) (*Publisher, error) {
	c, err := c.checked(ctx, client)
	if err != nil {
		return nil, err
	}
	return &Publisher{script: newScript(client, eventsLua, c.prefix()+"events"), config: c}, nil
}

// Stream is the key of the stream.
func (p *Publisher) Stream() string { return p.config.prefix() + "events" }

// mostEvents is how many events one run of the script adds.
const mostEvents = 500

// Publish implements [checkout.Publisher]. More than 500 events are added in several
// steps; an error may then leave the first of them published.
func (p *Publisher) Publish(ctx context.Context, events ...checkout.Event) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("redisstore: publish: %w", err)
	}
	for from := 0; from < len(events); from += mostEvents {
		part := events[from:min(from+mostEvents, len(events))]
		args := append(p.script.begin("publish", 1+6*len(part)), p.config.Events)
		for _, e := range part {
			args = append(args, e.ID, e.Kind, string(e.Checkout), e.Sequence, e.At.UTC().Format(time.RFC3339Nano), e.Data)
		}
		if _, err := p.script.run(ctx, p.config.Timeout, args); err != nil {
			return err
		}
	}
	return nil
}

// ReadEvent reads an entry of the stream.
func ReadEvent(m redis.XMessage) (checkout.Event, error) {
	field := func(name string) string {
		text, _ := m.Values[name].(string)
		return text
	}
	sequence, err := strconv.ParseInt(field("sequence"), 10, 64)
	if err != nil {
		return checkout.Event{}, fmt.Errorf("redisstore: entry %s of the stream has no sequence", m.ID)
	}
	at, err := time.Parse(time.RFC3339Nano, field("at"))
	if err != nil {
		return checkout.Event{}, fmt.Errorf("redisstore: entry %s of the stream has no time", m.ID)
	}
	e := checkout.Event{ID: field("id"), Kind: field("kind"), Checkout: checkout.ID(field("checkout")), Sequence: sequence, At: at}
	if data := field("data"); data != "" {
		e.Data = []byte(data)
	}
	return e, nil
}
