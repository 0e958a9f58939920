package simulate_test

import (
	"context"
	"fmt"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// woo is the store of record: orders, and one number for each product, which it subtracts
// from itself when an order takes effect.
type woo struct {
	*memstore.Orders
	w     *world
	stock map[int64]int64
	// elsewhere says that it was edited or sold there, so that its number may fall below
	// nothing.
	elsewhere bool
	running   map[int64]int  // completions under way, by order
	edited    map[int64]bool // orders that the store's own people moved
}

func newWoo(w *world) *woo {
	return &woo{Orders: memstore.NewOrders(w.now), w: w, stock: map[int64]int64{}, running: map[int64]int{}, edited: map[int64]bool{}}
}

// ordersPort is the store's API for orders.
type ordersPort struct{ w *world }

func (p ordersPort) CreatePending(ctx context.Context, r checkout.OrderRequest) (checkout.StoreOrder, error) {
	return touch(ctx, p.w, "create order", may{failures: orders, late: true, twice: true}, func(ctx context.Context) (checkout.StoreOrder, error) {
		p.w.watch.asked(ctx, r.Token, checkout.EffectCreateOrder)
		o, err := p.w.woo.CreatePending(ctx, r)
		p.w.watch.ordered(o)
		return o, err
	})
}

func (p ordersPort) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	return touch(ctx, p.w, "find order", may{failures: reading}, func(ctx context.Context) ([]checkout.StoreOrder, error) {
		if p.w.sabotage.blindOrders {
			return nil, nil
		}
		return p.w.woo.FindOrder(ctx, token)
	})
}

// Complete is where two calls at once would subtract stock twice: WooCommerce reads the
// order, works for a while, and writes.
func (p ordersPort) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	m := may{failures: orders, late: true, twice: true, underway: func(change int) {
		if p.w.woo.running[id] += change; p.w.woo.running[id] > 1 {
			p.w.watch.broken("I20", fmt.Sprint("two completions of order ", id, " are under way"))
		}
	}}
	return touch(ctx, p.w, "complete order", m, func(ctx context.Context) (checkout.StoreOrder, error) {
		return p.w.woo.complete(ctx, id, how)
	})
}

func (o *woo) complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	before := o.byID(id)
	if o.w.sabotage.hollowOrders {
		before.Status = "processing"
		return before, nil
	}
	after, err := o.Orders.Complete(ctx, id, how)
	if err != nil || before.Effective() || !after.Effective() {
		return after, err
	}
	for _, l := range after.Lines {
		o.stock[l.ProductID] -= l.Reduced
	}
	o.w.watch.tookEffect(ctx, after, how)
	if o.w.sabotage.generous && how.Paid {
		o.w.giveAway(how.TransactionID, after.Total)
	}
	return after, nil
}

func (o *woo) byID(id int64) checkout.StoreOrder {
	for _, order := range o.All() {
		if order.ID == id {
			return order
		}
	}
	return checkout.StoreOrder{}
}

func (p ordersPort) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return touch(ctx, p.w, "cancel order", may{failures: orders, late: true, twice: true}, func(ctx context.Context) (checkout.StoreOrder, error) {
		p.w.watch.trashes(p.w.woo.byID(id))
		return p.w.woo.Cancel(ctx, id)
	})
}

// sourcePort is the store's stock, read now; the answer may travel for a while.
type sourcePort struct{ w *world }

func (p sourcePort) Stock(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return touch(ctx, p.w, "read stock", may{failures: reading}, func(context.Context) ([]inventory.Level, error) {
		var levels []inventory.Level
		for _, ref := range goods {
			for _, item := range items {
				if key := keyOf(ref); key.Item == item {
					levels = append(levels, inventory.Level{Key: key, OnHand: p.w.woo.stock[ref.ProductID], Policy: inventory.Deny})
				}
			}
		}
		return levels, nil
	})
}
