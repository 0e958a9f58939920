package pricing_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// encoded are amounts with their JSON and their text.
var encoded = []struct {
	minor    int64
	currency pricing.Currency
	json     string
	text     string
}{
	{49900, pricing.INR, `{"amount":"499.00","currency":"INR"}`, "INR 499.00"},
	{-1, pricing.INR, `{"amount":"-0.01","currency":"INR"}`, "INR -0.01"},
	{0, pricing.INR, `{"amount":"0.00","currency":"INR"}`, "INR 0.00"},
	{1500, pricing.JPY, `{"amount":"1500","currency":"JPY"}`, "JPY 1500"},
	{1234, pricing.KWD, `{"amount":"1.234","currency":"KWD"}`, "KWD 1.234"},
	{math.MaxInt64, pricing.INR, `{"amount":"92233720368547758.07","currency":"INR"}`, "INR 92233720368547758.07"},
	{math.MinInt64, pricing.INR, `{"amount":"-92233720368547758.08","currency":"INR"}`, "INR -92233720368547758.08"},
	{9007199254740993, pricing.INR, `{"amount":"90071992547409.93","currency":"INR"}`, "INR 90071992547409.93"},
}

func TestJSON(t *testing.T) {
	for _, e := range encoded {
		m := money(t, e.minor, e.currency)
		data, err := json.Marshal(m)
		if err != nil || string(data) != e.json {
			t.Errorf("%v: wrote %s, %v", m, data, err)
		}
		var back pricing.Money
		if err := json.Unmarshal([]byte(e.json), &back); err != nil || back != m {
			t.Errorf("%s: read %v, %v", e.json, back, err)
		}
	}
}

// The order of the fields, spaces and escapes are JSON's own business.
func TestJSONForms(t *testing.T) {
	for _, data := range []string{
		`{"currency":"INR","amount":"499.00"}`,
		" {\n\t\"amount\" : \"499\" , \"currency\" : \"INR\" } ",
		`{"\u0061mount":"499.0","currency":"\u0049NR"}`,
	} {
		var m pricing.Money
		if err := json.Unmarshal([]byte(data), &m); err != nil || m != pricing.Paise(49900) {
			t.Errorf("%s: %v, %v", data, m, err)
		}
	}
}

func TestZeroValueEncodes(t *testing.T) {
	data, err := json.Marshal(struct{ Total pricing.Money }{})
	if err != nil || string(data) != `{"Total":{"amount":"0","currency":""}}` {
		t.Fatalf("wrote %s, %v", data, err)
	}
	back := struct{ Total pricing.Money }{pricing.Paise(1)}
	if err := json.Unmarshal(data, &back); err != nil || back.Total != (pricing.Money{}) {
		t.Errorf("read %v, %v", back.Total, err)
	}
	value, err := pricing.Money{}.Value()
	scanned := pricing.Paise(1)
	if err2 := scanned.Scan(value); value != "0" || err != nil || err2 != nil || scanned != (pricing.Money{}) {
		t.Errorf("value %v, %v; read %v, %v", value, err, scanned, err2)
	}
}

func TestJSONRefuses(t *testing.T) {
	tests := []struct {
		name, data, field string
	}{
		{"null", `null`, "amount"},
		{"number", `499`, "amount"},
		{"string", `"499.00"`, "amount"},
		{"array", `["499.00","INR"]`, "amount"},
		{"empty object", `{}`, "amount"},
		{"amount missing", `{"currency":"INR"}`, "amount"},
		{"currency missing", `{"amount":"499.00"}`, "currency"},
		{"amount is a number", `{"amount":499,"currency":"INR"}`, "amount"},
		{"amount is a float", `{"amount":0.30000000000000004,"currency":"INR"}`, "amount"},
		{"amount is null", `{"amount":null,"currency":"INR"}`, "amount"},
		{"amount is an object", `{"amount":{"amount":"1"},"currency":"INR"}`, "amount"},
		{"currency is a number", `{"amount":"499.00","currency":356}`, "currency"},
		{"currency is null", `{"amount":"499.00","currency":null}`, "currency"},
		{"currency is empty", `{"amount":"499.00","currency":""}`, "currency"},
		{"currency is empty, zero", `{"amount":"0.00","currency":""}`, "currency"},
		{"currency in small letters", `{"amount":"499.00","currency":"inr"}`, "currency"},
		{"no currency", `{"amount":"499.00","currency":"XXX"}`, "currency"},
		{"unknown field", `{"amount":"499.00","currency":"INR","symbol":"₹"}`, "amount"},
		{"field in capitals", `{"Amount":"499.00","currency":"INR"}`, "amount"},
		{"amount twice", `{"amount":"1.00","amount":"499.00","currency":"INR"}`, "amount"},
		{"currency twice", `{"amount":"1.00","currency":"USD","currency":"INR"}`, "currency"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := pricing.Paise(1)
			err := m.UnmarshalJSON([]byte(tt.data))
			refusedField(t, tt.field, func() error { return err })
			if m != pricing.Paise(1) {
				t.Errorf("changed to %v", m)
			}
			if err := json.Unmarshal([]byte(tt.data), &m); !errors.Is(err, pricing.ErrInvalid) {
				t.Errorf("inside encoding/json: %v", err)
			}
		})
	}
}

