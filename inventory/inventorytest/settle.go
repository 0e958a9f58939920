package inventorytest

import (
	"errors"

	"github.com/ankkor/ankkor/inventory"
)

func settling() []readingPromise {
	return []readingPromise{
		{"what came back is restocked, and counted by the next reading", settleBack},
		{"what had left is returned", settleShipped},
		{"what was sold again is sold again", settleAgain},
		{"settling twice is settling once", settleTwice},
		{"a settlement read before the books moved is stale", settleStale},
		{"a settlement takes nothing of other orders", settleOthers},
		{"a malformed settlement changes nothing", settleMalformed},
	}
}

// sold sells pieces for an order, and ships some of them.
func (r *reader) sold(ref string, n, shipped int64) {
	r.Helper()
	lines := []inventory.Held{of(shirt, n)}
	r.moved(inventory.Move{Kind: inventory.Allocate, Ref: ref, Lines: lines}, inventory.Move{Kind: inventory.Confirm, Ref: ref, Lines: lines})
	if shipped > 0 {
		r.moved(inventory.Move{Kind: inventory.Ship, Ref: ref, Lines: []inventory.Held{of(shirt, shipped)}})
	}
}

// last is the Seq of the last entry of an order.
func (r *reader) last(ref string) int64 {
	r.Helper()
	entries, err := r.Ledger.Entries(r.Context(), inventory.LedgerQuery{Ref: ref})
	if err != nil || len(entries) == 0 {
		r.Fatalf("the books of %s: %v, %v", ref, entries, err)
	}
	return entries[len(entries)-1].Seq
}

func (r *reader) settle(ref string, n int64) {
	r.Helper()
	if _, err := r.Settle(r.Context(), r.settlement(ref, n)); err != nil {
		r.Fatalf("Settle(%s, %d): %v", ref, n, err)
	}
}

func (r *reader) settlement(ref string, n int64) inventory.Settlement {
	return inventory.Settlement{Ref: ref, AsOf: r.last(ref), Lines: []inventory.Line{{Item: shirt, Quantity: n}}, Reason: "refunded there"}
}

// wantBooks checks OnHand, Sold and Shipped, and that no piece was lost.
func (r *reader) wantBooks(onHand, sold, shipped int64) {
	r.Helper()
	l := r.at(of(shirt, 0).Key)
	if l.OnHand != onHand || l.Sold != sold || l.Shipped != shipped {
		r.Errorf("got %+v, want %d on hand, %d sold, %d shipped", l, onHand, sold, shipped)
	}
	entries, err := r.Ledger.Entries(r.Context(), inventory.LedgerQuery{Item: shirt})
	if err != nil {
		r.Fatal(err)
	}
	if err := inventory.Conserved(entries, l); err != nil {
		r.Error(err)
	}
}

func settleBack(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 0)
	r.read(shirt, 6)
	r.settle("order:1", 1)
	r.wantBooks(6, 1, 0)
	if got := r.standings(inventory.StandingQuery{Unsettled: true, Limit: 9}); len(got) != 1 {
		r.Errorf("unsettled: %v", got)
	}
	a := r.applied(inventory.Reading{Ticket: r.ticket(shirt), OnHand: 9})[0]
	r.want(inventory.Corrected, a, 9)
	if a.Unexplained != 0 {
		r.Errorf("%d are unexplained", a.Unexplained)
	}
	r.wantBooks(9, 1, 0)
}

func settleShipped(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 3)
	r.settle("order:1", 1)
	r.wantBooks(6, 0, 1)
}

func settleAgain(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 0)
	r.settle("order:1", 0)
	r.read(shirt, 10)
	r.settle("order:1", 3)
	r.wantBooks(7, 3, 0)
	r.settle("order:1", 9) // subtracted twice there: not sold twice here
	r.wantBooks(6, 4, 0)
	r.settle("order:1", 0)
	r.read(shirt, 0)
	r.settle("order:1", 4) // although there is nothing left
	r.wantBooks(-4, 4, 0)
}

func settleTwice(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 0)
	r.settle("order:1", 2)
	r.settle("order:1", 2)
	r.wantBooks(6, 2, 0)
}

func settleStale(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 0)
	early := r.settlement("order:1", 2)
	r.moved(inventory.Move{Kind: inventory.Ship, Ref: "order:1", Lines: []inventory.Held{of(shirt, 4)}})
	_ = r.changesNothing("a stale settlement", inventory.ErrStale, func() error {
		_, err := r.Settle(r.Context(), early)
		return err
	})
}

func settleOthers(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 0)
	r.sold("order:2", 3, 0)
	r.settle("order:1", 0)
	r.wantBooks(3, 3, 0)
	if _, err := r.Settle(r.Context(), inventory.Settlement{Ref: "order:3", Lines: []inventory.Line{{Item: shirt, Quantity: 5}}}); err != nil {
		r.Errorf("an order without books: %v", err)
	}
	r.wantBooks(3, 3, 0)
}

func settleMalformed(r *reader) {
	r.read(shirt, 10)
	r.sold("order:1", 4, 0)
	for _, s := range []inventory.Settlement{
		{}, {Ref: "a b"}, {Ref: "order:1", AsOf: -1},
		{Ref: "order:1", AsOf: 99, Lines: []inventory.Line{{Item: "{x}", Quantity: 1}}},
		{Ref: "order:1", AsOf: 99, Lines: []inventory.Line{{Item: shirt, Quantity: -1}}},
	} {
		_ = r.changesNothing("a malformed settlement", inventory.ErrInvalid, func() error {
			_, err := r.Settle(r.Context(), s)
			if err == nil {
				err = errors.New("no error")
			}
			return err
		})
	}
}
