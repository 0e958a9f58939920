// Package inboxtest holds every [inbox.Inbox] to its contract. An adapter's test
// is one call:
//
//	func TestInbox(t *testing.T) {
//		inboxtest.Run(t, func(tb testing.TB) inboxtest.Harness {
//			clock := inboxtest.NewClock()
//			return inboxtest.Harness{Inbox: memstore.NewInbox(clock.Now), Advance: clock.Advance}
//		})
//	}
package inboxtest
