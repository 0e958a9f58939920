package simulate_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
)

// sabotage is what is broken on purpose, to see that the watch notices.
type sabotage struct {
	blindOrders  bool // nothing is found by its token
	hollowOrders bool // a completion is answered and not done
	hollowNews   bool // so is what an order is told later
	lostMoves    bool // a commit leaves out what it says of stock
	lostEvents   bool // a commit leaves out its events
	anyVersion   bool // a commit is taken whatever it was made from
	neverDue     bool
	blindParcels bool
	anyMail      bool         // a mail service that does not know a key again
	generous     bool         // the gateway gives money back that nobody asked for
	looks        func(*world) // breaks nothing: a look at the end
}

// commit is what a broken store makes of a change.
func (s sabotage) commit(ctx context.Context, w *world, c checkout.Change) checkout.Change {
	if s.lostMoves {
		c.Stock = nil
	}
	if s.lostEvents && len(c.Outbox) > 0 && w.chance(10) {
		c.Outbox = nil
	}
	if s.anyVersion {
		if stored, err := w.records.Load(ctx, c.Record.ID); err == nil {
			c.Record.Version = stored.Version
		}
	}
	return c
}

// TestTheWatchNotices: what is broken is noticed, for what it is, within some hundred seeds.
func TestTheWatchNotices(t *testing.T) {
	for name, tt := range map[string]struct {
		broken sabotage
		want   string
	}{
		"nothing is found by its token":         {sabotage{blindOrders: true}, "I20"},
		"a completion is answered and not done": {sabotage{hollowOrders: true}, "I10"},
		"news are answered and not kept":        {sabotage{hollowNews: true}, "I24"},
		"stock is not moved":                    {sabotage{lostMoves: true}, "I6"},
		"events are lost":                       {sabotage{lostEvents: true}, "I21"},
		"any version is taken":                  {sabotage{anyVersion: true}, "I18"},
		"nothing is ever due":                   {sabotage{neverDue: true}, "I29"},
		"no parcel is found":                    {sabotage{blindParcels: true}, "I25"},
		"mails are sent as often as asked":      {sabotage{anyMail: true}, "I25"},
		"money goes back that nobody asked for": {sabotage{generous: true}, "I9"},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := uint64(1); seed <= 400; seed++ {
				for _, line := range live(t, seed, false, tt.broken).broken {
					if strings.HasPrefix(line, tt.want+":") {
						t.Logf("seed %d: %.160s", seed, line)
						return
					}
				}
			}
			t.Errorf("%s was not noticed", tt.want)
		})
	}
}
