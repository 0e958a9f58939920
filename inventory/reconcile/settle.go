package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// settleTries bounds how often an order is read again because its books moved.
const settleTries = 5

// settle brings our books of an order to what the store of record counts as sold.
// The order as listed only says whether it is worth a look; what counts is read
// after the books were.
func (s *Service) settle(ctx context.Context, o Order) (bool, error) {
	if s.config.RefOf == nil {
		return false, nil
	}
	ref, err := s.config.RefOf(ctx, o)
	if err != nil {
		return false, fmt.Errorf("reconcile: whose order %d is: %w", o.ID, err)
	}
	if ref == "" {
		return false, nil
	}
	for range settleTries {
		entries, err := s.booksOf(ctx, ref)
		if err != nil {
			return false, err
		}
		if sold := soldIn(entries); len(sold) == 0 || agree(sold, o) {
			return false, nil
		}
		if o, err = s.config.Feed.Order(ctx, o.ID); err != nil {
			return false, fmt.Errorf("reconcile: reading order %d: %w", o.ID, err)
		}
		sold := soldIn(entries)
		if agree(sold, o) {
			return false, nil
		}
		_, err = s.config.Books.Settle(ctx, inventory.Settlement{
			Ref: ref, AsOf: entries[len(entries)-1].Seq, Lines: linesOf(sold, o),
			Reason: fmt.Sprintf("order %d is %.50q in the store", o.ID, o.Status), Actor: systemActor,
		})
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, inventory.ErrStale) {
			return false, fmt.Errorf("reconcile: settling order %d: %w", o.ID, err)
		}
	}
	return false, fmt.Errorf("reconcile: settling order %d: %w", o.ID, inventory.ErrStale)
}

// booksOf are all entries of a Ref.
func (s *Service) booksOf(ctx context.Context, ref string) ([]inventory.Entry, error) {
	q := inventory.LedgerQuery{Ref: ref, Limit: inventory.MaxLedgerLimit}
	var all []inventory.Entry
	for {
		part, err := s.config.Books.Entries(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("reconcile: reading the ledger: %w", err)
		}
		if all = append(all, part...); len(part) < q.Limit {
			return all, nil
		}
		q.After = part[len(part)-1].Seq
	}
}

// piece is what our books have of one order and item: what is out, and the most
// that ever was.
type piece struct{ out, ever int64 }

// soldIn is what is sold or shipped of each item that ever was.
func soldIn(entries []inventory.Entry) map[inventory.Item]piece {
	sold := map[inventory.Item]piece{}
	outside := func(a inventory.Account) bool { return a == inventory.AccountSold || a == inventory.AccountShipped }
	for _, e := range entries {
		if e.Key.Item.Coupon() { // no line of an order
			continue
		}
		p := sold[e.Key.Item]
		switch {
		case e.Kind == inventory.Adjust && e.To == inventory.AccountAdjustment: // written off: it stays subtracted
			p.out += e.Quantity
		case outside(e.To) && !outside(e.From):
			p.out += e.Quantity
		case outside(e.From) && !outside(e.To):
			p.out -= e.Quantity
		}
		if p.ever = max(p.ever, p.out); p.ever > 0 {
			sold[e.Key.Item] = p
		}
	}
	return sold
}

// linesOf is what the store counts as sold, by the items of our books: the
// variation's, if it has stock of its own there, else its product's.
func linesOf(sold map[inventory.Item]piece, o Order) []inventory.Line {
	sum := map[inventory.Item]int64{}
	for _, l := range o.Lines {
		item := inventory.ProductItem(l.Product)
		if _, own := sold[inventory.VariationItem(l.Variation)]; own && l.Variation > 0 {
			item = inventory.VariationItem(l.Variation)
		}
		if _, ours := sold[item]; ours {
			sum[item] += max(0, l.Reduced)
		}
	}
	var lines []inventory.Line
	for item, n := range sum {
		lines = append(lines, inventory.Line{Item: item, Quantity: min(n, sold[item].ever)})
	}
	slices.SortFunc(lines, func(a, b inventory.Line) int { return a.Item.At("").Compare(b.Item.At("")) })
	return lines
}

// agree says whether both books say the same of the order.
func agree(sold map[inventory.Item]piece, o Order) bool {
	theirs := map[inventory.Item]int64{}
	for _, l := range linesOf(sold, o) {
		theirs[l.Item] = l.Quantity
	}
	for item, p := range sold {
		if theirs[item] != p.out {
			return false
		}
	}
	return true
}
