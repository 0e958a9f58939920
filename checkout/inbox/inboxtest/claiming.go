package inboxtest

import (
	"strconv"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
)

func claiming() []promise {
	return []promise{
		{text: "nothing to claim is no error", check: func(b *box) { b.none("at first") }},
		{text: "who waits longest is claimed first", needsClock: true, check: func(b *box) {
			for _, key := range []string{"3", "1", "2"} {
				b.put(message(key))
				b.Advance(time.Second)
			}
			for _, want := range []string{"3", "1", "2"} {
				if got := b.claim(1); len(got) != 1 || got[0].Key != want {
					b.Errorf("claimed %v, want the one with key %s", got, want)
				}
			}
		}},
		{text: "a claim holds no more than its limit", check: func(b *box) {
			for i := range 5 {
				b.put(message(strconv.Itoa(i)))
			}
			if n := len(b.claim(3)); n != 3 {
				b.Errorf("%d messages of 5 were claimed with a limit of 3", n)
			}
			if n := len(b.claim(3)); n != 2 {
				b.Errorf("then %d, want the other 2", n)
			}
		}},
		{text: "many workers never hold the same message", check: claimedAtOnce},
		{text: "a lease that is over gives the message to the next", needsClock: true, check: func(b *box) {
			b.put(message("1"))
			first := b.one()
			b.Advance(lease - time.Second)
			b.none("a second before the end of the lease")
			b.Advance(2 * time.Second)
			second := b.one()
			if first.Attempt != 1 || second.Attempt != 2 || first.Token == second.Token {
				b.Errorf("attempts %d and %d, tokens %q and %q; want 1 and 2, different tokens", first.Attempt, second.Attempt, first.Token, second.Token)
			}
		}},
		{text: "arguments that make no sense are refused", check: func(b *box) {
			for what, ask := range map[string]func() ([]inbox.Claim, error){
				"no source":   func() ([]inbox.Claim, error) { return b.Inbox.Claim(b.Context(), "", 1, lease) },
				"limit 0":     func() ([]inbox.Claim, error) { return b.Inbox.Claim(b.Context(), source, 0, lease) },
				"limit 1001":  func() ([]inbox.Claim, error) { return b.Inbox.Claim(b.Context(), source, 1001, lease) },
				"no lease":    func() ([]inbox.Claim, error) { return b.Inbox.Claim(b.Context(), source, 1, 0) },
				"a day's one": func() ([]inbox.Claim, error) { return b.Inbox.Claim(b.Context(), source, 1, 24*time.Hour) },
			} {
				_, err := ask()
				b.is(what, err, inbox.ErrInvalid)
			}
		}},
	}
}

func claimedAtOnce(b *box) {
	const messages = 40
	for i := range messages {
		b.put(message(strconv.Itoa(i)))
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]int{}
	for range 8 {
		wg.Go(func() {
			for {
				claims, err := b.Inbox.Claim(b.Context(), source, 3, lease)
				if err != nil || len(claims) == 0 {
					return
				}
				mu.Lock()
				for _, c := range claims {
					seen[c.Key]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for key, n := range seen {
		if n != 1 {
			b.Errorf("message %s was claimed %d times", key, n)
		}
	}
	// A store that locks rows may leave some for the next look; none may be lost.
	for _, c := range b.claim(messages) {
		seen[c.Key]++
	}
	if len(seen) != messages {
		b.Errorf("%d messages were claimed, want %d", len(seen), messages)
	}
}
