package shipping_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/shipping"
)

func amount(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// courier is within the city by half kilos, dearer elsewhere in India, and nowhere else.
func courier() shipping.Table {
	return shipping.Table{InstanceID: 5, Title: "Courier", Taxable: true, Bands: []shipping.Band{
		{
			Locations: []shipping.ZoneLocation{{Type: shipping.StateLocation, Code: "IN:MH"}, {Type: shipping.PostcodeLocation, Code: "400001...400104"}},
			Steps:     []shipping.WeightStep{{UpTo: amount("0.5"), Cost: amount("30")}, {UpTo: amount("1"), Cost: amount("40")}},
			Each:      amount("0.5"), More: amount("12.5"), FreeFrom: amount("999"),
		},
		{
			Locations: []shipping.ZoneLocation{{Type: shipping.CountryLocation, Code: "IN"}},
			Steps:     []shipping.WeightStep{{UpTo: amount("2"), Cost: amount("90")}},
		},
	}}
}

func parcel(postcode, weight string, quantity int64) shipping.Request {
	return shipping.Request{
		Country: "IN", State: "MH", Postcode: postcode, Decimals: 2, DisplayedSubtotal: amount("500"),
		Lines: []shipping.Line{{Quantity: quantity, Weight: amount(weight)}, {Quantity: 1, Weight: amount("99"), Virtual: true}},
	}
}

func TestTable(t *testing.T) {
	tests := []struct {
		name string
		req  shipping.Request
		want string // "" is no rate
	}{
		{"no weight", parcel("400050", "0", 1), "30"},
		{"at a step", parcel("400050", "0.5", 1), "30"},
		{"above it", parcel("400050", "0.500001", 1), "40"},
		{"pieces add up", parcel("400050", "0.25", 4), "40"},
		{"half a kilo more, begun", parcel("400050", "1.01", 1), "52.5"},
		{"and full", parcel("400050", "0.5", 3), "52.5"},
		{"many", parcel("400050", "0.001", 2001), "77.5"},
		{"elsewhere", parcel("411001", "2", 1), "90"},
		{"too heavy for there", parcel("411001", "2.001", 1), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok, err := courier().Rate(tt.req)
			if err != nil || ok != (tt.want != "") {
				t.Fatalf("%+v, %v, %v", got, ok, err)
			}
			if ok && (!got.Cost.Equal(amount(tt.want)) || got.ID != "weight_table:5" || got.MethodID != shipping.TableMethod || !got.Taxable || got.Label != "Courier") {
				t.Errorf("%+v, want %s", got, tt.want)
			}
		})
	}
}

func TestTableForNobody(t *testing.T) {
	abroad := parcel("SW1A 1AA", "1", 1)
	abroad.Country, abroad.State = "GB", ""
	file := parcel("400050", "1", 1)
	file.Lines = file.Lines[1:]
	for name, req := range map[string]shipping.Request{"abroad": abroad, "nothing to ship": file} {
		if got, ok, err := courier().Rate(req); ok || err != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestTableFreeFrom(t *testing.T) {
	for discount, want := range map[string]string{"0": "0", "1": "0", "1.01": "30"} {
		req := parcel("400050", "0.1", 1)
		req.DisplayedSubtotal, req.Discount = amount("1000"), amount(discount)
		if got, ok, err := courier().Rate(req); !ok || err != nil || !got.Cost.Equal(amount(want)) {
			t.Errorf("1000 less %s: %s, %v, want %s", discount, got.Cost, err, want)
		}
	}
}

func TestTableRefused(t *testing.T) {
	huge := decimal.New(1, 1_000_000)
	tests := []struct {
		field  string
		change func(*shipping.Table)
	}{
		{"bands[1].steps", func(t *shipping.Table) { t.Bands[1].Steps = nil }},
		{"bands[0].steps", func(t *shipping.Table) { t.Bands[0].Steps = make([]shipping.WeightStep, 101) }},
		{"bands[0].each", func(t *shipping.Table) { t.Bands[0].Each = amount("-1") }},
		{"bands[0].more", func(t *shipping.Table) { t.Bands[0].More = huge }},
		{"bands[0].free_from", func(t *shipping.Table) { t.Bands[0].FreeFrom = amount("-1") }},
		{"bands[0].steps[1].up_to", func(t *shipping.Table) { t.Bands[0].Steps[1].UpTo = amount("0.5") }},
		{"bands[0].steps[0].up_to", func(t *shipping.Table) { t.Bands[0].Steps[0].UpTo = huge }},
		{"bands[0].steps[1].cost", func(t *shipping.Table) { t.Bands[0].Steps[1].Cost = amount("-0.01") }},
		{"bands", func(t *shipping.Table) { t.Bands = make([]shipping.Band, 1001) }},
	}
	for _, tt := range tests {
		t.Run(tt.field, func(t *testing.T) {
			table := courier()
			tt.change(&table)
			_, ok, err := table.Rate(parcel("400050", "1", 1))
			var invalid *shipping.InvalidError
			if ok || !errors.As(err, &invalid) || invalid.Field != tt.field {
				t.Errorf("%v, want an error on %s", err, tt.field)
			}
		})
	}
	bad := parcel("400050", "1", 1)
	bad.Lines[0].Weight = huge
	if _, _, err := courier().Rate(bad); !errors.Is(err, shipping.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

// Two kilos to Pune and to Delhi.
func ExampleTable() {
	table := shipping.Table{InstanceID: 1, Title: "Courier", Bands: []shipping.Band{
		{
			Locations: []shipping.ZoneLocation{{Type: shipping.StateLocation, Code: "IN:MH"}},
			Steps:     []shipping.WeightStep{{UpTo: decimal.NewFromInt(1), Cost: decimal.NewFromInt(40)}},
			Each:      decimal.NewFromInt(1), More: decimal.NewFromInt(20),
		},
		{Steps: []shipping.WeightStep{{UpTo: decimal.NewFromInt(5), Cost: decimal.NewFromInt(120)}}},
	}}
	for _, state := range []string{"MH", "DL"} {
		rate, ok, err := table.Rate(shipping.Request{
			Country: "IN", State: state, Decimals: 2, Lines: []shipping.Line{{Quantity: 4, Weight: decimal.RequireFromString("0.5")}},
		})
		fmt.Println(rate.ID, rate.Cost, ok, err)
	}
	// Output:
	// weight_table:1 60 true <nil>
	// weight_table:1 120 true <nil>
}
