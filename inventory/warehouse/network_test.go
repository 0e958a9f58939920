package warehouse_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
)

func TestValidate(t *testing.T) {
	many := make([]warehouse.Warehouse, inventory.MaxLocations+1)
	for name, c := range map[string]struct {
		network warehouse.Network
		want    string
	}{
		"none":              {warehouse.Network{}, ""},
		"three":             {network, ""},
		"a PIN elsewhere":   {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "sg", Country: "SG", PIN: "018956"}}}, ""},
		"no name":           {warehouse.Network{Warehouses: []warehouse.Warehouse{{}}}, "warehouses[0].location"},
		"a name with a gap": {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "new delhi"}}}, "warehouses[0].location"},
		"a hostile name":    {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "{a}\x00"}}}, "warehouses[0].location"},
		"a long name":       {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: inventory.Location(strings.Repeat("a", 10_000))}}}, "warehouses[0].location"},
		"twice":             {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "a"}, {Location: "a"}}}, "warehouses[1].location"},
		"a short PIN":       {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "a", PIN: "56000"}}}, "warehouses[0].pin"},
		"a PIN with zero":   {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "a", PIN: "060001"}}}, "warehouses[0].pin"},
		"a PIN of letters":  {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "a", PIN: "56OOO1"}}}, "warehouses[0].pin"},
		"unknown split":     {warehouse.Network{Split: "maybe"}, "split"},
		"absorbs elsewhere": {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "a"}}, Absorbs: "b"}, "absorbs"},
		"too many":          {warehouse.Network{Warehouses: many}, "warehouses"},
	} {
		err := c.network.Validate()
		if (err == nil) != (c.want == "") || err != nil && (!errors.Is(err, inventory.ErrInvalid) || !strings.Contains(err.Error(), c.want+" ")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAbsorbing(t *testing.T) {
	for name, c := range map[string]struct {
		network warehouse.Network
		want    inventory.Location
	}{
		"no warehouses":     {warehouse.Network{}, inventory.DefaultLocation},
		"first by priority": {warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "b", Priority: 2}, {Location: "a", Priority: 1}}}, "a"},
		"named":             {warehouse.Network{Warehouses: network.Warehouses, Absorbs: "kochi"}, "kochi"},
	} {
		if got := c.network.Absorbing(); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// says answers the same to everybody.
type says []inventory.Location

func (s says) Choose(_ context.Context, req warehouse.Request) ([]inventory.Location, error) {
	req.From[0].Location = "scribbled" // a chooser that breaks its contract
	return s, nil
}

func TestChoose(t *testing.T) {
	for name, c := range map[string]struct {
		chooser      warehouse.Chooser
		best, others []inventory.Location
		bad          bool
	}{
		"nobody chooses":  {nil, []inventory.Location{"delhi", "bengaluru", "kochi"}, []inventory.Location{}, false},
		"one is best":     {says{"kochi"}, []inventory.Location{"kochi"}, []inventory.Location{"delhi", "bengaluru"}, false},
		"any will do":     {says{}, []inventory.Location{"delhi", "bengaluru", "kochi"}, nil, false},
		"one that is not": {says{"pune"}, nil, nil, true},
		"one twice":       {says{"kochi", "kochi"}, nil, nil, true},
		"an error":        {broken{}, nil, nil, true},
	} {
		n := network
		n.Chooser = c.chooser
		best, others, err := n.Choose(t.Context(), warehouse.Request{})
		if (err != nil) != c.bad || !slices.Equal(best, c.best) || !slices.Equal(others, c.others) {
			t.Errorf("%s: %v, %v, %v", name, best, others, err)
		}
	}
	if network.Warehouses[0].Location != "delhi" {
		t.Error("a chooser altered the network")
	}
}

func TestCounts(t *testing.T) {
	levels := []inventory.Level{
		{Key: mug.At("kochi"), OnHand: 5, Allocated: 1, Reserved: 1}, {Key: mug.At("transit"), OnHand: 9},
		{Key: mug.At("bengaluru"), OnHand: -2, Policy: inventory.Backorder, BackorderLimit: 9}, {Key: sari.At("delhi"), Policy: inventory.Untracked},
	}
	want := []warehouse.Count{{Location: "delhi"}, {Location: "bengaluru"}, {Location: "kochi", Available: 3}}
	if got := network.Counts(levels, mug); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := network.Counts(levels, sari); !got[0].Untracked || got[0].Available != 0 || got[1].Untracked {
		t.Errorf("%+v", got)
	}
	if got := (warehouse.Network{}).Counts(levels, mug); got == nil || len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestParcels(t *testing.T) {
	held := []inventory.Held{
		{Key: mug.At("kochi"), Quantity: 2}, {Key: mug.At("delhi"), Quantity: 1}, {Key: sari.At("kochi"), Quantity: 3},
	}
	got := warehouse.Parcels(held)
	if len(got) != 2 || got[0].Location != "kochi" || len(got[0].Lines) != 2 || got[0].Lines[1] != (inventory.Line{Item: sari, Quantity: 3}) ||
		len(got[1].Lines) != 1 || got[1].Lines[0].Quantity != 1 {
		t.Errorf("%+v", got)
	}
	if warehouse.Parcels(nil) != nil {
		t.Error("parcels of nothing")
	}
}
