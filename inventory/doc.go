// Package inventory keeps a shop from selling what it does not have.
//
// A unit on its way to a customer is claimed three times, each time more
// firmly:
//
//   - reserve: when checkout starts, a [Reserver] holds the pieces for a
//     quarter of an hour or so. It is fast, it expires by itself, and it may
//     live in a store that can lose its memory. All it does is keep two
//     shoppers from racing to the payment page for one last piece.
//   - allocate: when the order is placed, the store that also records the
//     checkout takes an [Allocate] move inside the same transaction. This is
//     the claim that counts: allocated never exceeds what is on hand, whatever
//     a Reserver says or forgets.
//   - ship: once WooCommerce is seen to have subtracted the pieces itself the
//     claim is confirmed ([Confirm]), and they leave with the parcel ([Ship]).
//
// # What is counted
//
// Stock is counted per [Key]: an [Item], which is whatever WooCommerce manages
// stock by (a product, a variation that has its own stock, or a coupon with a
// usage limit, which is claimed the same way), at a [Location]. A [Level] is
// the count for one key. OnHand follows WooCommerce's own number, so it
// includes what is allocated and excludes what is sold:
//
//	available = OnHand - Allocated - Reserved
//
// A [Policy] says what happens when nothing is left: refuse, take backorders
// up to a budget, or do not count at all.
//
// # Every unit has a history
//
// Each [Move] is posted from one [Account] to another, so no unit appears or
// vanishes without an [Entry] that says when, why and by whom. Reservations
// are promises and move nothing. [Conserved] checks the books against a level:
//
//	available + allocated + sold + shipped = received ± adjusted
//
// # Who decides what
//
// [Apply] and [Plan] are pure functions: the arithmetic of a move, and which
// location gives what. A store keeps levels and calls them. The suite in
// inventorytest holds a store to the contracts written here; adapters/memstore
// keeps everything in memory and passes it.
package inventory
