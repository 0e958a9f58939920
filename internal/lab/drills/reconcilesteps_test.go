package drills_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// meanwhile lets things happen inside a call of one replica; the other one may call
// too, but not the first again.
func (w *world) meanwhile(busy *replica) {
	if w.depth >= 2 {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	for range w.rand.IntN(3) {
		w.step(busy)
	}
}

// step is one thing that happens.
func (w *world) step(busy *replica) {
	w.now = w.now.Add(time.Duration(w.rand.IntN(3000)) * time.Millisecond)
	switch n := w.rand.IntN(20); {
	case n < 5:
		w.place()
	case n < 8:
		w.complete()
	case n < 11:
		w.confirm()
	case n < 12:
		w.cancel()
	case n < 14:
		w.edit()
	case n < 16:
		w.hear(busy)
	case n < 17:
		if busy != nil {
			return // two stale answers in a row cannot be told from two true ones
		}
		w.shop.Faults().Clear()
		w.must("fault", w.shop.Faults().Arm(wootest.Fault{Kind: wootest.StaleRead, Method: "GET", Path: "/wp-json/wc/v3/products*"}))
	default:
		w.pass(busy)
	}
	w.check()
}

// any is either replica: what one wrote the other finds.
func (w *world) any() *replica { return w.replicas[w.rand.IntN(2)] }

func (w *world) item() inventory.Item {
	return []inventory.Item{
		inventory.ProductItem(16), inventory.ProductItem(18), inventory.ProductItem(37), inventory.VariationItem(43),
	}[w.rand.IntN(4)]
}

// levels is what one of the replicas finds of everything.
func (w *world) levels() map[inventory.Item]inventory.Level {
	list, err := w.any().Levels(w.Context(), slices.Collect(maps.Keys(w.goods)))
	if err != nil || len(list) != len(w.goods) {
		w.Fatalf("levels: %v, %v", list, err)
	}
	found := map[inventory.Item]inventory.Level{}
	for _, l := range list {
		found[l.Key.Item] = l
	}
	return found
}

func (w *world) move(kind inventory.MoveKind, s *sold) error {
	_, err := w.any().Move(w.Context(), inventory.Move{
		Kind: kind, Ref: s.ref, Lines: []inventory.Held{{Key: s.item.At(inventory.DefaultLocation), Quantity: s.quantity}},
	})
	return err
}

func (w *world) place() {
	s := &sold{ref: "checkout-" + strconv.Itoa(len(w.orders)+1), item: w.item(), quantity: 1 + w.rand.Int64N(3)}
	if err := w.move(inventory.Allocate, s); errors.Is(err, inventory.ErrInsufficient) {
		return
	} else if err != nil {
		w.Fatal(err)
	}
	w.orders = append(w.orders, s)
}

// pick finds an order for which the next thing can happen.
func (w *world) pick(fits func(*sold) bool) *sold {
	for _, i := range w.rand.Perm(len(w.orders)) {
		if fits(w.orders[i]) {
			return w.orders[i]
		}
	}
	return nil
}

// complete makes the order there, and it takes effect.
func (w *world) complete() {
	if s := w.pick(func(s *sold) bool { return !s.effective }); s != nil {
		w.send(s)
	}
}

func (w *world) send(s *sold) {
	line := fmt.Sprintf(`{"product_id":%d,"quantity":%d}`, w.goods[s.item], s.quantity)
	switch s.item {
	case inventory.VariationItem(43):
		line = fmt.Sprintf(`{"product_id":37,"variation_id":43,"quantity":%d}`, s.quantity)
	case inventory.ProductItem(37): // of which a variation is sold that has no stock of its own
		line = fmt.Sprintf(`{"product_id":37,"variation_id":40,"quantity":%d}`, s.quantity)
	}
	var made struct{ ID int64 }
	_, err := w.client.Send(w.Context(), woo.Request{
		Op: "create", Method: http.MethodPost, Path: "wc/v3/orders",
		Body: rawJSON(`{"set_paid":true,"billing":{"country":"IN","state":"KA","email":"ravi@example.test"},"line_items":[` + line + `]}`),
	}, &made)
	w.must("order", err)
	s.order, s.effective = made.ID, true
	w.told(reconcile.Orders, made.ID)
	w.changed(s.item)
}

// rawJSON is a body as it is.
type rawJSON string

func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }

func (w *world) confirm() {
	s := w.pick(func(s *sold) bool { return s.effective && !s.confirmed && !s.cancelled })
	if s != nil {
		s.confirmed = true
		w.must("confirm", w.move(inventory.Confirm, s))
	}
}

func (w *world) cancel() {
	s := w.pick(func(s *sold) bool { return s.confirmed && !s.cancelled })
	if s != nil {
		s.cancelled = true
		w.must("cancel", w.shop.SetOrderStatus(s.order, "cancelled"))
		w.told(reconcile.Orders, s.order)
		w.changed(s.item)
	}
}

// edit is somebody in wp-admin, who takes pieces or finds some.
func (w *world) edit() {
	item, by := w.item(), w.rand.Int64N(16)-8
	have, err := w.shop.Stock(w.goods[item])
	w.must("stock", err)
	w.must("edit", w.shop.SetStock(w.goods[item], have.Quantity+by))
	if by < 0 {
		w.cuts[item] -= by
	}
	w.changed(item)
}

func (w *world) changed(item inventory.Item) {
	if item == inventory.VariationItem(43) {
		w.hints = append(w.hints, hint{reconcile.Variations, 43, 37})
		return
	}
	w.told(reconcile.Products, w.goods[item])
}

func (w *world) told(kind reconcile.Kind, id int64) {
	w.hints = append(w.hints, hint{kind: kind, id: id})
}

// hear is a webhook: any of those under way, perhaps once more later, perhaps never.
func (w *world) hear(busy *replica) {
	if len(w.hints) == 0 {
		return
	}
	i := w.rand.IntN(len(w.hints))
	h := w.hints[i]
	if w.rand.IntN(3) > 0 {
		w.hints = append(w.hints[:i:i], w.hints[i+1:]...)
	}
	if w.rand.IntN(2) == 0 || w.deaf {
		return // lost
	}
	if r := w.other(busy); r != nil {
		w.must("hint", r.service.Changed(w.Context(), h.kind, h.id, h.parent))
	}
}

func (w *world) pass(busy *replica) {
	r := w.other(busy)
	if r == nil {
		return
	}
	work := r.service.Pass
	if w.rand.IntN(5) == 0 {
		work = r.service.Sweep
	}
	if _, err := work(w.Context()); err != nil && !errors.Is(err, reconcile.ErrConflict) {
		w.Fatalf("pass: %v", err)
	}
}

// other is a replica that is not in the middle of something.
func (w *world) other(busy *replica) *replica {
	switch {
	case w.depth >= 2:
		return nil
	case busy == nil:
		return w.replicas[w.rand.IntN(2)]
	case busy == w.replicas[0]:
		return w.replicas[1]
	}
	return w.replicas[0]
}
