package pgstore

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up to date: it makes what is missing and changes what is old, in transactions, and does
// nothing when there is nothing to do. Replicas that start together wait for one another. It needs a role that may create
// the schema and its tables, and two connections; which migrations ran is kept in <schema>.migrations. After an error,
// run it again: each migration happened whole or not at all.
func Migrate(ctx context.Context, db *sqlx.DB, c Config) error {
	c, err := c.filled()
	if err != nil {
		return err
	}
	if db == nil {
		return fmt.Errorf("%w: there is no database", ErrConfig)
	}
	if db.Stats().MaxOpenConnections == 1 {
		return fmt.Errorf("%w: Migrate needs two connections and the pool has one", ErrConfig)
	}
	if err := migrate(ctx, db, c.Schema); err != nil {
		return fmt.Errorf("pgstore: migrate %s: %w", c.Schema, err)
	}
	return nil
}

// migrate holds a lock in one transaction while the migrations run in theirs. A transaction's lock is let go with it,
// and works where a session's would not: behind a pooler.
func migrate(ctx context.Context, db *sqlx.DB, schema string) error {
	steps, err := readMigrations(schema)
	if err != nil {
		return err
	}
	lock, err := lockMigrations(ctx, db, schema)
	if err != nil {
		return err
	}
	_, err = lock.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+schema)
	if err == nil {
		err = lock.Commit()
	}
	if err != nil {
		_ = lock.Rollback()
		return err
	}
	if lock, err = lockMigrations(ctx, db, schema); err != nil {
		return err
	}
	defer func() { _ = lock.Rollback() }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db.DB, nil, goose.WithGoMigrations(steps...),
		goose.WithTableName(schema+".migrations"), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

func lockMigrations(ctx context.Context, db *sqlx.DB, schema string) (*sqlx.Tx, error) {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", schema+".migrations"); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}

// readMigrations turns the files into steps that name the schema.
func readMigrations(schema string) ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []*goose.Migration
	for _, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the name of %s does not begin with its number: %w", name, err)
		}
		statements := strings.ReplaceAll(string(text), "{schema}", schema)
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, statements)
			return err
		}}, nil))
	}
	return steps, nil
}
