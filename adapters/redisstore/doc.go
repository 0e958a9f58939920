// Package redisstore keeps reservations of stock, carts and a stream of events in
// Redis.
//
// Reservations are the early, fast claim that keeps two shoppers from racing to
// the payment page for one last piece. [Reserver] implements
// [inventory.Reserver] and [inventory.Levels]: each call is one run of one
// script, so that all lines are held or none, under the server's own clock.
// Reservations that have expired are reclaimed by the scripts; there is no
// sweeper to run.
//
// # Redis admits, the database decides
//
// What is sold is decided by the allocation in the store of checkouts, guarded by
// a CHECK. So Redis may be lost, flushed, restored from an old snapshot or fail
// over to a replica that lags: at worst it refuses or admits too many for a
// moment, and nothing is oversold. An empty Redis answers that it does not know
// an item, and the checkout service teaches it again. Each of these is noticed: see
// [Reserver.Recheck] and package inventory/reseed, which the checkout service runs.
//
// # Resending is harmless
//
// go-redis sends a command again when its reply was lost, by default three times.
// A reservation is known by the id that its caller chose, and reserving it again
// answers what was granted the first time. Ids are remembered for an hour past
// their expiry, then forgotten: memory is bounded by what is held.
//
// # Many callers share a round trip
//
// A caller who is alone goes to the server at once. While two calls are on their
// way, those who come wait for one of them and then travel together, up to 128 in
// one run of the script, where those who want the same hot item are served from
// one look at it. Each caller's context is honoured, also while it waits and when
// the socket hangs: at once, or within 100 ms where a caller who is alone waits for
// the socket itself. That is when the server was quick so far and the client may
// send again; it makes a lone call half as long.
//
// # Carts, marks and events
//
// [Carts] implements [cart.Store]: a save is one run of a script that compares
// versions, and a cart expires by the server's clock. [Marks] goes with it where
// carts that were left are told of. [Publisher] adds the outbox's events to a
// stream.
//
// # What Redis must be
//
// Redis 6.2 or later, alone, with replicas, or a cluster: all keys of a store have
// one hash tag and so lie in one slot. [New] refuses a server that may evict keys:
// an evicted reservation is a piece sold twice as far as admission goes.
package redisstore
