package crash

import (
	"context"
	"fmt"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// quoter says what an order costs; it may be the store that is asked. What it asks itself is no point.
type quoter struct {
	checkout.Quoter
	*Points
}

func (q quoter) Rates(ctx context.Context, req checkout.QuoteRequest) ([]shipping.Rate, error) {
	return read(ctx, q.Points, "Quoter.Rates", fmt.Sprintf("%+v", req), nil, func() ([]shipping.Rate, error) { return q.Quoter.Rates(ctx, req) })
}

func (q quoter) Quote(ctx context.Context, req checkout.QuoteRequest) (quote.Quote, error) {
	return read(ctx, q.Points, "Quoter.Quote", fmt.Sprintf("%+v", req), nil, func() (quote.Quote, error) { return q.Quoter.Quote(ctx, req) })
}

// pincodes says where a PIN lies; a table, or somebody who is asked.
type pincodes struct {
	checkout.PincodeDirectory
	*Points
}

func (d pincodes) Pincode(ctx context.Context, pin string) (checkout.Pincode, error) {
	return read(ctx, d.Points, "Pincodes.Pincode", pin, nil, func() (checkout.Pincode, error) { return d.PincodeDirectory.Pincode(ctx, pin) })
}

// chooser says where an order is sent from.
type chooser struct {
	warehouse.Chooser
	*Points
}

func (c chooser) Choose(ctx context.Context, req warehouse.Request) ([]inventory.Location, error) {
	return read(ctx, c.Points, "Warehouses.Choose", fmt.Sprintf("%+v", req), nil, func() ([]inventory.Location, error) {
		return c.Chooser.Choose(ctx, req)
	})
}
