package cart

import (
	"context"
	"fmt"
	"maps"
)

// shelf holds the items that one call has asked the catalogue for: each at most once, so that all attempts of a change
// judge by the same answer.
type shelf map[LineKey]Item

// fetch asks the catalogue for the lines' items that are not there yet, in one call.
func (s shelf) fetch(ctx context.Context, catalog Catalog, lines []Line) error {
	var refs []ItemRef
	for _, l := range lines {
		if _, ok := s[l.Key]; !ok {
			refs = append(refs, l.Ref.Clone())
		}
	}
	if len(refs) == 0 {
		return nil
	}
	items, err := catalog.Items(ctx, refs)
	if err != nil {
		return fmt.Errorf("read catalogue: %w", err)
	}
	return s.put(refs, items)
}

// put takes an answer, if it is one.
func (s shelf) put(refs []ItemRef, items []Item) error {
	if len(items) != len(refs) {
		return fmt.Errorf("%w: %d items for %d refs", ErrCatalog, len(items), len(refs))
	}
	for i, item := range items {
		key := refs[i].Key()
		if item.Ref.Key() != key {
			return fmt.Errorf("%w: another item than product %d was answered", ErrCatalog, refs[i].ProductID)
		}
		if item.UnitPrice.IsNegative() {
			return fmt.Errorf("%w: product %d has a negative price", ErrCatalog, refs[i].ProductID)
		}
		s[key] = item
	}
	return nil
}

// limits are the limits with the caps that the items themselves have.
func (s shelf) limits(l Limits) Limits {
	caps := maps.Clone(l.Caps)
	if caps == nil {
		caps = map[LineKey]int64{}
	}
	for key, item := range s {
		if item.SoldIndividually {
			caps[key] = 1
		}
	}
	l.Caps = caps
	return l
}

// checkStock refuses a line that asks for more than there is, all lines that share its stock together.
func (s shelf) checkStock(c Cart, key LineKey) error {
	item := s[key]
	have, limited := item.Stock.Available()
	if !limited {
		return nil
	}
	var want int64
	for _, l := range c.Lines {
		if other := s[l.Key]; other.ForSale() && other.stockName() == item.stockName() {
			want += l.Quantity
		}
	}
	if want > have {
		return &StockError{Ref: item.Ref, Want: want, Have: have}
	}
	return nil
}

// settle takes out what is not for sale and notes the prices that are shown now. It reports whether it changed
// anything.
func (s shelf) settle(c *Cart) bool {
	changed := false
	var lines []Line
	for _, l := range c.Lines {
		item := s[l.Key]
		if !item.ForSale() {
			changed = true
			continue
		}
		now := SeenPrice{Unit: item.UnitPrice, Currency: item.Currency}
		if l.Seen == nil || l.Seen.Currency != now.Currency || !l.Seen.Unit.Equal(now.Unit) {
			l.Seen, changed = &now, true
		}
		lines = append(lines, l)
	}
	c.Lines = lines
	return changed
}
