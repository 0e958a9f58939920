package payment

// Facts is everything that was ever observed of an order's payments. It is an immutable value: the zero value knows
// nothing, Fold returns a new one. It encodes to JSON and back.
type Facts struct {
	payments []fact // sorted by payment id, one each
	bound    string
}

// fact is one payment, with all that was ever said of it.
type fact struct {
	Payment
	Conflicting bool `json:"conflicting,omitempty"` // told with two amounts or two orders
}

// Fold adds observations. Neither their order nor their repetition matters: any way to fold the same observations gives
// equal Facts.
func (f Facts) Fold(observed ...Payment) Facts { return f }

// Bind records which payment the order was given for. From then on every other captured payment is surplus, whatever is
// learnt later. A payment stays bound for ever: binding another one is ErrBound.
func (f Facts) Bind(paymentID string) (Facts, error) { return f, nil }

// Bound is the payment given to Bind, or empty.
func (f Facts) Bound() string { return f.bound }

// Payments returns what is known, oldest first.
func (f Facts) Payments() []Payment { return nil }

// Decide reads the verdict for the order we stored. Its ID, Amount and Status are used.
func (f Facts) Decide(expected Order) Verdict { return Verdict{Outcome: Pending} }
