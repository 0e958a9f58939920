package inventorytest

import (
	"context"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

func refusing() []promise {
	return []promise{
		{text: "a malformed request is refused and changes nothing", check: malformedRequest},
		{text: "a hostile id is refused and changes nothing", check: hostileID},
		{text: "a malformed extension changes nothing", check: malformedExtension},
		{text: "the largest request is served", check: largestRequest},
		{text: "levels of malformed items are refused", check: malformedItems},
		{text: "a call whose context is done changes nothing", check: doneContext},
	}
}

// wantField checks that err is an *InvalidError about field.
func (s *store) wantField(err error, field string) {
	s.Helper()
	var invalid *inventory.InvalidError
	if !errors.As(err, &invalid) || invalid.Field != field {
		s.Errorf("got error %v, want an *InvalidError about %s", err, field)
	}
}

func malformedRequest(s *store) {
	s.stock(shirt, 10)
	s.reserve(ask("r0", 1))
	lines := func(q ...int64) inventory.ReserveRequest {
		req := askFor("r1")
		for _, n := range q {
			req.Lines = append(req.Lines, inventory.Line{Item: shirt, Quantity: n})
		}
		return req
	}
	with := func(change func(*inventory.ReserveRequest)) inventory.ReserveRequest {
		req := ask("r1", 1)
		change(&req)
		return req
	}
	for _, tc := range []struct {
		field string
		req   inventory.ReserveRequest
	}{
		{"lines", lines()},
		{"lines", askFor("r1", make([]inventory.Line, inventory.MaxLines+1)...)},
		{"lines[0].quantity", lines(0)},
		{"lines[0].quantity", lines(-1)},
		{"lines[1].quantity", lines(5, -5)},
		{"lines[0].quantity", lines(inventory.MaxQuantity + 1)},
		{"lines[0].quantity", lines(math.MaxInt64)},
		{"lines[0].quantity", lines(math.MinInt64)},
		{"lines[1].quantity", lines(inventory.MaxQuantity, inventory.MaxQuantity)},
		{"lines[0].item", askFor("r1", inventory.Line{Item: "{x}", Quantity: 1})},
		{"ttl", with(func(r *inventory.ReserveRequest) { r.TTL = -time.Minute })},
		{"ttl", with(func(r *inventory.ReserveRequest) { r.TTL = inventory.MinTTL - 1 })},
		{"ttl", with(func(r *inventory.ReserveRequest) { r.TTL = inventory.MaxTTL + 1 })},
		{"owner", with(func(r *inventory.ReserveRequest) { r.Owner = "" })},
		{"replaces", with(func(r *inventory.ReserveRequest) { r.Replaces = "r1" })},
		{"replaces", with(func(r *inventory.ReserveRequest) { r.Replaces = "{r0}" })},
		{"locations[1]", with(func(r *inventory.ReserveRequest) { r.Locations = []inventory.Location{delhi, delhi} })},
		{"split", with(func(r *inventory.ReserveRequest) { r.Split = "perhaps" })},
	} {
		s.wantField(s.refused(tc.req, inventory.ErrInvalid), tc.field)
	}
}

func hostileIDs() []string {
	return []string{
		"", " ", "{x}", "a b", "a\x00b", "a\r\nb", "*", "a/b", "दिवाली", "\xff",
		strings.Repeat("x", inventory.MaxIDLength+1), strings.Repeat("x", 10_000),
	}
}

func hostileID(s *store) {
	s.stock(shirt, 10)
	s.reserve(ask("r0", 1))
	for _, id := range hostileIDs() {
		s.wantField(s.refused(ask(id, 1), inventory.ErrInvalid), "id")
		s.wantField(s.changesNothing("Extend", inventory.ErrInvalid, func() error {
			_, err := s.Reserver.Extend(s.Context(), id, ttl)
			return err
		}), "id")
		s.wantField(s.changesNothing("Release", inventory.ErrInvalid, func() error {
			_, err := s.Reserver.Release(s.Context(), id)
			return err
		}), "id")
	}
}

func malformedExtension(s *store) {
	s.stock(shirt, 10)
	s.reserve(ask("r1", 1))
	for _, ttl := range []time.Duration{0, -1, inventory.MinTTL - 1, inventory.MaxTTL + 1, math.MinInt64, math.MaxInt64} {
		s.wantField(s.changesNothing("Extend", inventory.ErrInvalid, func() error {
			_, err := s.Reserver.Extend(s.Context(), "r1", ttl)
			return err
		}), "ttl")
	}
}

func largestRequest(s *store) {
	req := askFor(strings.Repeat("x", inventory.MaxIDLength))
	req.Owner, req.TTL = strings.Repeat("x", inventory.MaxOwnerLength), inventory.MaxTTL
	var levels []inventory.Level
	for i := range inventory.MaxLines {
		item := inventory.ProductItem(int64(i))
		req.Lines = append(req.Lines, inventory.Line{Item: item, Quantity: inventory.MaxQuantity})
		levels = append(levels, inventory.Level{Key: item.At(inventory.DefaultLocation), OnHand: inventory.MaxLevel, Revision: 1})
	}
	s.tell(levels...)
	if r := s.reserve(req); len(r.Lines) != inventory.MaxLines {
		s.Errorf("%d lines are held, want %d", len(r.Lines), inventory.MaxLines)
	}
}

func malformedItems(s *store) {
	for _, items := range [][]inventory.Item{{"{x}"}, {shirt, ""}, make([]inventory.Item, inventory.MaxBatch+1)} {
		if _, err := s.Levels.Levels(s.Context(), items); !errors.Is(err, inventory.ErrInvalid) {
			s.Errorf("Levels of %d items: got error %v, want ErrInvalid", len(items), err)
		}
	}
}

func doneContext(s *store) {
	s.stock(shirt, 10)
	s.reserve(ask("r1", 1))
	done, cancel := context.WithCancel(s.Context())
	cancel()
	for name, call := range map[string]func() error{
		"Reserve": func() error { _, err := s.Reserver.Reserve(done, ask("r2", 1)); return err },
		"Extend":  func() error { _, err := s.Reserver.Extend(done, "r1", time.Hour); return err },
		"Release": func() error { _, err := s.Reserver.Release(done, "r1"); return err },
		"Levels":  func() error { _, err := s.Levels.Levels(done, []inventory.Item{shirt}); return err },
		"SetLevels": func() error {
			return s.Levels.SetLevels(done, []inventory.Level{shirts(99, 99)})
		},
	} {
		s.changesNothing(name, context.Canceled, call)
	}
}
