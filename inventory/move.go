package inventory

// MoveKind names a change of stock.
type MoveKind string

const (
	// Receive: goods came in. supplier → available.
	Receive MoveKind = "receive"
	// Allocate: an order was placed. available → allocated. The only kind that
	// can be short: allocated stays within OnHand and the backorder budget.
	Allocate MoveKind = "allocate"
	// ReleaseAllocation: a placed order was given up. allocated → available.
	ReleaseAllocation MoveKind = "release_allocation"
	// Expire: a placed order's payment window closed unpaid. allocated →
	// available.
	Expire MoveKind = "expire"
	// Confirm: WooCommerce was read back and has subtracted the pieces (its
	// _reduced_stock). allocated → sold; OnHand falls with its number.
	Confirm MoveKind = "confirm"
	// Ship: the parcel left. sold → shipped.
	Ship MoveKind = "ship"
	// Restock: WooCommerce put the pieces of a cancelled order back before they
	// left. sold → available.
	Restock MoveKind = "restock"
	// Return: the pieces came back. shipped → available.
	Return MoveKind = "return"
	// Adjust: someone counted. adjustment ↔ available, quantity of either sign.
	Adjust MoveKind = "adjust"
	// Correct: the store of record says otherwise. adjustment ↔ available,
	// quantity of either sign.
	Correct MoveKind = "correct"
)

// Account is where a piece is, in the books.
type Account string

// Supplier and Adjustment are outside; the others make up a [Level]:
// available is OnHand - Allocated, the rest are its fields.
const (
	AccountSupplier   Account = "supplier"
	AccountAvailable  Account = "available"
	AccountAllocated  Account = "allocated"
	AccountSold       Account = "sold"
	AccountShipped    Account = "shipped"
	AccountAdjustment Account = "adjustment"
)

// Move is one change of stock, possibly of several keys. It takes effect whole
// or not at all, inside the transaction of whoever applies it.
type Move struct {
	Kind MoveKind `json:"kind"`
	// Ref is what the change belongs to, most often a checkout's id.
	Ref string `json:"ref"`
	// Lines; the same key twice is added up. Quantities are positive, but for
	// Adjust and Correct, where a negative one takes away.
	Lines []Held `json:"lines"`
	// Reservation may name the reservation an Allocate grows out of. A store
	// that keeps reservations beside allocations ends it as Used in the same
	// step, so that no piece is counted as claimed twice; one that does not,
	// or that no longer has it, ignores the field.
	Reservation string `json:"reservation,omitempty"`
	Reason      string `json:"reason,omitempty"`
	Actor       string `json:"actor,omitempty"`
}

// Posting is the one line a move writes in the books of a key: Quantity, always
// positive, leaves From and arrives at To.
type Posting struct {
	From     Account `json:"from"`
	To       Account `json:"to"`
	Quantity int64   `json:"quantity"`
}
