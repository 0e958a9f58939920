package proxy

import "sync"

// Cutter cuts one reply at a chosen byte, in however many pieces it comes:
//
//	var c proxy.Cutter
//	p.Spoil(c.Fault)
//	c.Arm(100) // just before the request
//	...
//	passed, cut := c.Disarm()
//
// Until it is armed, and after its one cut, everything passes. It counts what comes
// through the proxy, on whatever connection: nothing else may be under way meanwhile.
// The zero Cutter is ready. It is safe for concurrent use.
type Cutter struct {
	mu     sync.Mutex
	armed  bool
	at     int
	passed int
	cut    bool
}

// Arm lets n bytes through from now on, and then loses the rest and the connection. A
// reply of n bytes or fewer passes whole. A negative n cuts nothing and only counts.
func (c *Cutter) Arm(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed, c.at, c.passed, c.cut = true, n, 0, false
}

// Disarm says how many bytes came through since Arm, and whether there was a cut. Called
// again it says the same.
func (c *Cutter) Disarm() (passed int, cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed = false
	return c.passed, c.cut
}

// Fault is what a Proxy is told to spoil replies with.
func (c *Cutter) Fault(reply []byte) Verdict {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.armed {
		return Verdict{Pass: len(reply)}
	}
	if c.at < 0 || c.passed+len(reply) <= c.at {
		c.passed += len(reply)
		return Verdict{Pass: len(reply)}
	}
	v := Verdict{Pass: c.at - c.passed, End: Hangup}
	c.armed, c.passed, c.cut = false, c.at, true
	return v
}
