package session

import (
	"context"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// Door is a way into the carts of a store: [NewGraphQL] or [NewStoreAPI].
//
// Implementations are safe for concurrent use and keep nothing about a cart:
// the token says which one is meant. They do not serialise the calls of one
// cart; [Session] does. Every failure of the store is a [*woo.Error], a
// [*LostError] or a [*ConflictError].
type Door interface {
	// Read returns the cart as it is. A zero token starts a cart, and the reply
	// then has its token. It may be retried, and is.
	Read(ctx context.Context, token woo.Secret) (Reply, error)
	// Do carries out one change and returns the cart after it. It is sent once:
	// what is unclear afterwards is [woo.Unknown], and reading the cart tells.
	// The token is never zero.
	Do(ctx context.Context, token woo.Secret, change Change) (Reply, error)
	// Checkout turns the cart into an order. It is not idempotent and is sent
	// once; what is unclear afterwards is [woo.Unknown], with the number of the
	// order in the answer where it is known already.
	Checkout(ctx context.Context, token woo.Secret, order Order) (Placed, error)
}

// Reply is a cart and the token to ask for it with next time.
type Reply struct {
	Cart Cart
	// Token is zero where the store sent none: the old one stays good. It is
	// always zero beside an error, since the store sends a new cart's token
	// with many of them.
	Token woo.Secret
}

// Order is how a cart becomes an order.
type Order struct {
	// Token is a text of the caller's, 8 to 100 printable ASCII characters, to
	// find the order with if the answer is lost. It goes into the order's meta
	// data over WooGraphQL.
	Token             string
	Billing, Shipping checkout.Address
	// PaymentMethod is a gateway's id: "cod".
	PaymentMethod string
	// Rates are the chosen shipping rates, one for each package.
	Rates []string
	Note  string
	// Prepaid says that the money has been taken elsewhere, TransactionID being
	// its number there: WooCommerce then completes the payment. Only WooGraphQL
	// can; it lets anyone do so who reaches it, so a store must not leave its
	// GraphQL open to the public without a check of its own.
	Prepaid       bool
	TransactionID string
}

// Placed is the order a cart became.
type Placed struct {
	// OrderID is 0 where the store did not tell.
	OrderID int64
	Number  string
	// Key opens the order's pages to whoever has it.
	Key    woo.Secret
	Status string
	// Total is the order's; nothing over the Store API, which does not tell.
	Total pricing.Money
	// Redirect is where the gateway wants the shopper to go next. It holds the key.
	Redirect woo.Secret
	Notices  []Notice
	// Token is the cart's next one, zero where the store sent none.
	Token woo.Secret
}
