package warehouse

import (
	"context"
	"strings"

	"github.com/ankkor/ankkor/inventory"
)

// Destination is where an order goes, as far as it is known. The zero Destination is not known at all.
type Destination struct {
	Country string // ISO 3166-1 alpha-2; empty means IN
	State   string // WooCommerce's code
	PIN     string // of India; a space after the third digit does no harm
}

func (d Destination) country() string {
	if d.Country == "" {
		return "IN"
	}
	return strings.ToUpper(d.Country)
}

func (d Destination) india() bool { return d.country() == "IN" }

// Request is what a Chooser decides on.
type Request struct {
	From  []Warehouse
	To    Destination
	Lines []inventory.Line
	// Levels are those of the lines' items as they stood a moment ago; none if nobody could say. What is really taken is
	// decided later, by inventory.Plan.
	Levels []inventory.Level
	Split  inventory.SplitPolicy
}

// Chooser ranks locations.
type Chooser interface {
	// Choose returns the locations that should give the lines, best first: each one of req.From, none twice. Those left out
	// are used only if these cannot give everything; none at all means that any will do. The same request gets the same
	// answer as long as nothing changed outside. It has no effect and may be called again; req is not to be altered. An
	// error means that nothing is reserved. Safe for concurrent use.
	Choose(ctx context.Context, req Request) ([]inventory.Location, error)
}

var (
	_ Chooser = Priority{}
	_ Chooser = Nearest{}
	_ Chooser = FewestParcels{}
)

// Priority takes from the warehouses as the shop ranks them.
type Priority struct{}

// Choose implements [Chooser].
func (Priority) Choose(_ context.Context, req Request) ([]inventory.Location, error) {
	return locations(byPriority(req.From)), nil
}