// What encoding/json refuses before it asks, the method refuses itself.
func TestJSONMalformed(t *testing.T) {
	for _, data := range []string{"", "{", `{"amount"`, `{"amount":"1"`, `{"amount":"1","currency":"INR"`, `{"amount":"1","currency":"INR"}x`, `{"amount":"1","currency":"INR"}{}`, "\xff", `{"amount":"1" "currency":"INR"}`} {
		var m pricing.Money
		if err := m.UnmarshalJSON([]byte(data)); !errors.Is(err, pricing.ErrInvalid) || m != (pricing.Money{}) {
			t.Errorf("%q: %v, %v", data, m, err)
		}
	}
}

// Every bad amount is bad inside JSON and inside a column too.
func TestEncodingsRefuseBadAmounts(t *testing.T) {
	for _, amount := range badAmounts {
		data, err := json.Marshal(map[string]string{"amount": amount, "currency": "INR"})
		if err != nil {
			t.Fatal(err)
		}
		var m pricing.Money
		if err := json.Unmarshal(data, &m); !errors.Is(err, pricing.ErrInvalid) {
			t.Errorf("JSON %s: %v, %v", name(amount), m, err)
		}
		if err := m.Scan("INR " + amount); !errors.Is(err, pricing.ErrInvalid) {
			t.Errorf("text %s: %v, %v", name(amount), m, err)
		}
	}
}

func TestText(t *testing.T) {
	for _, e := range encoded {
		m := money(t, e.minor, e.currency)
		text, err := m.MarshalText()
		if err != nil || string(text) != e.text {
			t.Errorf("%v: wrote %s, %v", m, text, err)
		}
		value, err := m.Value()
		if err != nil || value != e.text {
			t.Errorf("%v: value %v, %v", m, value, err)
		}
		for _, src := range []any{e.text, []byte(e.text)} {
			var back pricing.Money
			if err := back.Scan(src); err != nil || back != m {
				t.Errorf("%s: read %v, %v", e.text, back, err)
			}
		}
	}
}

func TestScanRefuses(t *testing.T) {
	for name, src := range map[string]any{
		"NULL": nil, "number": int64(499), "float": 499.0, "bool": true,
		"empty": "", "spaces": " ", "amount alone": "499.00", "currency alone": "INR", "other order": "499.00 INR",
		"two spaces": "INR  499.00", "space behind": "INR 499.00 ", "no-break space": "INR\u00a0499.00",
		"small letters": "inr 499.00", "no currency": "XXX 499.00", "zero without currency": "0.00",
		"bytes": []byte("INR"), "long": strings.Repeat("INR 499.00", 1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			m := pricing.Paise(1)
			if err := m.Scan(src); !errors.Is(err, pricing.ErrInvalid) {
				t.Errorf("%v", err)
			}
			if m != pricing.Paise(1) {
				t.Errorf("changed to %v", m)
			}
		})
	}
}

func TestNullColumn(t *testing.T) {
	var column sql.Null[pricing.Money]
	if err := column.Scan(nil); err != nil || column.Valid {
		t.Errorf("NULL: %v, %v", column, err)
	}
	if err := column.Scan("INR 499.00"); err != nil || !column.Valid || column.V != pricing.Paise(49900) {
		t.Errorf("INR 499.00: %v, %v", column, err)
	}
}

// The encodings do not ask decimal's global settings, which belong to the
// host. This test must not run in parallel with others.
func TestEncodingsIgnoreDecimalGlobals(t *testing.T) {
	quotes, precision := decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision
	t.Cleanup(func() { decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision = quotes, precision })
	decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision = true, 0
	TestJSON(t)
	TestText(t)
	TestProrate(t)
	TestFromDecimal(t)
}
