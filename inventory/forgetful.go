package inventory

import "context"

// Forgetful is the optional interface of a [Reserver] that may lose its memory or
// find itself in an earlier state, as Redis does: flushed, killed before it saved,
// restored from an old snapshot, failed over to a replica that lagged. It notices so
// by itself when asked; whoever asks teaches it again what the store that decides
// knows. Package reseed does both.
//
// Its methods are safe for concurrent use by any number of processes, and safe to
// send again after an unknown outcome.
type Forgetful interface {
	Levels

	// Recheck looks, in one atomic step, whether what is known of stock is still what
	// was told. If not, all levels count as of no revision from then on: the next
	// SetLevels of each key is taken whatever its Revision. What is known stays in use
	// until then.
	//
	// Seen is the highest Beat the caller has had from it, 0 if none. Doubt gives all
	// levels up although nothing was noticed: the caller has reasons of its own.
	Recheck(ctx context.Context, seen int64, doubt bool) (Memory, error)

	// Retaught says that SetLevels was called, after Recheck answered with this
	// generation, for every level that the store that decides has. If levels were
	// given up again meanwhile it does nothing.
	Retaught(ctx context.Context, generation int64) error
}

// Memory is how a [Forgetful] found its memory.
type Memory struct {
	// Beat is higher than every one before, also when state was lost.
	Beat int64
	// Generation is another one each time all levels were given up, also when state was
	// lost: none is used twice.
	Generation int64
	// Pending: levels of this generation are still to be told, all of them.
	Pending bool
	// Lost says why levels were given up by this very call; empty if they were not.
	Lost Loss
}

// Loss is why levels were given up.
type Loss string

const (
	// Emptied: nothing was there.
	Emptied Loss = "empty"
	// Moved: it was vouched for on another server, or before this one was started.
	Moved Loss = "another server"
	// WentBack: the state is one from before the caller's last look.
	WentBack Loss = "went back"
	// Doubted: the caller doubted it.
	Doubted Loss = "doubted"
)
