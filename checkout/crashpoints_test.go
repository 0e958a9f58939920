package checkout_test

import (
	"context"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// mode is what happens at one point where the process touches something outside it.
type mode string

const (
	failBefore mode = "fails before"
	lost       mode = "takes effect, the reply is lost"
	killBefore mode = "the process dies before"
	killAfter  mode = "the process dies after"
)

var modes = []mode{failBefore, lost, killBefore, killAfter}

// errKilled stands for the end of the process: nothing after it is written.
var errKilled = errors.New("killed")

// points counts every touch and spoils some of them. After a kill the process touches nothing any more, until a fresh one
// is started.
type points struct {
	n      int
	spoil  map[int]mode
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
	switch p.spoil[p.n] {
	case failBefore:
		return zero, unsent
	case lost:
		_, _ = do()
		return zero, unknown
	case killBefore:
		p.killed = true
		return zero, errKilled
	case killAfter:
		_, _ = do()
		p.killed = true
		return zero, errKilled
	}
	return do()
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

func (o brittleOrders) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return pass(o.points, "cancel order", checkout.ErrUnavailable, checkout.ErrUnknown, func() (checkout.StoreOrder, error) {
		return o.OrderCreator.Cancel(ctx, id)
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

func (g brittleGateway) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	return pass(g.points, "find gateway order", payment.ErrUnavailable, payment.ErrUnavailable, func() (payment.Order, error) {
		return g.Gateway.FindOrder(ctx, receipt)
	})
}

func (g brittleGateway) Payments(ctx context.Context, id string) ([]payment.Payment, error) {
	return pass(g.points, "read payments", payment.ErrUnavailable, payment.ErrUnavailable, func() ([]payment.Payment, error) {
		return g.Gateway.Payments(ctx, id)
	})
}

func (g brittleGateway) Capture(ctx context.Context, id string, amount pricing.Money) (payment.Payment, error) {
	return pass(g.points, "capture", payment.ErrUnavailable, payment.ErrUnknown, func() (payment.Payment, error) {
		return g.Gateway.Capture(ctx, id, amount)
	})
}

func (g brittleGateway) Refund(ctx context.Context, r payment.RefundRequest) (payment.Refund, error) {
	return pass(g.points, "refund", payment.ErrUnavailable, payment.ErrUnknown, func() (payment.Refund, error) {
		return g.Gateway.Refund(ctx, r)
	})
}

func (g brittleGateway) FindRefund(ctx context.Context, paymentID, key string) (payment.Refund, error) {
	return pass(g.points, "find refund", payment.ErrUnavailable, payment.ErrUnavailable, func() (payment.Refund, error) {
		return g.Gateway.FindRefund(ctx, paymentID, key)
	})
}

// brittleStock is a reserver whose releases are points: the only calls of it between Place and the end.
type brittleStock struct {
	*memstore.Stock
	*points
}

func (r brittleStock) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	away := errors.New("the reserver is away")
	return pass(r.points, "release", away, away, func() (inventory.Reservation, error) { return r.Stock.Release(ctx, id) })
}

// brittleCarts is a cart store whose writes are points.
type brittleCarts struct {
	cart.Store
	*points
}

func (c brittleCarts) Save(ctx context.Context, next cart.Cart, expected int64) (cart.Cart, error) {
	away := errors.New("the carts are away")
	return pass(c.points, "save cart", away, away, func() (cart.Cart, error) { return c.Store.Save(ctx, next, expected) })
}

// brittleNotices is a mail service whose calls are points.
type brittleNotices struct {
	*notices
	*points
}

func (n brittleNotices) Notify(ctx context.Context, notice checkout.Notice) error {
	away := errors.New("the mail service is away")
	_, err := pass(n.points, "notify", away, away, func() (struct{}, error) { return struct{}{}, n.notices.Notify(ctx, notice) })
	return err
}

// brittle opens a shop whose service touches everything through the points. While time passes, a process that died is
// replaced by a fresh one.
func brittle(t *testing.T, p *points) *shop {
	t.Helper()
	s := newShop(t, func(c *checkout.Config) {
		c.Store = brittleStore{c.Store.(*memstore.Checkouts), p}
		c.Orders = brittleOrders{c.Orders, p}
		c.Reserver = brittleStock{c.Reserver.(*memstore.Stock), p}
		c.Carts = brittleCarts{c.Carts, p}
		c.Notifier = brittleNotices{c.Notifier.(*notices), p}
		c.Payments[0].Gateway = brittleGateway{c.Payments[0].Gateway.(*fakegateway.Gateway), p}
	})
	s.restart = func() { p.killed = false }
	return s
}
