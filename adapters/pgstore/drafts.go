package pgstore

import (
	"context"
	"database/sql"
	"time"
)

// Drafts keeps mails from when they were first written, for package resend (its Drafts). It is safe for concurrent use by
// many processes. A draft is personal data, and forgotten some time after a day, by the database's clock.
type Drafts struct{ store *Store }

// Drafts is the same database as drafts of mail.
func (s *Store) Drafts() *Drafts { return &Drafts{s} }

// keepDrafts is for how long a draft is certainly kept.
const keepDrafts = 25 * time.Hour

// Freeze keeps a mail under the key, unless there is one: then it is that one which is returned, unchanged, with when it
// was written. An error means that nothing may be sent now.
func (d *Drafts) Freeze(ctx context.Context, key string, body []byte, at time.Time) (kept []byte, written time.Time, err error) {
	if err := checkKey("key", key); err != nil {
		return nil, time.Time{}, err
	}
	if body == nil {
		body = []byte{}
	}
	err = d.store.transact(ctx, "keeping a mail", func(tx *sql.Tx) error {
		if err := d.store.forget(ctx, tx, "drafts", "key", "forget_at"); err != nil {
			return err
		}
		const keep = `INSERT INTO {schema}.drafts (key, body, written_at, forget_at)
			VALUES ($1, $2, $3, {schema}.clock() + $4 * interval '1 microsecond') ON CONFLICT DO NOTHING`
		if _, err := tx.ExecContext(ctx, d.store.sql(keep), key, body, at, keepDrafts.Microseconds()); err != nil {
			return err
		}
		const read = `SELECT body, written_at FROM {schema}.drafts WHERE key = $1`
		return tx.QueryRowContext(ctx, d.store.sql(read), key).Scan(&kept, &written)
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	return kept, written.UTC(), nil
}

// eraseAbout removes the mails about a checkout, whose keys end with it (checkout.Notice.Key).
func (d *Drafts) eraseAbout(ctx context.Context, tx *sql.Tx, checkout string) error {
	const statement = `DELETE FROM {schema}.drafts WHERE right(key, length($1::text) + 1) = '/' || $1::text`
	_, err := tx.ExecContext(ctx, d.store.sql(statement), checkout)
	return err
}
