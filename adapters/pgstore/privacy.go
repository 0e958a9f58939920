package pgstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/ankkor/ankkor/checkout"
)

// ErrUnfinished says that a checkout still has something to do, for which it may need what is to be erased.
var ErrUnfinished = errors.New("pgstore: the checkout is not finished")

// personal is what a record says about a person. It has a column of its own, so that it can be erased while orders, money
// and the ledger stay.
type personal struct {
	Billing      checkout.Address    `json:"billing,omitzero"`
	Shipping     checkout.Address    `json:"shipping,omitzero"`
	CustomerNote string              `json:"customer_note,omitempty"`
	Engravings   []map[string]string `json:"engravings,omitempty"` // the free data of each line
}

// split is a record in its two stored parts.
func split(r checkout.Record) (body, private string, err error) {
	p := personal{Billing: r.Billing, Shipping: r.Shipping, CustomerNote: r.CustomerNote}
	r.Billing, r.Shipping, r.CustomerNote = checkout.Address{}, checkout.Address{}, ""
	lines := make([]checkout.PricedLine, len(r.Lines))
	for i, l := range r.Lines {
		if len(l.Line.Ref.Data) > 0 && p.Engravings == nil {
			p.Engravings = make([]map[string]string, len(r.Lines))
		}
		if p.Engravings != nil {
			p.Engravings[i] = l.Line.Ref.Data
		}
		l.Line.Ref.Data, l.Item.Ref.Data = nil, nil
		l.Line.Key = l.Line.Ref.Key() // a line's key is made from all of it
		lines[i] = l
	}
	if r.Lines != nil {
		r.Lines = lines
	}
	r.Version++
	one, err := json.Marshal(r)
	if err != nil {
		return "", "", err
	}
	two, err := json.Marshal(p)
	return string(one), string(two), err
}

// kept is a record as the database has it.
type kept struct {
	version        int64
	body, personal []byte
}

func (k kept) record() (checkout.Record, error) {
	var r checkout.Record
	var p personal
	if err := json.Unmarshal(k.body, &r); err != nil {
		return checkout.Record{}, fmt.Errorf("pgstore: reading a checkout: %w", err)
	}
	if len(k.personal) > 0 {
		if err := json.Unmarshal(k.personal, &p); err != nil {
			return checkout.Record{}, fmt.Errorf("pgstore: reading a checkout's personal part: %w", err)
		}
	}
	r.Version = k.version
	r.Billing, r.Shipping, r.CustomerNote = p.Billing, p.Shipping, p.CustomerNote
	for i := range min(len(r.Lines), len(p.Engravings)) {
		l := &r.Lines[i]
		l.Line.Ref.Data, l.Item.Ref.Data = p.Engravings[i], maps.Clone(p.Engravings[i])
		l.Line.Key = l.Line.Ref.Key()
	}
	return r, nil
}

// Erase removes what a checkout says about a person: addresses, notes, what lines had engraved, the [Replies] about it and
// the [Drafts] of its mails. The order's numbers, the money and the stock ledger stay. ErrUnfinished if the checkout still
// waits for something, checkout.ErrNotFound if there is none. Erasing twice is no error. A writer that read the checkout
// before cannot bring the data back: its Commit is checkout.ErrConflict. Copies in backups and in WooCommerce are not
// touched.
func (s *Store) Erase(ctx context.Context, id checkout.ID) error {
	if !storable(string(id)) {
		return checkout.ErrNotFound
	}
	return s.transact(ctx, "erasing", func(tx *sql.Tx) error {
		const lock = `SELECT due_at IS NOT NULL FROM {schema}.checkouts WHERE id = $1 FOR UPDATE`
		var unfinished bool
		switch err := tx.QueryRowContext(ctx, s.sql(lock), string(id)).Scan(&unfinished); {
		case errors.Is(err, sql.ErrNoRows):
			return domainError{checkout.ErrNotFound}
		case err != nil:
			return err
		case unfinished:
			return domainError{ErrUnfinished}
		}
		const erase = `UPDATE {schema}.checkouts SET personal = NULL, version = version + 1 WHERE id = $1 AND personal IS NOT NULL`
		if _, err := tx.ExecContext(ctx, s.sql(erase), string(id)); err != nil {
			return err
		}
		if err := s.Drafts().eraseAbout(ctx, tx, string(id)); err != nil {
			return err
		}
		return s.Replies().eraseAbout(ctx, tx, string(id))
	})
}
