package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// gate holds up whoever writes a certain row, until it is opened.
type gate struct {
	*shop
	tx *sqlx.Tx
}

// hold makes a gate for inserts into a table.
func (s *shop) hold(table, when string) gate {
	s.tb.Helper()
	number := "hashtextextended('" + s.schema + ".gate', 0)"
	s.exec("CREATE OR REPLACE FUNCTION " + s.schema + ".gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM " +
		"pg_advisory_xact_lock_shared(" + number + "); RETURN NEW; END $$")
	s.exec("CREATE TRIGGER gate BEFORE INSERT ON " + s.schema + "." + table + " FOR EACH ROW WHEN (" + when + ") " +
		"EXECUTE FUNCTION " + s.schema + ".gate()")
	return gate{s, s.begin("SELECT pg_advisory_xact_lock(" + number + ")")}
}

// begin is a transaction of somebody else's, who has done one thing.
func (s *shop) begin(statement string) *sqlx.Tx {
	s.tb.Helper()
	tx, err := s.db.BeginTxx(context.Background(), nil)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.tb.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.ExecContext(context.Background(), statement); err != nil {
		s.tb.Fatal(err)
	}
	return tx
}

func (g gate) open() {
	g.tb.Helper()
	if err := g.tx.Rollback(); err != nil {
		g.tb.Fatal(err)
	}
}

