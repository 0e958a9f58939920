// Package inbox keeps what outside systems tell us until it has been acted on.
//
// A webhook is told once. WooCommerce never repeats one that failed and switches
// a webhook off after the seventh failure; a gateway repeats for a day and then
// stops. So a receiver verifies a message, puts it into an [Inbox], which is
// durable, and only then says 200. A [Dispatcher] takes messages out again,
// hands them to a function, and tries again later when that fails. What fails
// for ever becomes a dead letter that somebody is told of and that can be run
// again.
//
// The same message, sent twice, is one: a message is known by its Source and its
// Key, which the receiver makes from the signed bytes and from nothing that
// anybody could change on the way, such as a header. A message that was acted on
// is forgotten but for its key.
//
// There is no order among messages. Acting on one means reading the truth from
// the system that sent it, never believing the message; see package webhook under
// woo for WooCommerce's.
package inbox
