package payment

import (
	"strings"
	"time"

	"github.com/ankkor/ankkor/pricing"
)

// fact is one payment, with all that was ever said of it. join makes of two facts the least one that covers both: it is
// commutative, associative and idempotent, which is all that Fold promises.
type fact struct {
	Payment
	Conflicting bool `json:"conflicting,omitempty"` // told with two amounts or of two orders
}

// observe brings one observation into the form in which equal ones are ==.
func observe(p Payment) fact {
	if p.Status.rank() == 0 {
		p.Status = StatusCreated
	}
	if !p.CreatedAt.IsZero() {
		p.CreatedAt = p.CreatedAt.UTC().Round(0)
	}
	return fact{Payment: p}
}

func (k fact) join(o fact) fact {
	return fact{
		Payment: Payment{
			ID:          k.ID,
			OrderID:     leastText(k.OrderID, o.OrderID),
			Amount:      leastAmount(k.Amount, o.Amount),
			Refunded:    mostMoney(k.Refunded, o.Refunded),
			Status:      furthest(k.Status, o.Status),
			Method:      leastText(k.Method, o.Method),
			FailureCode: leastText(k.FailureCode, o.FailureCode),
			CreatedAt:   earliest(k.CreatedAt, o.CreatedAt),
		},
		Conflicting: k.Conflicting || o.Conflicting || k.contradicts(o),
	}
}

// contradicts reports whether the two were told with different amounts or orders. What was not told contradicts nothing.
func (k fact) contradicts(o fact) bool {
	amounts := k.Amount != o.Amount && !untold(k.Amount) && !untold(o.Amount)
	orders := k.OrderID != o.OrderID && k.OrderID != "" && o.OrderID != ""
	return amounts || orders
}

// settled is the fact as a reader sees it. It is taken at reading and never stored, so that it cannot make the order of
// folding matter: a payment refunded in full is refunded, whichever of the two was told.
func (k fact) settled() fact {
	if k.Refunded.Currency() != k.Amount.Currency() && !untold(k.Refunded) {
		k.Conflicting = true
		return k
	}
	switch {
	case k.Status == StatusRefunded:
		k.Refunded = mostMoney(k.Refunded, k.Amount)
	case k.Status == StatusCaptured && k.Amount.Sign() > 0 && k.Refunded.Minor() >= k.Amount.Minor():
		k.Status = StatusRefunded
	}
	return k
}

func untold(m pricing.Money) bool { return m == pricing.Money{} }

// leastText and leastAmount choose between two stories for good, whichever comes first; nothing gives way to something.
func leastText(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func leastAmount(a, b pricing.Money) pricing.Money {
	if untold(a) || !untold(b) && compare(b, a) < 0 {
		return b
	}
	return a
}

func mostMoney(a, b pricing.Money) pricing.Money {
	if compare(a, b) < 0 {
		return b
	}
	return a
}

// compare is a total order, across currencies too: it chooses, it does not convert.
func compare(a, b pricing.Money) int {
	if c := strings.Compare(string(a.Currency()), string(b.Currency())); c != 0 {
		return c
	}
	switch {
	case a.Minor() < b.Minor():
		return -1
	case a.Minor() > b.Minor():
		return 1
	}
	return 0
}

func furthest(a, b Status) Status {
	if a.rank() < b.rank() {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
