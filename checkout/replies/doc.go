// Package replies keeps answers, so that a request which comes again is answered as it was the first time.
//
// A client that did not hear the answer sends its request again, with the same idempotency key. What the request does is
// idempotent by itself in this module; a [Store] makes the answer the same as well, byte for byte, and lets one of many
// copies work while the others wait:
//
//	known, claim, err := store.Begin(ctx, request, lease)
//	switch {
//	case err != nil:        // ErrReused: refuse; ErrBusy: wait and ask again
//	case known != nil:      // answer with it
//	default:                // do it, then
//		err = store.Keep(ctx, claim, reply) // or Drop, so that the next copy does it again
//	}
//
// What is kept is only an answer: it is forgotten after [KeptFor], and it can be lost without anything being done twice.
package replies
