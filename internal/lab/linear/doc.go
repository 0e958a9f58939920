// Package linear holds stores of stock to being linearizable: whatever many clients
// do at once has to be explained by some order in which the calls were done one
// after the other, each between the moment it was made and the moment it was
// answered.
//
// [Record] lets clients loose on a store and writes down who called what when and
// was answered what. [Judge] asks porcupine whether an order exists that [Model]
// would have answered the same way. Replies are cut on the way by package proxy; a
// call whose answer was lost may have taken effect at any time from then on, or
// never, and the model follows both. So may a request that a client sent again by
// itself: a [Resender] says how often it sent.
//
// The model is written from the contracts in package inventory and shares no
// arithmetic with it: reservations, replacing, splitting over two places, cuts that
// void the youngest, moves, revisions, and expiries, which nobody but Extend may
// move. [Run] does it by the thousand and keeps every history that has no
// explanation, as text and as a page to look at.
package linear
