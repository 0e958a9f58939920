package pgstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/ankkor/ankkor/checkout/replies"
)

var (
	_ replies.Store  = (*Replies)(nil)
	_ replies.Eraser = (*Replies)(nil)
)

// Replies keeps answers beside the checkouts. It is safe for concurrent use by many processes. [Store.Erase] erases those
// about its checkout.
type Replies struct{ store *Store }

// Replies is the same database as a store of answers to requests that may come again.
func (s *Store) Replies() *Replies { return &Replies{s} }

// Begin implements [replies.Store].
func (s *Replies) Begin(ctx context.Context, r replies.Request, lease time.Duration) (known *replies.Reply, c replies.Claim, err error) {
	if err := cmp.Or(r.Validate(), replies.CheckLease(lease)); err != nil {
		return nil, replies.Claim{}, err
	}
	err = s.store.transact(ctx, "claiming a request", func(tx *sql.Tx) error {
		const forget = `DELETE FROM {schema}.replies WHERE (scope, key) IN (
			SELECT scope, key FROM {schema}.replies WHERE until <= (SELECT {schema}.clock()) LIMIT $1 FOR UPDATE SKIP LOCKED)`
		if _, err := tx.ExecContext(ctx, s.store.sql(forget), 10); err != nil {
			return err
		}
		const claim = `INSERT INTO {schema}.replies AS r (scope, key, fingerprint, about, token, until)
			VALUES ($1, $2, $3, $4, gen_random_uuid()::text, {schema}.clock() + $5 * interval '1 microsecond')
			ON CONFLICT (scope, key) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, about = EXCLUDED.about,
				token = EXCLUDED.token, until = EXCLUDED.until, status = NULL, body = NULL
			WHERE r.until <= {schema}.clock()
			RETURNING token`
		known, c = nil, replies.Claim{Scope: r.Scope, Key: r.Key}
		err := tx.QueryRowContext(ctx, s.store.sql(claim), r.Scope, r.Key, r.Fingerprint, r.About, lease.Microseconds()).Scan(&c.Token)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		known, err = s.look(ctx, tx, r)
		return err
	})
	if err != nil || known != nil {
		return known, replies.Claim{}, err
	}
	return nil, c, nil
}

// look reads what is there of a request that could not be claimed.
func (s *Replies) look(ctx context.Context, tx *sql.Tx, r replies.Request) (*replies.Reply, error) {
	const statement = `SELECT fingerprint, status, body FROM {schema}.replies WHERE scope = $1 AND key = $2`
	var fingerprint string
	var status sql.NullInt32
	var body []byte
	err := tx.QueryRowContext(ctx, s.store.sql(statement), r.Scope, r.Key).Scan(&fingerprint, &status, &body)
	switch {
	case errors.Is(err, sql.ErrNoRows): // dropped meanwhile: the next attempt is let in
		return nil, domainError{replies.ErrBusy}
	case err != nil:
		return nil, err
	case fingerprint != r.Fingerprint:
		return nil, domainError{replies.ErrReused}
	case !status.Valid:
		return nil, domainError{replies.ErrBusy}
	}
	return &replies.Reply{Status: int(status.Int32), Body: body}, nil
}

// Keep implements [replies.Store].
func (s *Replies) Keep(ctx context.Context, c replies.Claim, r replies.Reply) error {
	if err := r.Validate(); err != nil {
		return err
	}
	if !claimable(c) {
		return replies.ErrLost
	}
	return s.store.transact(ctx, "keeping a reply", func(tx *sql.Tx) error {
		const keep = `UPDATE {schema}.replies SET status = $4, body = $5, until = {schema}.clock() + $6 * interval '1 microsecond'
			WHERE scope = $1 AND key = $2 AND token = $3 AND status IS NULL`
		done, err := tx.ExecContext(ctx, s.store.sql(keep), c.Scope, c.Key, c.Token, r.Status, r.Body, replies.KeptFor.Microseconds())
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 1 {
			return err
		}
		const kept = `SELECT 1 FROM {schema}.replies WHERE scope = $1 AND key = $2 AND token = $3`
		var one int
		err = tx.QueryRowContext(ctx, s.store.sql(kept), c.Scope, c.Key, c.Token).Scan(&one)
		if errors.Is(err, sql.ErrNoRows) {
			return domainError{replies.ErrLost}
		}
		return err
	})
}

// Drop implements [replies.Store].
func (s *Replies) Drop(ctx context.Context, c replies.Claim) error {
	if !claimable(c) {
		return nil
	}
	return s.store.transact(ctx, "dropping a claim", func(tx *sql.Tx) error {
		const drop = `DELETE FROM {schema}.replies WHERE scope = $1 AND key = $2 AND token = $3 AND status IS NULL`
		_, err := tx.ExecContext(ctx, s.store.sql(drop), c.Scope, c.Key, c.Token)
		return err
	})
}

// claimable reports whether a claim can be one of ours.
func claimable(c replies.Claim) bool {
	return c.Token != "" && storable(c.Scope) && storable(c.Key) && storable(c.Token)
}

// EraseAbout implements [replies.Eraser].
func (s *Replies) EraseAbout(ctx context.Context, about string) error {
	if about == "" || !storable(about) {
		return nil
	}
	return s.store.transact(ctx, "erasing replies", func(tx *sql.Tx) error { return s.eraseAbout(ctx, tx, about) })
}

func (s *Replies) eraseAbout(ctx context.Context, tx *sql.Tx, about string) error {
	_, err := tx.ExecContext(ctx, s.store.sql(`DELETE FROM {schema}.replies WHERE about = $1 AND about <> ''`), about)
	return err
}
