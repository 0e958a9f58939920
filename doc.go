// Package ankkor is the map of this module. It declares nothing; the work is
// done by the packages below it.
//
// Ankkor is the checkout core of a headless WooCommerce shop: a team that runs
// its own storefront and keeps WooCommerce as the back office imports it, hands
// it the clients of the systems it already runs (Postgres, Redis, a payment
// gateway, WooCommerce's APIs) and gets a cart, stock that cannot oversell,
// payments that cannot be lost and store orders that cannot be doubled.
//
// # Which package is for what
//
// The core is plain Go on the standard library and a decimal type. It knows no
// database, no client of WooCommerce, and no HTTP but in packages whose names
// end in http. Arrows point inwards: examples use adapters and woo, which
// implement ports of checkout, which knows cart, payment, inventory and pricing:
//
//   - [github.com/ankkor/ankkor/pricing] has Money, which never loses a paisa,
//     and the parser of the price strings a store prints. Below it,
//     pricing/quote computes totals exactly as WooCommerce does,
//     pricing/shipping picks zones and rates, pricing/gst reads GST.
//   - [github.com/ankkor/ankkor/inventory] says what is on hand, reserved and
//     allocated, decides who gets the last piece, and keeps the ledger that
//     tells what happened to every unit. Below it, inventory/reconcile keeps in
//     step with WooCommerce, inventory/reseed teaches a store of reservations
//     that lost its memory, inventory/warehouse says which place sends what.
//   - [github.com/ankkor/ankkor/payment] is the port to a payment gateway, the
//     check of its signatures, and the facts known about a payment.
//   - [github.com/ankkor/ankkor/cart] holds carts: which additions are the same
//     line, what a quantity may be, how a guest's cart joins a customer's.
//   - [github.com/ankkor/ankkor/checkout] is the journey from a cart to an order
//     that is paid, placed and shipped, and the only package that knows the
//     other four together. Below it, checkout/inbox keeps what outside systems
//     tell us until it has been acted on, checkout/replies what a request was
//     answered, checkout/pincode knows PINs, checkout/mail writes what
//     customers get, and checkout/checkouthttp is a JSON API to mount.
//
// Around the core:
//
//   - [github.com/ankkor/ankkor/auth] answers who is asking. The checkout never
//     imports it: it knows an opaque owner, and the host says who that is.
//   - [github.com/ankkor/ankkor/woo] speaks to WooCommerce and implements the
//     core's ports with it. Below it, woo/rest has REST v3 as typed resources,
//     woo/session a shopper's cart inside WooCommerce, woo/webhook what the
//     store tells by itself, woo/doctor what is the matter with it, and
//     woo/companion an optional plugin. woo/wootest is a WooCommerce inside the
//     test process.
//   - adapters/… has one package per outside system. Each implements ports of
//     the core on a client that the host made, and none imports another.
//     adapters/memstore keeps everything in memory and is the place to start.
//   - examples/… are programs to copy: a whole purchase in one file, a shop to
//     click through, and a server on Postgres and Redis.
//
// # The life of one checkout
//
// A shopper fills a cart. It is a versioned record of what was chosen: prices
// and stock are read again from the catalogue whenever it is shown, and no
// number that came from a browser ever reaches a total.
//
// When the shopper starts to check out, the pieces are reserved: an early claim
// that ends by itself, so that nobody is beaten to the last piece while typing
// an address. Address, shipping and payment method follow, each checked in the
// form WooCommerce expects. Then the quote engine turns the cart, the
// destination and a snapshot of the store's rules into one quote, which is
// stored and hashed. It is the only source of an amount from there on.
//
// Placing the checkout is the moment that counts. One commit allocates the
// stock, for good and never beyond what is on hand, and records what has to
// happen next. After it, the checkout moves by itself: a pure function looks at
// the facts recorded so far and names the one thing to do now, be it to open an
// order at the gateway, to capture a payment, to create the WooCommerce order
// or to complete it. What is about to be done is written down before the call,
// what came of it after the call. Every step can be looked up where it was
// sent, so a process that takes over after a crash first asks whether the thing
// is done already.
//
// The payment counts when the gateway itself confirms it for the stored order,
// the exact amount and the currency. The browser's callback, a webhook, an
// operator and the poller all lead to that same decision; whoever comes second
// finds it made. The WooCommerce order is created pending, where it takes no
// stock and mails nobody, carries a token to find it by, and exactly one is
// completed and read back against the quote. What cannot become an order is
// refunded once. Then the order ships, and the ledger shows each unit's way.
//
// # Where a team plugs in
//
// Everything outside is a port: an interface of one to four methods that lives
// in the package whose words it uses, with its contract written on each method.
// A port's conformance suite (pricing/pricingtest, inventory/inventorytest,
// payment/paymenttest, cart/carttest, checkout/checkouttest) runs from the
// implementer's own tests, so that an implementation can be trusted before it
// meets a shop.
package ankkor
