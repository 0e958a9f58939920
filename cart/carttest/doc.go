// Package carttest is the conformance suite for whatever implements [cart.Store] or [cart.Catalog].
//
// An adapter's test is one call with a function that makes a fresh, empty store:
//
//	func TestConformance(t *testing.T) {
//		carttest.RunStore(t, func(tb testing.TB) carttest.StoreHarness {
//			return carttest.StoreHarness{Store: mystore.New(openDatabase(tb))}
//		})
//	}
//
// Each subtest is named after the promise it checks, so a failure says which one is broken. [BenchmarkStore] measures
// with many writers at once; under the race detector it hunts.
//
// The suite needs nothing but the standard library and go-cmp. It is itself tested: stores and catalogues with a
// fault planted in them have to fail it at the promise they break.
package carttest
