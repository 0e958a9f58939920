package inventory

import "strconv"

// Repolicied is the entry of a change of policy, Seq and At still to be set, if old
// and next differ in that. A key that has no level yet runs out by Deny. Stores post
// it with whatever changes a level from outside, so that the ledger says why a piece
// could be sold that was not there, or could not be sold any more.
func Repolicied(old, next Level, reason, actor string) (Entry, bool) {
	from, to := old.terms(), next.terms()
	if from == to {
		return Entry{}, false
	}
	note := from + " to " + to
	if reason != "" && len(note)+len(reason) <= MaxNote-2 {
		note += ": " + reason
	}
	return Entry{
		Key: next.Key, Kind: Repolicy, From: AccountAvailable, To: AccountAvailable, Reason: note, Actor: actor,
	}, true
}

// terms say in words how a level runs out.
func (l Level) terms() string {
	switch l.Policy {
	case Untracked:
		return "untracked"
	case Backorder:
		return "backorders up to " + strconv.FormatInt(l.BackorderLimit, 10)
	}
	return "no backorders"
}
