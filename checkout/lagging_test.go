package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// lagging is a store whose n-th commit meets another worker's, and whose next read is answered by a replica that has
// heard of nothing since the checkout began.
type lagging struct {
	*memstore.Checkouts
	n     int
	met   bool // the commit
	first map[checkout.ID]checkout.Record
}

func (l *lagging) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	if l.n--; l.n == 0 {
		l.met = true
		return checkout.Committed{}, checkout.ErrConflict
	}
	done, err := l.Checkouts.Commit(ctx, c)
	if _, known := l.first[c.Record.ID]; err == nil && !known {
		l.first[c.Record.ID] = done.Record
	}
	return done, err
}

func (l *lagging) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	if r, known := l.first[id]; known && l.met {
		l.met = false
		return r, nil
	}
	return l.Checkouts.Load(ctx, id)
}

// TestAConflictReadFromTheOldReplica: nothing is made of a record that is older than what was just written. The purchase
// goes on once it is read as it is.
func TestAConflictReadFromTheOldReplica(t *testing.T) {
	for n := 1; ; n++ {
		l := &lagging{first: map[checkout.ID]checkout.Record{}}
		s := newShop(t, func(c *checkout.Config) { l.Checkouts, c.Store = c.Store.(*memstore.Checkouts), l })
		s.fill("guest:1", mug, 1)
		r := s.ready("guest:1", payment.MethodRazorpay)
		l.n = n
		request := checkout.PlaceRequest{Owner: r.Owner, ID: r.ID, Key: "key", QuoteHash: r.QuoteHash}
		_, err := s.Place(t.Context(), request)
		if l.n > 0 {
			if n < 3 {
				t.Fatal("placing commits hardly anything")
			}
			return // it was not met: there are no more
		}
		if err != nil && !errors.Is(err, checkout.ErrUnavailable) && !errors.Is(err, checkout.ErrInvalid) { // it had no address then
			t.Errorf("commit %d: %v", n, err)
		}
		l.n, l.met = 0, false
		s.pass(20 * time.Minute)
		placed, err := s.Place(t.Context(), request)
		s.check(err)
		if paid := s.pay(placed); paid.Status() != checkout.StatusOrdered || s.effective(paid.Token) != 1 || len(paid.Alerts) > 0 {
			t.Error(fmt.Sprint("commit ", n, ": ", paid.Status(), paid.Alerts))
		}
		s.conserved()
	}
}
