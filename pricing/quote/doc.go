// Package quote computes what a purchase costs, to the paisa that WooCommerce computes.
//
// A headless shop shows and charges a total before WooCommerce has seen the order. If the two differ by a paisa, the
// payment does not match the order and somebody's books do not close. So this package does not compute what would be
// sensible; it computes what WooCommerce computes, and says so where that is strange.
//
//	q, err := quote.Calculate(quote.Input{Settings: …, Rates: …, Lines: …, ShipTo: …})
//	q.Totals.Total // what the customer pays
//
// Everything is pure: no I/O, no clock, no state. Equal input gives an equal Quote, which is stored, hashed (Quote.Hash)
// and compared (Compare) later. Money is exact: amounts are whole millionths of a paisa inside, decimals and
// [pricing.Money] outside. Binary floating point appears in one function, named after it, because the result of
// WooCommerce's percentage coupons depends on it.
//
// # Two arithmetics
//
// WooCommerce adds up twice, differently.
//
// The cart (WC_Cart_Totals) is what a shopper of a classic store sees. It takes the tax out of a price with tax once,
// keeps it, and finds the total from the parts. Coupons are sorted by type and amount before they are computed, the
// largest fees come first.
//
// The order (WC_Abstract_Order), when it is created over REST as Ankkor does, gets lines without tax, in six decimals,
// and puts the customer's tax on them again. Coupons are computed as they were entered, on prices found by adding the
// rounded tax; fees in their order; shipping is rounded by itself, and always taxed.
//
// Mostly the two agree, but not always, and the order is what exists afterwards. So a Quote states the order's numbers;
// Quote.Cart has the cart's, with the list of amounts in which they differ, and why. Order and Cart compute one of them.
//
// # Why two pieces of ₹499 can cost ₹997.99
//
// A price of 998.00 with 12 % GST contains 106.928571 of tax, and 891.071428 without it. Within the shop's own state the
// tax is 6 % CGST and 6 % SGST: 53.464286 each. Every rate of every line is rounded on its own: 53.46 and 53.46. The line
// is rounded too: 891.07. And 891.07 + 53.46 + 53.46 is 997.99: the shop never added up to 998.00 again. To another
// state it is one IGST of 106.928571, rounded to 106.93, and the total is 998.00.
//
// Nobody's arithmetic is wrong; the store rounds each rate of each line because that is what its tax report shows. A
// store that rounds at the subtotal (Settings.RoundAtSubtotal) comes to 998.00 in both. Ask for Input.Explain, and
// Quote.Trace tells this story for any quote.
//
// # What else is strange, and true
//
//   - Half a paisa of tax goes down when prices include tax, up when they do not.
//   - A tax total is rounded once more than its parts, so rows need not add up to it, nor lines to the total.
//   - A coupon of 100 % can leave a paisa in the order where the cart shows nothing to pay.
//   - A coupon on products can take a fraction of a paisa more off a line than it costs.
//   - A negative fee is taxed whatever it says of itself, in proportion to what it discounts.
//   - An order counts all tax in it, also that of shipping, towards a coupon's minimum and maximum, and can so refuse
//     a coupon that the cart takes. The quote leaves such a coupon out: WooCommerce would refuse the order.
//   - Shipping that inherits its tax class takes it from everything in an order, from what is shipped in the cart.
//   - Local pickup is taxed at the shop, whatever the customer's address.
//
// # Versions
//
// Settings.Version chooses the arithmetic, from 9.8 on. Totals changed in 9.9 (shipping costs keep their fractions), 10.0
// (the order in which coupons walk the lines), 10.1 (amounts are taken to six decimals before they are rounded; shipping
// of a class without shipping rates is no longer taxed as standard), 10.6 (percentages in shipping costs are rounded) and
// 10.9 (tax of a negative fee beside a coupon). The tests hold the engine against thousands of carts and orders recorded
// from real stores of 9.8.5, 10.4.3 and 11.0.1, and carts that the classes of 9.9.5 and 10.0.2 added up. What lies between
// rests on a comparison of the sources of 9.8.1 to 11.0.1: WC_Cart_Totals, WC_Discounts, WC_Tax, NumberUtil,
// WC_Shipping_Method, WC_Shipping_Flat_Rate, WC_Abstract_Order and its items, wc_add_number_precision.
//
// A version newer than 11.0 is not refused, for shops update on their own: it gets the newest arithmetic, EvidenceFor says
// Assumed, and so does Quote.Trace. An order made from such a quote is still compared with WooCommerce's own total before
// anyone is told that it worked.
//
// # What it refuses
//
// Input that cannot be true gives an *InvalidError with the field's name. What it cannot compute exactly (tax rates
// limited to postcodes, coupon types of plugins, several shipping lines) gives an *UnsupportedError, never a number
// that might be wrong. A shop whose plugins change totals in ways of their own should ask the store for its quote.
package quote
