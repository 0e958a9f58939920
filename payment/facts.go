package payment

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Facts is everything that was ever observed of an order's payments. It is an immutable value, safe to copy and to share:
// the zero value knows nothing, Fold and Bind return a new one. It encodes to JSON and back.
type Facts struct {
	known []fact // sorted by payment id, one each
	bound string
}

// Fold adds observations. Neither their order nor their repetition matters: however the same observations are folded, the
// Facts are equal. A payment's status only moves forward (see Status), its refunded sum only grows; where a gateway tells
// two amounts or orders of one payment, it is marked for Verdict.Conflicts. An observation without a payment id is
// dropped: it could neither be bound, captured nor refunded.
func (f Facts) Fold(observed ...Payment) Facts {
	known := slices.Clone(f.known)
	for _, p := range observed {
		if p.ID != "" {
			known = fold(known, observe(p))
		}
	}
	return Facts{known: known, bound: f.bound}
}

func fold(known []fact, o fact) []fact {
	at, found := slices.BinarySearchFunc(known, o.ID, func(k fact, id string) int { return strings.Compare(k.ID, id) })
	if found {
		known[at] = known[at].join(o)
		return known
	}
	return slices.Insert(known, at, o)
}

// Bind records which payment the order was given for. From then on every other captured payment is surplus, whatever is
// learnt later. It holds for ever: binding it again changes nothing, binding another is ErrBound. Bind what Decide called
// Paid, in the same write that makes the sale.
func (f Facts) Bind(paymentID string) (Facts, error) {
	if paymentID == "" || len(paymentID) > maxID {
		return f, invalid("payment_id", "want a gateway's payment id")
	}
	if f.bound != "" && f.bound != paymentID {
		return f, ErrBound
	}
	f.bound = paymentID
	return f, nil
}

// Bound is the payment given to Bind, or empty.
func (f Facts) Bound() string { return f.bound }

// Payments returns what is known of each payment, oldest first.
func (f Facts) Payments() []Payment {
	var payments []Payment
	for _, k := range f.read() {
		payments = append(payments, k.Payment)
	}
	return payments
}

// Equal reports whether both know the same. go-cmp uses it.
func (f Facts) Equal(other Facts) bool {
	return f.bound == other.bound && slices.Equal(f.known, other.known)
}

// read gives the payments as they stand, oldest first; those of one moment by their id.
func (f Facts) read() []fact {
	payments := make([]fact, len(f.known))
	for i, k := range f.known {
		payments[i] = k.settled()
	}
	slices.SortStableFunc(payments, func(a, b fact) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	return payments
}

// factsJSON is the stored form.
type factsJSON struct {
	Payments []fact `json:"payments,omitempty"`
	Bound    string `json:"bound,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (f Facts) MarshalJSON() ([]byte, error) {
	return json.Marshal(factsJSON{Payments: f.known, Bound: f.bound})
}

// UnmarshalJSON implements json.Unmarshaler. What it reads replaces what was known.
func (f *Facts) UnmarshalJSON(data []byte) error {
	var stored factsJSON
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	read := Facts{bound: stored.Bound}
	for _, p := range stored.Payments {
		if p.ID == "" {
			return invalid("payments", "want an id for each payment")
		}
		o := observe(p.Payment)
		o.Conflicting = p.Conflicting
		read.known = fold(read.known, o)
	}
	*f = read
	return nil
}
