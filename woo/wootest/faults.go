package wootest

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/graphql"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// FaultKind is one way a real store or the network in front of it misbehaves.
type FaultKind string

// The faults a store can be told to show. The first group acts on requests,
// the second on webhook deliveries.
const (
	CutBefore   FaultKind = "cut_before"  // connection cut, nothing happened
	CutAfter    FaultKind = "cut_after"   // effect done, reply lost
	BadGateway  FaultKind = "bad_gateway" // effect done, 502 with an HTML page
	Slow        FaultKind = "slow"        // answered after Delay
	Unavailable FaultKind = "unavailable" // nothing happened, 503 and Retry-After
	RateLimited FaultKind = "rate_limit"  // nothing happened, 429 and Retry-After
	HTML        FaultKind = "html"        // effect done, an HTML page with status 200
	Truncated   FaultKind = "truncated"   // effect done, body cut after Bytes
	LateEffect  FaultKind = "late_effect" // reply lost; the effect comes only after Reads reads
	StaleRead   FaultKind = "stale_read"  // a read of the state before the last write
	Overlap     FaultKind = "overlap"     // completions, checkouts and GraphQL mutations wait until Times of them have read

	WebhookLost  FaultKind = "webhook_lost"  // the delivery is never made
	WebhookTwice FaultKind = "webhook_twice" // the delivery is made twice
	WebhookLast  FaultKind = "webhook_last"  // the delivery is made after all others
)

var requestFaults = []FaultKind{
	CutBefore, CutAfter, BadGateway, Slow, Unavailable, RateLimited, HTML, Truncated, LateEffect, StaleRead, Overlap,
}

var webhookFaults = []FaultKind{WebhookLost, WebhookTwice, WebhookLast}

// Fault is one misbehaviour, for the requests it matches.
type Fault struct {
	Kind FaultKind

	Method string // "GET", "POST", …; empty matches every method
	// Path is a pattern as of path.Match over the URL path, for example
	// "/wp-json/wc/v3/orders/*"; empty matches every path. For the webhook
	// kinds it is matched with the path of the delivery address.
	Path string
	// Operation is the name of a GraphQL root field, for example "checkout": the
	// fault then acts on GraphQL requests that select it only. Empty matches
	// every request.
	Operation string

	Skip  int // let this many matching requests pass first
	Times int // then act on this many; 0 means 1 (Overlap: 2), negative means for ever

	Delay      time.Duration // Slow: the wait; Overlap: the longest wait for the others, 0 = 1 s
	RetryAfter time.Duration // Unavailable, RateLimited: whole seconds, 0 = 1 s
	Bytes      int           // Truncated: bytes let through, 0 = half
	Reads      int           // LateEffect: reads of the same collection (GraphQL: queries) before the effect, 0 = 1
}

// check answers what is wrong with a fault.
func (f Fault) check(field string) error {
	if !slices.Contains(requestFaults, f.Kind) && !slices.Contains(webhookFaults, f.Kind) {
		return invalid(field+".Kind", fmt.Sprintf("unknown fault %q", f.Kind))
	}
	if _, err := path.Match(f.Path, "/"); err != nil {
		return invalid(field+".Path", "is not a pattern of path.Match")
	}
	if f.Operation != "" && slices.Contains(webhookFaults, f.Kind) {
		return invalid(field+".Operation", "is for requests, not for webhook deliveries")
	}
	if f.Skip < 0 || f.Delay < 0 || f.RetryAfter < 0 || f.Bytes < 0 || f.Reads < 0 {
		return invalid(field, "Skip, Delay, RetryAfter, Bytes and Reads must not be negative")
	}
	return nil
}

// matches says whether the fault is about a request; roots are the GraphQL
// root fields it selects.
func (f Fault) matches(method, urlPath string, roots func() []string) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, method) {
		return false
	}
	if f.Operation != "" && !slices.Contains(roots(), f.Operation) {
		return false
	}
	if f.Path == "" {
		return true
	}
	ok, err := path.Match(strings.TrimSuffix(f.Path, "/"), strings.TrimSuffix(urlPath, "/"))
	return err == nil && ok
}

