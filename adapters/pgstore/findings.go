package pgstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

const findingColumns = `id, item, kind, ours, theirs, difference, found_at, last_seen, state, actor, reason, decided_at, told`

// Record implements [reconcile.Findings]: a unique index lets one be open for an item and a kind.
func (j *Journal) Record(ctx context.Context, f reconcile.Finding) (kept reconcile.Finding, fresh bool, err error) {
	if !storable(string(f.Item)) || !storable(string(f.Kind)) {
		return reconcile.Finding{}, false, &inventory.InvalidError{Field: "item", Reason: "must be text without NUL"}
	}
	err = j.store.transact(ctx, "recording a finding", func(tx *sql.Tx) error {
		const bring = `UPDATE {schema}.findings SET ours = $3, theirs = $4, difference = $5, last_seen = $6
			WHERE item = $1 AND kind = $2 AND state = 'open' RETURNING ` + findingColumns
		args := []any{string(f.Item), string(f.Kind), f.Ours, f.Theirs, f.Difference, f.LastSeen}
		kept, err = scanFinding(tx.QueryRowContext(ctx, j.store.sql(bring), args...))
		if fresh = errors.Is(err, sql.ErrNoRows); !fresh {
			return err
		}
		// Should another process record the same at this moment, the index refuses, and this begins anew.
		const begin = `INSERT INTO {schema}.findings (item, kind, ours, theirs, difference, last_seen, found_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ` + findingColumns
		kept, err = scanFinding(tx.QueryRowContext(ctx, j.store.sql(begin), append(args, f.FoundAt)...))
		return err
	})
	if err != nil {
		return reconcile.Finding{}, false, err
	}
	return kept, fresh, nil
}

// row is one row, or one of several.
type row interface{ Scan(into ...any) error }

func scanFinding(r row) (f reconcile.Finding, err error) {
	var id int64
	var decided sql.NullTime
	err = r.Scan(&id, &f.Item, &f.Kind, &f.Ours, &f.Theirs, &f.Difference, &f.FoundAt, &f.LastSeen, &f.State,
		&f.Decision.Actor, &f.Decision.Reason, &decided, &f.Told)
	if err != nil {
		return reconcile.Finding{}, err
	}
	f.ID, f.FoundAt, f.LastSeen = strconv.FormatInt(id, 10), f.FoundAt.UTC(), f.LastSeen.UTC()
	if f.State != reconcile.Open {
		f.Decision.State, f.Decision.At = f.State, decided.Time.UTC()
	}
	return f, nil
}

// Findings implements [reconcile.Findings].
func (j *Journal) Findings(ctx context.Context, q reconcile.FindingQuery) ([]reconcile.Finding, error) {
	if q.Limit <= 0 {
		q.Limit = inventory.MaxBatch
	}
	var where []string
	args := []any{q.Limit}
	only := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, strings.ReplaceAll(condition, "$", "$"+strconv.Itoa(len(args))))
	}
	if q.ID != "" {
		number, ours := findingNumber(q.ID)
		if !ours {
			return nil, nil
		}
		only("id = $", number)
	}
	switch {
	case q.State == reconcile.Open: // spelt out, for the index
		where = append(where, "state = 'open'")
	case !storable(string(q.State)):
		return nil, nil
	case q.State != "":
		only("state = $", string(q.State))
	}
	if q.Untold {
		where = append(where, "NOT told")
	}
	if len(q.Items) > 0 {
		only("item = ANY ($::text[])", storableNames(q.Items))
	}
	statement := `SELECT ` + findingColumns + ` FROM {schema}.findings`
	if len(where) > 0 {
		statement += ` WHERE ` + strings.Join(where, " AND ")
	}
	scan := func(rows *sql.Rows) (reconcile.Finding, error) { return scanFinding(rows) }
	return list(ctx, j.store, "findings", scan, statement+` ORDER BY id LIMIT $1`, args...)
}

// findingNumber is the number that a finding of ours has for an id.
func findingNumber(id string) (number int64, ours bool) {
	number, err := strconv.ParseInt(id, 10, 64)
	return number, err == nil
}

func storableNames(items []inventory.Item) []string {
	var list []string
	for _, item := range items {
		if storable(string(item)) {
			list = append(list, string(item))
		}
	}
	return list
}

// Told implements [reconcile.Findings].
func (j *Journal) Told(ctx context.Context, ids ...string) error {
	known := make([]int64, 0, len(ids))
	for _, id := range ids {
		if number, ours := findingNumber(id); ours {
			known = append(known, number)
		}
	}
	return j.store.transact(ctx, "noting what was told", func(tx *sql.Tx) error {
		const statement = `UPDATE {schema}.findings SET told = true WHERE id = ANY ($1::bigint[]) AND NOT told`
		_, err := tx.ExecContext(ctx, j.store.sql(statement), known)
		return err
	})
}

// End implements [reconcile.Findings].
func (j *Journal) End(ctx context.Context, id string, how reconcile.Decision) (reconcile.Finding, error) {
	if err := reconcile.CheckEnd(how); err != nil {
		return reconcile.Finding{}, err
	}
	number, ours := findingNumber(id)
	if !ours {
		return reconcile.Finding{}, fmt.Errorf("%w: finding %q", reconcile.ErrNotFound, id)
	}
	var f reconcile.Finding
	ended := false
	err := j.store.transact(ctx, "ending a finding", func(tx *sql.Tx) (err error) {
		const end = `UPDATE {schema}.findings SET state = $2, actor = $3, reason = $4, decided_at = $5
			WHERE id = $1 AND state = 'open' RETURNING ` + findingColumns
		f, err = scanFinding(tx.QueryRowContext(ctx, j.store.sql(end), number, string(how.State), cleaned(how.Actor), cleaned(how.Reason), how.At))
		if ended = err == nil; !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		const look = `SELECT ` + findingColumns + ` FROM {schema}.findings WHERE id = $1`
		f, err = scanFinding(tx.QueryRowContext(ctx, j.store.sql(look), number))
		if errors.Is(err, sql.ErrNoRows) {
			return domainError{fmt.Errorf("%w: finding %s", reconcile.ErrNotFound, id)}
		}
		return err
	})
	if err == nil && !ended {
		err = fmt.Errorf("%w: finding %s is %s", reconcile.ErrConflict, id, f.State)
	}
	return f, err
}
