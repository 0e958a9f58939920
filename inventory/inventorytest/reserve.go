package inventorytest

import (
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func reserving() []promise {
	return []promise{
		{text: "what was asked is held until the ttl ends", check: holdsWhatWasAsked},
		{text: "a ttl left out is fifteen minutes", check: defaultTTL},
		{text: "exactly what is there can be had", check: exactlyWhatIsThere},
		{text: "the same item twice is added up", check: sameItemTwice},
		{text: "all lines or none", check: allLinesOrNone},
		{text: "a shortage names every line that is short", check: namesEveryShortLine},
		{text: "an item never told of is unknown", check: unknownItem},
		{text: "what is allocated cannot be reserved", check: allocatedIsGone},
		{text: "a refused id is free to be used", check: refusedIDIsFree},
		{text: "the caller's slices are its own", check: slicesAreCopied},
	}
}

func holdsWhatWasAsked(s *store) {
	s.stock(shirt, 10)
	s.stock(scarf, 10)
	got := s.reserve(askFor("r1", inventory.Line{Item: scarf, Quantity: 4}, inventory.Line{Item: shirt, Quantity: 3}))
	want := inventory.Reservation{
		ID: "r1", Owner: owner, State: inventory.Active,
		Lines: []inventory.Held{
			{Key: scarf.At(inventory.DefaultLocation), Quantity: 4},
			{Key: shirt.At(inventory.DefaultLocation), Quantity: 3},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(time.Time{})); diff != "" {
		s.Errorf("(-want +got)\n%s", diff)
	}
	if lives := got.ExpiresAt.Sub(got.CreatedAt); got.CreatedAt.IsZero() || lives != ttl {
		s.Errorf("lives for %s from %s, want %s", lives, got.CreatedAt, ttl)
	}
	s.wantReserved(shirt, 3)
	s.wantReserved(scarf, 4)
}

func defaultTTL(s *store) {
	s.stock(shirt, 1)
	req := ask("r1", 1)
	req.TTL = 0
	if r := s.reserve(req); r.ExpiresAt.Sub(r.CreatedAt) != inventory.DefaultTTL {
		s.Errorf("lives for %s, want %s", r.ExpiresAt.Sub(r.CreatedAt), inventory.DefaultTTL)
	}
}

func exactlyWhatIsThere(s *store) {
	s.stock(shirt, 5)
	s.reserve(ask("r1", 3))
	s.short(ask("r2", 3), inventory.Shortage{Item: shirt, Want: 3, Have: 2})
	s.reserve(ask("r3", 2))
	s.short(ask("r4", 1), inventory.Shortage{Item: shirt, Want: 1})
	s.wantReserved(shirt, 5)
}

func sameItemTwice(s *store) {
	s.stock(shirt, 5)
	three, two := inventory.Line{Item: shirt, Quantity: 3}, inventory.Line{Item: shirt, Quantity: 2}
	s.short(askFor("r1", three, three), inventory.Shortage{Item: shirt, Want: 6, Have: 5})
	got := s.reserve(askFor("r2", three, two))
	want := []inventory.Held{{Key: shirt.At(inventory.DefaultLocation), Quantity: 5}}
	if diff := cmp.Diff(want, got.Lines); diff != "" {
		s.Errorf("(-want +got)\n%s", diff)
	}
	s.wantReserved(shirt, 5)
}

func allLinesOrNone(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 0)
	s.stock(mug, 5)
	s.short(askFor("r1",
		inventory.Line{Item: shirt, Quantity: 1},
		inventory.Line{Item: scarf, Quantity: 1},
		inventory.Line{Item: mug, Quantity: 1},
	), inventory.Shortage{Item: scarf, Want: 1})
	s.wantReserved(shirt, 0)
	s.wantReserved(mug, 0)
}

func namesEveryShortLine(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 2)
	s.short(askFor("r1",
		inventory.Line{Item: "product:404", Quantity: 1},
		inventory.Line{Item: scarf, Quantity: 3},
		inventory.Line{Item: shirt, Quantity: 6},
	),
		inventory.Shortage{Item: "product:404", Want: 1, Unknown: true},
		inventory.Shortage{Item: scarf, Want: 3, Have: 2},
		inventory.Shortage{Item: shirt, Want: 6, Have: 5},
	)
}

func unknownItem(s *store) {
	s.short(ask("r1", 1), inventory.Shortage{Item: shirt, Want: 1, Unknown: true})
	s.stock(shirt, 0)
	s.short(ask("r1", 1), inventory.Shortage{Item: shirt, Want: 1})
}

func allocatedIsGone(s *store) {
	s.tell(inventory.Level{Key: shirt.At(inventory.DefaultLocation), OnHand: 5, Allocated: 3})
	s.short(ask("r1", 3), inventory.Shortage{Item: shirt, Want: 3, Have: 2})
	s.reserve(ask("r2", 2))
	s.tell(inventory.Level{Key: scarf.At(inventory.DefaultLocation), OnHand: 1, Allocated: 3})
	s.short(askFor("r3", inventory.Line{Item: scarf, Quantity: 1}), inventory.Shortage{Item: scarf, Want: 1})
}

func refusedIDIsFree(s *store) {
	s.stock(shirt, 1)
	s.short(ask("r1", 2), inventory.Shortage{Item: shirt, Want: 2, Have: 1})
	s.reserve(ask("r1", 1))
}

func slicesAreCopied(s *store) {
	s.stock(shirt, 5)
	s.stock(scarf, 5)
	req := ask("r1", 2)
	lines := req.Lines
	first := s.reserve(req)
	req.Lines = []inventory.Line{lines[0]}
	lines[0] = inventory.Line{Item: scarf, Quantity: 5}
	first.Lines[0].Quantity = 5
	s.requests = nil
	again := s.look(req)
	want := []inventory.Held{{Key: shirt.At(inventory.DefaultLocation), Quantity: 2}}
	if diff := cmp.Diff(want, again.Lines); diff != "" {
		s.Errorf("what a caller did to its slices shows in the store (-want +got)\n%s", diff)
	}
	s.wantReserved(shirt, 2)
}
