package checkout

import "time"

// ReturnFact says that a parcel came back: refused at the door, not delivered, or sent back by the customer.
type ReturnFact struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
	Actor  string    `json:"actor,omitempty"`
}

// cameBack reports whether the parcel came back.
func (r Record) cameBack() bool { return r.Returned != nil }
