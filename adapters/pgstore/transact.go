package pgstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// transact runs do in one explicit transaction, so that no driver sends a statement of it twice, and begins anew when
// Postgres undid it. When the answer to the commit is lost the error is ErrUnknown.
func (s *Store) transact(ctx context.Context, what string, do func(*sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("pgstore: %s: %w", what, err)
	}
	var err error
	for range maxTries {
		if err = s.transactOnce(ctx, do); err == nil || !again(err) {
			break
		}
	}
	var answer domainError
	if errors.As(err, &answer) {
		return answer.error
	}
	if err != nil {
		return failed(ctx, what, err)
	}
	return nil
}

func (s *Store) transactOnce(ctx context.Context, do func(*sql.Tx) error) error {
	bounded, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	tx, err := s.db.BeginTx(bounded, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return fmt.Errorf("%w: begin: %w", ErrNotApplied, err)
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return commit(tx)
}

// domainError carries an answer of the domain's out of a transaction, past what is done about failures.
type domainError struct{ error }
