// Package storetest is what the tests of the stand-in share: a started store, the
// requests a test sends to it, and the recordings of a real store that it is held
// against.
//
//	NewStore      a store that stops with the test, and its clock
//	REST GraphQL  one request and its decoded answer
//	Visitor       GraphQL requests of one session
//	Recording     one request of the real store and its answer; Differ compares
//	Retelling     replays in which the store says things that a later request repeats
//	Receiver      an address that takes webhooks
//
// The recordings are in testdata, whose README says what is replayed and what not.
package storetest
