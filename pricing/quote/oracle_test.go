package quote_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote/record"
)

// oracle reads the records of one file: the sample in testdata, or everything when ANKKOR_ORACLE names a folder.
func oracle[T any](t *testing.T, name string) []T {
	t.Helper()
	dir := os.Getenv("ANKKOR_ORACLE")
	if dir == "" {
		return sample[T](t, name)
	}
	return readRecords[T](t, name, open(t, filepath.Join(dir, name+".jsonl")))
}

// sample reads the records of one file in testdata.
func sample[T any](t *testing.T, name string) []T {
	t.Helper()
	folder := "testdata"
	if name == "shipping" {
		folder = filepath.Join("..", "shipping", "testdata")
	}
	z, err := gzip.NewReader(open(t, filepath.Join(folder, name+".jsonl.gz")))
	if err != nil {
		t.Fatal(err)
	}
	return readRecords[T](t, name, z)
}

func readRecords[T any](t *testing.T, name string, r io.Reader) []T {
	t.Helper()
	var records []T
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var v T
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		records = append(records, v)
	}
	if err := lines.Err(); err != nil || len(records) < 20 {
		t.Fatalf("%s: %d records, %v", name, len(records), err)
	}
	return records
}

func open(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// number is an amount that a record holds as a JSON number or a string.
type number = record.Amount
