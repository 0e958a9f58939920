package woo_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo/wootest"
)

// desk is the protocol in its shortest form, for a program that has a lock and
// a durable row of its own instead of package checkout.
type desk struct {
	orders *crashing
	req    checkout.OrderRequest

	lease sync.Mutex // one worker at a time
	row   struct {
		sent  bool  // a creation went out and its outcome is not known
		empty int   // looks since then that found nothing
		id    int64 // the order, once known
		done  bool
	}
}

// looksEnough are as many as it takes to wait out the store's longest
// execution time; in these rounds nothing is later than the second.
const looksEnough = 2

// work does what is to be done next, until the sale is made or the worker dies.
func (d *desk) work(ctx context.Context) {
	for range 40 {
		if d.step(ctx) {
			return
		}
	}
}

func (d *desk) step(ctx context.Context) (done bool) {
	d.lease.Lock()
	defer d.lease.Unlock()
	if d.row.done {
		return true
	}
	found, err := d.orders.FindOrder(ctx, d.req.Token)
	if err != nil {
		return false
	}
	found = slices.DeleteFunc(found, func(o checkout.StoreOrder) bool { return o.Trashed() })
	if len(found) == 0 {
		d.create(ctx)
		return false
	}
	ours := found[max(0, slices.IndexFunc(found, checkout.StoreOrder.Effective))]
	d.row.id = ours.ID
	for _, o := range found {
		if o.ID != ours.ID {
			_, _ = d.orders.Cancel(ctx, o.ID) // found again if that failed
		}
	}
	if !ours.Effective() {
		_, _ = d.orders.Complete(ctx, ours.ID, paid) // the next look says what became of it
		return false
	}
	restored, err := d.orders.RestoreSurplus(ctx, ours.ID)
	d.row.done = err == nil && len(found) == 1 && restored.Lines[0].Reduced == 1
	return d.row.done
}

// create creates, unless an earlier creation may still take effect.
func (d *desk) create(ctx context.Context) {
	if d.row.sent && d.row.empty < looksEnough-1 {
		d.row.empty++
		return
	}
	d.row.sent, d.row.empty = true, 0
	_, _ = d.orders.CreatePending(ctx, d.req) // the next look says what became of it
}

// TestExactlyOneOrderByTheClient: the same promise for the protocol without
// package checkout.
func TestExactlyOneOrderByTheClient(t *testing.T) {
	var store *wootest.Store
	var orders *crashing
	var proxy *doublingProxy
	for seed := range roundsNow() {
		if seed%roundsPerStore == 0 {
			store, orders, proxy = front(t)
		}
		tr := troubleOf(seed)
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			before := stockOf(t, store, 16)
			req := mugOrder()
			req.Token = fmt.Sprintf("tok_round_%d", seed)
			tr.arm(t, store, proxy)
			orders.arm(tr.crash)
			d := &desk{orders: orders, req: req}
			for range 2 { // the second pair goes on where somebody died
				var both sync.WaitGroup
				for range 2 {
					both.Go(func() { d.work(t.Context()) })
				}
				both.Wait()
			}
			checkOneEffect(t, store, req.Token, before)
			if !d.row.done {
				t.Errorf("given up: %+v", d.row)
			}
			store.Faults().Clear()
			orders.arm("")
			if t.Failed() {
				t.Logf("trouble: %s", tr.name)
			}
		})
	}
}

var _ checkout.StockRestorer = (*crashing)(nil)
