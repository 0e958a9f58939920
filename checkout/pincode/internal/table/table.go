// Package table is the form in which the PIN directory is embedded: every PIN with the area it lies in, small enough to
// carry and quick to search.
package table

import (
	"fmt"
	"slices"
)

// Limits of what is encoded and decoded. India has 19,586 PINs.
const (
	first     = 100_000
	last      = 999_999
	maxPlain  = 1 << 20 // bytes, decompressed
	maxName   = 64      // bytes
	maxListed = 8       // districts or states of one area
)

// Entry is one PIN.
type Entry struct {
	PIN         uint32
	Districts   []string
	States      []string
	Deliverable bool
}

// Table answers for a PIN. It is immutable and safe for concurrent use.
type Table struct {
	pins  []uint32 // ascending
	areas []uint32 // of pins, index into all, doubled; odd where no office delivers
	all   []area
}

// area is what many PINs have in common.
type area struct {
	districts, states []string
}

// Len is the number of PINs.
func (t *Table) Len() int { return len(t.pins) }

// Find returns the entry of a PIN. Its slices are copies.
func (t *Table) Find(pin uint32) (Entry, bool) {
	i, found := slices.BinarySearch(t.pins, pin)
	if !found {
		return Entry{}, false
	}
	return t.entry(i), true
}

// All returns every entry in order.
func (t *Table) All() []Entry {
	entries := make([]Entry, t.Len())
	for i := range entries {
		entries[i] = t.entry(i)
	}
	return entries
}

func (t *Table) entry(i int) Entry {
	a := t.all[t.areas[i]/2]
	return Entry{
		PIN:         t.pins[i],
		Districts:   slices.Clone(a.districts),
		States:      slices.Clone(a.states),
		Deliverable: t.areas[i]%2 == 0,
	}
}

// check refuses entries that could not be read back.
func check(entries []Entry) error {
	previous := uint32(first) - 1
	for _, e := range entries {
		switch {
		case e.PIN <= previous || e.PIN > last:
			return fmt.Errorf("table: PIN %d after %d: want six digits, ascending", e.PIN, previous)
		case len(e.Districts) > maxListed || len(e.States) > maxListed:
			return fmt.Errorf("table: PIN %d: more than %d districts or states", e.PIN, maxListed)
		}
		for _, name := range slices.Concat(e.Districts, e.States) {
			if name == "" || len(name) > maxName {
				return fmt.Errorf("table: PIN %d: a name of %d bytes", e.PIN, len(name))
			}
		}
		previous = e.PIN
	}
	return nil
}
