// Package memstore is a whole shop's state in memory: carts, a catalogue, stock with its reservations and ledger,
// checkouts, orders and the rules that prices are computed by.
//
// It implements the ports that adapters for databases implement and passes the same conformance
// suites, so a program that runs on it runs on them. Use it in tests, for a demonstration, for development without
// servers, and for a shop that one process serves and that may forget everything when it stops. It is not a
// cache in front of another store: each part is the only copy of what it holds.
//
// Everything here is safe for concurrent use, hands out copies, owns no goroutine and returns at once; a context that
// has ended is honoured before anything is read or written.
//
//	catalog := memstore.NewCatalog(items...)
//	stock := memstore.NewStock(memstore.StockConfig{})
//	catalog.FollowStock(stock) // pages show what a reservation would find
//	carts, err := cart.NewService(cart.Config{Store: memstore.NewCarts(), Catalog: catalog})
package memstore
