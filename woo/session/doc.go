// Package session is a shopper's cart inside WooCommerce, for a storefront that
// lets the store keep it: add, change, remove, coupons, address, shipping,
// checkout.
//
// A [Session] is one cart. It goes through one of two doors, which a shop can
// swap: [NewGraphQL] for WooGraphQL 0.21 to 1.0, [NewStoreAPI] for the Store API,
// which needs no plugin. Both answer the same [Cart].
//
//	door := session.NewStoreAPI(client)
//	s := session.New(door, session.Options{Rules: client})   // or Resume, with the cookie's token
//	now, err := s.Add(ctx, session.AddItem{ProductID: 16, Quantity: 2})
//	keepInCookie(s.Token())
//
// (A shop that keeps its carts itself uses packages cart and checkout and needs
// nothing of this, but perhaps the [Quoter].)
//
// # The token
//
// Behind a token lies a cart, with the addresses in it: it is a password, of a
// type that does not print. The store renews it with many answers, and older
// ones stay good until they expire, 48 hours after the last use for a guest. So
// keep [Session.Token] after each request and [Resume] with it on the next.
//
// A token is taken from a success only. With a refusal WooCommerce sends the
// token of a new, empty cart, and over the Store API it answers a token that it
// does not accept with an empty cart and status 200; whoever keeps those has
// taken away the shopper's cart without a word. Here that is a [*LostError]: the
// cart is gone and nothing was done. Start a new session, put the items back
// from what the page remembers, and tell the shopper.
//
// WooGraphQL's tokens are of no use at the Store API. A Cart-Token works at both
// doors, so a session begun at the Store API can go on over WooGraphQL.
//
// # One at a time
//
// WooCommerce reads a cart, changes it and writes it back: of two changes at once
// one can be lost. Calls of one Session wait for each other (and give up with
// their context); sessions do not. Two processes that hold the same token are
// not kept apart, except by WooGraphQL for most of its changes.
//
// # What became of a call
//
// A change is sent once. What is unclear afterwards is [woo.ErrUnknown], and
// reading the cart tells. What the store refuses is [woo.ErrRefused] with its own
// message; nothing was done. Input that no store should see is a
// [*woo.InvalidError] or [checkout.FieldErrors], and nothing is sent.
//
// A checkout makes an order each time it is called, so after an unclear one look
// for the order with [Attempt.Find] before anything else.
//
// # Amounts
//
// Lines, fees and rates are decimals, as exact as the door tells them: WooGraphQL
// as the cart keeps them, the Store API rounded to the currency ([Cart.Places]).
// Only the total is [pricing.Money]. Parts need not add up to it: WooCommerce
// rounds each by itself. Do not charge what a cart says without an order; its
// total can differ by a paisa (package quote says why).
package session
