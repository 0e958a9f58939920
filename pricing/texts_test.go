package pricing_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// storeText is a price text that a real WooCommerce wrote, with the store's
// settings and the amounts in it. testdata/README.md says where they are from.
type storeText struct {
	ID       string        `json:"id"`
	Kind     string        `json:"kind"`
	Text     string        `json:"string"`
	Settings storeSettings `json:"settings"`
	Expect   shown         `json:"expect"`
}

// storeSettings are WooCommerce's options by their own names.
type storeSettings struct {
	Symbol    string `json:"symbol"`
	Position  string `json:"position"`
	Thousand  string `json:"thousand_sep"`
	Decimal   string `json:"decimal_sep"`
	Decimals  int    `json:"decimals"`
	Indian    bool   `json:"indian_grouping"`
	TrimZeros bool   `json:"trim_zeros"`
	Suffix    string `json:"price_display_suffix"`
}

func (s storeSettings) format() pricing.Format {
	f := pricing.Format{
		Symbol: s.Symbol, Thousand: s.Thousand, Decimal: s.Decimal, Decimals: s.Decimals,
		TrimZeros: s.TrimZeros, Suffix: s.Suffix,
		Position: map[string]pricing.Position{
			"left": pricing.Left, "right": pricing.Right, "left_space": pricing.LeftSpace, "right_space": pricing.RightSpace,
		}[s.Position],
	}
	if s.Indian {
		f.Grouping = pricing.Indian
	}
	return f
}

// shown are the amounts in a text.
type shown struct {
	Empty   bool     `json:"empty"`
	Min     string   `json:"min"`
	Max     *string  `json:"max"`
	Regular *string  `json:"regular"`
	Sale    *string  `json:"sale"`
	Suffix  []string `json:"suffix"`
	List    []string `json:"list"`
	Free    bool     `json:"free"`
}

// price is what a parser must answer.
func (s shown) price() pricing.Price {
	p := pricing.Price{Max: maybe(s.Max)}
	d := pricing.PriceDetails{Free: s.Free, Regular: maybe(s.Regular), Sale: maybe(s.Sale)}
	if s.Min != "" {
		p.Min = decimal.RequireFromString(s.Min)
	}
	for _, amount := range s.Suffix {
		d.Suffix = append(d.Suffix, decimal.RequireFromString(amount))
	}
	for _, amount := range s.List {
		d.List = append(d.List, decimal.RequireFromString(amount))
	}
	return p.WithDetails(d)
}

func maybe(s *string) decimal.NullDecimal {
	if s == nil {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(decimal.RequireFromString(*s))
}

// readTexts reads JSON lines, compressed or not.
func readTexts(tb testing.TB, path string) []storeText {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var r io.Reader = bufio.NewReader(file)
	if filepath.Ext(path) == ".gz" {
		if r, err = gzip.NewReader(r); err != nil {
			tb.Fatal(err)
		}
	}
	var texts []storeText
	for dec := json.NewDecoder(r); ; {
		var text storeText
		switch err := dec.Decode(&text); err {
		case nil:
			texts = append(texts, text)
		case io.EOF:
			return texts
		default:
			tb.Fatalf("%s: %v", path, err)
		}
	}
}

// storeTexts are the sample, or all texts of the folder ANKKOR_ORACLE.
func storeTexts(tb testing.TB) []storeText {
	tb.Helper()
	if folder := os.Getenv("ANKKOR_ORACLE"); folder != "" {
		return readTexts(tb, filepath.Join(folder, "price-strings.jsonl"))
	}
	return readTexts(tb, filepath.Join("testdata", "price-strings.jsonl.gz"))
}

// Every text is read with the settings of its store, and with nothing else.
func TestStoreTexts(t *testing.T) {
	kinds := map[string]int{}
	for _, text := range storeTexts(t) {
		kinds[text.Kind]++
		p, err := pricing.NewParser(text.Settings.format())
		if err != nil {
			t.Fatalf("%s: %v", text.ID, err)
		}
		text.check(t, p.ParsePrice)
	}
	if len(kinds) < 17 {
		t.Errorf("only %d kinds of texts: %v", len(kinds), kinds)
	}
}

// Every price text in the recorded traffic of a test store is read; raw
// values, which may be unrounded, by ParseRaw.
func TestRecordedTexts(t *testing.T) {
	texts := readTexts(t, filepath.Join("testdata", "recorded-prices.jsonl.gz"))
	if len(texts) != 411 {
		t.Errorf("%d texts, want 411", len(texts))
	}
	for _, text := range texts {
		if text.Kind == "graphql_raw" {
			text.check(t, pricing.ParseRaw)
			continue
		}
		p, err := pricing.NewParser(text.Settings.format())
		if err != nil {
			t.Fatalf("%s: %v", text.ID, err)
		}
		text.check(t, p.ParsePrice)
	}
}

func (text storeText) check(t *testing.T, parse func(string) (pricing.Price, error)) {
	t.Helper()
	got, err := parse(text.Text)
	switch {
	case text.Expect.Empty && !errors.Is(err, pricing.ErrNoPrice):
		t.Errorf("%s %s %q: %v, want ErrNoPrice", text.ID, text.Kind, text.Text, err)
	case text.Expect.Empty:
		return
	case err != nil:
		t.Errorf("%s %s %q with %+v: %v", text.ID, text.Kind, text.Text, text.Settings, err)
	}
	if want := text.Expect.price(); !want.Equal(got) {
		diff := cmp.Diff(want.Details(), got.Details())
		t.Errorf("%s %s %q: %v to %v, want %v to %v; details (-want +got)\n%s", text.ID, text.Kind, text.Text, got.Min, got.Max, want.Min, want.Max, diff)
	}
}

// Format writes what wc_price wrote.
func TestFormatWritesStoreTexts(t *testing.T) {
	compared := 0
	for _, text := range storeTexts(t) {
		if text.Kind != "text" {
			continue
		}
		compared++
		if got := text.Settings.format().Amount(decimal.RequireFromString(text.Expect.Min)); got != text.Text {
			t.Errorf("%s: wrote %q, WooCommerce %q", text.ID, got, text.Text)
		}
	}
	if compared < 50 {
		t.Errorf("compared %d texts", compared)
	}
}