// armed is a fault with what it has done so far.
type armed struct {
	Fault
	skipped, acted int
	race           *wire.Race
}

// Faults is the store's set of armed faults. It is safe for concurrent use.
type Faults struct {
	handle func(*wire.Request) wire.Reply

	mu    sync.Mutex
	armed []*armed
	fired map[FaultKind]int
	acted chan struct{} // closed and replaced when a fault acts
	held  []*heldEffect
}

// heldEffect is a request whose effect has not happened yet.
type heldEffect struct {
	collection string
	reads      int
	request    *wire.Request
}

func newFaults(handle func(*wire.Request) wire.Reply) *Faults {
	return &Faults{handle: handle, fired: map[FaultKind]int{}, acted: make(chan struct{})}
}

// Arm adds faults; the first armed one that matches a request acts. It
// answers ErrInvalid, and arms nothing, when one of them makes no sense.
func (f *Faults) Arm(faults ...Fault) error {
	add := make([]*armed, 0, len(faults))
	for i, fault := range faults {
		if err := fault.check(fmt.Sprintf("Faults[%d]", i)); err != nil {
			return err
		}
		a := &armed{Fault: fault}
		if fault.Times == 0 {
			a.Times = 1
		}
		if fault.Kind == Overlap {
			a.Times = max(2, fault.Times)
			a.race = wire.NewRace(a.Times, cmp.Or(fault.Delay, time.Second))
		}
		add = append(add, a)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = append(f.armed, add...)
	return nil
}

// Clear disarms every fault. Effects held back by LateEffect stay held back.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = nil
}

// Fired says how many times faults of the kind acted.
func (f *Faults) Fired(kind FaultKind) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fired[kind]
}

// Await blocks until faults of the kind have acted the given number of times
// in all, or ctx ends, whose error it then wraps.
func (f *Faults) Await(ctx context.Context, kind FaultKind, times int) error {
	for {
		f.mu.Lock()
		have, next := f.fired[kind], f.acted
		f.mu.Unlock()
		if have >= times {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return fmt.Errorf("wootest: %s acted %d times, not %d: %w", kind, have, times, ctx.Err())
		}
	}
}

// Held says how many effects LateEffect holds back now.
func (f *Faults) Held() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.held)
}

// Settle lets every effect that LateEffect holds back happen now, in the
// order the requests came.
func (f *Faults) Settle() {
	f.mu.Lock()
	held := f.held
	f.held = nil
	f.mu.Unlock()
	for _, h := range held {
		f.handle(h.request)
	}
}

// pick answers the fault that acts on this request, nil for none.
func (f *Faults) pick(kinds []FaultKind, method, urlPath string, roots func() []string) *armed {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, a := range f.armed {
		if !slices.Contains(kinds, a.Kind) || !a.matches(method, urlPath, roots) {
			continue
		}
		if a.skipped < a.Skip {
			a.skipped++
			continue
		}
		a.acted++
		f.fired[a.Kind]++
		close(f.acted)
		f.acted = make(chan struct{})
		if a.Times > 0 && a.acted >= a.Times {
			f.armed = slices.Delete(f.armed, i, i+1)
		}
		return a
	}
	return nil
}

// hold keeps a request's effect back.
func (f *Faults) hold(req *wire.Request, reads int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = append(f.held, &heldEffect{collection: wire.CollectionOf(req.Path), reads: max(1, reads), request: req})
}

// looked notes a read, of GraphQL a query, and lets the effects happen that
// waited for it.
func (f *Faults) looked(req *wire.Request) {
	if req.Method != "GET" && !graphql.Queries(req) {
		return
	}
	f.mu.Lock()
	var ready []*heldEffect
	f.held = slices.DeleteFunc(f.held, func(h *heldEffect) bool {
		if h.collection == wire.CollectionOf(req.Path) {
			h.reads--
		}
		if h.reads <= 0 {
			ready = append(ready, h)
		}
		return h.reads <= 0
	})
	f.mu.Unlock()
	for _, h := range ready {
		f.handle(h.request)
	}
}
