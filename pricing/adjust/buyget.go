package adjust

import (
	"slices"

	"github.com/shopspring/decimal"
)

// BuyGet gives pieces cheaper or free when others are bought: buy 2, get 1 free.
type BuyGet struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
	// Buy is what has to be bought, Get what is given. A nil Get is the same as Buy: of every X+Y pieces the Y cheapest
	// are given. Otherwise pieces that Get covers do not count as bought.
	Buy Scope  `json:"buy"`
	Get *Scope `json:"get,omitempty"`
	// For X pieces that are bought Y are given.
	X int64 `json:"x"`
	Y int64 `json:"y"`
	// Most is how many pieces are given in one purchase; 0 is no limit.
	Most int64 `json:"most,omitempty"`
	// Price is what happens to a piece that is given: PercentOff(100) makes it free.
	Price Reduction `json:"price"`
}

var _ Rule = BuyGet{}

// Name implements Rule.
func (r BuyGet) Name() string { return r.ID }

// Changes implements Rule. The cheapest pieces are given first; of equally cheap ones those in the line further up.
func (r BuyGet) Changes(p Purchase) ([]Change, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	given := p.covered(r.Buy)
	left := p.pieces(given) / (r.X + r.Y) * r.Y
	if r.Get != nil {
		given = p.covered(*r.Get)
		bought := slices.DeleteFunc(p.covered(r.Buy), func(i int) bool { return slices.Contains(given, i) })
		left = p.pieces(bought) / r.X * r.Y
	}
	if r.Most > 0 {
		left = min(left, r.Most)
	}
	slices.SortStableFunc(given, func(a, b int) int { return p.unit(a).Cmp(p.unit(b)) })
	var changes []Change
	for _, i := range given {
		n := min(left, p.Lines[i].Quantity)
		if n <= 0 {
			continue
		}
		left -= n
		share := p.Price(i)
		if n < p.Lines[i].Quantity {
			share = p.unit(i).Mul(decimal.NewFromInt(n))
		}
		changes = append(changes, Change{Line: i, Label: r.Label, Amount: r.Price.of(share, n)})
	}
	return changes, nil
}

// maxPieces bounds X and Y so that nothing overflows.
const maxPieces = 1 << 31

func (r BuyGet) check() error {
	switch {
	case r.X < 1 || r.X > maxPieces:
		return &InvalidError{r.ID, "x", "must be at least 1"}
	case r.Y < 1 || r.Y > maxPieces:
		return &InvalidError{r.ID, "y", "must be at least 1"}
	case r.Most < 0:
		return &InvalidError{r.ID, "most", "must not be negative"}
	}
	if reason := r.Price.check(); reason != "" {
		return &InvalidError{r.ID, "price", reason}
	}
	return nil
}

// pieces counts the pieces of lines; quantities that cannot be are the quote's to refuse.
func (p *Purchase) pieces(lines []int) int64 {
	n := int64(0)
	for _, i := range lines {
		n += min(max(p.Lines[i].Quantity, 0), maxPieces)
	}
	return n
}

// unit is what a piece of a line costs now.
func (p *Purchase) unit(i int) decimal.Decimal {
	return p.Price(i).DivRound(decimal.NewFromInt(max(p.Lines[i].Quantity, 1)), 16)
}
