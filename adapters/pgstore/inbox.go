package pgstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
)

var (
	_ inbox.Inbox       = (*Inbox)(nil)
	_ inbox.DeadLetters = (*Inbox)(nil)
)

// Inbox keeps messages beside the checkouts. It is safe for concurrent use by many processes. Keys are forgotten
// [inbox.KeptFor] after their message was acted on.
type Inbox struct{ store *Store }

// Put implements [inbox.Inbox].
func (b *Inbox) Put(ctx context.Context, m inbox.Message) (fresh bool, err error) {
	if err := m.Validate(); err != nil {
		return false, err
	}
	err = b.store.transact(ctx, "storing a message", func(tx *sql.Tx) error {
		const forget = `DELETE FROM {schema}.inbox WHERE (source, key) IN (
			SELECT source, key FROM {schema}.inbox WHERE forget_at < (SELECT {schema}.clock())
			ORDER BY forget_at LIMIT $1 FOR UPDATE SKIP LOCKED)`
		if _, err := tx.ExecContext(ctx, b.store.sql(forget), 10); err != nil {
			return err
		}
		const put = `INSERT INTO {schema}.inbox (source, key, topic, body, received_at, due_at)
			VALUES ($1, $2, $3, $4, $5, {schema}.clock()) ON CONFLICT DO NOTHING`
		done, err := tx.ExecContext(ctx, b.store.sql(put), m.Source, m.Key, m.Topic, m.Body, m.ReceivedAt)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		fresh = n == 1
		return err
	})
	return fresh && err == nil, err
}

// Claim implements [inbox.Inbox].
func (b *Inbox) Claim(ctx context.Context, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
	if err := inbox.CheckClaim(source, limit, lease); err != nil {
		return nil, err
	}
	claims := []dated{}
	err := b.store.transact(ctx, "claiming messages", func(tx *sql.Tx) error {
		const statement = `WITH moment AS MATERIALIZED (SELECT {schema}.clock() AS now), due AS (
				SELECT i.source, i.key, i.due_at FROM {schema}.inbox i, moment
				WHERE i.source = $1 AND i.state = 'waiting' AND i.due_at <= moment.now
				ORDER BY i.due_at, i.received_at, i.key LIMIT $2 FOR NO KEY UPDATE OF i SKIP LOCKED)
			UPDATE {schema}.inbox i SET attempts = i.attempts + 1, due_at = moment.now + $3 * interval '1 microsecond',
				token = gen_random_uuid()::text, outcome = '', reason = ''
			FROM due, moment WHERE i.source = due.source AND i.key = due.key
			RETURNING i.key, i.topic, i.body, i.received_at, i.attempts, i.token, due.due_at`
		rows, err := tx.QueryContext(ctx, b.store.sql(statement), source, limit, lease.Microseconds())
		if err != nil {
			return err
		}
		claims, err = collect(ctx, "claiming messages", rows, func(rows *sql.Rows) (c dated, err error) {
			err = rows.Scan(&c.Key, &c.Topic, &c.Body, &c.ReceivedAt, &c.Attempt, &c.Token, &c.due)
			c.Source, c.ReceivedAt = source, c.ReceivedAt.UTC()
			return c, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(claims, func(x, y dated) int {
		return cmp.Or(x.due.Compare(y.due), x.ReceivedAt.Compare(y.ReceivedAt), cmp.Compare(x.Key, y.Key))
	})
	answer := make([]inbox.Claim, len(claims))
	for i, c := range claims {
		answer[i] = c.Claim
	}
	return answer, nil
}

// dated is a claim with the time the message was due at.
type dated struct {
	inbox.Claim
	due time.Time
}

// Finish implements [inbox.Inbox].
func (b *Inbox) Finish(ctx context.Context, c inbox.Claim, how inbox.Outcome) error {
	outcome := string(how.State) + "|" + strconv.FormatInt(int64(how.RetryIn), 10)
	reason := cleaned(how.Reason)
	if !storable(c.Token) || c.Token == "" || !storable(c.Source) || !storable(c.Key) {
		return inbox.ErrLost
	}
	return b.store.transact(ctx, "finishing a message", func(tx *sql.Tx) error {
		const lock = `SELECT outcome, reason FROM {schema}.inbox WHERE source = $1 AND key = $2 AND token = $3 FOR UPDATE`
		var hadOutcome, hadReason string
		err := tx.QueryRowContext(ctx, b.store.sql(lock), c.Source, c.Key, c.Token).Scan(&hadOutcome, &hadReason)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return domainError{inbox.ErrLost}
		case err != nil:
			return err
		case hadOutcome == outcome && hadReason == reason:
			return nil
		case hadOutcome != "":
			return domainError{inbox.ErrLost}
		}
		return b.end(ctx, tx, c, how, outcome, reason)
	})
}

// end puts an outcome into effect. What was acted on keeps its key alone.
func (b *Inbox) end(ctx context.Context, tx *sql.Tx, c inbox.Claim, how inbox.Outcome, outcome, reason string) error {
	const statement = `UPDATE {schema}.inbox SET outcome = $3, reason = $4,
		state = CASE $5 WHEN 'retrying' THEN 'waiting' ELSE $5 END,
		body = CASE $5 WHEN 'acted_on' THEN NULL ELSE body END,
		due_at = CASE $5 WHEN 'retrying' THEN {schema}.clock() + $6 * interval '1 microsecond' ELSE due_at END,
		forget_at = CASE $5 WHEN 'acted_on' THEN {schema}.clock() + $7 * interval '1 microsecond' END
		WHERE source = $1 AND key = $2`
	_, err := tx.ExecContext(ctx, b.store.sql(statement), c.Source, c.Key, outcome, reason, string(how.State),
		how.RetryIn.Microseconds(), inbox.KeptFor.Microseconds())
	return err
}
