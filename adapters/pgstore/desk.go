package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// desk is what a transaction has locked and read, and what its requests make of it.
type desk struct {
	now          time.Time
	levels       map[inventory.Key]inventory.Level
	was          map[inventory.Key]int64 // the revision a known level was read at
	reservations map[string]*reservation
	versions     map[checkout.ID]int64
	refs         map[checkout.Ref]checkout.ID

	changed, cut map[inventory.Key]bool
	entries      []entryRow
	ended        []endedRow
	extended     []extendedRow
	made         []madeRow
	holds        []holdRow
	records      columns

	// youngest are active reservations of a key, youngest first, that hold so many pieces of it together.
	youngest func(context.Context, inventory.Key, int64) ([]*reservation, error)
	failed   error    // of the database, while deciding
	missed   []string // the reservations it has to begin anew with
}

// opened is what the function open answers.
type opened struct {
	Now    time.Time `json:"now"`
	Levels []struct {
		inventory.Key
		OnHand         int64            `json:"on_hand"`
		Allocated      int64            `json:"allocated"`
		Reserved       int64            `json:"reserved"`
		Sold           int64            `json:"sold"`
		Shipped        int64            `json:"shipped"`
		Policy         inventory.Policy `json:"policy"`
		BackorderLimit int64            `json:"backorder_limit"`
		Revision       int64            `json:"revision"`
	} `json:"levels"`
	Reservations []*reservation        `json:"reservations"`
	Versions     map[checkout.ID]int64 `json:"versions"`
	Refs         []struct {
		checkout.Ref
		Checkout checkout.ID `json:"checkout"`
	} `json:"refs"`
}

// open locks and reads what a group touches. The function in the database says how.
func (s *Store) open(ctx context.Context, tx *sql.Tx, group []*passenger) (*desk, error) {
	var items, locations, wanted, ids, kinds, values []string
	for _, p := range group {
		for _, k := range p.keys {
			items, locations = append(items, string(k.Item)), append(locations, string(k.Location))
		}
		wanted, ids = append(wanted, p.reservations...), append(ids, p.checkouts...)
		for _, r := range p.refs {
			kinds, values = append(kinds, r.kind), append(values, r.value)
		}
	}
	items, locations = once(items, locations)
	var text []byte
	const statement = `SELECT {schema}.open($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`
	if err := tx.QueryRowContext(ctx, s.sql(statement), items, locations, wanted, ids, kinds, values).Scan(&text); err != nil {
		return nil, err
	}
	var o opened
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, err
	}
	d := o.desk()
	d.youngest = func(ctx context.Context, k inventory.Key, cut int64) ([]*reservation, error) {
		return s.youngest(ctx, tx, d, k, cut)
	}
	return d, nil
}

// once drops pairs that are there already.
func once(items, locations []string) ([]string, []string) {
	type pair struct{ item, location string }
	seen := make(map[pair]bool, len(items))
	n := 0
	for i := range items {
		p := pair{items[i], locations[i]}
		if !seen[p] {
			seen[p] = true
			items[n], locations[n] = items[i], locations[i]
			n++
		}
	}
	return items[:n], locations[:n]
}

func (o opened) desk() *desk {
	d := &desk{
		now: o.Now.UTC(), versions: o.Versions,
		levels: map[inventory.Key]inventory.Level{}, was: map[inventory.Key]int64{},
		reservations: map[string]*reservation{}, refs: map[checkout.Ref]checkout.ID{},
		changed: map[inventory.Key]bool{}, cut: map[inventory.Key]bool{},
	}
	for _, l := range o.Levels {
		d.levels[l.Key] = inventory.Level{
			Key: l.Key, OnHand: l.OnHand, Allocated: l.Allocated, Reserved: l.Reserved, Sold: l.Sold, Shipped: l.Shipped,
			Policy: l.Policy, BackorderLimit: l.BackorderLimit, Revision: l.Revision,
		}
		d.was[l.Key] = l.Revision
	}
	for _, r := range o.Reservations {
		if d.now.Before(r.forgotten()) {
			d.reservations[r.ID] = r
			d.expire(r)
		}
	}
	for _, r := range o.Refs {
		d.refs[r.Ref] = r.Checkout
	}
	return d
}

// known returns the levels of keys that there are.
func (d *desk) known(keys []inventory.Key) []inventory.Level {
	levels := make([]inventory.Level, 0, len(keys))
	for _, k := range keys {
		if l, ok := d.levels[k]; ok {
			levels = append(levels, l)
		}
	}
	return levels
}

// apply takes moves onto the desk, all or none, and returns the levels they left.
func (d *desk) apply(ctx context.Context, keys []inventory.Key, moves []inventory.Move) ([]inventory.Level, error) {
	if len(moves) == 0 {
		return nil, nil
	}
	changed, entries, err := inventory.ApplyAll(d.known(keys), moves)
	if err != nil {
		return nil, err
	}
	for _, m := range moves {
		if r := d.reservations[m.Reservation]; r != nil && r.State == inventory.Active {
			d.end(r, inventory.Used, d.now)
		}
	}
	d.post(entries...)
	for i, l := range changed {
		l.Reserved = d.levels[l.Key].Reserved
		d.put(ctx, l)
		changed[i] = d.levels[l.Key]
	}
	for i, l := range changed { // voiding may have freed pieces of an earlier one
		changed[i] = d.levels[l.Key]
	}
	return changed, nil
}

func (d *desk) post(entries ...inventory.Entry) {
	for _, e := range entries {
		d.entries = append(d.entries, entryRow{
			Item: e.Key.Item, Location: e.Key.Location, Kind: e.Kind, From: e.From, To: e.To, Quantity: e.Quantity,
			Ref: e.Ref, Reason: e.Reason, Actor: e.Actor,
		})
	}
}

// put lays a changed level on the desk and voids the reservations it no longer covers. It notes whether what may be
// allocated was cut: nothing else lets the database accept allocations that have nothing behind them.
func (d *desk) put(ctx context.Context, next inventory.Level) {
	old, known := d.levels[next.Key]
	d.levels[next.Key], d.changed[next.Key] = next, true
	if !known || limit(old)-limit(next) > max(0, old.Allocated-next.Allocated) {
		d.cut[next.Key] = true
	}
	if cut := old.Cut(next); known && cut > 0 {
		d.void(ctx, next.Key, cut)
	}
}

// limit is how many pieces may be allocated in all.
func limit(l inventory.Level) int64 {
	if l.Policy == inventory.Backorder {
		return l.OnHand + l.BackorderLimit
	}
	return l.OnHand
}

// stockRows are the changed levels in key order.
func (d *desk) stockRows() []stockRow {
	var rows []stockRow
	for k := range d.changed {
		l := d.levels[k]
		row := stockRow{
			Item: k.Item, Location: k.Location, OnHand: l.OnHand, Allocated: l.Allocated, Sold: l.Sold, Shipped: l.Shipped,
			Policy: l.Policy, BackorderLimit: l.BackorderLimit, Revision: l.Revision, Cut: d.cut[k],
		}
		if was, ok := d.was[k]; ok {
			row.Was = &was
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b stockRow) int { return a.key().Compare(b.key()) })
	return rows
}
