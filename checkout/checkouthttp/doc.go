// Package checkouthttp is the JSON API of a shop: cart, checkout and what staff do, as one http.Handler for a storefront
// that is written in whatever language.
//
//	api, err := checkouthttp.New(checkouthttp.Config{Service: shop, Carts: carts, Owner: owner, ReturnTo: orderPage})
//	mux.Handle("/api/", guests.Middleware(http.StripPrefix("/api", api)))
//	mux.Handle("POST /api/checkouts/{id}/return", api.Return())
//
// # Who asks
//
// The host says who is asking: Config.Owner for shoppers, Config.Operator for staff. Every call is scoped by that owner.
// A checkout of somebody else, one that never was and a malformed id are answered alike: 404, the same body.
//
// # What can be sent
//
// Bodies are JSON objects of at most [MaxBody] bytes with the media type application/json. They are decoded strictly:
// unknown fields, fields given twice or in another case, null, fractions and exponents, invalid UTF-8, and more than
// [MaxDepth] levels are refused, compressed bodies too. No field of a shopper's request is an amount: what things cost is
// computed here, and Place only says, by its hash, which quote the shopper agreed to.
//
// Place wants an Idempotency-Key. The same key with the same quote answers with the same placement, at once or weeks
// later; the same key with another quote, or for another checkout, is 422; of many at the same time one is executed. With
// [Config.Replies] the answer, too, is the same for thirty days, byte for byte, and says so: Idempotent-Replayed: true.
// Otherwise a copy is told how the placement stands by then. An error is never kept: nothing was done, or what was done is
// found when the request comes again.
//
// # What goes wrong
//
// Every error is an application/problem+json (RFC 9457) with a [Code] that stays the same for good, and with facts where
// there are any: refused fields, the items that are short, what changed in the quote. Nothing that was sent is repeated.
//
// # From the browser
//
// Requests that change something are refused when a browser sends them for another origin (http.CrossOriginProtection: by
// Sec-Fetch-Site, else by Origin). The one exception is [API.Return], where a payment gateway posts the shopper's browser
// back to the shop from its own origin (Razorpay's callback_url). No cookie comes with it; what it brings is believed only
// as far as the gateway's signature over our own order id goes, and whatever it was, the answer is a redirect to the
// shop's page, which asks who is there.
//
// The contract is openapi.json, an OpenAPI 3.1 document, also served at GET /openapi.json.
package checkouthttp
