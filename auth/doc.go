// Package auth says who is asking.
//
// Every cart and every checkout belongs to an owner, an opaque text that the host of the shop decides. This package
// gives the host an [Identity] for each request and the owner's name for each identity: "guest:…" for somebody who
// has not signed in, "customer:…" for somebody who has.
//
// # Guests
//
// [Guests] keeps a guest's identity in a cookie: 160 random bits and the time of issue, sealed with AES-GCM, so a
// browser can neither read nor change nor make up one. The cookie is named __Host-ankkor-guest and is HttpOnly,
// Secure, SameSite=Lax and bound to the host: scripts cannot read it, a subdomain cannot plant one, and it does not
// travel with cross-site posts. It is made when it is first needed, not on a page that can be cached.
//
// The keys come from the host, at least 32 bytes each. The first one seals, all of them open, so a key is replaced by
// putting a new one in front and taking the old one away once the cookies sealed with it have been renewed.
//
// # In a server
//
//	guests, err := auth.NewGuests(auth.GuestConfig{Keys: []auth.Secret{key}})
//	mux.Handle("/", guests.Middleware(shop))
//
// and in a handler
//
//	who, err := guests.Ensure(w, r)
//	view, err := carts.Add(r.Context(), cart.Owner(who.Owner()), ref, 1)
//
// # Signing in
//
// When a guest turns out to be a customer, the host merges what the guest had and lets the guest's identity end, so
// that whoever knew the old cookie has nothing of the customer's:
//
//	guest, err := guests.Identify(r)
//	if err == nil {
//		carts.Merge(ctx, cart.Owner(guest.Owner()), cart.Owner(customer.Owner()), cart.MergeSum)
//	}
//	guests.Forget(w)
package auth