// start runs a call and returns when it waits for a lock, as so many do then, and how to learn what came of it.
func (s *shop) start(waiting int, call func(context.Context) error) (result func() error) {
	s.tb.Helper()
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	s.tb.Cleanup(cancel)
	go func() { done <- call(ctx) }()
	for n := 0; n < waiting; {
		const ask = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND position($1 in query) > 0`
		if err := s.db.GetContext(ctx, &n, ask, s.schema); err != nil {
			s.tb.Fatal(err)
		}
		select {
		case err := <-done:
			s.tb.Fatalf("it did not wait: %v", err)
		default:
		}
	}
	return func() error {
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func reserveRequest(id, replaces string, lines ...inventory.Key) inventory.ReserveRequest {
	req := inventory.ReserveRequest{ID: id, Owner: "guest:1", Replaces: replaces, TTL: time.Hour}
	for _, k := range lines {
		req.Lines = append(req.Lines, inventory.Line{Item: k.Item, Quantity: 1})
	}
	return req
}

func reserved(store *pgstore.Store, req inventory.ReserveRequest) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := store.Reserve(ctx, req)
		return err
	}
}

// stocked is a shop with five mugs and five towels, and two processes.
func stocked(t *testing.T) (s *shop, first, second *pgstore.Store) {
	t.Helper()
	s = newShop(t)
	first, second = s.open(), s.open()
	s.stock(first)
	return s, first, second
}

func (s *shop) stock(store *pgstore.Store) {
	s.tb.Helper()
	for _, k := range []inventory.Key{mug, towel} {
		if err := store.Receive(context.Background(), k, 5); err != nil {
			s.tb.Fatal(err)
		}
	}
}

// A reservation that another process is making is neither there nor not there: who names it waits until it is known.
func TestReservationBeingMade(t *testing.T) {
	used := inventory.Move{Kind: inventory.Allocate, Ref: "chk_1", Reservation: "r1", Lines: []inventory.Held{{Key: towel, Quantity: 1}}}
	for _, tc := range []struct {
		name  string
		call  func(context.Context, *pgstore.Store) error
		state inventory.ReservationState
	}{
		{"replaced", func(ctx context.Context, s *pgstore.Store) error {
			return reserved(s, reserveRequest("r2", "r1", towel))(ctx)
		}, inventory.Replaced},
		{"used by a move", func(ctx context.Context, s *pgstore.Store) error {
			_, err := s.Move(ctx, used)
			return err
		}, inventory.Used},
		{"used by a checkout", func(ctx context.Context, s *pgstore.Store) error {
			_, err := s.Commit(ctx, checkout.Change{Record: record("chk_1"), Stock: []inventory.Move{used}})
			return err
		}, inventory.Used},
		{"released", func(ctx context.Context, s *pgstore.Store) error {
			_, err := s.Release(ctx, "r1")
			return err
		}, inventory.Released},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, first, second := stocked(t)
			g := s.hold("reservations", "NEW.id = 'r1'")
			made := s.start(1, reserved(first, reserveRequest("r1", "", mug)))
			ended := s.start(2, func(ctx context.Context) error { return tc.call(ctx, second) })
			g.open()
			if err := errors.Join(made(), ended()); err != nil {
				t.Fatal(err)
			}
			var over *inventory.EndedError
			if _, err := first.Extend(t.Context(), "r1", time.Hour); !errors.As(err, &over) || over.State != tc.state {
				t.Errorf("r1: %v, want it %s", err, tc.state)
			}
			wantReserved(t, first, mug, 0)
		})
	}
}

func wantReserved(t *testing.T, store *pgstore.Store, key inventory.Key, want int64) {
	t.Helper()
	levels, err := store.Levels(t.Context(), []inventory.Item{key.Item})
	if err != nil || len(levels) != 1 || levels[0].Reserved != want {
		t.Errorf("levels %+v, %v; want %d reserved", levels, err, want)
	}
}

// So does who names a key that another process is beginning.
func TestKeyBeingBegun(t *testing.T) {
	s, first, second := stocked(t)
	pune := mug.Item.At("pune")
	g := s.hold("stock", "NEW.location = 'pune'")
	begun := s.start(1, func(ctx context.Context) error { return first.Receive(ctx, pune, 9) })
	req := reserveRequest("r1", "", mug)
	req.Lines[0].Quantity, req.Locations = 7, []inventory.Location{inventory.DefaultLocation, "pune"}
	made := s.start(2, reserved(second, req))
	g.open()
	if err := errors.Join(begun(), made()); err != nil {
		t.Fatal(err)
	}
	r, err := first.Extend(t.Context(), "r1", 2*time.Hour)
	if err != nil || len(r.Lines) != 1 || r.Lines[0] != (inventory.Held{Key: pune, Quantity: 7}) {
		t.Errorf("r1 is %+v, %v; want seven from pune", r, err)
	}
}

// Voiding a reservation for one key gives back others, which somebody may have to himself: who cuts waits for him with
// empty hands, so that he can go on to the key that is cut.
func TestCutWaitsForAllThatIsGivenBack(t *testing.T) {
	s, first, second := stocked(t)
	if err := reserved(first, reserveRequest("r1", "", mug, towel))(t.Context()); err != nil {
		t.Fatal(err)
	}
	row := func(k inventory.Key) string {
		return fmt.Sprintf("SELECT FROM %s.stock WHERE item = '%s' FOR NO KEY UPDATE NOWAIT", s.schema, k.Item)
	}
	somebody := s.begin(row(mug))
	cut := s.start(1, func(ctx context.Context) error {
		return second.SetLevels(ctx, []inventory.Level{{Key: towel, OnHand: 0, Revision: 9}})
	})
	if _, err := somebody.ExecContext(t.Context(), row(towel)); err != nil {
		t.Errorf("the towels are locked by who waits for the mugs: %v", err)
	}
	if err := somebody.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := cut(); err != nil {
		t.Fatal(err)
	}
	var over *inventory.EndedError
	if _, err := first.Extend(t.Context(), "r1", time.Hour); !errors.As(err, &over) || over.State != inventory.Voided {
		t.Errorf("r1: %v, want it voided", err)
	}
	wantReserved(t, first, mug, 0)
}

// A crowd that makes, replaces, uses, cuts and begins in every order never waits in a circle: Postgres is told to notice
// circles only when all is over.
func TestNoCircles(t *testing.T) {
	s, _, _ := stocked(t)
	var super bool
	if err := s.db.GetContext(t.Context(), &super, "SELECT current_setting('is_superuser') = 'on'"); err != nil {
		t.Fatal(err)
	}
	patient := func(c *pgx.ConnConfig) {
		if super { // only they may set it; others see a circle undone after a second
			c.RuntimeParams["deadlock_timeout"] = "10min"
		}
	}
	stores := []*pgstore.Store{s.open(patient), s.open(patient), s.open(patient)}
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for n := range 12 {
				if err := meddle(t.Context(), stores[i%3], i*12+n); err != nil {
					t.Errorf("call %d of caller %d: %v", n, i, err)
				}
			}
		})
	}
	wg.Wait()
	wantConserved(t, stores[0], mug, towel)
}

// meddle does one of many things to few reservations and keys. An error is none that an answer is.
func meddle(ctx context.Context, store *pgstore.Store, n int) error {
	id, other := fmt.Sprintf("r%d", n%7), fmt.Sprintf("r%d", (n+1+n%5)%7)
	extra := inventory.ProductItem(int64(10 + n%3)).At("pune")
	var err error
	switch n % 6 {
	case 0, 1:
		err = reserved(store, reserveRequest(id, other, towel, mug))(ctx)
	case 2:
		_, err = store.Release(ctx, id)
	case 3:
		err = store.SetLevels(ctx, []inventory.Level{
			{Key: extra, OnHand: 3, Revision: int64(n)}, {Key: towel, OnHand: int64(n % 5), Revision: int64(n)},
		})
	case 4:
		_, err = store.Move(ctx, inventory.Move{Kind: inventory.Allocate, Ref: "chk", Reservation: other,
			Lines: []inventory.Held{{Key: towel, Quantity: 1}, {Key: mug, Quantity: 1}}})
	case 5:
		err = store.Receive(ctx, mug, 1)
	}
	for _, answer := range []error{inventory.ErrInsufficient, inventory.ErrConflict, inventory.ErrEnded, inventory.ErrNotFound} {
		if errors.Is(err, answer) {
			return nil
		}
	}
	return err
}
