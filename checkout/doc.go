// Package checkout is the journey from a cart to a paid, placed and shipped WooCommerce order.
//
// # The life of a checkout
//
//	cart → address → shipping → payment method → quote → place → paid → ordered → shipped → delivered
//
// A host builds one [Service] with [New] and calls it from its handlers:
//
//	started, err := shop.Start(ctx, checkout.StartRequest{Owner: owner})
//	shop.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: form})
//	rates, err := shop.ShippingRates(ctx, owner, id)
//	shop.ChooseShipping(ctx, owner, id, rates[0].ID)
//	shop.ChoosePayment(ctx, owner, id, payment.MethodRazorpay)
//	placed, err := shop.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: key, QuoteHash: record.QuoteHash})
//	// the shopper pays in the gateway's window, for placed.Gateway.ID
//	shop.ConfirmPayment(ctx, owner, id, callback)
//
// and runs [Service.Run] beside them, which finishes what a closed tab, a lost reply or a crash left unfinished.
//
// # How it decides
//
// A [Record] holds choices and facts, never a "current step". The pure function [Next] reads it and names the one [Effect]
// to perform now. Each effect on the outside has its [Intent] committed before the call and its outcome after it; an
// unknown outcome is looked up before anything is sent again. Refunds, releases and cancellations are decisions of the
// same function, so a lost race cannot undo a good sale. What fails is tried again, then alerted, then given up until a
// person says [Service.Retry]; what does not depend on it goes on meanwhile.
//
// # What counts
//
// A [Store] makes one kind of write, [Store.Commit]: record, stock moves, references and events in one transaction. The
// claim on stock that counts is taken there, by [Service.Place]; the [inventory.Reserver] before it only spares shoppers
// the disappointment. A [Ref] belongs to one checkout for ever, which is why a payment pays once and an order exists once.
//
// # In step with the store
//
// WooCommerce subtracts stock itself, sells elsewhere, and is edited by hand. A host runs package inventory/reconcile
// beside its Service, on the same store:
//
//	inStep, err := reconcile.New(reconcile.Config{
//		Books: books, Source: client, Feed: woo.NewChanges(client), Journal: journal, RefOf: refOf, OrderSeen: shop.StoreOrderChanged,
//	})
//	go inStep.Run(ctx)
//	go shop.Run(ctx)
//
// where books are what the [Store] decides allocations by, and refOf answers Store.Find of the [RefStoreOrder]. A checkout
// confirms its claims once their order, read back, shows them subtracted; reconciliation then reads what they were claims
// on once more. woo's Example of Changes shows an edit in wp-admin whose webhook is lost.
//
// Orders are kept in step, too: what becomes of one in wp-admin is a fact here, and what staff decide here (packed, shipped,
// delivered, cancelled, returned, refunded by lines) is written there once. ORDERSTATES.md beside this package has the rules,
// [OrderKeeper] the port, [Record].History who brought each status about.
//
// # Several warehouses
//
// With [Config].Warehouses, stock is reserved by the network's priority until there is an address, then where its Chooser
// says. If the place that admitted a shopper has nothing left for the claim that counts, or for a payment that came late,
// another one gives it. [Record.Parcels] says who sends what. Coupons stay in inventory.DefaultLocation, and a hold of
// [ReserveAtCart] stays where it was made.
//
// # Plugging in
//
// Ports: [Store], [Rulebook], [Quoter], [OrderCreator], [PincodeDirectory], [Shipper], [Notifier], [Publisher]; and
// cart.Store, cart.Catalog, inventory.Reserver, payment.Gateway from the packages that own those words. Packages
// checkouttest, carttest, inventorytest and paymenttest hold conformance suites; adapters/memstore keeps and answers on
// memory what a store, a catalogue and a rulebook do.
//
// Optional interfaces let staff see all of a shop: [Register] of a Store, [LowStock] of a Reserver, [IdleCarts] of a
// cart.Store. Those of an OrderCreator keep more in step: [OrderKeeper] states and refunds, [CashBook] and [OrderNotes]
// cash on delivery. Package checkouthttp puts all of it behind one http.Handler, package mail writes the notices.
package checkout
