package memstore_test

import (
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox/inboxtest"
)

func TestInbox(t *testing.T) {
	inboxtest.Run(t, func(testing.TB) inboxtest.Harness {
		clock := inboxtest.NewClock()
		return inboxtest.Harness{Inbox: memstore.NewInbox(clock.Now), Advance: clock.Advance}
	})
}
