// Package site is one WordPress installation: the rows of its database, the lock
// over them, and the questions every interface asks of them.
//
// A State holds products, orders, refunds, coupons, webhooks, sessions and users.
// What lies in its maps is replaced and never changed in place, so a clone of the
// maps is a snapshot: stale reads see the one from before the last write, and
// requests that overlap each see their own. EditProduct, EditOrder and EditUser
// answer a row that may be changed.
//
// A Site is a State with its Shop, its secret, its clock and the webhook deliveries
// that are due. Lock is held while a request works; Linger is where a request
// waits, without it, between reading and writing, because WordPress has no such
// lock and two requests there can both read before either writes.
//
// The rules that change rows are above: package orders for stock, totals and
// refunds, package carts for a shopper's cart.
package site
