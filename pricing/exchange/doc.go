// Package exchange sells in another currency than the shop's own.
//
//	rate, err := source.Rate(ctx, pricing.INR, pricing.USD)
//	c, err := exchange.NewConverter(rate)
//	in, err = c.Input(in)          // prices, fees and shipping, now in dollars
//	q, err := quote.Calculate(in)  // a quote in dollars that names its rate
//
// The shop's prices stay in WooCommerce in one currency; a quote, and the order made of it, hold one currency too. The
// quote keeps the rate, where it is from and when it was read (quote.Quote.Exchange), and its hash covers the rate.
//
// # Rounding
//
// Every price of one piece is multiplied by the rate and rounded half away from zero to the minor unit of the new
// currency, or to a coarser step. Only then is it multiplied by the quantity: what a page shows for one is what each of
// ten costs. Shipping and each fee are rounded the same way, once. Tax is computed on the converted amounts.
//
// # Coupons
//
// WooCommerce does not convert coupons: in an order in dollars a coupon of 100 takes off a hundred dollars, and a minimum
// of 500 asks for five hundred. So only coupons without an amount in them survive a conversion: percentages without a
// minimum or maximum. All others are entered as codes the store does not have, and the quote refuses them as such.
package exchange
