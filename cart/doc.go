// Package cart keeps what a shopper means to buy, and nothing that the shopper could lie about.
//
// A cart holds lines (which item, how many), coupon codes and a note. It holds no total: names, prices,
// tax classes and stock are read from the [Catalog] each time the cart is looked at ([Service.View]), so
// an old browser tab or a forged request can never buy at yesterday's price.
//
// # Lines
//
// An [ItemRef] says which item: product, variation, the attributes that the shopper chose and the custom
// data that goes with it (an engraving, say). Two refs that mean the same have the same [LineKey], so the
// same item added twice is one line with the quantities added up. Quantities are whole and positive; the
// [Limits] cap lines, quantities, coupons and texts.
//
// # Carts and their owner
//
// A cart belongs to an opaque [Owner] that the host decides ("guest:…", "customer:42"). Every call of
// [Service] and [Store] is scoped by it: there is no way to reach a cart by its id, so nobody can reach
// the cart of somebody else by guessing one.
//
// # Writing at the same time
//
// A [Store] saves a cart only over the version that was read. [Service] makes every change as
// load, change, save; when another writer was faster it applies the change to that writer's cart and
// tries again, a bounded number of times. A hundred simultaneous Adds are a hundred pieces.
//
// # A copy in the browser
//
// [Apply], [Reconcile] and [MergeCarts] are pure: a client can show a change before the server has
// answered and put its pending changes on top of whatever the server says. [Local] is the JSON form of
// such a copy. Everything that is decoded is decoded strictly: a body that names a price, a total or any
// other unknown field is refused, and so are null, fractions, strings and exponents for a quantity,
// fields given twice and bodies over [MaxJSON].
package cart
