package checkout_test

import (
	"context"
	"sync"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// carrier books a parcel for every order, once.
type carrier struct {
	mu     sync.Mutex
	booked int
	known  map[checkout.ID]checkout.Shipment
}

func (c *carrier) Ship(_ context.Context, r checkout.Record) (checkout.Shipment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.booked++
	if c.known == nil {
		c.known = map[checkout.ID]checkout.Shipment{}
	}
	c.known[r.ID] = checkout.Shipment{ID: "p1", Carrier: "India Post", Tracking: "EX1"}
	return c.known[r.ID], nil
}

func (c *carrier) FindShipment(_ context.Context, r checkout.Record) (checkout.Shipment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if sh, ok := c.known[r.ID]; ok {
		return sh, nil
	}
	return checkout.Shipment{}, checkout.ErrNotFound
}

// slowKeeper lets something happen between a reading and its answer, loses replies and refuses. Each fault is used once,
// in order.
type slowKeeper struct {
	*faultyOrders
	between func()
	stale   func(checkout.StoreOrder) checkout.StoreOrder // what a replica that lags says
	before  []error                                       // of Tell and AddRefund: returned instead of doing anything
	after   []error                                       // returned after it was done
	calls   int                                           // of Tell and AddRefund that had an effect
	forget  bool                                          // the store dies after it saved a refund, and before its meta data
}

func (k *slowKeeper) ReadOrder(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	o, err := k.faultyOrders.ReadOrder(ctx, id)
	if f := k.between; f != nil {
		k.between = nil
		f()
	}
	if k.stale != nil {
		o = k.stale(o)
	}
	return o, err
}

func (k *slowKeeper) Tell(ctx context.Context, id int64, news checkout.OrderNews) (checkout.StoreOrder, error) {
	return k.do(func() (checkout.StoreOrder, error) { return k.faultyOrders.Tell(ctx, id, news) })
}

func (k *slowKeeper) AddRefund(ctx context.Context, id int64, req checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	if k.forget {
		req.Key = ""
	}
	return k.do(func() (checkout.StoreOrder, error) { return k.faultyOrders.AddRefund(ctx, id, req) })
}

func (k *slowKeeper) do(f func() (checkout.StoreOrder, error)) (checkout.StoreOrder, error) {
	if err := k.next(&k.before); err != nil {
		return checkout.StoreOrder{}, err
	}
	o, err := f()
	k.calls++
	if lost := k.next(&k.after); lost != nil {
		return checkout.StoreOrder{}, lost
	}
	return o, err
}

// settle brings the books to what the store has subtracted for the order, as reconciliation does.
func (s *shop) settle(r checkout.Record) {
	s.t.Helper()
	entries, err := s.stock.Entries(s.t.Context(), inventory.LedgerQuery{Ref: string(r.ID)})
	s.check(err)
	o := s.storeOrder(r)
	settlement := inventory.Settlement{Ref: string(r.ID), AsOf: entries[len(entries)-1].Seq, Actor: "reconcile"}
	for _, l := range o.Lines {
		settlement.Lines = append(settlement.Lines, inventory.Line{Item: inventory.ProductItem(l.ProductID), Quantity: l.Reduced})
	}
	_, err = s.stock.Settle(s.t.Context(), settlement)
	s.check(err)
}

// wordKeeper remembers what it was asked to note.
type wordKeeper struct {
	*faultyOrders
	asked []checkout.StoreRefundRequest
}

func (k *wordKeeper) AddRefund(ctx context.Context, id int64, req checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	k.asked = append(k.asked, req)
	return k.faultyOrders.AddRefund(ctx, id, req)
}

// refuseRefunds makes the gateway refuse the next refund.
func (s *shop) refuseRefunds() {
	s.t.Helper()
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpRefund, Kind: fakegateway.Refuse}))
}
