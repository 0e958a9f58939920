// Package mutants checks the tests: it plants a fault in the production code and
// demands that a test goes red.
//
// A mutant is a patch file beside this one, with a header that says what was broken,
// which package is tested and which test has to notice:
//
//	Fault: the look and the take are two steps
//	Package: ./adapters/memstore
//	Test: TestStockConforms/concurrent
//
//	--- a/adapters/memstore/stock_reserve.go
//	+++ b/adapters/memstore/stock_reserve.go
//	...
//
// [Run] applies each to copies of the files it changes, never to the source itself, has
// the go command take the copies for the source's (an overlay), and runs exactly that
// test. A mutant is killed if the test fails. It
// survives if the test passes, and that is a hole in the tests. It is broken if the
// patch does not apply any more, if what it makes does not compile, or if the test
// is not there or fails without it.
package mutants
