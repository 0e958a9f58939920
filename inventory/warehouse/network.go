package warehouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// Warehouse is a place that sends orders: a store-room, a shop, a carrier's hub.
type Warehouse struct {
	Location inventory.Location
	Country  string // ISO 3166-1 alpha-2; empty means IN
	State    string // WooCommerce's code, "KA"
	PIN      string // of India, six digits; empty for not known
	// Priority ranks warehouses that are otherwise as good: the lowest number first, then by the name of the location.
	Priority int
}

func (w Warehouse) address() Destination {
	return Destination{Country: w.Country, State: w.State, PIN: w.PIN}
}

// Network is the places a shop sends from. The zero Network has none: the shop keeps everything in
// inventory.DefaultLocation.
type Network struct {
	Warehouses []Warehouse
	Chooser    Chooser               // nil means Priority
	Split      inventory.SplitPolicy // whether one line may come from several; empty means that it may
	// Absorbs names the location that takes up what WooCommerce's single number says; empty means the first by priority.
	Absorbs inventory.Location
}

// Validate reports every mistake at once, each an *inventory.InvalidError.
func (n Network) Validate() error {
	var errs []error
	bad := func(field, reason string) {
		errs = append(errs, &inventory.InvalidError{Field: field, Reason: reason})
	}
	if len(n.Warehouses) > inventory.MaxLocations {
		bad("warehouses", fmt.Sprintf("must be at most %d", inventory.MaxLocations))
	}
	seen := map[inventory.Location]bool{}
	for i, w := range n.Warehouses {
		field := fmt.Sprintf("warehouses[%d].", i)
		if inventory.Item("product:1").At(w.Location).Validate() != nil {
			bad(field+"location", "is not a usable name")
		}
		if seen[w.Location] {
			bad(field+"location", "is listed twice")
		}
		seen[w.Location] = true
		if w.PIN != "" && w.address().india() && pin(w.PIN) == "" {
			bad(field+"pin", "is not six digits")
		}
	}
	if n.Absorbs != "" && !seen[n.Absorbs] {
		bad("absorbs", "is none of the warehouses")
	}
	switch n.Split {
	case "", inventory.SplitAllowed, inventory.SplitForbidden:
	default:
		bad("split", "is not allowed or forbidden")
	}
	return errors.Join(errs...)
}

// Absorbing is the location that takes up what WooCommerce's single number says.
func (n Network) Absorbing() inventory.Location {
	switch {
	case n.Absorbs != "":
		return n.Absorbs
	case len(n.Warehouses) == 0:
		return inventory.DefaultLocation
	}
	return byPriority(n.Warehouses)[0].Location
}

// Choose asks the Chooser for the locations that should give the lines, best first, and then all others, by priority: the
// first to be tried alone, both together if that fails because somebody was quicker. req.From and req.Split are filled in.
// The error is the Chooser's, or that it named a location that does not exist, or one twice.
func (n Network) Choose(ctx context.Context, req Request) (best, others []inventory.Location, err error) {
	chooser := n.Chooser
	if chooser == nil {
		chooser = Priority{}
	}
	req.From, req.Split = slices.Clone(n.Warehouses), n.Split
	best, err = chooser.Choose(ctx, req)
	if err != nil {
		return nil, nil, fmt.Errorf("warehouse: choosing: %w", err)
	}
	rest := locations(byPriority(n.Warehouses))
	for _, l := range best {
		i := slices.Index(rest, l)
		if i < 0 {
			return nil, nil, fmt.Errorf("warehouse: %T chose %q, which is not in the network or was chosen before", chooser, l)
		}
		rest = slices.Delete(rest, i, i+1)
	}
	if len(best) == 0 {
		return rest, nil, nil
	}
	return best, rest, nil
}

func byPriority(list []Warehouse) []Warehouse {
	list = slices.Clone(list)
	slices.SortFunc(list, before)
	return list
}

func before(a, b Warehouse) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Location, b.Location))
}

func locations(list []Warehouse) []inventory.Location {
	names := make([]inventory.Location, len(list))
	for i, w := range list {
		names[i] = w.Location
	}
	return names
}
