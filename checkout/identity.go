package checkout

import (
	"crypto/rand"

	"github.com/ankkor/ankkor/cart"
)

// ID names one checkout. It is unguessable, so that it may stand in a URL, but it is no credential: every method that
// takes one also takes the Owner who asks.
type ID string

// Owner says whose cart and checkout something is. It is opaque here: the host decides who is asking and says so.
type Owner = cart.Owner

// newID returns 26 characters with 130 bits of randomness.
func newID() ID { return ID("chk_" + rand.Text()) }

// newToken returns the token that marks this checkout's order in WooCommerce and its receipt at the payment gateway.
// Gateways allow 40 characters; this has 30.
func newToken() string { return "ank_" + rand.Text() }

// newReservationID names one claim on stock. A driver that resends it claims once; another attempt is another claim.
func newReservationID() string { return "rsv_" + rand.Text() }
