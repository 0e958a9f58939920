package pgstore

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// DefaultSchema is where the tables are unless a [Config] says otherwise.
const DefaultSchema = "ankkor"

// Config says where a Store keeps its tables, and how.
type Config struct {
	// Schema holds the tables: 1 to 40 lower-case letters, digits and _, a letter first; empty means DefaultSchema. Two
	// shops in one database have different schemas. It is written into every statement, so no search_path is needed.
	Schema string
	// Timeout bounds a transaction, whoever waits for it; 0 means 10 s.
	Timeout time.Duration
	// Flights is how many transactions of this process may be under way at once, before callers wait to share one;
	// 0 means 2. The pool should have a few connections more.
	Flights int
	// DangerouslyAllowAsynchronousCommit accepts a server that answers before what it answered is on disk: a crash then
	// forgets placed orders.
	DangerouslyAllowAsynchronousCommit bool
}

// Sentinels to branch on with errors.Is.
var (
	// ErrConfig is matched by every mistake in a Config.
	ErrConfig = errors.New("pgstore: invalid configuration")
	// ErrServer says that the database cannot be used: too old, read-only, careless, or not migrated.
	ErrServer = errors.New("pgstore: unsuitable server")
	// ErrNotApplied says that a write certainly had no effect and may be tried again.
	ErrNotApplied = errors.New("pgstore: not applied")
	// ErrUnknown says that the answer to a commit was lost: the write may have taken effect. Read to find out.
	ErrUnknown = errors.New("pgstore: outcome unknown")
)

const (
	oldestServer   = 140000
	defaultTimeout = 10 * time.Second
	defaultFlights = 2
)

var schemaName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// filled is the Config with defaults in place, and every mistake in it.
func (c Config) filled() (Config, error) {
	var errs []error
	if c.Schema == "" {
		c.Schema = DefaultSchema
	}
	if !schemaName.MatchString(c.Schema) {
		errs = append(errs, fmt.Errorf("%w: Schema must be 1 to 40 lower-case letters, digits and _, a letter first", ErrConfig))
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	if c.Timeout < 0 {
		errs = append(errs, fmt.Errorf("%w: Timeout must not be negative", ErrConfig))
	}
	if c.Flights == 0 {
		c.Flights = defaultFlights
	}
	if c.Flights < 0 {
		errs = append(errs, fmt.Errorf("%w: Flights must not be negative", ErrConfig))
	}
	return c, errors.Join(errs...)
}

// tables is what Migrate makes.
const tables = "stock,ledger,reservations,holds,checkouts,refs,outbox,carts,inbox,standings,cursors,findings,marks,turns,drafts,replies"

// server is what New looks at.
type server struct {
	Version     int    `db:"version"`
	Standby     bool   `db:"standby"`
	Synchronous string `db:"synchronous"`
	Tables      int    `db:"tables"`
}

// checkServer asks the database about itself.
func checkServer(ctx context.Context, db *sqlx.DB, c Config) error {
	var s server
	const ask = `SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS standby,
		current_setting('synchronous_commit') AS synchronous,
		(SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename = ANY (string_to_array($2, ',')))::int AS tables`
	if err := db.GetContext(ctx, &s, ask, c.Schema, tables); err != nil {
		return fmt.Errorf("pgstore: ask the server about itself: %w", err)
	}
	var errs []error
	if s.Version < oldestServer {
		errs = append(errs, fmt.Errorf("%w: Postgres %d, want %d or later", ErrServer, s.Version/10000, oldestServer/10000))
	}
	if s.Standby {
		errs = append(errs, fmt.Errorf("%w: it is a standby and takes no writes; connect to the primary", ErrServer))
	}
	if s.Synchronous == "off" && !c.DangerouslyAllowAsynchronousCommit {
		errs = append(errs, fmt.Errorf("%w: synchronous_commit is off: a crash forgets placed orders; set it to on", ErrServer))
	}
	if all := strings.Count(tables, ",") + 1; s.Tables != all {
		errs = append(errs, fmt.Errorf("%w: schema %s has %d of %d tables; run Migrate", ErrServer, c.Schema, s.Tables, all))
	}
	return errors.Join(errs...)
}
