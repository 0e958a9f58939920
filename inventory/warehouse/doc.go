// Package warehouse says which of a shop's places an order is sent from.
//
// inventory counts stock per location and takes lines from locations in a caller's order. This package makes that order: a
// [Chooser] ranks the warehouses of a [Network] for a destination.
//
//	Priority        the shop's own ranking
//	Nearest         by the destination's PIN and state
//	FewestParcels   all from one place, else from as few as possible; which ones, another Chooser says
//
// A checkout.Service is given a Network and asks it whenever it reserves. Without one everything lies in
// inventory.DefaultLocation.
//
// # Transfers
//
// A [Transfer] takes pieces from one location to another. What is on hand in total, and so WooCommerce's number, stays as it
// is. Pieces on a lorry are put down at a location that no Network lists, say "transit": they are counted, and nobody can buy
// them. A [Stockroom] does a transfer once.
//
// # WooCommerce's one number
//
// WooCommerce knows one count for all places. [Network.Absorbing] is the location that takes up the difference when that
// count changes, and where an item that was never heard of is first counted. Give the same one to
// reconcile.Config.Location.
package warehouse
