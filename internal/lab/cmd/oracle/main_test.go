package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../../../.."

// The samples in the repository, through the programs.
func TestSamples(t *testing.T) {
	var out strings.Builder
	args := []string{"-root", root, root + "/pricing/testdata", root + "/pricing/quote/testdata", root + "/pricing/shipping/testdata"}
	if err := run(t.Context(), args, &out); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if n := strings.Count(out.String(), "equal\n"); n != 7 {
		t.Errorf("%d files, want 7:\n%s", n, out.String())
	}
}

// An answer that is off by a paisa, or misses, is counted and shown.
func TestDifferencesAreFound(t *testing.T) {
	const text = `{"id":"%","kind":"text","string":"₹5.00","settings":{"symbol":"₹","position":"left","thousand_sep":",","decimal_sep":".","decimals":2},"expect":`
	records := []string{
		`{"min":"5.00","max":"5.00","regular":null,"sale":null,"suffix":[],"empty":false}}`,
		`{"min":"5.01","max":"5.00","regular":null,"sale":null,"suffix":[],"empty":false}}`,
		`{"empty":true}}`,
		`{"min":"5.00","max":"5.00","regular":"6.00","sale":null,"suffix":["1"],"empty":false}}`,
	}
	var lines []string
	for i, r := range records {
		lines = append(lines, strings.Replace(text, "%", string(rune('a'+i)), 1)+r)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "price-strings.jsonl"), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"-root", root, folder}, &out); !errors.Is(err, errDiffers) {
		t.Errorf("%v", err)
	}
	for _, want := range []string{"1 of     4 equal", `"b": .min: want 5.01, got 5.00`, `"d": `} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestDiffer(t *testing.T) {
	tests := []struct {
		name, want, got string
		count           int
	}{
		{"equal", `{"a":[1,"x",null,true]}`, `{"a":[1,"x",null,true],"b":2}`, 0},
		{"a millionth", `1.5`, `1.500001`, 0},
		{"two millionths", `1.5`, `1.500002`, 1},
		{"a text is exact", `"1.50"`, `"1.5"`, 1},
		{"a number is no text", `1`, `"1"`, 1},
		{"shorter", `[1,2]`, `[1]`, 1},
		{"missing", `{"a":1,"b":2}`, `{}`, 2},
		{"a tax too many", `{"taxes":{"1":2}}`, `{"taxes":{"1":2,"3":4}}`, 1},
		{"messages are not compared", `{"error":"x"}`, `{"error":"y"}`, 0},
		{"no object", `{"a":1}`, `[]`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want, got any
			if err := errors.Join(decode([]byte(tt.want), &want), decode([]byte(tt.got), &got)); err != nil {
				t.Fatal(err)
			}
			if d := differ(nil, "", want, got); len(d) != tt.count {
				t.Errorf("%q, want %d", d, tt.count)
			}
		})
	}
}

func TestBadReplies(t *testing.T) {
	f := file{kind: kinds()[0]}
	want := record{"id": json.RawMessage(`"a"`), "output": json.RawMessage(`{"totals":{"total":1}}`)}
	for _, reply := range []string{`x`, `{"id":"b","output":{"totals":{"total":1}}}`, `{"id":"a","error":"no"}`, `{"id":"a"}`, `{"id":"a","output":{"totals":{"total":2}}}`} {
		if d := f.differences(want, reply); len(d) == 0 {
			t.Errorf("%s is taken for an answer", reply)
		}
	}
	if d := f.differences(want, `{"id":"a","output":{"totals":{"total":1}}}`); len(d) != 0 {
		t.Errorf("%q", d)
	}
}

func TestRunRefuses(t *testing.T) {
	for _, args := range [][]string{nil, {"-x"}, {"-root", root, t.TempDir()}, {"-root", t.TempDir(), root}} {
		if err := run(t.Context(), args, &strings.Builder{}); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
