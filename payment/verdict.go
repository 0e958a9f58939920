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
	Conflicting   Outcome = "conflicting"     // the gateway said two different things of Payment; a person must look
)

// Sale reports whether the order counts as paid.
func (o Outcome) Sale() bool { return o == Paid || o == Duplicate }

// Verdict is what Facts.Decide reads off the facts. It is a value without hidden state; the same facts and order always
// give the same verdict.
type Verdict struct {
	Outcome Outcome
	// Payment is the one the outcome speaks of; empty for DueOnDelivery and where nothing was tried. For Short, Over
	// and WrongCurrency its Status says whether there is money to give back (captured) or the hold will lapse by itself
	// (authorized). For Pending it is the latest attempt, for its FailureCode.
	Payment Payment
	// Surplus are the other payments whose money we hold: captured for this order, not given back whole, and not
	// Payment. They can never become this order and are to be refunded. Oldest first.
	Surplus []Payment
	// Foreign are payments of other orders that were folded in by mistake or malice. They count for nothing.
	Foreign []Payment
}
