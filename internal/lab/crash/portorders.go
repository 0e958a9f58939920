package crash

import (
	"context"
	"fmt"
	"sync"

	"github.com/ankkor/ankkor/checkout"
)

// orders writes orders into the store of record. Overlap, where it is set, lets two completions of an order run into one
// another: what happens when a PUT is sent twice.
type orders struct {
	checkout.OrderCreator
	*Points
	overlap func()
}

// keptOrders are orders that are followed after they took effect, as WooCommerce's are.
type keptOrders struct {
	orders
	keeper checkout.OrderKeeper
	notes  checkout.OrderNotes
	book   checkout.CashBook
}

// restoringOrders can also put back what was subtracted twice.
type restoringOrders struct {
	keptOrders
	restorer checkout.StockRestorer
}

var (
	_ checkout.OrderKeeper   = keptOrders{}
	_ checkout.OrderNotes    = keptOrders{}
	_ checkout.CashBook      = keptOrders{}
	_ checkout.StockRestorer = restoringOrders{}
)

// newOrders wraps all that the orders of a world can do.
func newOrders(bare checkout.OrderCreator, p *Points, overlap func()) (checkout.OrderCreator, error) {
	keeper, keeps := bare.(checkout.OrderKeeper)
	notes, noted := bare.(checkout.OrderNotes)
	book, booked := bare.(checkout.CashBook)
	if !keeps || !noted || !booked {
		return nil, fmt.Errorf("crash: %T cannot do all that a store's orders can", bare)
	}
	kept := keptOrders{orders{bare, p, overlap}, keeper, notes, book}
	if restorer, ok := bare.(checkout.StockRestorer); ok {
		return restoringOrders{kept, restorer}, nil
	}
	return kept, nil
}

func (o orders) CreatePending(ctx context.Context, r checkout.OrderRequest) (checkout.StoreOrder, error) {
	return call(ctx, o.Points, "Orders.CreatePending", func() (checkout.StoreOrder, error) {
		return o.OrderCreator.CreatePending(ctx, r)
	})
}

func (o orders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	none := func() ([]checkout.StoreOrder, error) { return nil, nil }
	return read(ctx, o.Points, "Orders.FindOrder", token, none, func() ([]checkout.StoreOrder, error) {
		return o.OrderCreator.FindOrder(ctx, token)
	})
}

func (o orders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	do := func() (checkout.StoreOrder, error) { return o.OrderCreator.Complete(ctx, id, how) }
	return touch(ctx, o.Points, "Orders.Complete", "", answers[checkout.StoreOrder]{do: do, twice: func() (checkout.StoreOrder, error) {
		if o.overlap == nil {
			_, _ = do()
			return do()
		}
		o.overlap()
		var other sync.WaitGroup
		other.Go(func() { _, _ = do() })
		defer other.Wait()
		return do()
	}})
}

func (o orders) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return call(ctx, o.Points, "Orders.Cancel", func() (checkout.StoreOrder, error) { return o.OrderCreator.Cancel(ctx, id) })
}

func (o keptOrders) ReadOrder(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return read(ctx, o.Points, "Orders.ReadOrder", fmt.Sprint(id), nil, func() (checkout.StoreOrder, error) {
		return o.keeper.ReadOrder(ctx, id)
	})
}

func (o keptOrders) Tell(ctx context.Context, id int64, news checkout.OrderNews) (checkout.StoreOrder, error) {
	return call(ctx, o.Points, "Orders.Tell", func() (checkout.StoreOrder, error) { return o.keeper.Tell(ctx, id, news) })
}

func (o keptOrders) AddRefund(ctx context.Context, id int64, r checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	return call(ctx, o.Points, "Orders.AddRefund", func() (checkout.StoreOrder, error) { return o.keeper.AddRefund(ctx, id, r) })
}

func (o keptOrders) NoteOrder(ctx context.Context, id int64, text string) error {
	return act(ctx, o.Points, "Orders.NoteOrder", func() error { return o.notes.NoteOrder(ctx, id, text) })
}

func (o keptOrders) Noted(ctx context.Context, id int64, text string) (bool, error) {
	none := func() (bool, error) { return false, nil }
	return read(ctx, o.Points, "Orders.Noted", text, none, func() (bool, error) { return o.notes.Noted(ctx, id, text) })
}

func (o keptOrders) SettleCash(ctx context.Context, id int64, s checkout.CashSettlement) (checkout.StoreOrder, error) {
	return call(ctx, o.Points, "Orders.SettleCash", func() (checkout.StoreOrder, error) { return o.book.SettleCash(ctx, id, s) })
}

func (o restoringOrders) RestoreSurplus(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	return call(ctx, o.Points, "Orders.RestoreSurplus", func() (checkout.StoreOrder, error) {
		return o.restorer.RestoreSurplus(ctx, id)
	})
}
