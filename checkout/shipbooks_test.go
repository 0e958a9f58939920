package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// shutBooks is a store whose ledger cannot be read for a while.
type shutBooks struct {
	*memstore.Checkouts
	times *int
}

func (s shutBooks) Entries(ctx context.Context, q inventory.LedgerQuery) ([]inventory.Entry, error) {
	if *s.times > 0 {
		*s.times--
		return nil, errors.New("the ledger is away")
	}
	return s.Checkouts.Entries(ctx, q)
}

// couriers book a parcel each time they are asked, and find the first.
type couriers struct{ booked []checkout.Shipment }

func (c *couriers) Ship(context.Context, checkout.Record) (checkout.Shipment, error) {
	c.booked = append(c.booked, checkout.Shipment{ID: fmt.Sprintf("parcel-%d", len(c.booked)+1), Carrier: "Couriers"})
	return c.booked[len(c.booked)-1], nil
}

func (c *couriers) FindShipment(context.Context, checkout.Record) (checkout.Shipment, error) {
	if len(c.booked) == 0 {
		return checkout.Shipment{}, checkout.ErrNotFound
	}
	return c.booked[0], nil
}

// TestBooksThatCannotBeReadBookNoSecondParcel has the ledger fail while a parcel is booked.
func TestBooksThatCannotBeReadBookNoSecondParcel(t *testing.T) {
	for _, times := range []int{0, 1, 3} {
		t.Run(fmt.Sprint(times, " failures"), func(t *testing.T) {
			parcels, failures := &couriers{}, 0
			s := newShop(t, func(c *checkout.Config) {
				c.Shipper, c.Store = parcels, shutBooks{c.Store.(*memstore.Checkouts), &failures}
			})
			r := s.pay(s.placed("guest:1", mug, 1))
			failures = times
			s.pass(30 * time.Minute)
			if r = s.load(r.ID); len(parcels.booked) != 1 || r.Status() != checkout.StatusShipped {
				t.Errorf("%d parcels are booked, it is %s: %v", len(parcels.booked), r.Status(), r.Timeline)
			}
			s.conserved()
		})
	}
}
