package inventory

import "context"

// Concluder is the optional interface of a [Reserver] that keeps [Levels] and
// can be told in one call what it is told in two when a reservation has become
// an allocation. Placing an order is where that saves a trip.
type Concluder interface {
	// Conclude tells levels as SetLevels does and then gives the reservation back
	// as Release does, both in one atomic step: its pieces, which the levels count
	// as allocated, are never free in between. A reservation that has ended, or is
	// not known, is no error, and the levels are told all the same. Bad arguments
	// are an *InvalidError and change nothing. Repeating is harmless.
	Conclude(ctx context.Context, id string, levels []Level) error
}
