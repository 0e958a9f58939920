// Package reconcile keeps our stock in step with the store of record, which sells,
// counts and cancels on its own and tells nobody for certain.
//
// A [Service] reads again what may have changed, and applies it with a ticket so
// that a sale is never counted back in (see [inventory.ApplyReading]):
//
//	hint (webhook)          ─▶ Changed ─┐
//	modified since (minute) ─▶ Pass ────┼─▶ Refresh: ticket, read, apply
//	everything (day)        ─▶ Sweep ───┘        │
//	a claim ended           ─▶ Pass              ├─▶ findings that wait: Accept, Keep
//	                                             └─▶ events
//
// Webhooks only make it quick. A [Service.Pass] alone reaches the same state: it
// pages through orders, products and variations by the date they were changed,
// from a cursor that survives a restart, and reads again what claims have ended of.
// A [Service.Sweep] reads everything, once a day. Both may run on any number of
// replicas at once.
//
// # Differences
//
// What the store of record has less of is taken off at once. What it has more of is
// believed if our own orders explain it, or if it is small (5 % unless configured);
// else it becomes a [Finding] that waits. [Service.Accept] takes their number,
// [Service.Keep] writes ours back there. Large falls are found, too, and can be
// undone the same way. Who decided, when and why is kept.
//
// # Running it
//
// [Service.Run] does it all beside a shop's other background work. A host with a
// scheduler of its own calls Pass, Sweep and Watch; package stockhttp has handlers
// that let one do so over HTTP.
package reconcile
