package memstore_test

import (
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox/inboxtest"
	"github.com/ankkor/ankkor/checkout/replies/repliestest"
)

func TestRepliesConform(t *testing.T) {
	repliestest.Run(t, func(testing.TB) repliestest.Harness {
		clock := inboxtest.NewClock()
		return repliestest.Harness{Store: memstore.NewReplies(clock.Now), Advance: clock.Advance}
	})
}
