package crash

// Mode is what becomes of one call.
type Mode int

// The modes. Sound is a call that goes well.
const (
	Sound      Mode = iota
	FailBefore      // it fails, and nothing happens
	Lost            // it takes effect, and the caller gets no answer
	KillBefore      // the process dies before it
	KillAfter       // it takes effect, and the process dies
	Twice           // it takes effect twice, as when something on the way sends it again; the second answer arrives
	Delayed         // the process stands still beside it, for longer than any hold or lease lasts
	Stale           // a read tells what it told before, or what was so before anything was written
)

// Modes lists the ways to go wrong.
func Modes() []Mode {
	return []Mode{FailBefore, Lost, KillBefore, KillAfter, Twice, Delayed, Stale}
}

// Kills reports whether the process ends.
func (m Mode) Kills() bool { return m == KillBefore || m == KillAfter }

// String names the mode.
func (m Mode) String() string {
	return [...]string{"sound", "fails before", "reply lost", "killed before", "killed after", "twice", "delayed", "stale"}[m]
}
