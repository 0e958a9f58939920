package main

import (
	"bufio"
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
)

// kind is a sort of file: the program that answers it, and what of an answer is compared.
type kind struct {
	prefix  string
	program []string
	// answer is where a record holds what WooCommerce computed.
	answer string
	// fields of the answer that the program gives.
	fields []string
}

func kinds() []kind {
	return []kind{
		{"cart-totals", []string{"quote"}, "output", []string{"lines", "apply", "coupons", "shipping.chosen", "fees", "totals", "tax_totals", "discount_order"}},
		{"shipping", []string{"quote", "-rates"}, "output", []string{"packages", "needs_shipping", "line_totals", "chosen"}},
		{"coupons-rules", []string{"quote", "-coupons"}, "output", []string{"steps", "after_apply", "displayed_subtotal"}},
		{"rest-orders", []string{"quote", "-orders"}, "response", []string{
			"total", "total_tax", "discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax",
			"line_items", "shipping_lines", "fee_lines", "tax_lines", "coupon_lines",
		}},
		{"price-strings", []string{"parseprice"}, "expect", nil},
	}
}

// file is a file of records, with the file that asks when this one only answers.
type file struct {
	kind
	path, questions string
}

// find lists the files of the folders that a program answers.
func find(folders []string) ([]file, error) {
	var files []file
	for _, folder := range folders {
		found, err := filepath.Glob(filepath.Join(folder, "*.jsonl*"))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			name, _, _ := strings.Cut(filepath.Base(path), ".")
			for _, k := range kinds() {
				if name != k.prefix && !strings.HasPrefix(name, k.prefix+"-wc") {
					continue
				}
				questions := filepath.Join(folder, strings.Replace(filepath.Base(path), name, k.prefix, 1))
				files = append(files, file{k, path, questions})
			}
		}
	}
	if len(files) == 0 {
		return nil, errors.New("no records in " + strings.Join(folders, ", "))
	}
	return files, nil
}

// record is one case. Numbers keep their digits.
type record map[string]json.RawMessage

func (r record) id() string { return string(r["id"]) }

// load reads a file of records.
func load(path string) ([]record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = bufio.NewReader(f)
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, err
		}
	}
	var records []record
	for dec := json.NewDecoder(r); ; {
		var v record
		switch err := dec.Decode(&v); {
		case errors.Is(err, io.EOF):
			return records, nil
		case err != nil:
			return nil, err
		}
		records = append(records, v)
	}
}

// load reads the file's questions and the answers that belong to them.
func (f file) load() (questions, answers []record, err error) {
	if answers, err = load(f.path); err != nil {
		return nil, nil, err
	}
	asked := answers
	if f.questions != f.path {
		if asked, err = load(f.questions); err != nil {
			return nil, nil, err
		}
	}
	byID := map[string]record{}
	for _, r := range asked {
		byID[r.id()] = r
	}
	answers = slices.DeleteFunc(answers, func(r record) bool { return byID[r.id()] == nil })
	for _, r := range answers {
		q := record{}
		for key, value := range byID[r.id()] {
			if key != f.answer {
				q[key] = value
			}
		}
		q["woocommerce"] = r["woocommerce"]
		questions = append(questions, q)
	}
	return questions, answers, nil
}

// lines writes records as a program reads them.
func lines(records []record) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, r := range records {
		if err := enc.Encode(r); err != nil {
			return nil, fmt.Errorf("%s: %w", r.id(), err)
		}
	}
	return b.Bytes(), nil
}
