package checkout

import (
	"context"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// PricedLine is a cart line with what the catalogue says of it now.
type PricedLine struct {
	Line cart.Line `json:"line"`
	Item cart.Item `json:"item"`
}

// QuoteRequest is what a total depends on. No amount in it comes from a client.
type QuoteRequest struct {
	Lines          []PricedLine
	ShipTo, BillTo Address
	ShippingRate   string // a rate id from Rates; "" for none yet
	Coupons        []string
	CustomerID     int64 // WooCommerce's; 0 for a guest
	Method         payment.Method
	Fees           []quote.Fee // charged for the way to pay, besides whatever the Quoter charges
	At             time.Time
}

// Quoter computes shipping rates and totals.
//
// Implementations are safe for concurrent use, without effects, and may be retried.
type Quoter interface {
	// Rates returns the shipping rates offered for the lines at the address, in the store's order. Nothing that needs
	// shipping gives nil, nil; an address no zone serves gives an empty, non-nil slice.
	Rates(ctx context.Context, req QuoteRequest) ([]shipping.Rate, error)
	// Quote returns the totals of the order that would be created. An unknown shipping rate is an *InvalidError on
	// "shipping_rate".
	Quote(ctx context.Context, req QuoteRequest) (quote.Quote, error)
}
