package shipping

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// TableMethod is the MethodID of rates from a Table. WooCommerce stores a method it does not know as it is told.
const TableMethod = "weight_table"

// Table prices parcels by weight and destination, as couriers do. It is Ankkor's own: WooCommerce has no such method, but
// takes an order with its rate.
type Table struct {
	// InstanceID tells several tables apart: the rate's id is "weight_table:1".
	InstanceID int64  `json:"instance_id"`
	Title      string `json:"title"`
	Taxable    bool   `json:"taxable"`
	// Bands are tried in this order, and the first for the destination prices the parcel.
	Bands []Band `json:"bands"`
}

// Band is what parcels to some places cost.
type Band struct {
	// Locations match as a Zone's do; a band without any is for everywhere.
	Locations []ZoneLocation `json:"locations,omitempty"`
	// Steps are weights, ascending, each with the cost of parcels up to and including it.
	Steps []WeightStep `json:"steps"`
	// Beyond the last step every Each, begun or full, costs More. Without them a heavier parcel is not shipped.
	Each decimal.Decimal `json:"each"`
	More decimal.Decimal `json:"more"`
	// FreeFrom is the displayed subtotal after coupons from which the parcel is free; zero is never.
	FreeFrom decimal.Decimal `json:"free_from"`
}

// WeightStep is a weight in the store's unit, and a cost without tax.
type WeightStep struct {
	UpTo decimal.Decimal `json:"up_to"`
	Cost decimal.Decimal `json:"cost"`
}

// Rate is the rate for a request. It reports false when nothing needs shipping, no band is for the destination, or the
// parcel is too heavy. It returns an *InvalidError for a table or request that cannot be.
//
// A store that uses a table puts its rate beside those of Rates, or in their place.
func (t Table) Rate(req Request) (Rate, bool, error) {
	if err := t.check(); err != nil {
		return Rate{}, false, err
	}
	if err := req.check(); err != nil {
		return Rate{}, false, err
	}
	weight, needed, err := req.weight()
	if err != nil || !needed {
		return Rate{}, false, err
	}
	for i := range t.Bands {
		b := &t.Bands[i]
		if zone := (Zone{Locations: b.Locations}); !zone.serves(&req) {
			continue
		}
		cost, ok := b.cost(weight)
		if b.FreeFrom.IsPositive() && !req.DisplayedSubtotal.Sub(req.Discount).LessThan(b.FreeFrom) {
			cost = decimal.Decimal{}
		}
		return Rate{
			ID: fmt.Sprintf("%s:%d", TableMethod, t.InstanceID), MethodID: TableMethod, InstanceID: t.InstanceID,
			Label: t.Title, Cost: cost, Taxable: t.Taxable,
		}, ok, nil
	}
	return Rate{}, false, nil
}

// weight adds up what is shipped.
func (r *Request) weight() (sum decimal.Decimal, needed bool, err error) {
	for i, l := range r.Lines {
		if l.Virtual {
			continue
		}
		if !sane(l.Weight) {
			return sum, false, invalid(fmt.Sprintf("lines[%d].weight", i), "must be a plain weight of zero or more")
		}
		sum, needed = sum.Add(l.Weight.Mul(decimal.NewFromInt(l.Quantity))), true
	}
	return sum, needed, nil
}

// cost is what a parcel of a weight costs; false when it is too heavy.
func (b *Band) cost(weight decimal.Decimal) (decimal.Decimal, bool) {
	last := WeightStep{}
	for _, s := range b.Steps {
		if !weight.GreaterThan(s.UpTo) {
			return s.Cost, true
		}
		last = s
	}
	if !b.Each.IsPositive() {
		return decimal.Decimal{}, false
	}
	units := weight.Sub(last.UpTo).DivRound(b.Each, 18).Ceil()
	return last.Cost.Add(units.Mul(b.More)), true
}

func (t *Table) check() error {
	if len(t.Bands) > MaxZones {
		return invalid("bands", fmt.Sprintf("must not be more than %d", MaxZones))
	}
	for i := range t.Bands {
		if err := t.Bands[i].check(); err != nil {
			return in(err, fmt.Sprintf("bands[%d]", i))
		}
	}
	return nil
}

func (b *Band) check() error {
	switch {
	case len(b.Steps) > MaxMethods:
		return invalid("steps", fmt.Sprintf("must not be more than %d", MaxMethods))
	case len(b.Steps) == 0 && !b.Each.IsPositive():
		return invalid("steps", "must not be empty without a cost for each unit of weight")
	case !sane(b.Each):
		return invalid("each", "must be a plain weight of zero or more")
	case !sane(b.More):
		return invalid("more", "must be a plain amount of zero or more")
	case !sane(b.FreeFrom):
		return invalid("free_from", "must be a plain amount of zero or more")
	}
	for i, s := range b.Steps {
		if !sane(s.UpTo) || (i > 0 && !s.UpTo.GreaterThan(b.Steps[i-1].UpTo)) {
			return invalid(fmt.Sprintf("steps[%d].up_to", i), "must be a plain weight above the step before")
		}
		if !sane(s.Cost) {
			return invalid(fmt.Sprintf("steps[%d].cost", i), "must be a plain amount of zero or more")
		}
	}
	return nil
}
