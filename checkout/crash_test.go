package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// mode is what happens at one point where the process touches something outside it.
type mode string

const (
	failBefore mode = "fails before"
	lost       mode = "takes effect, the reply is lost"
	killBefore mode = "the process dies before"
	killAfter  mode = "the process dies after"
)

// errKilled stands for the end of the process: nothing after it is written.
var errKilled = errors.New("killed")

// points counts every touch and spoils one of them. After a kill the process writes nothing any more.
type points struct {
	n, at  int
	mode   mode
	killed bool
	names  []string
}

// pass runs one touch of the outside. Unsent and unknown are the errors for a call that did not and that may have happened.
func pass[T any](p *points, name string, unsent, unknown error, do func() (T, error)) (T, error) {
	var zero T
	if p.killed {
		return zero, errKilled
	}
	p.n++
	p.names = append(p.names, name)
	if p.n != p.at {
		return do()
	}
	switch p.mode {
	case failBefore:
		return zero, unsent
	case killBefore:
		p.killed = true
		return zero, errKilled
	case killAfter:
		_, _ = do()
		p.killed = true
		return zero, errKilled
	default:
		_, _ = do()
		return zero, unknown
	}
}

// brittleStore is a store whose commits are points.
type brittleStore struct {
	*memstore.Checkouts
	*points
}

func (s brittleStore) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	away := errors.New("the database is away")
	return pass(s.points, "commit", away, away, func() (checkout.Committed, error) { return s.Checkouts.Commit(ctx, c) })
}

// brittleOrders is a WooCommerce whose calls are points.
type brittleOrders struct {
	checkout.OrderCreator
	*points
}

func (o brittleOrders) CreatePending(ctx context.Context, r checkout.OrderRequest) (checkout.StoreOrder, error) {
	return pass(o.points, "create order", checkout.ErrUnavailable, checkout.ErrUnknown, func() (checkout.StoreOrder, error) {
		return o.OrderCreator.CreatePending(ctx, r)
	})
}

func (o brittleOrders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	return pass(o.points, "find order", checkout.ErrUnavailable, checkout.ErrUnavailable, func() ([]checkout.StoreOrder, error) {
		return o.OrderCreator.FindOrder(ctx, token)
	})
}

func (o brittleOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	return pass(o.points, "complete order", checkout.ErrUnavailable, checkout.ErrUnknown, func() (checkout.StoreOrder, error) {
		return o.OrderCreator.Complete(ctx, id, how)
	})
}

// brittleGateway is a gateway whose calls are points.
type brittleGateway struct {
	*fakegateway.Gateway
	*points
}

func (g brittleGateway) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	return pass(g.points, "create gateway order", payment.ErrUnavailable, payment.ErrUnknown, func() (payment.Order, error) {
		return g.Gateway.CreateOrder(ctx, r)
	})
}

func (g brittleGateway) Payments(ctx context.Context, id string) ([]payment.Payment, error) {
	return pass(g.points, "read payments", payment.ErrUnavailable, payment.ErrUnavailable, func() ([]payment.Payment, error) {
		return g.Gateway.Payments(ctx, id)
	})
}

func (g brittleGateway) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	return pass(g.points, "refund", payment.ErrUnavailable, payment.ErrUnknown, func() (payment.Refund, error) {
		return g.Gateway.Refund(ctx, r)
	})
}

// brittle opens a shop whose service touches everything through the points.
func brittle(t *testing.T, p *points) *shop {
	t.Helper()
	return newShop(t, func(c *checkout.Config) {
		c.Store = brittleStore{c.Store.(*memstore.Checkouts), p}
		c.Orders = brittleOrders{c.Orders, p}
		g := brittleGateway{c.Payments[0].Gateway.(*fakegateway.Gateway), p}
		c.Payments[0].Gateway = g
	})
}

// story is a purchase up to the moment the process ends, and what must come of it afterwards.
type story struct {
	name string
	tell func(*shop, checkout.Record)
}

