// Parseprice reads price texts as stores show them, with the settings of each store, and writes the amounts in them. Run
// it with -h for the forms.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

const help = `Parseprice reads JSON lines and writes, for each, the amounts in a price text.

  parseprice < texts.jsonl

A line of input is {"id", "kind", "string", "settings"}, other keys are ignored:

  {"id": "1", "kind": "text", "string": "₹1,299.00 – ₹1,499.00", "settings": {"symbol": "&#8377;", "position": "left",
    "thousand_sep": ",", "decimal_sep": ".", "decimals": 2, "price_display_suffix": ""}}

(on one line.) The settings are the store's own, as WooCommerce keeps them; position is left, right, left_space or
right_space. The kind matters only when it is graphql_raw: those are stored numbers, written the same in every store.

A line of output is {"id", "expect"}: min and max (max null for "From: ₹499"), regular and sale when there is a sale,
the amounts in the suffix, and empty. A text without an amount gives {"empty": true}: such a product cannot be bought,
which is not the same as free. A text with two readings gives {"id", "error"}, never a guess, and the program goes on.
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program without the process around it; it returns the exit code.
func run(args []string, in io.Reader, out, complaints io.Writer) int {
	flags := flag.NewFlagSet("parseprice", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.Usage = func() {} // help is for those who ask for it
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, help)
		return 0
	case err != nil || flags.NArg() > 0:
		fmt.Fprintln(complaints, "parseprice: texts are read from standard input; -h explains")
		return 2
	}
	if err := answerAll(in, out); err != nil {
		fmt.Fprintln(complaints, "parseprice:", err)
		return 1
	}
	return 0
}

// maxRecord is how long a line may be, in bytes.
const maxRecord = 1 << 20

// answerAll answers every line of in. It fails only when reading or writing does.
func answerAll(in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	r := bufio.NewReaderSize(in, maxRecord)
	for line := 1; ; line++ {
		record, err := r.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			record, err = r.ReadSlice('\n')
		}
		if record = bytes.TrimSpace(record); len(record) > 0 {
			if err := write(w, answer(record, line, long)); err != nil {
				return err
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return errors.Join(err, w.Flush())
		}
		if r.Buffered() == 0 { // whoever types texts sees each answer
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
}

func write(w *bufio.Writer, r reply) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// reply is a line of output.
type reply struct {
	ID     json.RawMessage `json:"id"`
	Line   int             `json:"line,omitempty"`
	Expect *reading        `json:"expect,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// answer reads one record.
func answer(record []byte, line int, long bool) reply {
	r := reply{ID: json.RawMessage("null"), Line: line}
	var t text
	err := fmt.Errorf("the record is longer than %d bytes", maxRecord)
	if !long {
		err = json.Unmarshal(record, &t)
	}
	if err != nil {
		r.Error = fmt.Sprintf("cannot be read: %v", err)
		return r
	}
	if t.ID != nil {
		r.ID, r.Line = t.ID, 0
	}
	if r.Expect, err = t.read(); err != nil {
		r.Error = err.Error()
	}
	return r
}

// text is a record: a price text and the settings of the store that wrote it.
type text struct {
	ID       json.RawMessage `json:"id"`
	Kind     string          `json:"kind"`
	String   *string         `json:"string"`
	Settings settings        `json:"settings"`
}

// settings are WooCommerce's options by their own names.
type settings struct {
	Symbol    string `json:"symbol"`
	Position  string `json:"position"`
	Thousand  string `json:"thousand_sep"`
	Decimal   string `json:"decimal_sep"`
	Decimals  int    `json:"decimals"`
	Indian    bool   `json:"indian_grouping"`
	TrimZeros bool   `json:"trim_zeros"`
	Suffix    string `json:"price_display_suffix"`
}

func (s settings) format() (pricing.Format, error) {
	positions := map[string]pricing.Position{
		"left": pricing.Left, "right": pricing.Right, "left_space": pricing.LeftSpace, "right_space": pricing.RightSpace, "": pricing.Left,
	}
	position, ok := positions[s.Position]
	if !ok {
		return pricing.Format{}, errors.New("settings.position: must be left, right, left_space or right_space")
	}
	f := pricing.Format{
		Symbol: s.Symbol, Position: position, Thousand: s.Thousand, Decimal: s.Decimal, Decimals: s.Decimals,
		TrimZeros: s.TrimZeros, Suffix: s.Suffix,
	}
	if s.Indian {
		f.Grouping = pricing.Indian
	}
	return f, nil
}

// reading is what a text says.
type reading struct {
	Min     *string  `json:"min,omitempty"`
	Max     *string  `json:"max"`
	Regular *string  `json:"regular"`
	Sale    *string  `json:"sale"`
	Suffix  []string `json:"suffix"`
	List    []string `json:"list,omitempty"`
	Free    bool     `json:"free,omitempty"`
	Empty   bool     `json:"empty"`
}

// MarshalJSON implements json.Marshaler: a text without an amount has nothing else to say.
func (r *reading) MarshalJSON() ([]byte, error) {
	if r.Empty {
		return []byte(`{"empty":true}`), nil
	}
	type all reading
	return json.Marshal((*all)(r))
}

func (t *text) read() (*reading, error) {
	if t.String == nil {
		return nil, errors.New("string: must be the price text")
	}
	price, err := t.parse()
	switch {
	case errors.Is(err, pricing.ErrNoPrice):
		return &reading{Empty: true}, nil
	case err != nil:
		return nil, err
	}
	lowest, beside := t.show(price.Min), price.Details()
	return &reading{
		Min: &lowest, Max: t.maybe(price.Max), Regular: t.maybe(beside.Regular), Sale: t.maybe(beside.Sale),
		Suffix: t.showAll(beside.Suffix), List: t.showAll(beside.List), Free: beside.Free,
	}, nil
}

func (t *text) parse() (pricing.Price, error) {
	if t.Kind == "graphql_raw" {
		return pricing.ParseRaw(*t.String)
	}
	f, err := t.Settings.format()
	if err != nil {
		return pricing.Price{}, err
	}
	p, err := pricing.NewParser(f)
	if err != nil {
		return pricing.Price{}, err
	}
	return p.ParsePrice(*t.String)
}

// show writes an amount with the store's decimals, or as it was stored.
func (t *text) show(d decimal.Decimal) string {
	places := int32(t.Settings.Decimals)
	if t.Kind == "graphql_raw" {
		places = max(-d.Exponent(), 0)
	}
	return d.StringFixed(max(places, -d.Exponent()))
}

func (t *text) maybe(d decimal.NullDecimal) *string {
	if !d.Valid {
		return nil
	}
	s := t.show(d.Decimal)
	return &s
}

func (t *text) showAll(list []decimal.Decimal) []string {
	shown := make([]string, len(list))
	for i, d := range list {
		shown[i] = t.show(d)
	}
	return shown
}
