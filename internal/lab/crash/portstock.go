package crash

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// reserver is an inventory.Reserver that keeps levels, as all of ours do.
type reserver struct {
	inventory.Reserver
	*Points
	levels
}

var (
	_ inventory.Levels  = reserver{}
	_ checkout.LowStock = reserver{}
)

func (r reserver) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	return call(ctx, r.Points, "Reserver.Reserve", func() (inventory.Reservation, error) { return r.Reserver.Reserve(ctx, req) })
}

func (r reserver) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	return call(ctx, r.Points, "Reserver.Extend", func() (inventory.Reservation, error) { return r.Reserver.Extend(ctx, id, ttl) })
}

func (r reserver) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	return call(ctx, r.Points, "Reserver.Release", func() (inventory.Reservation, error) { return r.Reserver.Release(ctx, id) })
}

func (r reserver) LowStock(ctx context.Context, atMost int64, limit int) ([]inventory.Level, error) {
	return read(ctx, r.Points, "Reserver.LowStock", "", nil, func() ([]inventory.Level, error) {
		low, ok := r.Reserver.(checkout.LowStock)
		if !ok {
			return nil, errors.ErrUnsupported
		}
		return low.LowStock(ctx, atMost, limit)
	})
}

// forgetful is a reserver that may forget what it was told.
type forgetful struct {
	reserver
	memory inventory.Forgetful
}

var _ inventory.Forgetful = forgetful{}

func (f forgetful) Recheck(ctx context.Context, seen int64, doubt bool) (inventory.Memory, error) {
	return call(ctx, f.Points, "Reserver.Recheck", func() (inventory.Memory, error) { return f.memory.Recheck(ctx, seen, doubt) })
}

func (f forgetful) Retaught(ctx context.Context, generation int64) error {
	return act(ctx, f.Points, "Reserver.Retaught", func() error { return f.memory.Retaught(ctx, generation) })
}

// concluding is a forgetful reserver that is told in one call of what was placed.
type concluding struct {
	forgetful
	both inventory.Concluder
}

var _ inventory.Concluder = concluding{}

func (c concluding) Conclude(ctx context.Context, id string, told []inventory.Level) error {
	return act(ctx, c.Points, "Reserver.Conclude", func() error { return c.both.Conclude(ctx, id, told) })
}

// newReserver wraps all that the reserver of a world can do.
func newReserver(bare inventory.Reserver, p *Points) (inventory.Reserver, error) {
	known, ok := bare.(inventory.Levels)
	if !ok {
		return nil, fmt.Errorf("crash: %T keeps no levels", bare)
	}
	admitting := reserver{bare, p, levels{known, p, "Reserver"}}
	memory, forgets := bare.(inventory.Forgetful)
	if !forgets {
		return admitting, nil
	}
	both, ok := bare.(inventory.Concluder)
	if !ok {
		return nil, fmt.Errorf("crash: %T forgets, and is no Concluder", bare)
	}
	return concluding{forgetful{admitting, memory}, both}, nil
}

// source is the store of record's stock.
type source struct {
	inventory.StockSource
	*Points
}

func (s source) Stock(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return read(ctx, s.Points, "Stock.Stock", fmt.Sprint(items), nil, func() ([]inventory.Level, error) {
		return s.StockSource.Stock(ctx, items)
	})
}

// carts keeps carts.
type carts struct {
	cart.Store
	*Points
}

func (c carts) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	none := func() (cart.Cart, error) { return cart.Cart{}, cart.ErrNotFound }
	return read(ctx, c.Points, "Carts.Load", string(owner), none, func() (cart.Cart, error) { return c.Store.Load(ctx, owner) })
}

func (c carts) Save(ctx context.Context, next cart.Cart, expected int64) (cart.Cart, error) {
	return call(ctx, c.Points, "Carts.Save", func() (cart.Cart, error) { return c.Store.Save(ctx, next, expected) })
}

func (c carts) Delete(ctx context.Context, owner cart.Owner) error {
	return act(ctx, c.Points, "Carts.Delete", func() error { return c.Store.Delete(ctx, owner) })
}

// catalog says what items are.
type catalog struct {
	cart.Catalog
	*Points
}

func (c catalog) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	return read(ctx, c.Points, "Catalog.Items", fmt.Sprint(refs), nil, func() ([]cart.Item, error) {
		return c.Catalog.Items(ctx, refs)
	})
}

// cashHistory knows how earlier cash orders ended.
type cashHistory struct {
	past checkout.CashHistory
	*Points
}

func (c cashHistory) CashHistory(ctx context.Context, who checkout.CashCustomer) (checkout.CashRecord, error) {
	return read(ctx, c.Points, "CashHistory.CashHistory", string(who.Owner), nil, func() (checkout.CashRecord, error) {
		return c.past.CashHistory(ctx, who)
	})
}

// rules are what totals depend on.
type rules struct {
	checkout.Rulebook
	*Points
}

func (r rules) Rules(ctx context.Context) (checkout.Rules, error) {
	return read(ctx, r.Points, "Rules.Rules", "", nil, func() (checkout.Rules, error) { return r.Rulebook.Rules(ctx) })
}
