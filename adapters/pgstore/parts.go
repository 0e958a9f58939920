package pgstore

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
)

// parts is a record as it is stored. What was chosen and what is personal are empty where they stay as they are.
type parts struct{ body, chosen, personal string }

// chosen is what stands still once a checkout is placed, and is most of it.
type chosen struct {
	Lines []checkout.PricedLine `json:"lines"`
	Quote *quote.Quote          `json:"quote,omitempty"`
}

// personal is what a record says about a person. It has a column of its own, so that it can be erased while orders, money
// and the ledger stay.
type personal struct {
	Billing      checkout.Address    `json:"billing,omitzero"`
	Shipping     checkout.Address    `json:"shipping,omitzero"`
	CustomerNote string              `json:"customer_note,omitempty"`
	Engravings   []map[string]string `json:"engravings,omitempty"` // the free data of each line
}

// split takes a record apart. With keep, what was chosen and what is personal are as they are stored already.
func split(r checkout.Record, keep bool) (p parts, err error) {
	rest := r
	rest.Billing, rest.Shipping, rest.CustomerNote = checkout.Address{}, checkout.Address{}, ""
	rest.Lines, rest.Quote = nil, nil
	rest.Version++
	if p.body, err = encode(rest); err != nil || keep {
		return p, err
	}
	lines, engravings := plain(r.Lines)
	if p.chosen, err = encode(chosen{lines, r.Quote}); err != nil {
		return p, err
	}
	p.personal, err = encode(personal{r.Billing, r.Shipping, r.CustomerNote, engravings})
	return p, err
}

func encode(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// plain are lines without their free data, and that: none if no line has any.
func plain(lines []checkout.PricedLine) (without []checkout.PricedLine, data []map[string]string) {
	if lines == nil {
		return nil, nil
	}
	without = make([]checkout.PricedLine, len(lines))
	for i, l := range lines {
		if len(l.Line.Ref.Data) > 0 && data == nil {
			data = make([]map[string]string, len(lines))
		}
		if data != nil {
			data[i] = l.Line.Ref.Data
		}
		l.Line.Ref.Data, l.Item.Ref.Data = nil, nil
		l.Line.Key = l.Line.Ref.Key() // a line's key is made from all of it
		without[i] = l
	}
	return without, data
}

// keptColumns are what scanKept reads.
const keptColumns = `version, body, chosen, personal`

// scanKept reads a record as the database has it.
func scanKept(row interface{ Scan(...any) error }) (checkout.Record, error) {
	var version int64
	var body, chose, private []byte
	if err := row.Scan(&version, &body, &chose, &private); err != nil {
		return checkout.Record{}, err
	}
	return join(version, body, chose, private)
}

// join puts a record together. What is personal may have been erased.
func join(version int64, body, chose, private []byte) (checkout.Record, error) {
	var r checkout.Record
	var c chosen
	var p personal
	for _, part := range []struct {
		text []byte
		into any
	}{{body, &r}, {chose, &c}, {private, &p}} {
		if len(part.text) == 0 {
			continue
		}
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return checkout.Record{}, fmt.Errorf("pgstore: reading a checkout: %w", err)
		}
	}
	r.Version, r.Lines, r.Quote = version, c.Lines, c.Quote
	r.Billing, r.Shipping, r.CustomerNote = p.Billing, p.Shipping, p.CustomerNote
	for i := range min(len(r.Lines), len(p.Engravings)) {
		l := &r.Lines[i]
		l.Line.Ref.Data, l.Item.Ref.Data = p.Engravings[i], maps.Clone(p.Engravings[i])
		l.Line.Key = l.Line.Ref.Key()
	}
	return r, nil
}
