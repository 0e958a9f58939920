package checkout_test

import (
	"context"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// unseen is a store in which nothing can be looked up for a while.
type unseen struct {
	checkout.OrderCreator
	until time.Time
	now   func() time.Time
}

func (u *unseen) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	if u.now().Before(u.until) {
		return nil, checkout.ErrUnavailable
	}
	return u.OrderCreator.FindOrder(ctx, token)
}

// TestARefusedRepetition has the store take an order, and refuse it when something on the way sends it again: the first one
// took the coupon's last use.
func TestARefusedRepetition(t *testing.T) {
	spent := &checkout.RefusedError{Code: "woocommerce_rest_invalid_coupon", Reason: "Coupon usage limit has been reached."}
	differs := &checkout.RefusedError{Code: "total_mismatch", Reason: "the order is pending, with another tax"}
	for _, tt := range []struct {
		name   string
		before []error // the order is not made
		after  []error // it is made
		away   time.Duration
		want   checkout.Status
		stuck  bool
	}{
		{name: "made before", after: []error{spent}, want: checkout.StatusOrdered},
		{name: "made before, and not to be seen at first", after: []error{spent}, away: 5 * time.Minute, want: checkout.StatusOrdered},
		{name: "not made", before: []error{spent}, want: checkout.StatusPaid, stuck: true},
		{name: "made, and another than was quoted", after: []error{differs}, want: checkout.StatusPaid, stuck: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			look := &unseen{}
			s := newShop(t, func(c *checkout.Config) { look.OrderCreator, look.now, c.Orders = c.Orders, c.Now, look })
			s.orders.before, s.orders.after = tt.before, tt.after
			r := s.placed("guest:1", mug, 1)
			look.until = s.clock.Now().Add(tt.away)
			s.pay(r)
			s.pass(30 * time.Minute)
			r = s.load(r.ID)
			if r.Status() != tt.want || r.Stuck() != tt.stuck || s.effective(r.Token) > 1 {
				t.Errorf("%s, stuck %v, %d orders in effect; want %s, %v: %v", r.Status(), r.Stuck(), s.effective(r.Token), tt.want, tt.stuck, r.Timeline)
			}
		})
	}
}
