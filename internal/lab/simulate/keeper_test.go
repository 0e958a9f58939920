package simulate_test

import (
	"cmp"
	"context"
	"fmt"

	"github.com/ankkor/ankkor/checkout"
)

// keeperPort is the API of a store whose orders are followed after they took effect.
type keeperPort struct{ ordersPort }

var (
	_ checkout.OrderKeeper = keeperPort{}
	_ checkout.OrderNotes  = keeperPort{}
	_ checkout.CashBook    = keeperPort{}
)

// writes may go wrong in every way.
var writes = may{failures: orders, late: true, twice: true}

func (p keeperPort) ReadOrder(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return touch(ctx, p.w, "read order", may{failures: reading}, func(ctx context.Context) (checkout.StoreOrder, error) {
		return p.w.woo.ReadOrder(ctx, id)
	})
}

func (p keeperPort) Tell(ctx context.Context, id int64, news checkout.OrderNews) (checkout.StoreOrder, error) {
	return touch(ctx, p.w, "tell store", writes, func(ctx context.Context) (checkout.StoreOrder, error) {
		return p.w.woo.follow(id, func() (checkout.StoreOrder, error) {
			if o := p.w.woo.byID(id); p.w.sabotage.hollowNews {
				o.Told, o.Status = news.Told, cmp.Or(news.Status, o.Status)
				return o, nil
			}
			return p.w.woo.Tell(ctx, id, news)
		})
	})
}

func (p keeperPort) AddRefund(ctx context.Context, id int64, r checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	return touch(ctx, p.w, "note refund", writes, func(ctx context.Context) (checkout.StoreOrder, error) {
		return p.w.woo.follow(id, func() (checkout.StoreOrder, error) { return p.w.woo.AddRefund(ctx, id, r) })
	})
}

func (p keeperPort) NoteOrder(ctx context.Context, id int64, text string) error {
	return void(ctx, p.w, "note", writes, func(ctx context.Context) error { return p.w.woo.NoteOrder(ctx, id, text) })
}

func (p keeperPort) Noted(ctx context.Context, id int64, text string) (bool, error) {
	return touch(ctx, p.w, "find note", may{failures: reading}, func(ctx context.Context) (bool, error) { return p.w.woo.Noted(ctx, id, text) })
}

func (p keeperPort) SettleCash(ctx context.Context, id int64, s checkout.CashSettlement) (checkout.StoreOrder, error) {
	return touch(ctx, p.w, "settle cash", writes, func(ctx context.Context) (checkout.StoreOrder, error) {
		return p.w.woo.follow(id, func() (checkout.StoreOrder, error) { return p.w.woo.SettleCash(ctx, id, s) })
	})
}

// follow lets the store's stock follow what an order's lines say is out.
func (o *woo) follow(id int64, change func() (checkout.StoreOrder, error)) (checkout.StoreOrder, error) {
	before := o.byID(id)
	after, err := change()
	for n, l := range o.byID(id).Lines {
		o.stock[l.ProductID] += before.Lines[n].Reduced - l.Reduced
	}
	return after, err
}

// edit is somebody in the store's own back office who moves an order, of which a webhook tells.
func (w *world) edit(ctx context.Context) {
	var live []checkout.StoreOrder
	for _, o := range w.woo.All() {
		if o.Effective() && w.watch.facts[w.watch.byToken[o.Token]].effect { // what nobody here knows of needs a person
			live = append(live, o)
		}
	}
	if len(live) == 0 {
		return
	}
	o, status := live[w.rng.IntN(len(live))], draw(w.scheduler, "cancelled", "completed", "processing")
	_, err := w.woo.follow(o.ID, func() (checkout.StoreOrder, error) { return o, w.woo.SetStatus(o.ID, status) })
	w.woo.edited[o.ID] = true
	w.note(ctx, "back office "+status, fmt.Sprint(o.ID, outcome(err)))
	w.rare.sawIf(status == "cancelled", "the store's own people cancelled an order")
	if !w.chance(30) { // else only reconciliation tells
		w.start("order webhook", nil, w.within(draw(w.scheduler, w.policy.Lease, 10*w.policy.Lease)), func(ctx context.Context) { w.orderChanged(ctx, o.ID) })
	}
}

// orderChanged tells a process that an order changed, a few times until one says that it knows.
func (w *world) orderChanged(ctx context.Context, id int64) {
	for range 8 {
		err := w.ask(ctx, "order webhook", func(ctx context.Context, shop *checkout.Service) error { return shop.StoreOrderChanged(ctx, id) })
		if err == nil {
			return
		}
		w.sleep(ctx, w.within(w.policy.Lease))
	}
}

// reconcileOrders reads every order again, as reconciliation does.
func (w *world) reconcileOrders(ctx context.Context) {
	for _, o := range w.woo.All() {
		w.orderChanged(ctx, o.ID)
	}
}

// handle is what staff do with an order that has taken effect.
func (w *world) handle(ctx context.Context, id checkout.ID) {
	r := w.watch.facts[id].record
	what := draw(w.scheduler, "pack", "send", "deliver", "deliver", "comes back", "call off", "remit", "remit")
	err := w.ask(ctx, "staff "+what, func(ctx context.Context, shop *checkout.Service) (err error) {
		switch what {
		case "pack":
			_, err = shop.RecordProcessing(ctx, id, "meera")
		case "send":
			_, err = shop.RecordShipment(ctx, id, checkout.Shipment{ID: "by-hand-" + string(id), Carrier: "India Post", At: w.now()}, "meera")
		case "deliver":
			_, err = shop.RecordDelivery(ctx, id, w.now(), "meera")
		case "comes back":
			_, err = shop.RecordReturn(ctx, checkout.ReturnRequest{ID: id, Key: "parcel", Restock: w.restocks, Reason: "nobody at home", Actor: "meera"})
		case "call off":
			_, err = shop.CancelOrder(ctx, id, "it broke in the store-room", "meera")
		case "remit":
			_, err = shop.RecordRemittance(ctx, checkout.RemittanceRequest{ID: id, Key: "transfer", Amount: r.Plan.OnDelivery, Actor: "courier"})
		}
		return err
	})
	w.rare.sawIf(err == nil, map[string]string{
		"pack": "an order was packed", "send": "staff sent a parcel", "deliver": "a parcel arrived", "comes back": "a parcel came back",
		"call off": "an order in effect was called off", "remit": "a courier handed cash over",
	}[what])
}
