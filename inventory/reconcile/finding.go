package reconcile

import (
	"fmt"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// FindingKind says what is the matter with an item.
type FindingKind string

// The kinds.
const (
	// Rise: the store of record has more than anything explains. It is not taken
	// until somebody accepts it.
	Rise FindingKind = "rise"
	// Fall: it has a lot less than anything explains. That was taken off at once.
	Fall FindingKind = "fall"
	// Gone: it does not have the item any more. Nothing of it is sold here.
	Gone FindingKind = "gone"
	// Oversold: more is allocated than there is.
	Oversold FindingKind = "oversold"
)

// State is how a finding stands.
type State string

// The states. Each but Open is final.
const (
	Open     State = "open"
	Accepted State = "accepted" // theirs was right
	Kept     State = "kept"     // ours was right
	Settled  State = "settled"  // it went away by itself
)

// Decision ends a finding.
type Decision struct {
	State  State     `json:"state"`
	Actor  string    `json:"actor"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// Finding is a difference that somebody should see.
type Finding struct {
	ID   string         `json:"id"`
	Item inventory.Item `json:"item"`
	Kind FindingKind    `json:"kind"`
	// Ours is what was on hand here, Theirs what the store of record said, and
	// Difference the pieces of Theirs - Ours that nothing explains.
	Ours       int64     `json:"ours"`
	Theirs     int64     `json:"theirs"`
	Difference int64     `json:"difference"`
	FoundAt    time.Time `json:"found_at"`
	LastSeen   time.Time `json:"last_seen"`

	State    State    `json:"state"`
	Decision Decision `json:"decision,omitzero"`
	Told     bool     `json:"told,omitempty"` // to the sink
}

// Text is the finding in a sentence.
func (f Finding) Text() string {
	switch f.Kind {
	case Gone:
		return fmt.Sprintf("%s is gone from the store; nothing of it is sold", f.Item)
	case Oversold:
		return fmt.Sprintf("%s: %d allocated pieces are not there", f.Item, -f.Difference)
	case Rise:
		return fmt.Sprintf("%s: the store has %d, we have %d; %+d is unexplained and waits", f.Item, f.Theirs, f.Ours, f.Difference)
	}
	return fmt.Sprintf("%s: the store has %d, we had %d; %+d is unexplained and was taken off", f.Item, f.Theirs, f.Ours, f.Difference)
}

// FindingQuery selects findings. Empty fields select everything.
type FindingQuery struct {
	ID    string
	Items []inventory.Item
	State State
	// Untold keeps those that nobody was told of.
	Untold bool
	Limit  int // the most to return; 0 means inventory.MaxBatch
}

// Matches says whether the query selects the finding, Limit aside.
func (q FindingQuery) Matches(f Finding) bool {
	if q.ID != "" && q.ID != f.ID || q.State != "" && q.State != f.State || q.Untold && f.Told {
		return false
	}
	for _, item := range q.Items {
		if item == f.Item {
			return true
		}
	}
	return len(q.Items) == 0
}

// CheckEnd is how every [Findings] reads a decision: the error is an
// *inventory.InvalidError.
func CheckEnd(how Decision) error {
	if how.State != Accepted && how.State != Kept && how.State != Settled {
		return &inventory.InvalidError{Field: "state", Reason: "must be accepted, kept or settled"}
	}
	if how.Actor == "" || len(how.Actor) > inventory.MaxNote || len(how.Reason) > inventory.MaxNote {
		return &inventory.InvalidError{Field: "actor", Reason: "is missing, or it or the reason is too long"}
	}
	return nil
}
