// Package crash ends the process, or spoils one call, at every point where a checkout touches something outside it.
//
// A [Story] is a purchase as shoppers, gateway and staff live it. Told soundly, every call of a port of checkout.Config is
// counted: those are its points. Then it is told again for every point and every [Mode]: the call fails, its reply is
// lost, the process dies before or after it, it takes effect twice, it comes late, a read tells of the past. Whoever died
// is replaced by a fresh process on the same stores; Run's methods, and webhooks in another order, do the rest. After a
// day the books are held to [Invariants]: orders, money, stock, coupons, mails, parcels and events agree.
//
// What happens after the story is told counts too, so recovery has points of its own, and with two spoiled calls a crash
// meets the recovery from another crash.
//
// A [World] is what the ports are made of: memory, which is quick enough for pairs, or Postgres, Redis, and HTTP to
// stand-ins for WooCommerce and Razorpay. A method of a port that no story comes to is a failure of the run, and so is one
// that is not in [Methods]; a mode that makes no sense for a method is left out there by name, with the reason.
package crash
