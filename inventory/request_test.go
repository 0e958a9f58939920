package inventory_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/inventory"
	"github.com/google/go-cmp/cmp"
)

func request(lines ...inventory.Line) inventory.ReserveRequest {
	return inventory.ReserveRequest{ID: "checkout:7.1", Owner: "checkout:7", Lines: lines, TTL: time.Minute}
}

func TestNormalizeFillsIn(t *testing.T) {
	req := request(inventory.Line{Item: shirt, Quantity: 1}, inventory.Line{Item: scarf, Quantity: 2}, inventory.Line{Item: shirt, Quantity: 3})
	req.TTL = 0
	before := append([]inventory.Line(nil), req.Lines...)
	got, err := req.Normalize()
	if err != nil {
		t.Fatal(err)
	}
	want := inventory.ReserveRequest{
		ID: req.ID, Owner: req.Owner, TTL: 15 * time.Minute,
		Lines:     []inventory.Line{{Item: shirt, Quantity: 4}, {Item: scarf, Quantity: 2}},
		Locations: []inventory.Location{"default"}, Split: inventory.SplitAllowed,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(before, req.Lines); diff != "" {
		t.Errorf("the caller's lines were changed:\n%s", diff)
	}
}

func TestNormalizeAcceptsTheLimits(t *testing.T) {
	req := request()
	for i := range inventory.MaxLines {
		req.Lines = append(req.Lines, inventory.Line{Item: inventory.ProductItem(int64(i)), Quantity: inventory.MaxQuantity})
	}
	req.ID = strings.Repeat("x", inventory.MaxIDLength)
	req.Owner = "राम@" + strings.Repeat("x", inventory.MaxOwnerLength-10)
	for _, req.TTL = range []time.Duration{inventory.MinTTL, inventory.MaxTTL} {
		if _, err := req.Normalize(); err != nil {
			t.Errorf("%s: %v", req.TTL, err)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	big := inventory.MaxQuantity
	quantity := func(q ...int64) func(*inventory.ReserveRequest) {
		return func(r *inventory.ReserveRequest) {
			r.Lines = nil
			for _, n := range q {
				r.Lines = append(r.Lines, inventory.Line{Item: shirt, Quantity: n})
			}
		}
	}
	for _, tc := range []struct {
		name, field string
		spoil       func(*inventory.ReserveRequest)
	}{
		{"no lines", "lines", quantity()},
		{"201 lines", "lines", func(r *inventory.ReserveRequest) { r.Lines = make([]inventory.Line, 201) }},
		{"zero", "lines[0].quantity", quantity(0)},
		{"negative", "lines[0].quantity", quantity(-1)},
		{"negative beside positive", "lines[1].quantity", quantity(9, -5)},
		{"too large", "lines[0].quantity", quantity(big + 1)},
		{"the largest int", "lines[0].quantity", quantity(math.MaxInt64)},
		{"the smallest int", "lines[0].quantity", quantity(math.MinInt64)},
		{"too large together", "lines[1].quantity", quantity(big, 1)},
		{"item", "lines[0].item", func(r *inventory.ReserveRequest) { r.Lines[0].Item = "product:{x}" }},
		{"ttl negative", "ttl", func(r *inventory.ReserveRequest) { r.TTL = -time.Second }},
		{"ttl too short", "ttl", func(r *inventory.ReserveRequest) { r.TTL = inventory.MinTTL - 1 }},
		{"ttl too long", "ttl", func(r *inventory.ReserveRequest) { r.TTL = inventory.MaxTTL + 1 }},
		{"owner empty", "owner", func(r *inventory.ReserveRequest) { r.Owner = "" }},
		{"owner long", "owner", func(r *inventory.ReserveRequest) { r.Owner = strings.Repeat("x", 257) }},
		{"owner with NUL", "owner", func(r *inventory.ReserveRequest) { r.Owner = "a\x00" }},
		{"owner not UTF-8", "owner", func(r *inventory.ReserveRequest) { r.Owner = "\xff" }},
		{"replaces itself", "replaces", func(r *inventory.ReserveRequest) { r.Replaces = r.ID }},
		{"replaces hostile", "replaces", func(r *inventory.ReserveRequest) { r.Replaces = "{x}" }},
		{"location twice", "locations[1]", func(r *inventory.ReserveRequest) { r.Locations = []inventory.Location{"a", "a"} }},
		{"split", "split", func(r *inventory.ReserveRequest) { r.Split = "maybe" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req := request(inventory.Line{Item: shirt, Quantity: 1})
			tc.spoil(&req)
			_, err := req.Normalize()
			wantInvalid(t, err, tc.field)
		})
	}
}

func TestHostileIDs(t *testing.T) {
	for _, id := range append(hostileNames, strings.Repeat("x", inventory.MaxIDLength+1)) {
		wantInvalid(t, inventory.CheckID(id), "id")
		req := request(inventory.Line{Item: shirt, Quantity: 1})
		req.ID = id
		_, err := req.Normalize()
		wantInvalid(t, err, "id")
	}
}

func TestFingerprintTellsRequestsApart(t *testing.T) {
	fingerprint := func(change func(*inventory.ReserveRequest)) string {
		req := request(inventory.Line{Item: shirt, Quantity: 1}, inventory.Line{Item: scarf, Quantity: 2})
		change(&req)
		req, err := req.Normalize()
		if err != nil {
			t.Fatal(err)
		}
		return req.Fingerprint()
	}
	original := fingerprint(func(*inventory.ReserveRequest) {})
	for name, change := range map[string]func(*inventory.ReserveRequest){
		"in another order": func(r *inventory.ReserveRequest) { r.Lines[0], r.Lines[1] = r.Lines[1], r.Lines[0] },
		"in parts": func(r *inventory.ReserveRequest) {
			r.Lines[1].Quantity = 1
			r.Lines = append(r.Lines, r.Lines[1])
		},
		"for longer": func(r *inventory.ReserveRequest) { r.TTL *= 2 },
	} {
		if fingerprint(change) != original {
			t.Errorf("the same request %s has another fingerprint", name)
		}
	}
	for name, change := range map[string]func(*inventory.ReserveRequest){
		"owner":    func(r *inventory.ReserveRequest) { r.Owner = "other" },
		"quantity": func(r *inventory.ReserveRequest) { r.Lines[0].Quantity = 2 },
		"item":     func(r *inventory.ReserveRequest) { r.Lines[0].Item = "product:11" },
		"one line": func(r *inventory.ReserveRequest) { r.Lines = r.Lines[:1] },
		"owner that ends like a line": func(r *inventory.ReserveRequest) {
			r.Owner, r.Lines = r.Owner+" product:1=1", r.Lines[1:]
		},
		"forged": func(r *inventory.ReserveRequest) { r.Owner, r.Lines = r.Owner+`" product:1=1`, r.Lines[1:] },
	} {
		if fingerprint(change) == original {
			t.Errorf("a request with another %s has the same fingerprint", name)
		}
	}
}
