// Package cache keeps what a shop's pages show of the catalogue, so that a
// thousand visitors of one product are one request to WooCommerce.
//
//	pages ──▶ Catalogue ──▶ woo.Client
//	             ▲
//	             └── Changed ◀── webhook.Dispatcher
//
// A [Catalogue] stands in front of a [*woo.Client] and has its reading methods
// and those of [cart.Catalog]. It is bounded in entries; which ones stay is
// decided by otter's TinyLFU.
//
// # How old an answer can be
//
// A product, a page of a list and the tree of categories are fresh for
// Config.TTL. For Config.Stale longer they are still shown, while one request
// fetches them anew; a store that is down for an hour goes on being shown. After
// that a reader waits. Items of a cart carry the prices that somebody pays: they
// are never shown stale, and are fresh for Config.ItemTTL only. A checkout reads
// them again whatever the cart showed; give it the client itself, or a context
// of [Fresh].
//
// A product that is not there is remembered for Config.MissTTL. No other error is
// remembered at all.
//
// # What drops an answer early
//
// Every answer has tags: the products, variations and cards that it shows, and
// the categories. [Catalogue.Invalidate] drops what has one of them, and
// [Catalogue.Changed] does for what a webhook announces. A request that is under
// way then is not kept, and nobody who asks later waits for it. A list that a
// changed product should newly stand in has no tag of it; it is right after its
// TTL. In a shop of several processes each has to be told: a webhook reaches one.
//
// # Who waits for what
//
// Readers of one cold answer share one request. It belongs to the Catalogue: the
// reader who began it may leave, the others still get it. [Catalogue.Close] ends
// what is under way and waits for it.
package cache
