// Quickstart is a whole purchase on memory: a shop with two products, one shopper, one order. It starts no server and
// calls nobody. Read it from top to bottom; a real shop swaps the adapters and keeps the calls.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/pincode"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := run(ctx); err != nil {
		log.SetFlags(0)
		log.Print(err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	shop, err := open(ctx)
	if err != nil {
		return err
	}
	const shopper = cart.Owner("guest:asha")

	step("Put two mugs and a notebook into the cart")
	if _, err := shop.carts.Add(ctx, shopper, mug.Ref, 2); err != nil {
		return err
	}
	if _, err := shop.carts.Add(ctx, shopper, notebook.Ref, 1); err != nil {
		return err
	}

	step("Start the checkout: the stock is reserved for 15 minutes")
	started, err := shop.checkout.Start(ctx, checkout.StartRequest{Owner: shopper})
	if err != nil {
		return err
	}
	id := started.Record.ID
	shop.printStock(ctx)

	step("Give an address: district and state come from the PIN")
	addressed, err := shop.checkout.SetAddresses(ctx, shopper, id, checkout.Addresses{Billing: checkout.Address{
		FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", Postcode: "560 001",
		Phone: "098450 12345", Email: "asha@example.in",
	}})
	if err != nil {
		return err
	}
	at := addressed.Record.Shipping
	fmt.Printf("  %s, %s, %s %s\n", at.City, at.District, at.State, at.Postcode)

	step("Choose Razorpay and look at the total")
	ready, err := shop.checkout.ChoosePayment(ctx, shopper, id, payment.MethodRazorpay)
	if err != nil {
		return err
	}
	printQuote(*ready.Quote)

	step("Place the order: the claim on stock that counts is taken, the gateway expects the money")
	placed, err := shop.checkout.Place(ctx, checkout.PlaceRequest{
		Owner: shopper, ID: id, Key: "order-button-1", QuoteHash: ready.QuoteHash,
	})
	if err != nil {
		return err
	}
	fmt.Printf("  %s, pay %s by %s\n", placed.Status(), placed.Gateway.Amount, placed.PayBy().Format(time.TimeOnly))

	step("Pay in the gateway's window, which signs what it hands back")
	callback, err := shop.gateway.Pay(placed.Gateway.ID)
	if err != nil {
		return err
	}
	paid, err := shop.checkout.ConfirmPayment(ctx, shopper, id, callback)
	if err != nil {
		return err
	}
	fmt.Printf("  %s: WooCommerce order %s is %s\n", paid.Status(), paid.Order.Number, paid.Order.Status)

	step("What happened, and where every piece is now")
	for _, e := range paid.Timeline {
		fmt.Printf("  %-8s %-16s %s\n", e.Actor, e.What, e.Detail)
	}
	shop.printStock(ctx)
	return shop.printLedger(ctx)
}

// shop is everything a host wires together once.
type shop struct {
	stock    *memstore.Stock
	carts    *cart.Service
	gateway  *fakegateway.Gateway
	checkout *checkout.Service
}

var (
	mug = cart.Item{
		Ref: cart.ItemRef{ProductID: 11}, Status: cart.StatusOK, Purchasable: true, Name: "Terracotta mug", SKU: "MUG",
		UnitPrice: decimal.NewFromInt(499), Currency: pricing.INR, TaxStatus: "taxable", TaxClass: "gst-12",
		Stock: cart.Stock{Item: "product:11", Managed: true, Quantity: 10, InStock: true},
	}
	notebook = cart.Item{
		Ref: cart.ItemRef{ProductID: 12}, Status: cart.StatusOK, Purchasable: true, Name: "Khadi notebook", SKU: "NOTE",
		UnitPrice: decimal.NewFromInt(250), Currency: pricing.INR, TaxStatus: "taxable", TaxClass: "gst-18",
		Stock: cart.Stock{Item: "product:12", Managed: true, Quantity: 3, InStock: true},
	}
)

