// Package checkouttest holds the conformance suites of checkout's ports: [RunStore], [RunOrderCreator], [RunOrderKeeper], [RunRulebook],
// [RunQuoter], [RunPublisher], [RunCashOrders], [RunCashHistory] and [RunPincodeDirectory].
//
// An adapter's test is one call with a function that makes a fresh harness:
//
//	func TestConformance(t *testing.T) {
//		checkouttest.RunStore(t, func(t *testing.T) checkouttest.StoreHarness {
//			clock := newClock()
//			store := mystore.New(openDatabase(t), clock.Now)
//			return checkouttest.StoreHarness{Store: store, Receive: store.Receive, Advance: clock.Advance}
//		})
//	}
//
// Each subtest is named after the promise it checks, so that a failure says which one is broken. The suites need the
// standard library and go-cmp alone, and run under the race detector. They are themselves tested: implementations with a
// planted fault have to fail at the promise they break.
package checkouttest
