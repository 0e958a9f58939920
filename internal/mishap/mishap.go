// Package mishap decides which call of a stand-in goes wrong.
//
// A stand-in for a payment gateway is told its faults beforehand: the second
// capture from now loses its reply, twice. What such a fault does to a call is the
// stand-in's own business; which call meets it is the same for all of them, and is
// here. A fault may be any type that says which operation it is for, how many calls
// go well first and how many then go wrong: see [New].
package mishap

import (
	"slices"
	"sync"
)

// Turn reads from a fault which operation it is for, and where it keeps how many
// calls it lets pass and how many it meets. The queue counts both down.
type Turn[Op comparable, Fault any] func(f *Fault) (op Op, skip, times *int)

// Queue holds the faults that were planted and counts the calls. It is safe for
// concurrent use.
type Queue[Op comparable, Fault any] struct {
	turn Turn[Op, Fault]

	mu      sync.Mutex
	planted []Fault
	calls   map[Op]int
}

// New makes an empty queue.
func New[Op comparable, Fault any](turn Turn[Op, Fault]) *Queue[Op, Fault] {
	return &Queue[Op, Fault]{turn: turn, calls: map[Op]int{}}
}

// Plant adds faults behind those that are there. A fault meets one call when it
// says less.
func (q *Queue[Op, Fault]) Plant(faults ...Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range faults {
		_, _, times := q.turn(&f)
		*times = max(*times, 1)
		q.planted = append(q.planted, f)
	}
}

// Planted are the faults that have calls left to meet, oldest first.
func (q *Queue[Op, Fault]) Planted() []Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.planted)
}

// Calls is how many calls of an operation were counted, whatever they met.
func (q *Queue[Op, Fault]) Calls(op Op) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.calls[op]
}

// Take counts a call and answers what it meets: the oldest fault of its operation,
// or the zero Fault when there is none or that one lets this call pass.
func (q *Queue[Op, Fault]) Take(op Op) Fault {
	f, _ := q.TakeIf(op, func(Fault) bool { return true })
	return f
}

// TakeIf is Take for a call that may go on to somebody else: unless the fault it
// would meet is wanted, nothing is counted and nothing taken. A call that no fault
// is due for meets the zero Fault.
func (q *Queue[Op, Fault]) TakeIf(op Op, wanted func(Fault) bool) (Fault, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	met, at := q.due(op)
	if !wanted(met) {
		var none Fault
		return none, false
	}
	q.calls[op]++
	if at >= 0 {
		q.use(at)
	}
	return met, true
}

// due is what a call of the operation would meet, and where its fault stands; -1
// for nowhere.
func (q *Queue[Op, Fault]) due(op Op) (Fault, int) {
	var none Fault
	for i := range q.planted {
		of, skip, _ := q.turn(&q.planted[i])
		switch {
		case of != op:
		case *skip > 0:
			return none, i
		default:
			return q.planted[i], i
		}
	}
	return none, -1
}

// use notes that the fault at a place let a call pass, or met one.
func (q *Queue[Op, Fault]) use(at int) {
	_, skip, times := q.turn(&q.planted[at])
	if *skip > 0 {
		*skip--
		return
	}
	if *times--; *times == 0 {
		q.planted = slices.Delete(q.planted, at, at+1)
	}
}
