package linear

import (
	"math/rand/v2"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// author makes up what the clients of one history do. The same seed makes up the
// same.
type author struct {
	rng              *rand.Rand
	moves, concludes bool
	wants            [IDs][Items]int64 // what each id asks for, unless it is misused
}

func newAuthor(seed uint64, s Subject) *author {
	a := &author{rng: rand.New(rand.NewPCG(seed, 17))} //nolint:gosec // chance that can be repeated
	_, a.moves = s.(inventory.Mover)
	_, a.concludes = s.(inventory.Concluder)
	for id := range a.wants {
		a.wants[id][a.rng.IntN(Items)] = 1 + a.rng.Int64N(3)
		if a.oneIn(2) {
			a.wants[id][a.rng.IntN(Items)] = 1 + a.rng.Int64N(3)
		}
	}
	return a
}

func (a *author) oneIn(n int) bool { return a.rng.IntN(n) == 0 }

// begin is the stock at the outset: little.
func (a *author) begin() [Keys]Level {
	var levels [Keys]Level
	for k := range levels {
		levels[k] = Level{OnHand: a.rng.Int64N(6), Revision: 1}
	}
	return levels
}

// script is what each client does, one call after the other.
func (a *author) script(clients, calls int) [][]Call {
	scripts := make([][]Call, clients)
	for n := range calls {
		scripts[n%clients] = append(scripts[n%clients], a.call())
	}
	return scripts
}

func (a *author) call() Call {
	c := Call{ID: a.rng.IntN(IDs), Replaces: None}
	n := a.rng.IntN(100)
	switch {
	case a.moves && n < 18:
		a.move(&c)
	case n < 36:
		c.Kind = Read
	case n < 43:
		a.set(&c)
	case a.concludes && n < 49:
		a.conclude(&c)
	case n < 55:
		c.Kind = Release
	case n < 62:
		c.Kind, c.TTL = Extend, a.ttl()
	default:
		a.reserve(&c)
	}
	return c
}

// ttl is long: what expires in the middle of a history is another test's.
func (a *author) ttl() time.Duration { return time.Duration(10+a.rng.IntN(50)) * time.Minute }

func (a *author) reserve(c *Call) {
	c.Kind, c.Want, c.TTL = Reserve, a.wants[c.ID], a.ttl()
	if a.oneIn(12) {
		c.Want[a.rng.IntN(Items)]++
	}
	if a.oneIn(3) {
		c.Replaces = a.rng.IntN(IDs)
		if a.rng.IntN(4) > 0 {
			c.Replaces = (c.ID + 3*a.rng.IntN(3)) % 9 // mostly of the same owner
		}
		if c.Replaces == c.ID {
			c.Replaces = None
		}
	}
	c.Halves, c.Whole = a.oneIn(3), a.oneIn(4)
	c.Order = a.rng.Perm(Places)[:1+a.rng.IntN(Places)]
}

func (a *author) set(c *Call) {
	c.Kind = Set
	for range 1 + a.rng.IntN(2) {
		c.Told[a.rng.IntN(Keys)] = Told{
			Set: true, OnHand: a.rng.Int64N(7), Allocated: a.rng.Int64N(2), Revision: 1 + a.rng.Int64N(12),
		}
	}
}

// conclude says of what a reservation asks for that it is allocated, at a place.
func (a *author) conclude(c *Call) {
	c.Kind = Conclude
	place := a.rng.IntN(Places)
	for item, want := range a.wants[c.ID] {
		if want > 0 {
			c.Told[item*Places+place] = Told{Set: true, OnHand: 2 + a.rng.Int64N(5), Allocated: want, Revision: 1 + a.rng.Int64N(12)}
		}
	}
}

func (a *author) move(c *Call) {
	kinds := []inventory.MoveKind{inventory.Allocate, inventory.Allocate, inventory.Allocate,
		inventory.ReleaseAllocation, inventory.Confirm, inventory.Adjust}
	c.Kind, c.Move = Move, kinds[a.rng.IntN(len(kinds))]
	if c.Move != inventory.Allocate || a.oneIn(2) {
		c.ID = None
	}
	for range 1 + a.rng.IntN(2) {
		c.Quantity[a.rng.IntN(Keys)] = 1 + a.rng.Int64N(2)
	}
	if c.Move == inventory.Adjust && a.oneIn(2) {
		for k := range c.Quantity {
			c.Quantity[k] = -c.Quantity[k]
		}
	}
}
