package pgstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/ankkor/ankkor/checkout"
)

// ErrUnfinished says that a checkout still has something to do, for which it may need what is to be erased.
var ErrUnfinished = errors.New("pgstore: the checkout is not finished")

// Erase removes what a checkout says about a person: addresses, notes, what lines had engraved, the [Replies] about it and
// the [Drafts] of its mails. The order's numbers, the money and the stock ledger stay. ErrUnfinished if the checkout still
// waits for something, checkout.ErrNotFound if there is none. Erasing twice is no error. A writer that read the checkout
// before cannot bring the data back: its Commit is checkout.ErrConflict. Copies in backups and in WooCommerce are not
// touched.
func (s *Store) Erase(ctx context.Context, id checkout.ID) error {
	if !storable(string(id)) {
		return checkout.ErrNotFound
	}
	return s.transact(ctx, "erasing", func(tx *sql.Tx) error {
		const lock = `SELECT due_at IS NOT NULL FROM {schema}.checkouts WHERE id = $1 FOR UPDATE`
		var unfinished bool
		switch err := tx.QueryRowContext(ctx, s.sql(lock), string(id)).Scan(&unfinished); {
		case errors.Is(err, sql.ErrNoRows):
			return domainError{checkout.ErrNotFound}
		case err != nil:
			return err
		case unfinished:
			return domainError{ErrUnfinished}
		}
		const erase = `UPDATE {schema}.checkouts SET personal = NULL, version = version + 1 WHERE id = $1 AND personal IS NOT NULL`
		if _, err := tx.ExecContext(ctx, s.sql(erase), string(id)); err != nil {
			return err
		}
		if err := s.Drafts().eraseAbout(ctx, tx, string(id)); err != nil {
			return err
		}
		return s.Replies().eraseAbout(ctx, tx, string(id))
	})
}
