// Package drills breaks real servers under load and looks whether the shop was
// oversold.
//
// Redis admits and Postgres decides. So Redis is flushed, killed, restored from an old
// snapshot, failed over to a replica that lags; Postgres is killed with all its
// children; and at every moment, and at the end, what is allocated is at most what is
// on hand, the ledger conserves every unit, and every shopper who was told "yours"
// has exactly one allocation. What shoppers may see in between is a kind "sorry".
//
// Each drill starts servers of its own on free ports of the loopback and ends them by
// the ids they were started with. ANKKOR_DRILLS, a number, makes every drill that
// much longer.
package drills
