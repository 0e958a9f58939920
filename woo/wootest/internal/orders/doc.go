// Package orders is what WooCommerce does to an order, written down from its PHP: the
// arithmetic of totals, coupons, fees and taxes, the statuses, and what each of them does
// to stock.
//
// The arithmetic is the order's (WC_Order::calculate_totals), which rounds elsewhere
// than a cart does. It is on purpose not shared with package quote of the library, so
// that "the order equals the quote" says something.
//
//	Totals.Calculate     lines, shipping, fees and taxes of an order
//	Totals.ApplyCoupons  WC_Discounts on an order
//	SetStatus            dates, stock, sales and the note of a transition
//	CompletePayment      payment_complete; CompleteAgain when two of them overlap
//	SetQuantity          a product's stock, its status and its webhook
//	RefundLines          money and pieces given back
//
// Stock is reduced for processing, completed and on-hold, noted on each line as
// _reduced_stock, and given back for cancelled and pending.
package orders
