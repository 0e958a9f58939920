package pgstore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

var (
	_ checkout.Store     = (*Store)(nil)
	_ checkout.Outbox    = (*Store)(nil)
	_ inventory.Reserver = (*Store)(nil)
	_ inventory.Levels   = (*Store)(nil)
	_ inventory.Mover    = (*Store)(nil)
	_ inventory.Ledger   = (*Store)(nil)
)

// Store keeps checkouts and the stock they claim in Postgres. It is safe for concurrent use, by any number of processes on
// one database. It keeps nothing in memory but callers that wait for a transaction, and has no goroutine but while one is
// under way.
type Store struct {
	db     *sqlx.DB
	config Config
	travel *sharing
}

// New returns a Store on the host's pool, which it never closes. It asks the server for its version, whether it takes
// writes and keeps them, and whether [Migrate] has run; it writes nothing. All mistakes are reported at once.
func New(ctx context.Context, db *sqlx.DB, c Config) (*Store, error) {
	c, err := c.filled()
	if db == nil {
		return nil, errors.Join(err, fmt.Errorf("%w: there is no database", ErrConfig))
	}
	if err := errors.Join(err, checkServer(ctx, db, c)); err != nil {
		return nil, err
	}
	s := &Store{db: db, config: c}
	s.travel = newSharing(c.Flights, c.Timeout, s.fly)
	return s, nil
}

// Carts is the same database as a store of carts.
func (s *Store) Carts() *Carts { return &Carts{s} }

// Inbox is the same database as an inbox of what outside systems said.
func (s *Store) Inbox() *Inbox { return &Inbox{s} }

// sql names the schema in a statement.
func (s *Store) sql(statement string) string {
	return strings.ReplaceAll(statement, "{schema}", s.config.Schema)
}
