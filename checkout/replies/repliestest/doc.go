// Package repliestest holds every [replies.Store] to its contract. An adapter's test is one call:
//
//	func TestReplies(t *testing.T) {
//		repliestest.Run(t, func(testing.TB) repliestest.Harness {
//			clock := inboxtest.NewClock()
//			return repliestest.Harness{Store: mystore.New(clock.Now), Advance: clock.Advance}
//		})
//	}
package repliestest
