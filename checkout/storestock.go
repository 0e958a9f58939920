package checkout

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/inventory"
)

// StockRestorer is what an OrderCreator can do besides: put right what the store subtracted twice. WooCommerce does that
// when two completions of one order overlap; the Service sends one at a time, but somebody at the back office may send
// another. Where the OrderCreator is none, people are told instead.
type StockRestorer interface {
	// RestoreSurplus adds what the order's lines were subtracted beyond their quantity to the store's stock again and
	// returns the order as read back, with Reduced equal to Quantity. Without a surplus it does nothing, so that one
	// after another it is idempotent; in parallel it is not, and the caller holds a lease. An order that is not in effect
	// is refused.
	RestoreSurplus(ctx context.Context, orderID int64) (StoreOrder, error)
}

func (s *Service) restorer() StockRestorer {
	restorer, _ := s.config.Orders.(StockRestorer)
	return restorer
}

// wantStoreStock follows the store's own books of an order that is in effect.
func wantStoreStock(r Record) []Effect {
	var list []Effect
	if r.Cancelled != nil || r.Order.halted() {
		return nil
	}
	if r.Order.Twice {
		list = append(list, Effect{Kind: EffectRestoreStock, Ref: orderRef(r.Order.ID), Why: "the store subtracted stock twice"})
	}
	if r.Order.Short {
		list = append(list, Effect{Kind: EffectCheckStock, Ref: orderRef(r.Order.ID), Why: "the store has yet to subtract the stock"})
	}
	return list
}

// confirmStock turns the claim into a sale once the store is seen to have subtracted every line. Restores says that a
// surplus can be put back by us.
func (d *draft) confirmStock(o StoreOrder, restores bool) {
	if d.Stock != StockAllocated {
		return
	}
	missing, twice := d.compareReduced(o)
	if d.Order.Twice = len(twice) > 0 && restores; len(twice) > 0 {
		todo := "put it back"
		if restores {
			todo = "it is being put back"
		}
		d.alert(d.now, fmt.Sprintf("the store subtracted stock twice for %s in order %s; %s", strings.Join(twice, ", "), o.Number, todo), "")
	}
	if d.Order.Short = len(missing) > 0; d.Order.Short {
		d.alert(d.now, fmt.Sprintf("the store has not subtracted stock for %s in order %s", strings.Join(missing, ", "), o.Number), "")
		return
	}
	d.Stock = StockConfirmed
	d.move(inventory.Confirm, d.Allocated, "order "+o.Number)
	if d.Shipment != nil {
		d.Stock = StockShipped
		d.move(inventory.Ship, d.Allocated, "parcel "+d.Shipment.Tracking)
	}
}

// compareReduced names the managed items of which the store subtracted too little, or too much.
func (r Record) compareReduced(o StoreOrder) (missing, twice []string) {
	type sold struct{ product, variation int64 }
	want, reduced := map[sold]int64{}, map[sold]int64{}
	for _, l := range o.Lines {
		reduced[sold{l.ProductID, l.VariationID}] += l.Reduced
	}
	for _, l := range r.Lines {
		if l.Item.Stock.Managed {
			want[sold{l.Line.Ref.ProductID, l.Line.Ref.VariationID}] += l.Line.Quantity
		}
	}
	for key, quantity := range want {
		name := orderRef(or(key.variation, key.product))
		switch {
		case reduced[key] < quantity:
			missing = append(missing, name)
		case reduced[key] > quantity:
			twice = append(twice, name)
		}
	}
	slices.Sort(missing)
	slices.Sort(twice)
	return missing, twice
}

// checkStock reads our order again, until the store has subtracted every line of it.
func (s *Service) checkStock(ctx context.Context, r Record, _ Effect) (result, error) {
	o, err := s.readOrder(ctx, r)
	if err != nil {
		return nil, err
	}
	if missing, _ := r.compareReduced(o); len(missing) > 0 {
		return nil, fmt.Errorf("%w: the store has not subtracted stock for %s yet", ErrUnavailable, strings.Join(missing, ", "))
	}
	return func(d *draft) {
		if d.Order != nil && d.Order.ID == o.ID && d.Order.Short {
			d.log(d.now, actorEngine, "the store has subtracted the stock by now", o.Number)
			d.confirmStock(o, s.restorer() != nil)
		}
	}, nil
}

// readOrder reads our order, which has to be in effect.
func (s *Service) readOrder(ctx context.Context, r Record) (StoreOrder, error) {
	found, err := s.config.Orders.FindOrder(ctx, r.Token)
	if err != nil {
		return StoreOrder{}, err
	}
	i := slices.IndexFunc(found, func(o StoreOrder) bool { return o.ID == r.Order.ID })
	if i < 0 || !found[i].Effective() {
		return StoreOrder{}, &RefusedError{Code: "not_in_effect", Reason: fmt.Sprintf("order %d is not in effect any more", r.Order.ID)}
	}
	return found[i], nil
}

// restoreStock puts back what the store subtracted twice.
func (s *Service) restoreStock(ctx context.Context, r Record, _ Effect) (result, error) {
	restorer := s.restorer()
	if restorer == nil {
		return nil, &RefusedError{Code: "no_restorer", Reason: "this store's stock is put back by hand"}
	}
	o, err := restorer.RestoreSurplus(ctx, r.Order.ID)
	if err != nil {
		return nil, err
	}
	if _, twice := r.compareReduced(o); len(twice) > 0 {
		return nil, fmt.Errorf("%w: the stock of %s is still subtracted twice", ErrUnknown, strings.Join(twice, ", "))
	}
	return restored(o), nil
}

// findRestored looks whether an earlier attempt has put it back.
func (s *Service) findRestored(ctx context.Context, r Record, _ Effect) (result, bool, error) {
	o, err := s.readOrder(ctx, r)
	if err != nil {
		return nil, false, err
	}
	if _, twice := r.compareReduced(o); len(twice) > 0 {
		return nil, false, nil
	}
	return restored(o), true, nil
}

func restored(o StoreOrder) result {
	return func(d *draft) {
		if d.Order == nil || d.Order.ID != o.ID || !d.Order.Twice {
			return
		}
		d.Order.Twice = false
		d.log(d.now, actorEngine, "stock put back in the store", "it had been subtracted twice for order "+o.Number)
		if want := d.Quote.Totals.Total; !o.Total.Equal(want) {
			d.alert(d.now, fmt.Sprintf("order %s totals %s, the quote says %s", o.Number, o.Total, want), "")
		}
	}
}
