// Package simulate lives through whole shops in simulated time, many thousand of them.
//
// One seed is one shop: 1 to 20 checkouts of shoppers who browse, pay twice, pay late,
// close tabs, cancel, share a coupon with a limit and want the last pieces; staff who
// refund, release and verify again; two replicas of the checkout service; a store of
// record that is edited and sells elsewhere; webhooks that are lost, repeated, late and
// out of order. All of it is on memory. At every touch of the outside a call may fail
// before it takes effect, or after; take effect a minute later, or twice; be slow; answer
// what was true a while ago; or the process may end there.
//
// A scheduler lets one task run at a time and draws which from the seed, as it draws every
// fault, delay and id. So a seed that fails fails again, in the same way:
//
//	go test ./simulate -run TestSeeds -seed 4711 -seeds 1 -v
//
// prints its story. What must hold at every step is in watch_test.go. Then all faults stop,
// and what must come true within bounded time is in ends_test.go. Rare moments that the
// seeds have to come to, so that a green run says something, are in rare_test.go.
package simulate
