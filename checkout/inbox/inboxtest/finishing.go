package inboxtest

import (
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
)

func finishing() []promise {
	return []promise{
		{text: "what was acted on is not claimed again, and its key is known", needsClock: true, check: func(b *box) {
			b.put(message("1"))
			b.finish(b.one(), inbox.Done())
			b.Advance(inbox.KeptFor - time.Hour)
			if b.put(message("1")) {
				b.Error("the key is fresh before 30 days are over")
			}
			b.none("after it was acted on")
		}},
		{text: "finishing twice is no error", check: func(b *box) {
			b.put(message("1"))
			c := b.one()
			b.finish(c, inbox.Done())
			b.finish(c, inbox.Done())
			b.none("after it was acted on")
		}},
		{text: "a retry waits as long as it was told to", needsClock: true, check: func(b *box) {
			b.put(message("1"))
			b.finish(b.one(), inbox.Retry(10*time.Minute, "the store is away"))
			b.Advance(10*time.Minute - time.Second)
			b.none("a second too early")
			b.Advance(2 * time.Second)
			c := b.one()
			if c.Attempt != 2 {
				b.Errorf("attempt %d, want 2", c.Attempt)
			}
			b.same("claimed again", message("1"), c.Message)
			b.finish(c, inbox.Done())
		}},
		{text: "a retry at once is due at once", check: func(b *box) {
			b.put(message("1"))
			b.finish(b.one(), inbox.Retry(0, "again"))
			b.one()
		}},
		{text: "who lost a message cannot finish it", needsClock: true, check: func(b *box) {
			b.put(message("1"))
			late := b.one()
			b.Advance(lease + time.Second)
			now := b.one()
			b.is("the late one", b.Inbox.Finish(b.Context(), late, inbox.GiveUp("too late")), inbox.ErrLost)
			b.none("while the other has it")
			b.finish(now, inbox.Done())
			b.is("the late one, afterwards", b.Inbox.Finish(b.Context(), late, inbox.Retry(0, "")), inbox.ErrLost)
			b.none("after it was acted on")
		}},
		{text: "nobody finishes what was never claimed", check: func(b *box) {
			b.put(message("1"))
			b.is("a claim that is none", b.Inbox.Finish(b.Context(), inbox.Claim{Message: message("1")}, inbox.Done()), inbox.ErrLost)
			b.is("a message that is none", b.Inbox.Finish(b.Context(), inbox.Claim{Message: message("2"), Token: "1"}, inbox.Done()), inbox.ErrLost)
			b.one()
		}},
	}
}
