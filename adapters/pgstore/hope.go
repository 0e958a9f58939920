package pgstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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
	// learns takes the levels that its decision left, made on stock without counts, to what there was before.
	learns(before map[inventory.Key]inventory.Level)
}

func (m *move) hopes(d *desk) bool { return hopesToTake(d, m.moves) }

func (m *move) learns(before map[inventory.Key]inventory.Level) { raise(m.levels, before) }

func (p *placing) hopes(d *desk) bool {
	d.versions[p.change.Record.ID] = p.change.Record.Version
	return hopesToTake(d, p.change.Stock)
}

func (p *placing) learns(before map[inventory.Key]inventory.Level) { raise(p.levels, before) }

// raise adds what was taken to what there was.
func raise(levels []inventory.Level, before map[inventory.Key]inventory.Level) {
	for i, taken := range levels {
		l := before[taken.Key]
		l.Allocated, l.Revision = l.Allocated+taken.Allocated, l.Revision+taken.Revision
		levels[i] = l
	}
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

// take has the database do what a group hopes for, all of it or nothing, and commit it: one trip. It asks on a connection
// taken for it, on which database/sql does not send a statement again, whatever the driver says.
func (s *Store) take(ctx context.Context, group []*passenger) (done bool, err error) {
	hoped := hope(ctx, group)
	if hoped == nil || len(hoped.entries)+len(hoped.checkouts) == 0 {
		return false, nil
	}
	text, err := json.Marshal(document{
		Checkouts: hoped.checkouts, Bind: hoped.bind, Unbind: hoped.unbind, Outbox: hoped.outbox,
	})
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrNotApplied, err)
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return false, fmt.Errorf("%w: connect: %w", ErrNotApplied, err)
	}
	defer conn.Close()
	taken := hoped.stockRows()
	args := slices.Concat(stockColumns(taken), []any{reservationsOf(group)}, entryColumns(hoped.entries),
		[]any{string(text), hoped.bodies, hoped.personals})
	const statement = `SELECT {schema}.take($1::text::text[], $2::text::text[], $3::text::text[], $4::text::text[],
		$5::text::text[], $6::text::text[], $7::text::text[], $8::text::text[], $9::text::text[], $10::text::text[],
		$11::text::text[], $12::jsonb, $13::text::text[], $14::text::text[])`
	var found []byte
	if err := conn.QueryRowContext(ctx, s.sql(statement), args...).Scan(&found); err != nil {
		return false, fmt.Errorf("%w: take: %w", outcome(err), err)
	}
	if found == nil {
		return false, nil
	}
	return true, look(group, found, taken)
}

func reservationsOf(group []*passenger) (ids array) {
	for _, p := range group {
		ids = append(ids, p.reservations...)
	}
	return ids
}

// stockColumns are rows of stock as the function take wants them: how much is allocated, in how many requests.
func stockColumns(rows []stockRow) []any {
	var items, locations, quantities, times array
	for _, r := range rows {
		items, locations = append(items, string(r.Item)), append(locations, string(r.Location))
		quantities = append(quantities, strconv.FormatInt(r.Allocated, 10))
		times = append(times, strconv.FormatInt(r.Revision, 10))
	}
	return []any{items, locations, quantities, times}
}

func entryColumns(rows []entryRow) []any {
	var items, locations, quantities, refs, reasons, actors array
	for _, r := range rows {
		items, locations = append(items, string(r.Item)), append(locations, string(r.Location))
		quantities = append(quantities, strconv.FormatInt(r.Quantity, 10))
		refs, reasons, actors = append(refs, r.Ref), append(reasons, r.Reason), append(actors, r.Actor)
	}
	return []any{items, locations, quantities, refs, reasons, actors}
}

// look lets a group whose hopes were fulfilled see what they left: found is how it all ended. Nobody is refused any more.
func look(group []*passenger, found []byte, taken []stockRow) error {
	var o opened
	if err := json.Unmarshal(found, &o); err != nil {
		return fmt.Errorf("%w: what was taken cannot be read: %w", ErrUnknown, err)
	}
	before := o.desk().levels
	for _, r := range taken {
		l := before[r.key()]
		l.Allocated, l.Revision = l.Allocated-r.Allocated, l.Revision-r.Revision
		before[l.Key] = l
	}
	for _, p := range group {
		p.err = nil
		p.request.(hopeful).learns(before)
	}
	return nil
}
