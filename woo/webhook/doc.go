// Package webhook receives WooCommerce's webhooks and turns them into "this
// product, variation or order changed: read it again".
//
// A webhook is not a message to act on. WooCommerce builds its body when it is
// delivered, seconds to minutes after the change, so two changes arrive as one;
// it sends them in any order, never repeats one that failed, gives several the
// same delivery id, says nothing at all when a product is deleted for good, and
// switches a webhook off at its seventh failure in a row. So the body is believed
// in one thing only, once its signature is right: which resource it is about.
//
//	store ──POST──▶ Receiver ──Put──▶ inbox ──claim──▶ Dispatcher ──Change──▶ you: read it again
//	                   └─200 once it is stored
//
// A [Receiver] is an [http.Handler]. It bounds the body, verifies the signature
// over the raw bytes with one of up to two secrets (two while one is being
// replaced), stores the message in an [inbox.Inbox] and answers 200. The same
// content, however often it is sent, is one message. [NewDispatcher] hands out
// [Change] values, coalesced by what they are about.
//
// [Ensure] registers the webhooks a shop needs, sets off again those that the
// store switched off, and can be called at every start and once an hour.
//
// Whatever webhooks do, reconciliation by modified_after has to find as well:
// they make things quick, not correct.
package webhook
