package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// sample is a record that a real WooCommerce answered.
type sample map[string]json.RawMessage

// samples reads a file of the engine's own tests.
func samples(t *testing.T, path string) []sample {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "pricing", path+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	for dec := json.NewDecoder(z); ; {
		var s sample
		switch err := dec.Decode(&s); {
		case errors.Is(err, io.EOF):
			return list
		case err != nil:
			t.Fatal(err)
		}
		list = append(list, s)
	}
}

// TestSamples gives the program what WooCommerce was asked, and compares every field of its answers that the records have:
// texts to the letter, numbers to a millionth.
func TestSamples(t *testing.T) {
	tests := []struct {
		name, questions, answers string
		args, fields             []string
	}{
		{"carts", "quote/testdata/cart-totals", "quote/testdata/cart-totals", nil, []string{"lines", "apply", "coupons", "fees", "totals", "tax_totals", "discount_order"}},
		{"carts of 9.8", "quote/testdata/cart-totals", "quote/testdata/cart-totals-wc985", nil, []string{"lines", "apply", "coupons", "fees", "totals", "tax_totals"}},
		{"rates", "shipping/testdata/shipping", "shipping/testdata/shipping", []string{"-rates"}, []string{"packages", "line_totals", "chosen"}},
		{"rates of 11.0", "shipping/testdata/shipping", "shipping/testdata/shipping-wc1101", []string{"-rates"}, []string{"packages"}},
		{"coupons", "quote/testdata/coupons-rules", "quote/testdata/coupons-rules", []string{"-coupons"}, []string{"steps", "displayed_subtotal", "after_apply"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := map[string]sample{}
			for _, s := range samples(t, tt.questions) {
				asked[string(s["id"])] = s
			}
			answers := samples(t, tt.answers)
			answers = slices.DeleteFunc(answers, func(s sample) bool { return asked[string(s["id"])] == nil })
			if len(answers) < 20 {
				t.Fatalf("%d records", len(answers))
			}
			var lines []string
			for _, s := range answers {
				q := asked[string(s["id"])]
				lines = append(lines, oneRecord(t, sample{"id": q["id"], "input": q["input"], "woocommerce": s["woocommerce"]}))
			}
			for i, line := range ask(t, tt.args, lines...) {
				compareFields(t, answers[i], line, tt.fields)
			}
		})
	}
}

func oneRecord(t *testing.T, s sample) string {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func compareFields(t *testing.T, want sample, line string, fields []string) {
	t.Helper()
	var reply struct {
		Output map[string]any `json:"output"`
		Error  string         `json:"error"`
	}
	var expected map[string]any
	if err := errors.Join(exact([]byte(line), &reply), exact(want["output"], &expected)); err != nil || reply.Error != "" {
		t.Errorf("%s: %v %s", want["id"], err, reply.Error)
		return
	}
	for _, field := range fields {
		if w, ok := expected[field]; ok {
			same(t, string(want["id"])+" "+field, w, reply.Output[field])
		}
	}
}

// exact decodes with all digits of numbers.
func exact(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return dec.Decode(into)
}

func same(t *testing.T, where string, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		for key, value := range w {
			if key != "error" { // names products that the records do not
				same(t, where+"."+key, value, g[key])
			}
		}
	case []any:
		g, _ := got.([]any)
		if len(g) != len(w) {
			t.Errorf("%s: want %v, got %v", where, want, got)
			return
		}
		for i := range w {
			same(t, fmt.Sprintf("%s[%d]", where, i), w[i], g[i])
		}
	case json.Number:
		g, ok := got.(json.Number)
		if !ok || distant(w, g) {
			t.Errorf("%s: want %v, got %v", where, want, got)
		}
	default:
		if want != got {
			t.Errorf("%s: want %v, got %v", where, want, got)
		}
	}
}

func distant(a, b json.Number) bool {
	x, err1 := decimal.NewFromString(a.String())
	y, err2 := decimal.NewFromString(b.String())
	return err1 != nil || err2 != nil || x.Sub(y).Abs().GreaterThan(decimal.New(1, -6))
}

// TestOrderSamples compares orders with what the REST API answered.
func TestOrderSamples(t *testing.T) {
	refused := 0
	for _, s := range samples(t, "quote/testdata/rest-orders") {
		var response struct {
			Status int            `json:"status"`
			Body   map[string]any `json:"body"`
		}
		if err := exact(s["response"], &response); err != nil {
			t.Fatal(err)
		}
		question := sample{}
		for key, value := range s {
			if key != "response" {
				question[key] = value
			}
		}
		line := ask(t, []string{"-orders"}, oneRecord(t, question))[0]
		var reply struct {
			Output map[string]any `json:"output"`
		}
		if err := exact([]byte(line), &reply); err != nil {
			t.Fatal(err)
		}
		if response.Status != 201 {
			refused++
			same(t, string(s["id"]), response.Body["code"], reply.Output["refused"])
			continue
		}
		for _, field := range strings.Fields("total total_tax discount_total discount_tax shipping_total shipping_tax cart_tax") {
			same(t, string(s["id"])+" "+field, response.Body[field], reply.Output[field])
		}
		items, _ := response.Body["line_items"].([]any)
		for i, item := range items {
			want, got := item.(map[string]any), reply.Output["line_items"].([]any)[i].(map[string]any)
			for _, field := range strings.Fields("subtotal subtotal_tax total total_tax") {
				same(t, fmt.Sprintf("%s line %d %s", s["id"], i, field), want[field], got[field])
			}
		}
	}
	if refused == 0 {
		t.Error("no order that is refused")
	}
}
