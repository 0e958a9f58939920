package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxTries is how often a transaction that Postgres undid is begun anew.
const maxTries = 10

// What Postgres says when it undid a transaction that may be begun anew: ours when something changed between reading and
// writing, deadlock_detected, serialization_failure, unique_violation.
const (
	stateRaced  = "ANK01"
	stateUnique = "23505"
)

// stateOf is the SQLSTATE of an error of the server, "" for any other.
func stateOf(err error) string {
	var said interface{ SQLState() string }
	if errors.As(err, &said) {
		return said.SQLState()
	}
	return ""
}

// errMissed says that a transaction did not lock all it needs.
var errMissed = errors.New("reservations to be voided are in use")

func again(err error) bool {
	if errors.Is(err, errMissed) {
		return true
	}
	switch stateOf(err) {
	case stateRaced, stateUnique, "40P01", "40001":
		return true
	}
	return false
}

// fly runs one transaction for a group. If Postgres undoes it, its members fly one by one: what undid it may be the
// matter of one of them.
func (s *Store) fly(ctx context.Context, group []*passenger) {
	err := s.attempt(ctx, group)
	if err == nil {
		return
	}
	if stateOf(err) == "" && !again(err) || errors.Is(err, ErrUnknown) {
		answer(group, err)
		return
	}
	for _, p := range group {
		alone := []*passenger{p}
		for range maxTries {
			if err = s.attempt(ctx, alone); !again(err) {
				break
			}
		}
		if err != nil {
			answer(alone, err)
		}
	}
}

func answer(group []*passenger, err error) {
	for _, p := range group {
		p.err = err
	}
}

// attempt is one transaction: what is hoped for in one trip, else open, decide, write, commit. An error means that nobody
// was answered.
func (s *Store) attempt(ctx context.Context, group []*passenger) error {
	if done, err := s.take(ctx, group); done || err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return fmt.Errorf("%w: begin: %w", ErrNotApplied, err)
	}
	errs := make([]error, len(group))
	write, err := s.decide(ctx, tx, group, errs)
	if err != nil || !write {
		_ = tx.Rollback()
	} else {
		err = commit(tx)
	}
	if err != nil {
		return err
	}
	for i, p := range group {
		p.err = errs[i]
	}
	return nil
}

// decide asks each request what it does, and writes it. Refusals of single requests are in errs.
func (s *Store) decide(ctx context.Context, tx *sql.Tx, group []*passenger, errs []error) (write bool, err error) {
	d, err := s.open(ctx, tx, group)
	if err != nil {
		return false, fmt.Errorf("%w: open: %w", ErrNotApplied, err)
	}
	for i, p := range group {
		errs[i] = p.decide(ctx, d)
		if d.failed != nil {
			p.reservations = slices.Concat(p.reservations, d.missed)
			return false, fmt.Errorf("%w: %w", ErrNotApplied, d.failed)
		}
	}
	return s.write(ctx, tx, d)
}

// write has the database write what a desk has come to. It reports whether there was anything.
func (s *Store) write(ctx context.Context, tx *sql.Tx, d *desk) (wrote bool, err error) {
	document := d.document()
	if document == nil {
		return false, nil
	}
	text, err := json.Marshal(document)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrNotApplied, err)
	}
	var parts int
	args := append([]any{string(text)}, d.records.args()...)
	if err := tx.QueryRowContext(ctx, s.sql("SELECT "+calling("{schema}.write", args)), args...).Scan(&parts); err != nil {
		return false, fmt.Errorf("%w: write: %w", ErrNotApplied, err)
	}
	return true, nil
}

// commit ends a transaction. When the server refuses it says so; when nothing is heard the outcome is open.
func commit(tx *sql.Tx) error {
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: commit: %w", outcome(err), err)
	}
	return nil
}

// outcome says what an error of something that was to commit leaves open. A server that is being shut down (class 57, but
// for a query that was canceled) ends the connection without saying whether it had committed.
func outcome(err error) error {
	state := stateOf(err)
	if state == "" || strings.HasPrefix(state, "57") && state != "57014" {
		return ErrUnknown
	}
	return ErrNotApplied
}
