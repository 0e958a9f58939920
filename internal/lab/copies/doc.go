// Package copies answers from memory what a store would read.
//
// Stores in memory keep a record as the JSON that any store would keep. Reading that again
// is half of the work of a simulated shop, of which there are tens of thousands. So a
// [Reader] keeps what was written beside it and hands out copies that share nothing with it;
// now and then it asks the store after all, which is to say the same.
package copies
