package rivals_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

// stocked is a shop's stock in Postgres and Redis, with a lot of everything.
func stocked(b *testing.B, address string) (*pgstore.Store, *redisstore.Reserver) {
	b.Helper()
	schema := pgstore.Config{Schema: "ours_" + strings.ToLower(rand.Text())}
	db := pool(b, address, 16)
	if err := pgstore.Migrate(b.Context(), db, schema); err != nil {
		b.Fatal(err)
	}
	store, err := pgstore.New(b.Context(), db, schema)
	if err != nil {
		b.Fatal(err)
	}
	admits, err := redisstore.New(b.Context(), servers.Redis(b), redisstore.Config{Store: schema.Schema})
	if err != nil {
		b.Fatal(err)
	}
	for from := int64(1); from <= shelf; from += inventory.MaxBatch {
		var levels []inventory.Level
		for id := from; id <= min(shelf, from+inventory.MaxBatch-1); id++ {
			levels = append(levels, inventory.Level{Key: inventory.ProductItem(id).At(inventory.DefaultLocation), OnHand: plentyOf, Revision: 1})
		}
		for _, keeper := range []inventory.Levels{store, admits} {
			if err := keeper.SetLevels(b.Context(), levels); err != nil {
				b.Fatal(err)
			}
		}
	}
	return store, admits
}

// claims places as checkout.Service does between its reads: reserve, commit the claim with everything that belongs to it,
// let the reservation go.
func claims(b *testing.B, address string) shop {
	store, admits := stocked(b, address)
	return shop{place: func(ctx context.Context, owner string, p placing) error {
		req := inventory.ReserveRequest{ID: p.Order, Owner: owner, TTL: 15 * time.Minute}
		for _, id := range p.Items {
			req.Lines = append(req.Lines, inventory.Line{Item: inventory.ProductItem(id), Quantity: 1})
		}
		held, err := admits.Reserve(ctx, req)
		if err != nil {
			return err
		}
		if _, err := store.Commit(ctx, placement(owner, p, held)); err != nil {
			return err
		}
		_, err = admits.Release(ctx, p.Order)
		return err
	}}
}

// placement is the change that Place commits, with a record as long as a real one.
func placement(owner string, p placing, held inventory.Reservation) checkout.Change {
	id, now := checkout.ID(p.Order), time.Now()
	r := checkout.Record{
		ID: id, Owner: checkout.Owner("guest:" + owner), Token: "ank_" + p.Order, CreatedAt: now, UpdatedAt: now, Policy: checkout.DefaultPolicy(),
		DueAt: now.Add(time.Minute), Stock: checkout.StockAllocated, Allocated: held.Lines,
		Placed:   &checkout.Placement{At: now, Key: p.Order, PayBy: now.Add(30 * time.Minute)},
		Timeline: []checkout.TimelineEntry{{At: now, What: "placed", Actor: "shopper", Detail: "INR 1497.00 by razorpay"}},
	}
	r.Billing = checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
		Email: "asha@example.in", Phone: "+919845012345",
	}
	for _, id := range p.Items {
		r.Lines = append(r.Lines, checkout.PricedLine{
			Line: cart.Line{Ref: cart.ItemRef{ProductID: id}, Quantity: 1},
			Item: cart.Item{Ref: cart.ItemRef{ProductID: id}, Name: "Terracotta mug", UnitPrice: decimal.NewFromInt(499), Currency: pricing.INR},
		})
	}
	return checkout.Change{
		Record: r, Stock: []inventory.Move{{Kind: inventory.Allocate, Ref: p.Order, Lines: held.Lines, Reason: "placed", Actor: "shopper", Reservation: p.Order}},
		Bind:   []checkout.Ref{{Kind: checkout.RefIdempotencyKey, Value: string(r.Owner) + " " + p.Order}},
		Outbox: []checkout.Event{{ID: p.Order + "-1", Kind: "checkout.placed", Checkout: id, Sequence: 1, At: now, Data: []byte("{}")}},
	}
}
