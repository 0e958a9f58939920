package cart

import "slices"

// Rejected is a change that cannot be made any more, and why.
type Rejected struct {
	Change Change
	Err    error
}

// Reconcile returns what a client should show now: the server's cart with the client's pending changes on
// top. Changes whose ID the server's cart has seen are in it already and are skipped, so a client need not know
// which of its requests arrived. Changes that no longer fit, because the line is gone or the cap is
// reached, are returned and take no part.
//
// Once the server has seen every pending change, the result is the server's cart.
func Reconcile(server Cart, pending []Change, l Limits) (Cart, []Rejected) {
	c := server.Clone()
	var rejected []Rejected
	for _, ch := range pending {
		next, err := Apply(c, ch, l)
		if err != nil {
			rejected = append(rejected, Rejected{Change: ch, Err: err})
			continue
		}
		c = next
	}
	return c, rejected
}

// Outstanding returns the pending changes that the server's cart has not seen.
func Outstanding(server Cart, pending []Change) []Change {
	var out []Change
	for _, ch := range pending {
		if ch.ID == "" || !slices.Contains(server.Applied, ch.ID) {
			out = append(out, ch)
		}
	}
	return out
}
