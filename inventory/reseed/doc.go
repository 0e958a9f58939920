// Package reseed keeps a store of reservations that may forget in step with the store
// that decides.
//
// Redis admits and Postgres decides. So nothing is oversold when Redis is flushed,
// killed, restored from an old snapshot or failed over to a replica that lagged; but
// until it is taught again it lets in shoppers who are then refused, or refuses
// shoppers for whom there is a piece. [Guard] makes that a matter of a second or two,
// and of nobody's attention: it looks again and again whether the store is what it
// was, and tells it all levels anew when it is not.
//
// # What is noticed, and how
//
//   - Emptied (FLUSHALL, a start without persistence): what was vouched for is gone.
//   - Loaded from a file or copied from another server (kill and restart, an old
//     snapshot, a replica promoted, a cluster that failed over): the data was vouched
//     for in another process than the one that serves it now.
//   - Gone back within one process: its beat, which grows with every look, is lower
//     than the one this Guard has seen.
//   - Out of step: news of a level could not be delivered ([Guard.Doubt]), or nobody
//     was looking: a Guard that starts doubts, and so it does every ten minutes.
//
// Levels that are given up stay in use until each is told anew, so nobody waits; news
// that arrive while that goes on are newer and win.
//
// # Reservations
//
// Those that were forgotten cannot be listed. Whoever still wants theirs asks again
// under the same id, and is admitted if there is enough; a shopper who places an order
// without asking is served by the store that decides, first come first served. At
// worst somebody is told "sorry" before paying.
package reseed
