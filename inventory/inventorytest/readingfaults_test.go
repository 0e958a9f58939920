package inventorytest_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/inventorytest"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

// What stores that follow another get wrong.
const (
	drawsWhenApplying fault = "draws the ticket when the reading is applied"
	drawsTwice        fault = "hands a ticket out twice"
	believesRises     fault = "believes every rise"
	readsOneByOne     fault = "applies readings one by one"
	missesGone        fault = "does not notice what is gone"
	settlesLate       fault = "does not ask when an order was read"
	restocksOnHand    fault = "counts what came back before it was read"
	listsAll          fault = "lists what is settled, too"
	waitsForCoupons   fault = "waits for readings of coupons"
	forgetsWho        fault = "forgets why a reading was applied"
)

func brokenReaders() map[fault]string {
	return map[fault]string{
		drawsWhenApplying: "a sale confirmed after the ticket is taken off",
		drawsTwice:        "of many readings at once the newest ticket wins",
		believesRises:     "a rise that nothing explains waits",
		readsOneByOne:     "all readings or none",
		missesGone:        "what is gone cannot be promised, and comes back",
		settlesLate:       "a settlement read before the books moved is stale",
		restocksOnHand:    "what came back is restocked, and counted by the next reading",
		listsAll:          "an item is unsettled from the end of a claim to the next reading",
		waitsForCoupons:   "the uses of a coupon wait for no reading",
		forgetsWho:        "every reading is in the books",
	}
}

// follower is memstore's stock with a mistake in how it follows.
type follower struct {
	*memstore.Stock
	fault fault
	drawn map[inventory.Item]inventory.Ticket
}

func newFollower(f fault) func(testing.TB) inventorytest.Harness {
	return func(testing.TB) inventorytest.Harness {
		s := &follower{Stock: memstore.NewStock(memstore.StockConfig{}), fault: f, drawn: map[inventory.Item]inventory.Ticket{}}
		return inventorytest.Harness{Reserver: s, Levels: s, Mover: s, Ledger: s}
	}
}

func (s *follower) Tickets(ctx context.Context, items []inventory.Item) ([]inventory.Ticket, error) {
	if s.fault == drawsTwice && len(items) == 1 && s.drawn[items[0]].Seq > 1 {
		return []inventory.Ticket{s.drawn[items[0]]}, nil
	}
	tickets, err := s.Stock.Tickets(ctx, items)
	if s.fault == drawsTwice {
		for _, t := range tickets {
			s.drawn[t.Item] = t
		}
	}
	return tickets, err
}

func (s *follower) ApplyReadings(ctx context.Context, readings []inventory.Reading) ([]inventory.Applied, error) {
	list := append([]inventory.Reading(nil), readings...)
	for i := range list {
		r := &list[i]
		switch s.fault {
		case drawsWhenApplying:
			tickets, err := s.Stock.Tickets(ctx, []inventory.Item{r.Ticket.Item})
			if err != nil {
				return nil, err
			}
			r.Ticket = tickets[0]
		case believesRises:
			r.Decided = true
		case missesGone:
			r.Gone = false
		case forgetsWho:
			r.Reason = ""
		}
	}
	if s.fault != readsOneByOne {
		return s.Stock.ApplyReadings(ctx, list)
	}
	var done []inventory.Applied
	for _, r := range list {
		one, err := s.Stock.ApplyReadings(ctx, []inventory.Reading{r})
		if err != nil {
			return nil, err
		}
		done = append(done, one...)
	}
	return done, nil
}

func (s *follower) Settle(ctx context.Context, settle inventory.Settlement) ([]inventory.Level, error) {
	if s.fault == settlesLate {
		settle.AsOf = math.MaxInt64
	}
	levels, err := s.Stock.Settle(ctx, settle)
	if s.fault == restocksOnHand && err == nil && len(levels) > 0 {
		return s.Move(ctx, inventory.Move{Kind: inventory.Adjust, Lines: []inventory.Held{{Key: levels[0].Key, Quantity: 1}}})
	}
	return levels, err
}

func (s *follower) Standings(ctx context.Context, q inventory.StandingQuery) ([]inventory.Standing, error) {
	if s.fault == listsAll {
		q.Unsettled = false
	}
	if s.fault == waitsForCoupons && q.Unsettled {
		q.Unsettled = false
		all, err := s.Stock.Standings(ctx, q)
		return slices.DeleteFunc(all, func(one inventory.Standing) bool { return one.Moved <= one.Seen }), err
	}
	return s.Stock.Standings(ctx, q)
}

func TestAcceptsAFollowerWithoutFault(t *testing.T) { inventorytest.RunReadings(t, newFollower(none)) }

func TestRejectsFaultsOfFollowers(t *testing.T) {
	for f, promise := range brokenReaders() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, promise, func(t *testing.T) { inventorytest.RunReadings(t, newFollower(f)) })
		})
	}
}

// What journals get wrong.
const (
	lastSaveWins fault = "lets the last save win"
	endsAgain    fault = "lets a second decision win"
	findsTwice   fault = "keeps a finding twice"
)

// forgetful is memstore's journal with a mistake.
type forgetful struct {
	*memstore.Journal
	fault fault
}

func (j forgetful) SaveCursor(ctx context.Context, c reconcile.Cursor) (reconcile.Cursor, error) {
	saved, err := j.Journal.SaveCursor(ctx, c)
	if j.fault == lastSaveWins && errors.Is(err, reconcile.ErrConflict) {
		c.Version++
		saved, err = c, nil
	}
	return saved, err
}

func (j forgetful) End(ctx context.Context, id string, how reconcile.Decision) (reconcile.Finding, error) {
	f, err := j.Journal.End(ctx, id, how)
	if j.fault == endsAgain && err != nil && f.ID != "" {
		f.State, f.Decision = how.State, how
		return f, nil
	}
	return f, err
}

func (j forgetful) Record(ctx context.Context, f reconcile.Finding) (reconcile.Finding, bool, error) {
	kept, fresh, err := j.Journal.Record(ctx, f)
	return kept, fresh || j.fault == findsTwice, err
}

func TestRejectsFaultsOfJournals(t *testing.T) {
	for f, promise := range map[fault]string{
		lastSaveWins: "of two who save a cursor one is told",
		endsAgain:    "a finding ends once",
		findsTwice:   "one finding is open for an item and a kind",
	} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, promise, func(t *testing.T) {
				inventorytest.RunJournal(t, func(testing.TB) reconcile.Journal { return forgetful{memstore.NewJournal(), f} })
			})
		})
	}
}
