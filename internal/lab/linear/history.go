package linear

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/ankkor/ankkor/inventory"
)

// Shop is a store as everybody in one history has it.
type Shop struct {
	// Sound is spared all faults: it sets the stage.
	Sound Subject
	// Clients are the ones that are watched. They may be the same value many times.
	Clients []Subject
	// Sure, unless nil, is the error that says that a call certainly had no effect.
	Sure error
	// Lost, unless nil, is the error that says that nobody knows whether it had one.
	Lost error
}

// History is who called what when, and was answered what.
type History struct {
	Seed       uint64
	Begin      [Keys]Level
	Operations []porcupine.Operation
	// Unknown is how many answers were lost, and Resent how many of these the client
	// itself sent again.
	Unknown, Resent int
}

// Record lets the clients loose, calls in all, as the seed says, and returns when
// all are done. The run's name appears in every item and id, so that histories on
// one store have nothing in common. An error is an answer that no contract allows.
func Record(ctx context.Context, run string, seed uint64, shop Shop, calls int) (History, error) {
	author := newAuthor(seed, shop.Sound)
	n := names{run, shop.Sure, shop.Lost}
	h := History{Seed: seed, Begin: author.begin()}
	if err := n.open(ctx, shop.Sound, h.Begin); err != nil {
		return h, err
	}
	scripts := author.script(len(shop.Clients), calls)
	recorded := make([][]porcupine.Operation, len(scripts))
	errs := make([]error, len(scripts))
	start := time.Now()
	var wg sync.WaitGroup
	for i, script := range scripts {
		wg.Go(func() { recorded[i], errs[i] = n.follow(ctx, i, shop.Clients[i], script, start) })
	}
	wg.Wait()
	for i, operations := range recorded {
		if errs[i] != nil {
			return h, errs[i]
		}
		h.Operations = append(h.Operations, operations...)
	}
	h.settle(len(scripts))
	return h, nil
}

// open puts the first stock on the shelves.
func (n names) open(ctx context.Context, s Subject, begin [Keys]Level) error {
	var levels []inventory.Level
	for k, l := range begin {
		levels = append(levels, inventory.Level{Key: n.key(k), OnHand: l.OnHand, Revision: l.Revision})
	}
	if err := s.SetLevels(ctx, levels); err != nil {
		return fmt.Errorf("set the stage: %w", err)
	}
	return nil
}

// follow is one client doing what its script says.
func (n names) follow(ctx context.Context, client int, s Subject, script []Call, start time.Time) ([]porcupine.Operation, error) {
	var done []porcupine.Operation
	for _, c := range script {
		called, before := time.Since(start), n.sendings(s, c)
		answer, err := n.do(ctx, s, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", describe(c), err)
		}
		if c.Kind == Read && answer.Outcome == Unknown {
			continue // it says nothing and did nothing
		}
		for range n.sendings(s, c) - before - 1 {
			done = append(done, porcupine.Operation{ClientId: client, Input: c, Call: int64(called), Output: Answer{Outcome: Resent}})
		}
		done = append(done, porcupine.Operation{
			ClientId: client, Input: c, Call: int64(called), Output: answer, Return: int64(time.Since(start)),
		})
	}
	return done, nil
}

// settle leaves calls whose answer was lost open to the end: they may take effect
// as late as that. Each gets a client of its own, since theirs went on.
func (h *History) settle(clients int) {
	for i := range h.Operations {
		o := &h.Operations[i]
		switch o.Output.(Answer).Outcome {
		case Resent:
			h.Resent++
		case Unknown:
		default:
			continue
		}
		o.Return, o.ClientId = math.MaxInt64, clients+h.Unknown
		h.Unknown++
	}
}

// Verdict is what became of a history.
type Verdict string

// Undecided is a history whose orders were too many to try.
const (
	Legal     Verdict = "legal"
	Illegal   Verdict = "illegal"
	Undecided Verdict = "undecided"
)

// Judge looks for an order that explains the history, for so long at most.
func Judge(h History, patience time.Duration) Verdict {
	switch porcupine.CheckOperationsTimeout(Model(h.Begin), h.Operations, patience) {
	case porcupine.Ok:
		return Legal
	case porcupine.Illegal:
		return Illegal
	}
	return Undecided
}
