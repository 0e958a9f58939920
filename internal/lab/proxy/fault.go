package proxy

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// End says what becomes of a connection after a piece of a reply.
type End int

const (
	// Keep leaves the connection as it is.
	Keep End = iota
	// Hangup closes it: the client reads an end of file.
	Hangup
	// Reset closes it without a goodbye: the client reads "connection reset".
	Reset
)

// Verdict is what becomes of a piece of a reply: after Delay its first Pass bytes
// come through, and then the connection ends or does not. What is not passed is lost.
type Verdict struct {
	Delay time.Duration
	Pass  int
	End   End
}

// Fault decides about a piece of a reply: what one read from the server gave, which
// is nearly always one whole reply. It is called by several goroutines at once and
// does not keep the bytes.
type Fault func(reply []byte) Verdict

// Cut loses the reply and the connection.
func Cut([]byte) Verdict { return Verdict{End: Hangup} }

// Refuse loses the reply and resets the connection.
func Refuse([]byte) Verdict { return Verdict{End: Reset} }

// Swallow loses the reply and leaves the connection open: the client waits until
// its own patience ends.
func Swallow([]byte) Verdict { return Verdict{} }

// CutAfter lets n bytes through, then loses the rest and the connection.
func CutAfter(n int) Fault {
	return func(reply []byte) Verdict { return Verdict{Pass: min(n, len(reply)), End: Hangup} }
}

// Delay holds every reply up.
func Delay(d time.Duration) Fault {
	return func(reply []byte) Verdict { return Verdict{Delay: d, Pass: len(reply)} }
}

// CutAnywhere loses a part of the reply, from a byte chosen by chance, and the
// connection. The same seed chooses the same bytes.
func CutAnywhere(seed uint64) Fault {
	chance := newDice(seed)
	return func(reply []byte) Verdict { return Verdict{Pass: chance.below(len(reply)), End: Hangup} }
}

// OneIn applies the fault to one of n replies, chosen by chance from seed.
func OneIn(n int, seed uint64, f Fault) Fault {
	chance := newDice(seed)
	return func(reply []byte) Verdict {
		if chance.below(n) > 0 {
			return Verdict{Pass: len(reply)}
		}
		return f(reply)
	}
}

// Times applies the fault to the next n replies only.
func Times(n int, f Fault) Fault {
	var left atomic.Int64
	left.Store(int64(n))
	return func(reply []byte) Verdict {
		if left.Add(-1) < 0 {
			return Verdict{Pass: len(reply)}
		}
		return f(reply)
	}
}

// dice is chance that several goroutines share.
type dice struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newDice(seed uint64) *dice { return &dice{rng: rand.New(rand.NewPCG(seed, 1))} } //nolint:gosec // chance that can be repeated

func (d *dice) below(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rng.IntN(max(1, n))
}
