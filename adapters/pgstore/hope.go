package pgstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	if hoped == nil || len(hoped.entries)+len(hoped.records.ids) == 0 {
		return false, nil
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return false, fmt.Errorf("%w: connect: %w", ErrNotApplied, err)
	}
	defer conn.Close()
	taken := hoped.stockRows()
	args := slices.Concat(stockColumns(taken), []any{reservationsOf(group)}, entryColumns(hoped.entries), hoped.records.args())
	var levels, held sql.NullString
	row := conn.QueryRowContext(ctx, s.sql("SELECT levels, held FROM "+calling("{schema}.take", args)), args...)
	if err := row.Scan(&levels, &held); err != nil {
		return false, fmt.Errorf("%w: take: %w", outcome(err), err)
	}
	if !levels.Valid {
		return false, nil
	}
	return true, look(group, taken, levels.String, held.String)
}

func reservationsOf(group []*passenger) (ids []string) {
	for _, p := range group {
		ids = append(ids, p.reservations...)
	}
	return ids
}

// look lets a group whose hopes were fulfilled see what they left: levels and held are how it all ended. Nobody is refused
// any more.
func look(group []*passenger, taken []stockRow, levels, held string) error {
	left, err := readLeft(taken, levels, held)
	if err != nil {
		return fmt.Errorf("%w: what was taken cannot be read: %w", ErrUnknown, err)
	}
	before := make(map[inventory.Key]inventory.Level, len(left))
	for i, l := range left {
		l.Allocated, l.Revision = l.Allocated-taken[i].Allocated, l.Revision-taken[i].Revision
		before[l.Key] = l
	}
	for _, p := range group {
		p.err = nil
		p.request.(hopeful).learns(before)
	}
	return nil
}

// readLeft reads what the function take says the rows are left at.
func readLeft(taken []stockRow, levels, held string) ([]inventory.Level, error) {
	left := make([]inventory.Level, 0, len(taken))
	for text := range strings.SplitSeq(levels, ",") {
		if len(left) == len(taken) {
			break
		}
		l := inventory.Level{Key: taken[len(left)].key()}
		rest, err := readNumbers(text, &l.OnHand, &l.Allocated, &l.Sold, &l.Shipped, &l.BackorderLimit, &l.Revision)
		if err != nil {
			return nil, err
		}
		l.Policy = inventory.Policy(rest)
		left = append(left, l)
	}
	for text := range strings.SplitSeq(held, ",") {
		var n, quantity int64
		if text == "" {
			break
		}
		if _, err := readNumbers(text, &n, &quantity); err != nil || n < 1 || n > int64(len(left)) {
			return nil, fmt.Errorf("%q is held: %w", text, err)
		}
		left[n-1].Reserved = quantity
	}
	if len(left) != len(taken) {
		return nil, fmt.Errorf("%d levels for %d keys", len(left), len(taken))
	}
	return left, nil
}

// readNumbers reads numbers with spaces between them, and returns what follows.
func readNumbers(text string, into ...*int64) (rest string, err error) {
	for _, n := range into {
		var one string
		one, text, _ = strings.Cut(text, " ")
		if *n, err = strconv.ParseInt(one, 10, 64); err != nil {
			return "", err
		}
	}
	return text, nil
}
