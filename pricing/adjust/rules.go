package adjust

import (
	"fmt"
	"slices"
	"time"
)

// Tiers makes pieces cheaper from a quantity on. Of the steps that a quantity reaches the highest counts, for all pieces.
type Tiers struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
	Scope Scope  `json:"scope"`
	// Together counts the pieces of all covered lines together: three red and three blue cups are six.
	Together bool   `json:"together,omitempty"`
	Steps    []Step `json:"steps"`
}

// Step is a quantity and the price from there on.
type Step struct {
	From  int64     `json:"from"`
	Price Reduction `json:"price"`
}

var _ Rule = Tiers{}

// Name implements Rule.
func (r Tiers) Name() string { return r.ID }

// Changes implements Rule.
func (r Tiers) Changes(p Purchase) ([]Change, error) {
	for i, s := range r.Steps {
		if s.From < 1 || (i > 0 && s.From <= r.Steps[i-1].From) {
			return nil, &InvalidError{r.ID, fmt.Sprintf("steps[%d].from", i), "must be at least 1 and above the step before"}
		}
		if reason := s.Price.check(); reason != "" {
			return nil, &InvalidError{r.ID, fmt.Sprintf("steps[%d].price", i), reason}
		}
	}
	covered := p.covered(r.Scope)
	all := int64(0)
	for _, i := range covered {
		all += p.Lines[i].Quantity
	}
	var changes []Change
	for _, i := range covered {
		count := p.Lines[i].Quantity
		if r.Together {
			count = all
		}
		if s, ok := r.reached(count); ok {
			changes = append(changes, p.change(i, r.Label, s.Price))
		}
	}
	return changes, nil
}

func (r Tiers) reached(count int64) (Step, bool) {
	for _, s := range slices.Backward(r.Steps) {
		if count >= s.From {
			return s, true
		}
	}
	return Step{}, false
}

// change reduces a whole line.
func (p *Purchase) change(i int, label string, r Reduction) Change {
	return Change{Line: i, Label: label, Amount: r.of(p.Price(i), p.Lines[i].Quantity)}
}

// Timed makes products cheaper from one time until before another. A zero time is no bound.
type Timed struct {
	ID    string    `json:"id"`
	Label string    `json:"label,omitempty"`
	Scope Scope     `json:"scope"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Price Reduction `json:"price"`
}

var _ Rule = Timed{}

// Name implements Rule.
func (r Timed) Name() string { return r.ID }

// Changes implements Rule. The time is Input.At; a purchase without one is outside every bound.
func (r Timed) Changes(p Purchase) ([]Change, error) {
	if !r.From.IsZero() && !r.Until.IsZero() && !r.From.Before(r.Until) {
		return nil, &InvalidError{r.ID, "until", "must be after from"}
	}
	if reason := r.Price.check(); reason != "" {
		return nil, &InvalidError{r.ID, "price", reason}
	}
	bounded := !r.From.IsZero() || !r.Until.IsZero()
	if (bounded && p.At.IsZero()) || p.At.Before(r.From) || (!r.Until.IsZero() && !p.At.Before(r.Until)) {
		return nil, nil
	}
	return p.all(r.Scope, r.Label, r.Price), nil
}

// all reduces every line in scope.
func (p *Purchase) all(s Scope, label string, r Reduction) []Change {
	var changes []Change
	for _, i := range p.covered(s) {
		changes = append(changes, p.change(i, label, r))
	}
	return changes
}

// Group makes products cheaper for a group of customers.
type Group struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
	Scope Scope  `json:"scope"`
	// Group is the one of Buyer.Groups that gets the price.
	Group string    `json:"group"`
	Price Reduction `json:"price"`
}

var _ Rule = Group{}

// Name implements Rule.
func (r Group) Name() string { return r.ID }

// Changes implements Rule.
func (r Group) Changes(p Purchase) ([]Change, error) {
	if r.Group == "" {
		return nil, &InvalidError{r.ID, "group", "must name a group of customers"}
	}
	if reason := r.Price.check(); reason != "" {
		return nil, &InvalidError{r.ID, "price", reason}
	}
	if !slices.Contains(p.Buyer.Groups, r.Group) {
		return nil, nil
	}
	return p.all(r.Scope, r.Label, r.Price), nil
}
