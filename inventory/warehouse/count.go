package warehouse

import (
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// Count is what one warehouse has of an item.
type Count struct {
	Location inventory.Location `json:"location"`
	// Available is what nobody has claimed, in pieces, never negative; a backorder budget is not in it.
	Available int64 `json:"available"`
	// Untracked says that stock is not counted, so that there is always some.
	Untracked bool `json:"untracked,omitempty"`
}

// Counts is an item's stock at each warehouse, for a product page or a back office, in the order of priority. A warehouse
// that has never been told of the item counts none. Levels at other locations, and of other items, are left out.
func (n Network) Counts(levels []inventory.Level, item inventory.Item) []Count {
	counts := make([]Count, 0, len(n.Warehouses))
	for _, w := range byPriority(n.Warehouses) {
		c := Count{Location: w.Location}
		if i := slices.IndexFunc(levels, func(l inventory.Level) bool { return l.Key == item.At(w.Location) }); i >= 0 {
			if c.Untracked = levels[i].Policy == inventory.Untracked; !c.Untracked {
				c.Available = max(0, levels[i].Available())
			}
		}
		counts = append(counts, c)
	}
	return counts
}

// Parcel is what one location sends of an order.
type Parcel struct {
	Location inventory.Location `json:"location"`
	Lines    []inventory.Line   `json:"lines"`
}

// Parcels groups what was claimed by the location that gives it, in the order in which the locations first occur.
func Parcels(held []inventory.Held) []Parcel {
	var list []Parcel
	for _, h := range held {
		i := slices.IndexFunc(list, func(p Parcel) bool { return p.Location == h.Key.Location })
		if i < 0 {
			i, list = len(list), append(list, Parcel{Location: h.Key.Location})
		}
		list[i].Lines = append(list[i].Lines, inventory.Line{Item: h.Key.Item, Quantity: h.Quantity})
	}
	return list
}
