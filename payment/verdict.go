package payment

// Outcome is what a set of payments means for the order that was expected.
type Outcome string

// The outcomes. Paid and Duplicate are the only two that make a sale.
const (
	Pending       Outcome = "pending"         // nothing to act on yet: untried, unanswered, failed so far or lapsed
	DueOnDelivery Outcome = "due_on_delivery" // a cash order: nothing is paid through the gateway
	Authorized    Outcome = "authorized"      // Payment waits to be captured
	Paid          Outcome = "paid"            // Payment is captured: exact amount, same currency, same order
	Duplicate     Outcome = "duplicate"       // Paid, and Surplus was captured besides
	Short         Outcome = "short"           // Payment is for less than the order
	Over          Outcome = "over"            // Payment is for more than the order
	WrongCurrency Outcome = "wrong_currency"  // Payment is in another currency
	Refunded      Outcome = "refunded"        // Payment was captured and has been given back whole
	Conflicting   Outcome = "conflicting"     // the gateway told two stories of Payment; a person must look
)

// Sale reports whether the order counts as paid.
func (o Outcome) Sale() bool { return o == Paid || o == Duplicate }

// Verdict is what Facts.Decide reads off the facts. The same facts and order always give the same verdict.
type Verdict struct {
	Outcome Outcome
	// Payment is the one the outcome speaks of; empty where nothing was tried. For Short, Over and WrongCurrency its
	// Status says whether there is money to give back (captured) or a hold that lapses by itself (authorized). For Paid
	// its Refunded says what was given back since. For Pending it is the latest attempt: its FailureCode says what the
	// customer may be told.
	Payment Payment
	// Surplus are the other payments whose money we hold: captured for this order and not given back whole. They can
	// never become this order and are to be refunded, each for what is left of it. Oldest first.
	Surplus []Payment
	// Conflicts are the payments of which the gateway told two amounts or two orders. They are never surplus: what to
	// give back is not known. Oldest first.
	Conflicts []Payment
	// Foreign are payments of other orders that were folded in by mistake or malice. They count for nothing.
	Foreign []Payment
}

// Decide reads the verdict for the order as we stored it; of it the ID, the Amount and the Status count.
//
// Of several payments the bound one is chosen (see Bind); else a captured one of the exact amount and currency; else an
// authorised one of it; else one that conflicts; else what is captured, what is authorised, what was refunded, in that
// order, and the oldest of its kind. All other captured money is surplus.
func (f Facts) Decide(expected Order) Verdict {
	ours, foreign := split(f.read(), expected.ID)
	chosen, found := choose(ours, expected, f.bound)
	v := Verdict{Outcome: Pending, Payment: chosen.Payment, Foreign: foreign}
	if found {
		v.Outcome = chosen.outcome(expected)
	}
	for _, p := range ours {
		switch {
		case p.Conflicting:
			v.Conflicts = append(v.Conflicts, p.Payment)
		case p.Status == StatusCaptured && p.ID != chosen.ID:
			v.Surplus = append(v.Surplus, p.Payment)
		}
	}
	switch {
	case v.Outcome == Paid && len(v.Surplus) > 0:
		v.Outcome = Duplicate
	case len(ours) == 0 && expected.Status == OrderDueOnDelivery:
		v.Outcome = DueOnDelivery
	}
	return v
}

// split takes apart the payments of this order and of others. One told of two orders stays here, where it is seen.
func split(payments []fact, orderID string) (ours []fact, foreign []Payment) {
	for _, p := range payments {
		if p.Conflicting || p.OrderID == orderID && orderID != "" {
			ours = append(ours, p)
		} else {
			foreign = append(foreign, p.Payment)
		}
	}
	return ours, foreign
}

// choose finds the payment a verdict is about.
func choose(ours []fact, expected Order, bound string) (fact, bool) {
	if bound != "" {
		for _, p := range ours {
			if p.ID == bound {
				return p, true
			}
		}
		return fact{Payment: Payment{ID: bound, OrderID: expected.ID}}, false
	}
	var best fact
	rank := 0
	for _, p := range ours {
		r := p.preference(expected)
		if r > rank || r == rank && r == latestAttempt {
			best, rank = p, r
		}
	}
	return best, rank > 0
}

// latestAttempt is the preference of a payment that holds no money; of these the latest is chosen, of all others the
// oldest.
const latestAttempt = 1

func (k fact) preference(expected Order) int {
	held := k.Status == StatusCaptured
	waiting := k.Status == StatusAuthorized
	exact := !k.Conflicting && k.Amount == expected.Amount && k.Amount.Sign() > 0
	switch {
	case held && exact:
		return 7
	case waiting && exact:
		return 6
	case k.Conflicting && (held || waiting):
		return 5
	case held:
		return 4
	case waiting:
		return 3
	case k.Status == StatusRefunded:
		return 2
	}
	return latestAttempt
}

// outcome is what this payment means when it is the chosen one.
func (k fact) outcome(expected Order) Outcome {
	exact := Paid
	switch k.Status {
	case StatusRefunded:
		return Refunded
	case StatusCaptured:
	case StatusAuthorized:
		exact = Authorized
	default:
		return Pending
	}
	switch {
	case k.Conflicting:
		return Conflicting
	case k.Amount.Currency() != expected.Amount.Currency():
		return WrongCurrency
	case k.Amount.Minor() < expected.Amount.Minor() || k.Amount.Sign() <= 0: // nothing never pays, not even for nothing
		return Short
	case k.Amount.Minor() > expected.Amount.Minor():
		return Over
	}
	return exact
}
