package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

var _ inventory.Readings = (*Store)(nil)

// Tickets implements [inventory.Readings]. The numbers come from a row for each item, which replicas wait for in the
// order of the items' names. What was confirmed is read after the number was drawn, so that of two tickets the later one
// knows no less.
func (s *Store) Tickets(ctx context.Context, items []inventory.Item) ([]inventory.Ticket, error) {
	items, err := inventory.CheckItems(items)
	if err != nil {
		return nil, err
	}
	var standings map[inventory.Item]inventory.Standing
	err = s.transact(ctx, "tickets", func(tx *sql.Tx) error {
		const draw = `INSERT INTO {schema}.standings AS s (item, drawn)
			SELECT i.item, 1 FROM unnest($1::text[]) AS i(item) ORDER BY i.item COLLATE "C"
			ON CONFLICT (item) DO UPDATE SET drawn = s.drawn + 1`
		if _, err := tx.ExecContext(ctx, s.sql(draw), names(items)); err != nil {
			return err
		}
		standings, err = s.standingsOf(ctx, tx, items)
		return err
	})
	if err != nil {
		return nil, err
	}
	tickets := make([]inventory.Ticket, len(items))
	for i, item := range items {
		one := standings[item]
		tickets[i] = inventory.Ticket{Item: item, Seq: one.Drawn, Taken: one.Taken, Moved: one.Moved}
	}
	return tickets, nil
}

func names(items []inventory.Item) []string {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = string(item)
	}
	return list
}

// standingsOf reads and locks the standings of items, in the order of their names. What their keys count is read when
// the locks are there.
func (s *Store) standingsOf(ctx context.Context, tx *sql.Tx, items []inventory.Item) (map[inventory.Item]inventory.Standing, error) {
	const lock = `SELECT item FROM {schema}.standings WHERE item = ANY ($1::text[]) ORDER BY item FOR NO KEY UPDATE`
	if _, err := tx.ExecContext(ctx, s.sql(lock), names(items)); err != nil {
		return nil, err
	}
	const read = `SELECT ` + standingColumns + ` FROM unnest($1::text[]) AS k(item) ` + standingTables
	rows, err := tx.QueryContext(ctx, s.sql(read), names(items))
	if err != nil {
		return nil, err
	}
	list, err := collect(ctx, "standings", rows, scanStanding)
	if err != nil {
		return nil, err
	}
	found := map[inventory.Item]inventory.Standing{}
	for _, one := range list {
		found[one.Item] = one
	}
	return found, nil
}

// ApplyReadings implements [inventory.Readings].
func (s *Store) ApplyReadings(ctx context.Context, readings []inventory.Reading) ([]inventory.Applied, error) {
	if err := checkReadings(readings); err != nil {
		return nil, err
	}
	var done []inventory.Applied
	err := s.transact(ctx, "applying readings", func(tx *sql.Tx) (err error) {
		done, err = s.applyReadings(ctx, tx, readings)
		return err
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

func checkReadings(readings []inventory.Reading) error {
	seen := map[inventory.Item]bool{}
	for i, r := range readings {
		if err := r.Validate(); err != nil {
			return fmt.Errorf("readings[%d]: %w", i, err)
		}
		if seen[r.Ticket.Item] {
			return &inventory.InvalidError{Field: fmt.Sprintf("readings[%d].ticket.item", i), Reason: "is listed twice"}
		}
		seen[r.Ticket.Item] = true
	}
	return nil
}

// applyReadings locks the items' levels, at every location, and then their standings.
func (s *Store) applyReadings(ctx context.Context, tx *sql.Tx, readings []inventory.Reading) ([]inventory.Applied, error) {
	items := make([]inventory.Item, len(readings))
	keys := make([]inventory.Key, 0, len(readings))
	for i, r := range readings {
		items[i] = r.Ticket.Item
		keys = append(keys, r.Ticket.Item.At(locationOf(r)))
	}
	d, err := s.openItems(ctx, tx, items, keys)
	if err != nil {
		return nil, err
	}
	standings, err := s.standingsOf(ctx, tx, items)
	if err != nil {
		return nil, err
	}
	done := make([]inventory.Applied, len(readings))
	var rows []standingRow
	for i, r := range readings {
		next, err := d.applyReading(ctx, &done[i], standings[items[i]], r)
		if err != nil {
			return nil, domainError{fmt.Errorf("readings[%d]: %w", i, err)}
		}
		if next != standings[items[i]] {
			rows = append(rows, standingRow{next.Item, next.Applied, next.Seen, next.Held, next.Gone, next.Unsettled()})
		}
	}
	for i := range done { // a reservation that was voided for one item may have held another
		done[i].After = d.of(done[i].Item)
	}
	if _, err := s.write(ctx, tx, d); err != nil {
		return nil, err
	}
	return done, s.writeStandings(ctx, tx, rows)
}

func locationOf(r inventory.Reading) inventory.Location {
	if r.Location == "" {
		return inventory.DefaultLocation
	}
	return r.Location
}

// applyReading takes one reading onto the desk.
func (d *desk) applyReading(ctx context.Context, done *inventory.Applied, one inventory.Standing, r inventory.Reading) (inventory.Standing, error) {
	applied, next, entries, err := inventory.ApplyReading(d.of(one.Item), one, r)
	if err != nil {
		return one, err
	}
	*done = applied
	d.post(entries...)
	for _, l := range applied.After {
		if slices.Contains(applied.Before, l) {
			continue
		}
		l.Reserved = d.levels[l.Key].Reserved
		d.put(ctx, l)
		d.cut[l.Key] = true // what is there is not ours to decide: nobody can be refused for it
	}
	return next, d.failed
}

// of are the levels of an item on the desk, in key order.
func (d *desk) of(item inventory.Item) []inventory.Level {
	var levels []inventory.Level
	for k, l := range d.levels {
		if k.Item == item {
			levels = append(levels, l)
		}
	}
	slices.SortFunc(levels, func(a, b inventory.Level) int { return a.Key.Compare(b.Key) })
	return levels
}

// standingRow is a standing as it is written.
type standingRow struct {
	Item      inventory.Item `json:"item"`
	Applied   int64          `json:"applied"`
	Seen      int64          `json:"seen"`
	Held      int64          `json:"held"`
	Gone      bool           `json:"gone"`
	Unsettled bool           `json:"unsettled"`
}

// writeStandings writes standings whose rows are locked, and marks the keys of what is unsettled.
func (s *Store) writeStandings(ctx context.Context, tx *sql.Tx, rows []standingRow) error {
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	const note = `UPDATE {schema}.standings s SET applied = t.applied, seen = t.seen, held = t.held, gone = t.gone,
			returned = (SELECT coalesce(sum(k.returned), 0)::bigint FROM {schema}.stock k WHERE k.item = t.item)
		FROM jsonb_to_recordset($1::jsonb) AS t(item text, applied bigint, seen bigint, held bigint, gone boolean) WHERE s.item = t.item`
	if _, err := tx.ExecContext(ctx, s.sql(note), string(text)); err != nil {
		return err
	}
	const mark = `UPDATE {schema}.stock s SET unsettled = t.unsettled
		FROM jsonb_to_recordset($1::jsonb) AS t(item text, unsettled boolean) WHERE s.item = t.item AND s.unsettled <> t.unsettled`
	_, err = tx.ExecContext(ctx, s.sql(mark), string(text))
	return err
}
