package inboxtest

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
)

func storing() []promise {
	return []promise{
		{text: "a message comes out as it went in", check: func(b *box) {
			m := message("1")
			m.Body = []byte{0, 0xff, '{', '\n'}
			if !b.put(m) {
				b.Error("a message nobody had seen is not fresh")
			}
			b.same("claimed", m, b.one().Message)
		}},
		{text: "the same key is the same message", check: func(b *box) {
			b.put(message("1"))
			again := message("1")
			again.Body, again.Topic = []byte("other"), "other"
			if b.put(again) {
				b.Error("a key that waits is fresh")
			}
			b.same("claimed", message("1"), b.one().Message)
			if b.put(message("1")) {
				b.Error("a key that is claimed is fresh")
			}
			b.none("while the message is claimed")
		}},
		{text: "a key belongs to its source", check: func(b *box) {
			other := message("1")
			other.Source = "gateway"
			b.put(message("1"))
			if !b.put(other) {
				b.Error("another source's key is not fresh")
			}
			b.same("claimed", message("1"), b.one().Message)
		}},
		{text: "of one message put by many at once one is fresh", check: putAtOnce},
		{text: "the caller's bytes are not kept", check: func(b *box) {
			m := message("1")
			b.put(m)
			m.Body[0] = 'X'
			b.same("claimed", message("1"), b.one().Message)
		}},
		{text: "a message that cannot be one is refused and not stored", check: refusedMessages},
		{text: "a context that has ended stores nothing", check: func(b *box) {
			ctx, cancel := context.WithCancel(b.Context())
			cancel()
			if _, err := b.Inbox.Put(ctx, message("1")); err == nil {
				b.Error("Put with an ended context succeeded")
			}
			b.none("afterwards")
		}},
	}
}

func putAtOnce(b *box) {
	var wg sync.WaitGroup
	var fresh, failed atomic.Int64
	for range 16 {
		wg.Go(func() {
			switch isFresh, err := b.Inbox.Put(b.Context(), message("1")); {
			case err != nil:
				failed.Add(1)
			case isFresh:
				fresh.Add(1)
			}
		})
	}
	wg.Wait()
	if fresh.Load() != 1 || failed.Load() != 0 {
		b.Errorf("fresh %d times and failed %d times, want 1 and 0", fresh.Load(), failed.Load())
	}
	b.one()
}

func refusedMessages(b *box) {
	for field, spoil := range map[string]func(*inbox.Message){
		"no source":        func(m *inbox.Message) { m.Source = "" },
		"no key":           func(m *inbox.Message) { m.Key = "" },
		"a long key":       func(m *inbox.Message) { m.Key = strings.Repeat("k", inbox.MaxName+1) },
		"NUL in the topic": func(m *inbox.Message) { m.Topic = "a\x00b" },
		"broken UTF-8":     func(m *inbox.Message) { m.Topic = "\xff" },
		"a huge body":      func(m *inbox.Message) { m.Body = make([]byte, inbox.MaxBody+1) },
		"no time":          func(m *inbox.Message) { m.ReceivedAt = time.Time{} },
	} {
		m := message("1")
		spoil(&m)
		_, err := b.Inbox.Put(b.Context(), m)
		b.is(field, err, inbox.ErrInvalid)
	}
	b.none("afterwards")
}
