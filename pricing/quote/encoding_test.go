package quote_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

var update = flag.Bool("update", false, "write the golden files")

// TestJSONIsStable compares with a stored quote, order and cart: what was stored yesterday must be read tomorrow.
func TestJSONIsStable(t *testing.T) {
	in := full(t)
	order, err := quote.Order(in)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{"quote": calculate(t, in), "order": order, "input": in} {
		got, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name+".golden.json")
		if *update {
			if err := os.WriteFile(path, append(got, '\n'), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
			t.Errorf("%s changed its form; run with -update if that is meant, and think of what is stored:\n%s", name, diff)
		}
	}
}

func TestStoredQuotesAreRead(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "quote.golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var stored quote.Quote
	if err := json.Unmarshal(data, &stored); err != nil {
		t.Fatal(err)
	}
	if now := calculate(t, full(t)); stored.Hash() != now.Hash() || !quote.Compare(stored, now).Empty() {
		t.Errorf("the stored quote is another: %+v", quote.Compare(stored, now))
	}
}

// TestDecimalsGlobalsDoNotMatter: any package of the host can change how decimal writes numbers and divides.
func TestDecimalsGlobalsDoNotMatter(t *testing.T) {
	type result struct{ json, hash, view string }
	compute := func() result {
		in := full(t)
		q := calculate(t, in)
		data, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		order, err := quote.Order(in)
		if err != nil {
			t.Fatal(err)
		}
		view, err := json.Marshal(order)
		if err != nil {
			t.Fatal(err)
		}
		return result{string(data), q.Hash(), string(view)}
	}
	want := compute()
	quotes, precision, trim, scientific := decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision, decimal.TrimTrailingZeros, decimal.UseScientificNotation
	t.Cleanup(func() {
		decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision = quotes, precision
		decimal.TrimTrailingZeros, decimal.UseScientificNotation = trim, scientific
	})
	decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision = true, 1
	decimal.TrimTrailingZeros, decimal.UseScientificNotation = !trim, true
	if diff := cmp.Diff(want, compute(), cmp.AllowUnexported(result{})); diff != "" {
		t.Error(diff)
	}
}

func TestNumbersMayComeAsNumbers(t *testing.T) {
	var l quote.Line
	if err := json.Unmarshal([]byte(`{"unit_price": 499.5, "quantity": 2, "weight": "0.25"}`), &l); err != nil {
		t.Fatal(err)
	}
	if !l.UnitPrice.Equal(dec("499.5")) || !l.Weight.Equal(dec("0.25")) {
		t.Errorf("%+v", l)
	}
	for _, bad := range []string{`{"quantity":1.5}`, `{"quantity":"1"}`, `{"quantity":1e2}`, `{"unit_price":"NaN"}`, `{"unit_price":"Inf"}`, `{"unit_price":"1,000.00"}`, `{"unit_price":"1e1000000000"}`} {
		if err := json.Unmarshal([]byte(bad), &l); err == nil {
			t.Errorf("%s is read as %+v", bad, l)
		}
	}
}
