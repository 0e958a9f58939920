// Package inboxhttp receives webhooks: it reads a delivery within bounds, verifies its signature over the raw bytes, stores
// it in an [inbox.Inbox], and only then answers 200.
//
// What differs from sender to sender is a [Format]: where the signature stands and how it is written, and what of a
// delivery makes it the same as another. Packages woo/webhook and adapters/razorpay have theirs; a sender of your own takes
// one function or two:
//
//	receiver, err := inboxhttp.New(inboxhttp.Config{Secrets: secrets, Inbox: box}, inboxhttp.Format{
//		Signature: func(r *http.Request) ([]byte, string) { return inboxhttp.HexSignature(r.Header.Values("X-Courier-Signature")) },
//		Message:   func(r *http.Request, body, signature []byte) inbox.Message { … },
//	})
//
// Nothing of a delivery is believed here, and nothing of it is acted on: that is what an [inbox.Dispatcher] is for.
package inboxhttp
