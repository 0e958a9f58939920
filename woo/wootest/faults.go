package wootest

import "time"

// FaultKind is one way a real store or the network in front of it misbehaves.
type FaultKind string

// The faults a store can be told to show.
const (
	CutBefore   FaultKind = "cut_before"  // connection cut, nothing happened
	CutAfter    FaultKind = "cut_after"   // effect done, reply lost
	BadGateway  FaultKind = "bad_gateway" // effect done, 502 with an HTML page
	Slow        FaultKind = "slow"        // answered after Delay
	Unavailable FaultKind = "unavailable" // nothing happened, 503 and Retry-After
	RateLimited FaultKind = "rate_limit"  // nothing happened, 429 and Retry-After
	HTML        FaultKind = "html"        // effect done, an HTML page with status 200
	Truncated   FaultKind = "truncated"   // effect done, body cut after Bytes
	LateEffect  FaultKind = "late_effect" // reply lost; effect only after Reads reads
	StaleRead   FaultKind = "stale_read"  // state as it was before the last write
	Overlap     FaultKind = "overlap"     // completions wait until Times of them have read the order
)

// Fault is one misbehaviour, for the requests it matches.
type Fault struct {
	Kind FaultKind

	Method string // "GET", "POST", …; empty matches every method
	// Path is a pattern as of path.Match over the URL path, for example
	// "/wp-json/wc/v3/orders/*"; empty matches every path.
	Path string

	Skip  int // let this many matching requests pass first
	Times int // then act on this many; 0 means 1, negative means for ever

	Delay      time.Duration // Slow: the wait; Overlap: the longest wait for the others, 0 = 1 s
	RetryAfter time.Duration // Unavailable, RateLimited: whole seconds, 0 = 1 s
	Bytes      int           // Truncated: bytes let through, 0 = half
	Reads      int           // LateEffect: reads of the same collection before the effect, 0 = 1
}

// Faults is the store's set of armed faults. It is safe for concurrent use.
type Faults struct{}

// Arm adds faults; the first armed one that matches a request acts.
func (f *Faults) Arm(faults ...Fault) error { return nil }

// Clear disarms every fault. Effects held back by LateEffect stay held back.
func (f *Faults) Clear() {}

// Fired says how many times faults of the kind acted.
func (f *Faults) Fired(kind FaultKind) int { return 0 }

// Settle lets every effect that LateEffect holds back happen now.
func (f *Faults) Settle() {}
