package pgstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// Load implements [checkout.Store].
func (s *Store) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	if !storable(string(id)) {
		return checkout.Record{}, checkout.ErrNotFound
	}
	const statement = `SELECT ` + keptColumns + ` FROM {schema}.checkouts WHERE id = $1`
	r, err := scanKept(s.db.QueryRowContext(ctx, s.sql(statement), string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return checkout.Record{}, checkout.ErrNotFound
	}
	if err != nil {
		return checkout.Record{}, failed(ctx, "loading a checkout", err)
	}
	return r, nil
}

// Find implements [checkout.Store].
func (s *Store) Find(ctx context.Context, ref checkout.Ref) (id checkout.ID, err error) {
	if !storable(string(ref.Kind)) || !storable(ref.Value) {
		return "", checkout.ErrNotFound
	}
	const statement = `SELECT checkout FROM {schema}.refs WHERE kind = $1 AND value = $2`
	err = s.db.QueryRowContext(ctx, s.sql(statement), string(ref.Kind), ref.Value).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", checkout.ErrNotFound
	}
	if err != nil {
		return "", failed(ctx, "finding a checkout", err)
	}
	return id, nil
}

// Commit implements [checkout.Store]. Callers that commit at the same time share a transaction; each is refused, or
// counts, for itself. An error that is [ErrNotApplied] certainly wrote nothing; one that is [ErrUnknown] may have.
func (s *Store) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	p := &placing{change: c, touch: touchedBy(c.Stock)}
	if err := p.check(); err != nil {
		return checkout.Committed{}, err
	}
	var err error
	if p.parts, err = split(c.Record, c.Kept && c.Record.Version > 0); err != nil {
		return checkout.Committed{}, fmt.Errorf("pgstore: writing a checkout: %w", err)
	}
	p.name()
	if _, err := s.travel.do(ctx, p); err != nil {
		return checkout.Committed{}, err
	}
	c.Record.Version++
	return checkout.Committed{Record: c.Record, Levels: p.levels}, nil
}

// placing is one Change on its way.
type placing struct {
	change checkout.Change
	parts  parts
	touch  touched
	levels []inventory.Level
}

// check refuses what could never be written.
func (p *placing) check() error {
	c := p.change
	for field, text := range map[string]string{"record.id": string(c.Record.ID), "record.owner": string(c.Record.Owner)} {
		if !storable(text) || text == "" && field == "record.id" {
			return &checkout.InvalidError{Field: field, Reason: "must be text without NUL"}
		}
	}
	for _, r := range slices.Concat(c.Bind, c.Unbind) {
		if !storable(string(r.Kind)) || !storable(r.Value) {
			return &checkout.InvalidError{Field: "bind", Reason: "must be text without NUL"}
		}
	}
	for _, e := range c.Outbox {
		if !storable(e.ID) || !storable(e.Kind) {
			return &checkout.InvalidError{Field: "outbox", Reason: "must be text without NUL"}
		}
	}
	for i, m := range c.Stock {
		if m.Validate() != nil {
			_, _, err := inventory.ApplyAll(nil, c.Stock[i:i+1])
			return err
		}
	}
	return nil
}

// storable says whether Postgres can keep a text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// name lists what the change must have to itself.
func (p *placing) name() {
	id := string(p.change.Record.ID)
	p.touch.checkouts = []string{id}
	p.touch.names = append(p.touch.names, "checkout\x00"+id)
	for _, r := range slices.Concat(p.change.Bind, p.change.Unbind) {
		p.touch.refs = append(p.touch.refs, refName{string(r.Kind), r.Value})
		p.touch.names = append(p.touch.names, "ref\x00"+string(r.Kind)+"\x00"+r.Value)
	}
}

func (p *placing) touches() touched { return p.touch }

func (p *placing) decide(ctx context.Context, d *desk) (err error) {
	r := p.change.Record
	if d.versions[r.ID] != r.Version {
		return checkout.ErrConflict
	}
	for _, ref := range p.change.Bind {
		if holder, taken := d.refs[ref]; taken && holder != r.ID {
			return &checkout.BoundError{Ref: ref, Holder: holder}
		}
	}
	if p.levels, err = d.apply(ctx, p.touch.keys, p.change.Stock); err != nil {
		return err
	}
	p.write(d)
	return nil
}

// write puts the record, its references and its events on the desk.
func (p *placing) write(d *desk) {
	r := p.change.Record
	d.records.add(r, p.parts)
	for _, ref := range p.change.Bind {
		if _, held := d.refs[ref]; !held {
			d.refs[ref] = r.ID
			d.records.bound.add(ref, r.ID)
		}
	}
	for _, ref := range p.change.Unbind {
		if !slices.Contains(p.change.Bind, ref) {
			d.records.unbound.add(ref, r.ID)
		}
	}
	for _, e := range p.change.Outbox {
		d.records.events.add(e)
	}
}