var stories = []story{
	{"paid, callback received", func(s *shop, r checkout.Record) {
		placed, err := s.Place(s.t.Context(), placeRequest(r))
		if err != nil || placed.Gateway == nil {
			return
		}
		callback, err := s.gateway.Pay(placed.Gateway.ID)
		s.check(err)
		_, _ = s.ConfirmPayment(s.t.Context(), r.Owner, r.ID, callback)
	}},
	{"paid, browser closed", func(s *shop, r checkout.Record) {
		placed, err := s.Place(s.t.Context(), placeRequest(r))
		if err != nil || placed.Gateway == nil {
			return
		}
		_, err = s.gateway.Pay(placed.Gateway.ID)
		s.check(err)
		s.clock.advance(time.Minute)
		_, _ = s.AdvanceDue(s.t.Context(), 10)
	}},
	{"cash on delivery", func(s *shop, r checkout.Record) {
		if _, err := s.ChoosePayment(s.t.Context(), r.Owner, r.ID, payment.MethodCOD); err == nil {
			_, _ = s.Place(s.t.Context(), placeRequest(s.load(r.ID)))
		}
	}},
	{"cancelled while paying", func(s *shop, r checkout.Record) {
		placed, err := s.Place(s.t.Context(), placeRequest(r))
		if err != nil || placed.Gateway == nil {
			return
		}
		_, _ = s.Cancel(s.t.Context(), r.Owner, r.ID, "")
		_, err = s.gateway.Pay(placed.Gateway.ID)
		s.check(err)
	}},
	{"never paid", func(s *shop, r checkout.Record) {
		_, _ = s.Place(s.t.Context(), placeRequest(r))
		s.clock.advance(31 * time.Minute)
		_, _ = s.AdvanceDue(s.t.Context(), 10)
	}},
}

// TestEveryCrash ends the process, or spoils one call, at every point of every story, starts afresh and lets a day go by.
// Whatever happened, the purchase is an order that took effect once, or nothing at all, and no money is left over.
func TestEveryCrash(t *testing.T) {
	for _, story := range stories {
		total := run(t, story, &points{}).n
		if total < 7 {
			t.Fatalf("%s touches the outside only %d times", story.name, total)
		}
		t.Logf("%s: %d points", story.name, total)
		for at := 1; at <= total; at++ {
			for _, m := range []mode{failBefore, lost, killBefore, killAfter} {
				p := &points{at: at, mode: m}
				t.Run(fmt.Sprintf("%s/%d/%s", story.name, at, m), func(t *testing.T) {
					run(t, story, p)
					if t.Failed() {
						t.Logf("spoilt: %s", p.names[at-1])
					}
				})
			}
		}
	}
}

// run tells the story up to the end of the process, starts a fresh one on the same stores and checks the outcome.
func run(t *testing.T, story story, p *points) *points {
	t.Helper()
	at := p.at
	p.at = 0
	s := brittle(t, p)
	s.fill("guest:1", mug, 2)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	p.n, p.at, p.names = 0, at, nil
	story.tell(s, ready)
	told := *p
	*p = points{} // the fresh process: nothing fails any more
	s.pass(26 * time.Hour)
	s.accounted(ready)
	return &told
}

// accounted checks that money, stock and orders agree.
func (s *shop) accounted(r checkout.Record) {
	s.t.Helper()
	r = s.load(r.ID)
	orders, level := s.effective(r.Token), s.level(mug)
	captured, refunded := s.moneyOf(r)
	switch {
	case orders > 1:
		s.t.Errorf("%d orders took effect", orders)
	case orders == 1 && (level.Sold != 2 || level.Allocated != 0 || r.Status() != checkout.StatusOrdered):
		s.t.Errorf("ordered: %s, %+v, timeline %v", r.Status(), level, r.Timeline)
	case orders == 0 && (level.Sold != 0 || level.Allocated != 0):
		s.t.Errorf("not ordered: %s, %+v, timeline %v", r.Status(), level, r.Timeline)
	case orders == 1 && r.PaymentMethod == payment.MethodRazorpay && captured-refunded != r.Quote.Totals.Total.Minor():
		s.t.Errorf("ordered, with %d paise captured and %d refunded", captured, refunded)
	case orders == 0 && captured != refunded:
		s.t.Errorf("not ordered, with %d paise captured and %d refunded: %s, timeline %v", captured, refunded, r.Status(), r.Timeline)
	}
	for _, o := range s.orders.All() {
		if !o.Effective() && !o.Trashed() {
			s.t.Errorf("order %s is left %q", o.Number, o.Status)
		}
	}
	if n := s.notices.count(checkout.NoticeOrderConfirmed); n != orders {
		s.t.Errorf("%d orders, %d confirmations", orders, n)
	}
	s.conserved()
}

// moneyOf adds up what the gateway took and gave back for a checkout, whatever order of ours it was for.
func (s *shop) moneyOf(r checkout.Record) (captured, refunded int64) {
	s.t.Helper()
	for _, o := range s.gateway.Orders(r.Token) {
		payments, err := s.gateway.Payments(s.t.Context(), o.ID)
		s.check(err)
		for _, p := range payments {
			if p.Status == payment.StatusCaptured || p.Status == payment.StatusRefunded {
				captured += p.Amount.Minor()
				refunded += p.Refunded.Minor()
			}
		}
	}
	return captured, refunded
}
