package rivals_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// preparing is a checkout.Service on Postgres and Redis whose shoppers have chosen everything. Catalogue, rules and
// gateway are in memory: what they cost in a real shop is the network's.
//
// Measured as BenchmarkPlace says, on two cores that others wanted as well: 1.2 of the rival's orders spread, with a p99 of
// 1.0 of the rival's, and 9.2 hot, with 0.09. One Place takes about 0.9 ms of processor, Postgres and Redis included, the
// rival's order, which reads and quotes nothing, the same: five times as many spread would need a record that is neither
// read, quoted nor kept.
type preparing struct {
	b       *testing.B
	service *checkout.Service
	carts   cart.Store
	serial  int
	ready   chan checkout.Record
}

func service(b *testing.B, address string) shop {
	b.Helper()
	store, admits := stocked(b, address)
	rules, err := memstore.NewRulebook(checkout.Rules{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "KA",
			TaxBasedOn: quote.BasedOnShipping, CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		},
		TaxRates:  []quote.TaxRate{{ID: 1, Country: "IN", Name: "IGST", Rate: decimal.NewFromInt(18), Priority: 1, Shipping: true}},
		Zones:     shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)),
		Countries: []string{"IN"}, States: map[string][]checkout.State{"IN": {{Code: "KA", Name: "Karnataka"}}},
	})
	check(b, err)
	gateway, err := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret(rand.Text())})
	check(b, err)
	p := &preparing{b: b, carts: store.Carts(), ready: make(chan checkout.Record, 10_000)}
	p.service, err = checkout.New(checkout.Config{
		Store: store, Carts: p.carts, Catalog: goods(), Rules: rules, Reserver: admits, Orders: memstore.NewOrders(nil),
		Payments: []checkout.PaymentOption{{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: gateway, Verifier: gateway}},
	})
	check(b, err)
	return shop{prepare: p.prepare, place: func(ctx context.Context, _ string, order placing) error {
		r := <-p.ready
		_, err := p.service.Place(ctx, checkout.PlaceRequest{Owner: r.Owner, ID: r.ID, Key: order.Order, QuoteHash: r.QuoteHash})
		return err
	}}
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func goods() *memstore.Catalog {
	catalog := memstore.NewCatalog()
	for id := int64(1); id <= shelf; id++ {
		catalog.Put(cart.Item{
			Ref: cart.ItemRef{ProductID: id}, Status: cart.StatusOK, Purchasable: true, Name: "Terracotta mug", UnitPrice: decimal.NewFromInt(499),
			Currency: pricing.INR, TaxStatus: "taxable",
			Stock: cart.Stock{Item: string(inventory.ProductItem(id)), Managed: true, Quantity: plentyOf, InStock: true},
		})
	}
	return catalog
}

// prepare brings so many shoppers to the point where only Place is missing.
func (p *preparing) prepare(orders, products int) {
	var choosing sync.WaitGroup
	free := make(chan struct{}, 32)
	for range orders {
		p.serial++
		n := p.serial
		free <- struct{}{}
		choosing.Go(func() {
			defer func() { <-free }()
			r, err := p.choose(cart.Owner(fmt.Sprintf("guest:%d", n)), n, products)
			if err != nil {
				p.b.Error(err)
				return
			}
			p.ready <- r
		})
	}
	choosing.Wait()
}

func (p *preparing) choose(owner cart.Owner, n, products int) (checkout.Record, error) {
	ctx := context.Background()
	c := cart.Cart{ID: rand.Text(), Owner: owner}
	for i := range 3 {
		ref := cart.ItemRef{ProductID: int64((n*7919+i)%products + 1)}
		c.Lines = append(c.Lines, cart.Line{Key: ref.Key(), Ref: ref, Quantity: 1})
	}
	if _, err := p.carts.Save(ctx, c, 0); err != nil {
		return checkout.Record{}, err
	}
	started, err := p.service.Start(ctx, checkout.StartRequest{Owner: owner})
	if err != nil {
		return checkout.Record{}, err
	}
	home := checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
		Email: "asha@example.in", Phone: "9845012345",
	}
	if _, err := p.service.SetAddresses(ctx, owner, started.Record.ID, checkout.Addresses{Billing: home}); err != nil {
		return checkout.Record{}, err
	}
	return p.service.ChoosePayment(ctx, owner, started.Record.ID, payment.MethodRazorpay)
}
