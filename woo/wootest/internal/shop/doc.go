// Package shop is what a shop keeper set up and what the shop sells: settings,
// taxes, zones, gateways, categories, attributes, and the form of a product.
//
// Load reads it from the files of a catalogue, each an answer that a real store's
// REST API gave. A Shop does not change while a site runs; products do, and lie in
// package site, which keeps them and asks the Shop what they cost and show:
//
//	Decimals Formatted PriceSpan   wc_price and its settings
//	MatchRates InclusiveTax        WC_Tax: which rates meet an address, and their shares
//	Displayed WithoutTax           a price as the shop page and an order line show it
//	SyncStatus                     the stock status that follows from a quantity
package shop
