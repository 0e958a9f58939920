package repliestest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ankkor/ankkor/checkout/replies"
)

func promises() []promise {
	return []promise{
		{text: "a reply comes back byte for byte, from every process", check: func(k *keeper) {
			k.keep(k.begin(request()), reply())
			for _, s := range append(k.Others, k.Store) {
				k.kept(s, request(), reply())
			}
		}},
		{text: "the key with another request is refused", check: reused},
		{text: "keys belong to their scope", check: func(k *keeper) {
			k.keep(k.begin(request()), reply())
			other := request()
			other.Scope, other.Fingerprint = "guest:ravi", "beef"
			k.begin(other)
		}},
		{text: "of many copies at once one is let in", check: oneIsLetIn},
		{text: "a claim ends with its lease", needsClock: true, check: leaseEnds},
		{text: "what was dropped can be done again, differently too", check: func(k *keeper) {
			c := k.begin(request())
			k.drop(c)
			k.drop(c)
			other := request()
			other.Fingerprint = "beef"
			k.begin(other)
		}},
		{text: "a reply cannot be dropped, nor replaced", check: func(k *keeper) {
			c := k.begin(request())
			k.keep(c, reply())
			k.keep(c, replies.Reply{Status: 201, Body: []byte("another")})
			k.drop(c)
			k.kept(k.Store, request(), reply())
		}},
		{text: "a reply is kept for thirty days", needsClock: true, check: thirtyDays},
		{text: "replies about something can be erased", check: erased},
		{text: "a context that has ended changes nothing", check: func(k *keeper) {
			ended, cancel := context.WithCancel(k.Context())
			cancel()
			if _, _, err := k.Store.Begin(ended, request(), lease); !errors.Is(err, context.Canceled) {
				k.Errorf("Begin: %v", err)
			}
			c := k.begin(request())
			if err := k.Store.Keep(ended, c, reply()); !errors.Is(err, context.Canceled) {
				k.Errorf("Keep: %v", err)
			}
			k.refused("after the attempts", request(), replies.ErrBusy)
		}},
		{text: "what cannot be stored is refused", check: unstorable},
	}
}

func (k *keeper) drop(c replies.Claim) {
	k.Helper()
	if err := k.Store.Drop(k.Context(), c); err != nil {
		k.Fatalf("Drop: %v", err)
	}
}

func reused(k *keeper) {
	other := request()
	other.Fingerprint = "beef"
	c := k.begin(request())
	k.refused("another request while the first is worked on", other, replies.ErrReused)
	k.refused("the same request while it is worked on", request(), replies.ErrBusy)
	k.keep(c, reply())
	k.refused("another request after the reply", other, replies.ErrReused)
	k.kept(k.Store, request(), reply())
}

func oneIsLetIn(k *keeper) {
	const copies = 50
	var in, busy atomic.Int64
	var wg sync.WaitGroup
	stores := append(k.Others, k.Store)
	for i := range copies {
		wg.Go(func() {
			known, _, err := stores[i%len(stores)].Begin(k.Context(), request(), lease)
			switch {
			case errors.Is(err, replies.ErrBusy):
				busy.Add(1)
			case err == nil && known == nil:
				in.Add(1)
			default:
				k.Errorf("Begin answered %v, %v", known, err)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 || busy.Load() != copies-1 {
		k.Errorf("%d were let in and %d told to wait, want 1 and %d", in.Load(), busy.Load(), copies-1)
	}
}

func leaseEnds(k *keeper) {
	first := k.begin(request())
	k.Advance(lease - time.Second)
	k.refused("a second before the end", request(), replies.ErrBusy)
	k.Advance(2 * time.Second)
	second := k.begin(request())
	if err := k.Store.Keep(k.Context(), first, replies.Reply{Status: 200, Body: []byte("late")}); !errors.Is(err, replies.ErrLost) {
		k.Errorf("Keep of the claim that had ended: %v, want ErrLost", err)
	}
	k.drop(first)
	k.refused("after the lost claim was dropped", request(), replies.ErrBusy)
	k.Advance(2 * lease) // over, but nobody else came
	k.keep(second, reply())
	k.kept(k.Store, request(), reply())
}

func thirtyDays(k *keeper) {
	k.keep(k.begin(request()), reply())
	other := request()
	other.Fingerprint = "beef"
	for _, after := range []time.Duration{23 * time.Hour, 2 * time.Hour, 28 * 24 * time.Hour} { // in all 29 days and an hour
		k.Advance(after)
		k.kept(k.Store, request(), reply())
		k.refused("another request meanwhile", other, replies.ErrReused)
	}
	k.Advance(2 * 24 * time.Hour)
	k.begin(other)
}

func erased(k *keeper) {
	eraser, ok := k.Store.(replies.Eraser)
	if !ok {
		k.Skip("the store does not offer to erase")
	}
	other := request()
	other.Key, other.About = "key-2", "chk_2"
	nothing := request()
	nothing.Key, nothing.About = "key-3", ""
	for _, r := range []replies.Request{request(), other, nothing} {
		k.keep(k.begin(r), reply())
	}
	for _, about := range []string{"chk_1", "chk_1", ""} {
		if err := eraser.EraseAbout(k.Context(), about); err != nil {
			k.Fatalf("EraseAbout(%q): %v", about, err)
		}
	}
	k.begin(request())
	k.kept(k.Store, other, reply())
	k.kept(k.Store, nothing, reply())
}

func unstorable(k *keeper) {
	for what, spoil := range map[string]func(*replies.Request){
		"no scope":         func(r *replies.Request) { r.Scope = "" },
		"no key":           func(r *replies.Request) { r.Key = "" },
		"no fingerprint":   func(r *replies.Request) { r.Fingerprint = "" },
		"NUL":              func(r *replies.Request) { r.Key = "a\x00b" },
		"no UTF-8":         func(r *replies.Request) { r.Scope = "\xff" },
		"ten kilobytes":    func(r *replies.Request) { r.Key = strings.Repeat("k", 10<<10) },
		"control in about": func(r *replies.Request) { r.About = "a\nb" },
	} {
		r := request()
		spoil(&r)
		k.refused(what, r, replies.ErrInvalid)
	}
	for _, d := range []time.Duration{-time.Second, 0, time.Millisecond, 24 * time.Hour} {
		if _, _, err := k.Store.Begin(k.Context(), request(), d); !errors.Is(err, replies.ErrInvalid) {
			k.Errorf("a lease of %s: %v", d, err)
		}
	}
	c := k.begin(request())
	for what, r := range map[string]replies.Reply{
		"no status": {Body: []byte("x")}, "two megabytes": {Status: 200, Body: make([]byte, 2<<20)},
	} {
		if err := k.Store.Keep(k.Context(), c, r); !errors.Is(err, replies.ErrInvalid) {
			k.Errorf("a reply with %s: %v", what, err)
		}
	}
	if err := k.Store.Keep(k.Context(), replies.Claim{Scope: "nobody", Key: "never", Token: "1"}, reply()); !errors.Is(err, replies.ErrLost) {
		k.Errorf("Keep of a claim that never was: %v", err)
	}
}