func open(ctx context.Context) (*shop, error) {
	catalog := memstore.NewCatalog(mug, notebook)
	stock := memstore.NewStock(memstore.StockConfig{})
	for _, item := range []cart.Item{mug, notebook} {
		key := inventory.Key{Item: inventory.Item(item.Stock.Item), Location: inventory.DefaultLocation}
		if err := stock.Receive(ctx, key, item.Stock.Quantity); err != nil {
			return nil, err
		}
	}
	cartStore := memstore.NewCarts()
	carts, err := cart.NewService(cart.Config{Store: cartStore, Catalog: catalog})
	if err != nil {
		return nil, err
	}
	gateway, err := fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("a secret of at least sixteen bytes")})
	if err != nil {
		return nil, err
	}
	rules, err := memstore.NewRulebook(rules())
	if err != nil {
		return nil, err
	}
	pins, err := pincode.New()
	if err != nil {
		return nil, err
	}
	service, err := checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(stock), Carts: cartStore, Catalog: catalog, Rules: rules, Reserver: stock,
		Orders: memstore.NewOrders(nil), Pincodes: pins,
		Payments: []checkout.PaymentOption{{
			Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: gateway, Verifier: gateway,
		}},
	})
	return &shop{stock: stock, carts: carts, gateway: gateway, checkout: service}, err
}

// rules are what WooCommerce's settings would say: prices with GST inside, half of it to the state when the parcel stays
// in Karnataka; ₹49 to ship, free from ₹999.
func rules() checkout.Rules {
	rules := checkout.Rules{
		Settings: quote.Settings{
			Currency: pricing.INR, Decimals: 2, TaxEnabled: true, PricesIncludeTax: true, BaseCountry: "IN", BaseState: "KA",
			TaxBasedOn: quote.BasedOnShipping, CartDisplay: quote.DisplayInclusive, ShippingTaxClass: quote.InheritShippingClass,
		},
		Zones:             shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)),
		HideRatesWhenFree: true,
		Countries:         []string{"IN"},
	}
	for i, slab := range []struct{ class, half string }{{"gst-12", "6"}, {"gst-18", "9"}} {
		half := decimal.RequireFromString(slab.half)
		for j, name := range []string{"CGST", "SGST"} {
			rules.TaxRates = append(rules.TaxRates, quote.TaxRate{
				ID: int64(2*i + j + 1), Class: slab.class, Country: "IN", State: "KA", Name: name, Rate: half, Priority: j + 1, Shipping: true,
			})
		}
	}
	return rules
}

func step(what string) { fmt.Println("\n• " + what) }

func printQuote(q quote.Quote) {
	rupees := pricing.IndianFormat()
	for _, l := range q.Lines {
		fmt.Printf("  %d × %-16s %10s\n", l.Quantity, l.Name, rupees.Money(l.Gross))
	}
	for _, s := range q.Shipping {
		fmt.Printf("  %-20s %10s\n", s.Title, s.Total.StringFixed(2))
	}
	for _, t := range q.Taxes {
		fmt.Printf("  of it %s %s%% %14s\n", t.Label, t.Percent, rupees.Money(t.Tax))
	}
	fmt.Printf("  %-20s %10s\n", "Total", rupees.Money(q.Totals.Total))
}

func (s *shop) printStock(ctx context.Context) {
	levels, err := s.stock.Levels(ctx, []inventory.Item{"product:11", "product:12"})
	if err != nil {
		return
	}
	for _, l := range levels {
		fmt.Printf("  %s: on hand %d, reserved %d, allocated %d, sold %d\n", l.Key.Item, l.OnHand, l.Reserved, l.Allocated, l.Sold)
	}
}

func (s *shop) printLedger(ctx context.Context) error {
	entries, err := s.stock.Entries(ctx, inventory.LedgerQuery{})
	for _, e := range entries {
		fmt.Printf("  #%d %-10s %2d × %-10s %s → %s\n", e.Seq, e.Kind, e.Quantity, e.Key.Item, e.From, e.To)
	}
	return err
}
