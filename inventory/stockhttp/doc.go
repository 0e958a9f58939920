// Package stockhttp shows stock to storefronts as it changes, and lets a scheduler
// start a reconciliation over HTTP.
//
// A [Feed] is an http.Handler that streams changes as server-sent events, which
// every browser reads with EventSource:
//
//	new EventSource("/stock?item=product:16").addEventListener("stock", …)
//
// It follows the ledger, so that every replica tells the same under the same ids,
// and a browser that comes back (Last-Event-ID) misses nothing. One goroutine,
// [Feed.Run], reads for everybody; a client that does not keep up is let go and
// comes back by itself.
//
// [QStash] and [Shared] make handlers of anything to be done on schedule, such as
// reconcile's Pass and Sweep. The first verifies the signature of Upstash QStash,
// the second a secret that a cron job sends along. What is sent again is not acted on
// again, whichever replica it reaches, if they share a [Once]. A host that runs
// reconcile.Service.Run needs neither.
package stockhttp
