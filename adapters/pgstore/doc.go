// Package pgstore keeps checkouts, stock, carts and messages in Postgres, where it is decided what is sold.
//
//	db := sqlx.NewDb(stdlib.OpenDB(*config), "pgx")       // the host's pool and driver: pgx/v5/stdlib
//	err := pgstore.Migrate(ctx, db, pgstore.Config{})     // before the first start, and after an update
//	store, err := pgstore.New(ctx, db, pgstore.Config{})
//
// A [Store] is a [checkout.Store] with its outbox, and the stock that its commits claim: [inventory.Mover],
// [inventory.Ledger], and for a shop without Redis the [inventory.Reserver] with its [inventory.Levels]. It follows the store
// of record, [inventory.Readings] and [inventory.Standings], with [Store.Journal] for what a reconciliation has to remember,
// and answers staff as a [checkout.Register] and [checkout.LowStock]. On the same database are [Store.Carts], [Store.Inbox],
// [Store.Marks] of what was done once, [Store.Drafts] of mails, [Store.Replies] to requests, and [Store.Turns] of what a
// scheduler sent.
//
// # What the database holds to
//
// A change that only takes stock and writes its record is one message, which the database grants whole or not at all.
// Every other, and what was not granted, is an explicit transaction of four: begin, lock and read, write, commit. What is
// written is decided between the second and the third by the arithmetic of package inventory, on rows that are locked in
// one order (migrations/00004_functions.sql says which, and why calls are linearizable). The database checks it once more:
//
//   - stock_never_oversold: no row has more allocated than is on hand (with its backorder budget), but for what was cut
//     from under allocations afterwards. Nothing but a count or the store of record cuts, so no allocation passes.
//
//   - a level is written over the revision it was made from, a record over its version; a reference has one holder.
//
//   - the ledger takes no UPDATE, DELETE or TRUNCATE: a trigger refuses. Let the application's role be one that does not
//     own the tables, and it cannot drop the trigger either:
//
//     GRANT USAGE ON SCHEMA ankkor TO app;
//     GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ankkor TO app;
//     REVOKE UPDATE, DELETE ON ankkor.ledger FROM app;
//     GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ankkor TO app;
//
// # Sharing
//
// A lone caller goes straight to the database. Callers who would wait, for a row that another caller of this process has
// locked or for one of [Config].Flights, share the next transaction, and so a hundred claims on one key are one UPDATE.
// Each is refused or counts for itself. If Postgres undoes a shared transaction, its members are run one by one.
//
// # Errors
//
// Answers of the domain are its own: checkout.ErrConflict, *checkout.BoundError, *inventory.ShortageError and so on. Of
// the rest [ErrNotApplied] says that nothing was written; [ErrUnknown] that the commit was sent and no answer came, or that
// the caller's context ended while it was on its way: read to find out. Nothing here is sent twice on a guess.
//
// # The clock
//
// Leases, expiries and the times of the ledger are the database's (clock_timestamp), never a client's.
//
// # Behind PgBouncer
//
// Transaction pooling works: no session state, no search_path, no advisory lock that outlives a transaction. Prepared
// statements are the driver's affair: with a PgBouncer older than 1.21, or max_prepared_statements = 0, set pgx's
// ConnConfig.DefaultQueryExecMode to QueryExecModeExec (or QueryExecModeCacheDescribe).
//
// # Personal data
//
// Addresses, the shopper's note and what was engraved are in a column of their own, which [Store.Erase] empties; mails that
// were written go with them, or by themselves after a day. The ledger has ids of checkouts and nothing of a person. Carts go
// with Delete; a message's body when it has been acted on.
package pgstore
