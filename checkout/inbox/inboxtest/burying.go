package inboxtest

import (
	"testing"

	"github.com/ankkor/ankkor/checkout/inbox"
)

func burying() []promise {
	return []promise{
		{text: "what is given up is not claimed again", check: func(b *box) {
			b.put(message("1"))
			b.finish(b.one(), inbox.GiveUp("no such product"))
			b.none("after it was given up")
			if b.put(message("1")) {
				b.Error("a dead message's key is fresh")
			}
		}},
		{text: "a dead letter says why and can be run again", check: func(b *box) {
			letters := deadLetters(b.T, b.Inbox)
			b.put(message("1"))
			b.put(message("2"))
			for _, c := range b.claim(2) {
				if c.Key == "1" {
					b.finish(c, inbox.GiveUp("no such product"))
				}
			}
			dead, err := letters.Dead(b.Context(), source, 10)
			if err != nil || len(dead) != 1 {
				b.Fatalf("Dead answered %v, %v; want one letter", dead, err)
			}
			b.same("dead", message("1"), dead[0].Message)
			if dead[0].Reason != "no such product" || dead[0].Attempts != 1 {
				b.Errorf("the letter says %q after %d attempts", dead[0].Reason, dead[0].Attempts)
			}
			if err := letters.Requeue(b.Context(), source, "1"); err != nil {
				b.Fatalf("Requeue: %v", err)
			}
			if c := b.one(); c.Attempt != 1 || c.Key != "1" {
				b.Errorf("claimed %s for the %d. time, want 1 for the first", c.Key, c.Attempt)
			}
			b.is("requeue once more", letters.Requeue(b.Context(), source, "1"), inbox.ErrNotFound)
			b.is("requeue another", letters.Requeue(b.Context(), source, "7"), inbox.ErrNotFound)
		}},
	}
}

// deadLetters is the optional part of an inbox.
func deadLetters(t *testing.T, box inbox.Inbox) inbox.DeadLetters {
	t.Helper()
	letters, ok := box.(inbox.DeadLetters)
	if !ok {
		t.Skip("the inbox does not offer dead letters")
	}
	return letters
}
