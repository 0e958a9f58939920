package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// hopeful is a request that mostly can be granted whatever there is to read, so that the database is asked to do it before
// anything was read: one trip instead of two.
type hopeful interface {
	// hopes lays on the desk what the request hopes to find there, of stock without counts. It reports whether that is all
	// it needs.
	hopes(d *desk) bool
}

func (m *move) hopes(d *desk) bool { return hopesToTake(d, m.moves) }

func (p *placing) hopes(d *desk) bool {
	d.versions[p.change.Record.ID] = p.change.Record.Version
	return hopesToTake(d, p.change.Stock)
}

// hopesToTake lays endless stock on the desk for moves that only take some.
func hopesToTake(d *desk, moves []inventory.Move) bool {
	for _, m := range moves {
		if m.Kind != inventory.Allocate {
			return false
		}
		for _, h := range m.Lines {
			if _, ok := d.levels[h.Key]; !ok {
				d.levels[h.Key] = inventory.Level{Key: h.Key, Policy: inventory.Untracked}
			}
		}
	}
	return true
}

// hope is the desk of a group whose hopes are fulfilled, nil when one of them has to read first, or hopes in vain.
func hope(ctx context.Context, group []*passenger) *desk {
	d := opened{}.desk()
	d.versions = map[checkout.ID]int64{}
	for _, p := range group {
		h, ok := p.request.(hopeful)
		if !ok || !h.hopes(d) {
			return nil
		}
	}
	for _, p := range group {
		if p.decide(ctx, d) != nil {
			return nil
		}
	}
	return d
}

// take has the database do what a group hopes for, all of it or nothing. If it did, the group decides once more, on what
// was there, so that each learns what it left.
func (s *Store) take(ctx context.Context, tx *sql.Tx, group []*passenger) (done bool, err error) {
	hoped := hope(ctx, group)
	if hoped == nil {
		return false, nil
	}
	document := hoped.document()
	if document == nil {
		return false, nil
	}
	taken, used := document.Stock, array{}
	document.Stock = nil
	for _, p := range group {
		used = append(used, p.reservations...)
	}
	text, err := json.Marshal(document)
	if err != nil {
		return false, err
	}
	const statement = `SELECT {schema}.take($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb, $7::text[], $8::text[])`
	items, locations, quantities, times := columns(taken)
	row := tx.QueryRowContext(ctx, s.sql(statement), items, locations, quantities, times, used, string(text), hoped.bodies, hoped.personals)
	var found []byte
	if err := row.Scan(&found); err != nil || found == nil {
		return false, err
	}
	return true, look(ctx, group, found, taken)
}

// columns are rows of stock as the function take wants them: how much is allocated, in how many requests.
func columns(rows []stockRow) (items, locations, quantities, times array) {
	for _, r := range rows {
		items, locations = append(items, string(r.Item)), append(locations, string(r.Location))
		quantities = append(quantities, strconv.FormatInt(r.Allocated, 10))
		times = append(times, strconv.FormatInt(r.Revision, 10))
	}
	return items, locations, quantities, times
}

// look lets a group whose hopes were fulfilled see what there was. An error says that the database allowed what the rules
// do not: then nothing of it may stay.
func look(ctx context.Context, group []*passenger, found []byte, taken []stockRow) error {
	var o opened
	if err := json.Unmarshal(found, &o); err != nil {
		return err
	}
	d := o.desk()
	for _, r := range taken {
		l := d.levels[r.key()]
		l.Allocated, l.Revision = l.Allocated-r.Allocated, l.Revision-r.Revision
		d.levels[l.Key] = l
	}
	d.versions = map[checkout.ID]int64{}
	for _, p := range group {
		p.request.(hopeful).hopes(d)
		if err := p.decide(ctx, d); err != nil {
			return fmt.Errorf("what was taken is refused: %w", err)
		}
	}
	return nil
}
