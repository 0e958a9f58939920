package pgstore

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
)

// Dead implements [inbox.DeadLetters].
func (b *Inbox) Dead(ctx context.Context, source string, limit int) ([]inbox.Letter, error) {
	if err := inbox.CheckClaim(source, limit, time.Minute); err != nil {
		return nil, err
	}
	const statement = `SELECT key, topic, body, received_at, attempts, reason FROM {schema}.inbox
		WHERE source = $1 AND state = 'given_up' ORDER BY received_at, key LIMIT $2`
	return list(ctx, b.store, "listing dead letters", func(rows *sql.Rows) (l inbox.Letter, err error) {
		err = rows.Scan(&l.Key, &l.Topic, &l.Body, &l.ReceivedAt, &l.Attempts, &l.Reason)
		l.Source, l.ReceivedAt = source, l.ReceivedAt.UTC()
		return l, err
	}, statement, source, limit)
}

// Requeue implements [inbox.DeadLetters].
func (b *Inbox) Requeue(ctx context.Context, source, key string) error {
	if !storable(source) || !storable(key) {
		return inbox.ErrNotFound
	}
	return b.store.transact(ctx, "requeueing a message", func(tx *sql.Tx) error {
		const statement = `UPDATE {schema}.inbox SET state = 'waiting', due_at = {schema}.clock(), attempts = 0, token = '',
			outcome = '', reason = '' WHERE source = $1 AND key = $2 AND state = 'given_up'`
		done, err := tx.ExecContext(ctx, b.store.sql(statement), source, key)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return domainError{inbox.ErrNotFound}
	})
}

// cleaned is a text that Postgres can keep: reasons quote what outside systems said.
func cleaned(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
