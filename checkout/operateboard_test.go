package checkout_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

// A day's sales: what counts today, what is pending, what is stuck, what runs out.
func TestBoard(t *testing.T) {
	s := newShop(t)
	s.pay(s.placed("guest:yesterday", mug, 1))
	s.clock.advance(24 * time.Hour)
	from := s.clock.Now()
	r := s.pay(s.placed("guest:1", mug, 2))
	s.check(errOf(s.Refund(t.Context(), refundOf(r, "part", 49900))))
	s.placed("guest:2", sari, 1)
	s.fill("guest:3", sari, 1)
	s.check(errOf(s.Start(t.Context(), checkout.StartRequest{Owner: "guest:3"})))
	stuck := s.pay(s.placed("guest:4", mug, 1))
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpRefund, Kind: fakegateway.Refuse}))
	_, err := s.Refund(t.Context(), refundOf(stuck, "part", 100))
	if err == nil {
		t.Fatal("the fault was not felt")
	}

	got, err := s.Tally(t.Context(), from, from.Add(24*time.Hour))
	s.check(err)
	revenue := pricing.Paise(r.Quote.Totals.Total.Minor() + stuck.Quote.Totals.Total.Minor())
	want := checkout.Tally{
		Orders: 2, Revenue: []pricing.Money{revenue}, Refunds: []pricing.Money{pricing.Paise(49900)},
		Open: 1, Pending: 1, PendingWorth: []pricing.Money{pricing.Paise(12500000)}, Stuck: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	list, err := s.Stuck(t.Context(), 10)
	s.check(err)
	if len(list) != 1 || list[0].ID != stuck.ID {
		t.Errorf("stuck: %v", list)
	}
	low, err := s.LowStock(t.Context(), 7, 10)
	s.check(err)
	if len(low) != 1 || low[0].Key != keyOf(mug) || low[0].Available() != 6 {
		t.Errorf("low: %+v", low)
	}
}

// The earliest moment counts and the latest does not; amounts of two currencies are not added.
func TestTallyCount(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	at := r.Order.CompletedAt
	for _, tt := range []struct {
		from, to time.Time
		want     int64
	}{{at, at.Add(time.Second), 1}, {at.Add(-time.Second), at, 0}, {at.Add(time.Nanosecond), at.Add(time.Hour), 0}} {
		got, err := checkout.Tally{}.Count(r, tt.from, tt.to)
		s.check(err)
		if got.Orders != tt.want {
			t.Errorf("%v to %v: %d orders", tt.from, tt.to, got.Orders)
		}
	}
	dollars, err := pricing.New(100, "USD")
	s.check(err)
	r.Refunds = []checkout.RefundFact{{Amount: dollars, At: at}, {Amount: pricing.Paise(5), At: at}, {Amount: dollars, At: at}}
	got, err := checkout.Tally{}.Count(r, at, at.Add(time.Second))
	s.check(err)
	if diff := cmp.Diff([]string{"INR 0.05", "USD 2.00"}, []string{got.Refunds[0].String(), got.Refunds[1].String()}); diff != "" {
		t.Error(diff)
	}
}

// Stores that keep no register say so.
func TestBoardUnsupported(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) {
		c.Store = struct{ checkout.Store }{c.Store}
		c.Reserver = struct{ inventory.Reserver }{c.Reserver}
	})
	_, stuck := s.Stuck(t.Context(), 1)
	_, tally := s.Tally(t.Context(), time.Time{}, time.Time{})
	_, low := s.LowStock(t.Context(), 1, 1)
	for _, err := range []error{stuck, tally, low} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
	}
}

// lowStore is a Store that decides stock, beside a Reserver that cannot tell.
type lowStore struct {
	checkout.Store
	stock checkout.LowStock
}

func (l lowStore) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	return l.stock.LowStock(ctx, atMost, limit)
}

func TestBoardAsksTheStoreWhatIsLow(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) {
		c.Store = lowStore{c.Store, c.Reserver.(checkout.LowStock)}
		c.Reserver = struct{ inventory.Reserver }{c.Reserver}
	})
	low, err := s.LowStock(t.Context(), 10, 1)
	s.check(err)
	if len(low) != 1 {
		t.Errorf("low: %+v", low)
	}
}
