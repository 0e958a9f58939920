package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// place is where an export stands. It is kept in a file between two runs of the same command.
type place struct {
	Store      string `json:"store"`
	Search     string `json:"search"`
	Category   string `json:"category"`
	Next       string `json:"next"`
	Written    int    `json:"written"`
	Unreadable int    `json:"unreadable"`

	file string // "" for nowhere
}

// openPlace reads the file, if there is one and it belongs to this export.
func openPlace(o options, store string) (*place, error) {
	p := &place{Store: store, Search: o.search, Category: o.category, file: o.resume}
	if o.resume == "" {
		return p, nil
	}
	text, err := os.ReadFile(o.resume)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, nil
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	var kept place
	if err := json.Unmarshal(text, &kept); err != nil || kept.Next == "" {
		return nil, fmt.Errorf("%w: %s is no place that catalog has kept", errUsage, o.resume)
	}
	if kept.Store != p.Store || kept.Search != p.Search || kept.Category != p.Category {
		return nil, fmt.Errorf("%w: %s was kept by another export (of %s, -search %q, -category %q); remove it to begin anew",
			errUsage, o.resume, kept.Store, kept.Search, kept.Category)
	}
	kept.file = o.resume
	return &kept, nil
}

// save puts the file in its place in one step, so that a crash leaves the old one or the new one.
func (p *place) save() error {
	if p.file == "" {
		return nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(p.file), ".catalog-*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), p.file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// close removes the file: the export is complete.
func (p *place) close() error {
	if p.file == "" {
		return nil
	}
	if err := os.Remove(p.file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
