package checkout_test

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// An order paid at the door, from the cart to the store's order.
func Example() {
	ctx := context.Background()
	lamp := cart.Item{
		Ref: cart.ItemRef{ProductID: 7}, Status: cart.StatusOK, Purchasable: true, Name: "Brass lamp", UnitPrice: decimal.NewFromInt(1200),
		Currency: pricing.INR, TaxStatus: "taxable", Virtual: true, Stock: cart.Stock{Item: "product:7", Managed: true, Quantity: 3, InStock: true},
	}
	stock, carts, catalog := memstore.NewStock(memstore.StockConfig{}), memstore.NewCarts(), memstore.NewCatalog(lamp)
	_ = stock.Receive(ctx, inventory.ProductItem(7).At(inventory.DefaultLocation), 3)
	rules, _ := memstore.NewRulebook(checkout.Rules{Settings: quote.Settings{Currency: pricing.INR, Decimals: 2}})
	shop, err := checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(stock), Carts: carts, Catalog: catalog, Rules: rules, Reserver: stock, Orders: memstore.NewOrders(nil),
		Payments: []checkout.PaymentOption{{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	shelf, _ := cart.NewService(cart.Config{Store: carts, Catalog: catalog})
	_, _ = shelf.Add(ctx, "guest:asha", lamp.Ref, 1)

	started, _ := shop.Start(ctx, checkout.StartRequest{Owner: "guest:asha"})
	id := started.Record.ID
	_, _ = shop.SetAddresses(ctx, "guest:asha", id, checkout.Addresses{Billing: asha()})
	ready, _ := shop.ChoosePayment(ctx, "guest:asha", id, payment.MethodCOD)
	placed, err := shop.Place(ctx, checkout.PlaceRequest{Owner: "guest:asha", ID: id, Key: "button-1", QuoteHash: ready.QuoteHash})
	fmt.Println(placed.Status(), placed.Order.Number, placed.Placed.Plan.OnDelivery, err)
	// Output: ordered 1001 INR 1200.00 <nil>
}

// What is to be done is read off the facts, by anybody, at any time.
func ExampleNext() {
	placed := time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)
	r := checkout.Record{
		Policy: checkout.DefaultPolicy(),
		Placed: &checkout.Placement{At: placed, PayBy: placed.Add(30 * time.Minute), Plan: checkout.Plan{Online: pricing.Paise(49900)}},
	}
	e := checkout.Next(r, placed)
	fmt.Println(e.Kind)
	r.Gateway = &payment.Order{ID: "order_DaZlswtdcn9UNV", Amount: pricing.Paise(49900), Status: payment.OrderCreated}
	e = checkout.Next(r, placed)
	fmt.Println(e.Kind, "until", e.Until.Format(time.TimeOnly))
	e = checkout.Next(r, placed.Add(time.Hour))
	fmt.Println(e.Kind+":", e.Why)
	// Output:
	// create_gateway_order
	// wait until 18:01:00
	// inspect_payments: the payment window has closed: look before letting go
}

// District and state come from the PIN; every field that is refused is named.
func ExampleCheckAddress() {
	form := checkout.AddressForm{Prefix: "billing", Billing: true, Rules: karnataka(), Pincodes: pins{}}
	checked, _ := checkout.CheckAddress(context.Background(), checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", Postcode: "560 001",
		Email: "asha@example.in", Phone: "098450 12345",
	}, form)
	fmt.Println(checked.Address.District, checked.Address.State, checked.Address.Postcode, checked.Address.Phone)
	_, err := checkout.CheckAddress(context.Background(), checkout.Address{FirstName: "Asha", Postcode: "00000"}, form)
	fmt.Println(err)
	// Output:
	// Bengaluru Urban KA 560001 +919845012345
	// checkout: billing.last_name: is required; billing.address_1: is required; billing.city: is required; billing.email: is required; billing.phone: is required; billing.postcode: is not a PIN code: six digits, the first not 0
}
