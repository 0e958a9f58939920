package simulate_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"github.com/ankkor/ankkor/pricing"
)

// trouble is how long faults go on.
const trouble = 100 * time.Minute

// open lets everybody work: shoppers, staff, the store's own people, and misfortune.
func (w *world) open() {
	w.invite()
	w.start("staff", nil, w.within(20*time.Minute), w.staff)
	if w.chance(50) {
		w.woo.elsewhere = true
		w.start("back office", nil, w.within(10*time.Minute), w.backOffice)
	}
	if w.faults > 0 {
		w.start("misfortune", nil, w.within(20*time.Minute), w.misfortune)
	}
}

// staff look at checkouts and do what they can do with them.
func (w *world) staff(ctx context.Context) {
	for !w.healed {
		if id, ok := w.anyCheckout(); ok {
			w.decide(ctx, id)
		}
		w.sleep(ctx, time.Minute+w.within(40*time.Minute))
	}
}

// anyCheckout draws one of those there are.
func (w *world) anyCheckout() (checkout.ID, bool) {
	ids := slices.Sorted(maps.Keys(w.watch.facts))
	if len(ids) == 0 {
		return "", false
	}
	return ids[w.rng.IntN(len(ids))], true
}

func (w *world) decide(ctx context.Context, id checkout.ID) {
	if w.keeps && w.watch.facts[id].effect && w.chance(60) {
		w.handle(ctx, id)
		return
	}
	what := draw(w.scheduler, "verify", "verify", "refund", "release", "retry")
	_ = w.ask(ctx, "staff "+what, func(ctx context.Context, shop *checkout.Service) (err error) {
		switch what {
		case "verify":
			_, err = shop.Recheck(ctx, id)
		case "refund":
			_, err = shop.Refund(ctx, checkout.RefundRequest{ID: id, Key: "broken", Amount: pricing.Paise(5000), Reason: "one arrived broken", Actor: "meera"})
		case "release":
			_, err = shop.Release(ctx, id, "no courier goes there", "meera")
		case "retry":
			_, err = shop.Retry(ctx, id, "meera")
		}
		return err
	})
}

// backOffice sells elsewhere, counts, and changes prices.
func (w *world) backOffice(ctx context.Context) {
	for !w.healed {
		ref := goods[w.rng.IntN(len(goods))]
		switch draw(w.scheduler, "sell", "count", "price") {
		case "sell":
			w.woo.stock[ref.ProductID]--
		case "count":
			w.woo.stock[ref.ProductID] = max(0, w.woo.stock[ref.ProductID]+int64(w.rng.IntN(6)-3))
		case "price":
			w.catalog.SetPrice(ref, decimal.NewFromInt(50+int64(w.rng.IntN(400))))
		}
		if w.keeps && w.chance(20) {
			w.edit(ctx)
		}
		if len(w.network.Warehouses) > 0 && w.chance(20) {
			w.lorry(ctx, ref)
		}
		w.hurry("stock", w.now())
		w.sleep(ctx, w.within(20*time.Minute))
	}
}

// lorry takes a piece from one warehouse to the other. The cache is not told.
func (w *world) lorry(ctx context.Context, ref cart.ItemRef) {
	from := w.rng.IntN(2)
	_, err := warehouse.NewStockroom(w.books, nil).Transfer(ctx, warehouse.Transfer{
		ID: fmt.Sprint("lorry-", w.steps), From: w.network.Warehouses[from].Location, To: w.network.Warehouses[1-from].Location,
		Lines: []inventory.Line{{Item: keyOf(ref).Item, Quantity: 1}}, Actor: "meera",
	})
	w.rare.sawIf(err == nil, "a piece went from one warehouse to the other")
}

// misfortune ends processes and empties the cache.
func (w *world) misfortune(ctx context.Context) {
	for !w.healed {
		if w.chance(70) {
			w.end(w.processes[w.rng.IntN(len(w.processes))])
		} else {
			w.rare.sawIf(w.watch.holding(), "the cache forgot reservations that were alive")
			w.shelf = memstore.NewStock(memstore.StockConfig{Now: w.now})
			clear(w.watch.ends)
			w.note(ctx, "the cache", "is empty")
		}
		w.sleep(ctx, w.within(30*time.Minute))
	}
}

// holding reports whether an open checkout holds stock.
func (k *watch) holding() bool {
	for _, f := range k.facts {
		if f.record.Placed == nil && f.record.Reservation != nil && k.w.now().Before(f.record.Reservation.ExpiresAt) {
			return true
		}
	}
	return false
}
