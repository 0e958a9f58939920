// Package inventorytest is the conformance suite for stores of stock: whatever
// implements [inventory.Reserver] and [inventory.Levels], and, where the store
// also decides allocations, [inventory.Mover] and [inventory.Ledger], and, where it may
// lose its memory, [inventory.Forgetful].
//
// An adapter's test is one call with a function that makes a fresh, empty store:
//
//	func TestConformance(t *testing.T) {
//		inventorytest.Run(t, func(tb testing.TB) inventorytest.Harness {
//			clock := newClock()
//			store := mystore.New(openDatabase(tb), clock.Now)
//			return inventorytest.Harness{Reserver: store, Levels: store, Advance: clock.Advance}
//		})
//	}
//
// What a store does not offer is left nil, and the promises that need it are
// skipped by name. Each subtest is named after the promise it checks, so that a
// failure says which one is broken. [Benchmark] measures, and under the race
// detector hunts, with many callers at once.
//
// The suite needs nothing but the standard library and go-cmp. It is itself
// tested: stores with a fault planted in them have to fail it at the promise they
// break.
package inventorytest
