// Package woo talks to WooCommerce: the catalogue over GraphQL (WPGraphQL with
// WooGraphQL) or the Store API, everything else over REST v3.
//
// A [Client] is made from a [Config] and implements the ports that a shop
// needs from its store of record:
//
//   - [cart.Catalog]: what the items of a cart cost and whether they are for
//     sale ([Client.Items]);
//   - [checkout.Rulebook]: settings, tax rates, shipping zones and coupons as
//     one snapshot ([Client.Rules]);
//   - [inventory.StockSource]: stock now, past every cache ([Client.Stock]);
//   - [checkout.OrderCreator]: exactly one order that takes effect
//     ([Client.CreatePending], [Client.FindOrder], [Client.Complete],
//     [Client.Cancel]);
//   - [checkout.OrderKeeper]: what becomes of it then, told both ways
//     ([Client.ReadOrder], [Client.Tell], [Client.AddRefund]).
//
// Beside them it reads what a shop's pages show: [Client.Product] by slug
// ([Client.ProductByID], [Client.ProductBySKU] by other names) with everything
// its page needs in one request, [Client.Products] as an
// iterator over a filter and [Client.ProductPage] as pages of it, the numbers
// beside the filters ([Client.Facets]) and the categories
// ([Client.CategoryTree]).
//
// # Where the catalogue is read
//
// Over GraphQL, or where a shop has no WPGraphQL over the Store API; see
// [Catalogue]. What one of them cannot do is an [*UnsupportedError], never left
// out. Both have ways to lose products that this package goes round: lists by
// price and by menu over WooGraphQL, drafts that the Store API shows to
// everyone, filters it takes for something else. A list leaves out what the shop
// hides unless [ProductFilter.Hidden] is set.
//
// # What became of a call
//
// WooCommerce has no idempotency keys, sits behind caches and firewalls, and
// runs plugins that print into its answers. So every failure is an [*Error]
// whose [Kind] says what is known: [Refused], [NotFound], [Unauthorised],
// [RateLimited] and [Unavailable] mean that nothing was done; [Unknown] means
// that a write may have taken effect. A write is sent once and never again by
// this package, whatever happens. Reads are tried again a few times, waiting
// as long as the store asks within the context, 30 seconds at most.
//
// Unknown is what a broken connection, a timeout, a 5xx status, a redirect, an
// HTML page with status 200 or a body that breaks off amount to when something
// was being written. Look before sending again: [Client.FindOrder] finds an
// order by its token.
//
// # One order, exactly
//
// [Client.CreatePending] writes an order that takes no stock and mails nobody,
// marked with the checkout's token in its meta data and, until it is paid, in
// transaction_id, which WooCommerce's order search covers. The order is
// compared with the quote in every line, tax and total; one that differs is a
// [*TotalMismatchError] and stays pending. [Client.Complete] makes one order
// take effect. One after another it is idempotent; in parallel WooCommerce
// subtracts the stock twice, so hold a lease. [checkout.StoreOrderLine.Reduced]
// shows it.
//
// # The companion plugin
//
// A store may have the plugin of package companion. The client sees it in any
// answer of wc/v3 ([Client.Companion]) and needs no setting; without it, or when
// it goes away, everything works as described above. With it, an order is made
// once per token by the store itself: a creation whose answer was lost can be
// sent again, even while the first one is still under way, and there are no
// twins to trash. [Client.FindOrder] asks for the token and reads one order, two
// requests instead of four, and finds it without High-Performance Order Storage
// and however many orders are newer. It goes back to searching whenever the
// plugin does not name a living order with the token.
//
// # Prices
//
// GraphQL sends a price twice: as the shop shows it and as it is stored. With
// prices entered without tax and shown with it these are different numbers, and
// WooCommerce sends null for a price of zero as for none. [Price] keeps them
// apart. A cart calculates with the stored price, which [Client.Items] answers;
// the quote engine adds or takes out the tax.
//
// # Stock
//
// A quantity of zero arrives as null, and a variation may be counted at its
// product. [Stock] says whether pieces are counted, how many there are, and
// under which [inventory.Item]: the variation's own, or the product's where
// the variation inherits it.
package woo
