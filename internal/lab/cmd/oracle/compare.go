package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// check asks the program everything in the file, prints how many answers are WooCommerce's, and returns how many are not.
func (f file) check(ctx context.Context, bin string, out io.Writer, show int) (int, error) {
	questions, answers, err := f.load()
	if err != nil {
		return 0, err
	}
	input, err := lines(questions)
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, f.program[0]), f.program[1:]...)
	var complaints bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &complaints
	text, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w %s", strings.Join(f.program, " "), err, complaints.Bytes())
	}
	replies := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(replies) != len(answers) {
		return 0, fmt.Errorf("%d answers to %d records", len(replies), len(answers))
	}
	wrong := 0
	for i, r := range answers {
		differences := f.differences(r, replies[i])
		if len(differences) == 0 {
			continue
		}
		if wrong++; wrong <= show {
			fmt.Fprintf(out, "  %s: %s\n", r.id(), strings.Join(differences[:min(3, len(differences))], "; "))
		}
	}
	_, err = fmt.Fprintf(out, "%-28s %5d of %5d equal\n", filepath.Base(f.path), len(answers)-wrong, len(answers))
	return wrong, err
}

// differences tells how a reply is not what WooCommerce answered.
func (f file) differences(want record, reply string) []string {
	var got map[string]any
	if err := decode([]byte(reply), &got); err != nil {
		return []string{err.Error()}
	}
	if text, failed := got["error"]; failed {
		return []string{fmt.Sprint(text)}
	}
	if fmt.Sprintf("%q", got["id"]) != want.id() {
		return []string{fmt.Sprintf("answers %v", got["id"])}
	}
	var expected any
	if err := decode(want[f.answer], &expected); err != nil {
		return []string{err.Error()}
	}
	if f.fields == nil {
		return differ(nil, "", expected, got[f.answer])
	}
	if f.answer == "response" {
		expected = order(expected)
	}
	if refused := at(expected, "refused"); refused != nil {
		return differ(nil, "refused", refused, at(got["output"], "refused"))
	}
	var d []string
	for _, field := range f.fields {
		if w := at(expected, field); w != nil {
			d = differ(d, field, w, at(got["output"], field))
		}
	}
	return d
}

func decode(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return dec.Decode(into)
}

// at is the value at a path such as "shipping.chosen".
func at(value any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// order is a response of the REST API as what the program answers: its amounts, or the code of its refusal.
func order(response any) any {
	if status := at(response, "status"); status != json.Number("201") {
		return map[string]any{"refused": at(response, "body.code")}
	}
	body, _ := at(response, "body").(map[string]any)
	for list, keys := range map[string]string{
		"line_items": "subtotal subtotal_tax total total_tax", "shipping_lines": "total total_tax", "fee_lines": "total total_tax",
		"tax_lines": "rate_id rate_code label compound tax_total shipping_tax_total", "coupon_lines": "code discount discount_tax",
	} {
		items, _ := body[list].([]any)
		for _, item := range items {
			maps.DeleteFunc(item.(map[string]any), func(key string, _ any) bool { return !slices.Contains(strings.Fields(keys), key) })
		}
	}
	return body
}

// differ appends how got is not want. Numbers may differ by a millionth: WooCommerce's are binary. Texts are equal to
// the letter, except messages, which name products that a record does not.
func differ(d []string, where string, want, got any) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || (strings.HasSuffix(where, "taxes") && len(g) != len(w)) {
			return append(d, fmt.Sprintf("%s: want %v, got %v", where, want, got))
		}
		for key, value := range w {
			if key != "error" {
				d = differ(d, where+"."+key, value, g[key])
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return append(d, fmt.Sprintf("%s: want %v, got %v", where, want, got))
		}
		for i := range w {
			d = differ(d, fmt.Sprintf("%s[%d]", where, i), w[i], g[i])
		}
	default:
		if !same(want, got) {
			return append(d, fmt.Sprintf("%s: want %v, got %v", where, want, got))
		}
	}
	return d
}

func same(want, got any) bool {
	a, number := want.(json.Number)
	b, also := got.(json.Number)
	if !number || !also {
		return want == got
	}
	x, ok := new(big.Rat).SetString(a.String())
	y, fine := new(big.Rat).SetString(b.String())
	return ok && fine && x.Sub(x, y).Abs(x).Cmp(big.NewRat(1, 1_000_000)) <= 0
}
