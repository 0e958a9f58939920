package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func ask(t *testing.T, lines ...string) []string {
	t.Helper()
	var out, complaints strings.Builder
	if code := run(nil, strings.NewReader(strings.Join(lines, "\n")), &out, &complaints); code != 0 {
		t.Fatalf("exit %d: %s", code, complaints.String())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// record is a text of a shop that writes rupees.
func record(kind, text, more string) string {
	quoted, _ := json.Marshal(text)
	return `{"id":"a","kind":"` + kind + `","string":` + string(quoted) + `,"settings":{"symbol":"&#8377;","position":"left",` +
		`"thousand_sep":",","decimal_sep":".","decimals":2` + more + `}}`
}

func TestTexts(t *testing.T) {
	one := func(amount string) string {
		return `{"id":"a","expect":{"min":"` + amount + `","max":"` + amount + `","regular":null,"sale":null,"suffix":[],"empty":false}}`
	}
	tests := []struct{ name, record, want string }{
		{"plain", record("text", "₹1,299.00", ""), one("1299.00")},
		{"lakh", record("text", "₹1,00,000.50", ""), one("100000.50")},
		{"trimmed zeros are shown", record("text", "₹499", `,"trim_zeros":true`), one("499.00")},
		{"from", record("from_text", "From: ₹499.00", ""), `{"id":"a","expect":{"min":"499.00","max":null,"regular":null,"sale":null,"suffix":[],"empty":false}}`},
		{"range", record("graphql_range", "₹499.00 - ₹1,299.00", ""), `{"id":"a","expect":{"min":"499.00","max":"1299.00","regular":null,"sale":null,"suffix":[],"empty":false}}`},
		{"sale", record("sale", "<del>₹520.00</del> <ins>₹0.00</ins>", ""), `{"id":"a","expect":{"min":"0.00","max":"0.00","regular":"520.00","sale":"0.00","suffix":[],"empty":false}}`},
		{"suffix", record("price_html_text", "₹499.00 incl. ₹588.82", `,"price_display_suffix":"incl. {price_including_tax}"`), `{"id":"a","expect":{"min":"499.00","max":"499.00","regular":null,"sale":null,"suffix":["588.82"],"empty":false}}`},
		{"raw", record("graphql_raw", "499, 1199.255", ""), `{"id":"a","expect":{"min":"499","max":"1199.255","regular":null,"sale":null,"suffix":[],"list":["499","1199.255"],"empty":false}}`},
		{"free", record("literal", "Free!", ""), `{"id":"a","expect":{"min":"0.00","max":"0.00","regular":null,"sale":null,"suffix":[],"free":true,"empty":false}}`},
		{"nothing", record("literal", "Call for price", ""), `{"id":"a","expect":{"empty":true}}`},
		{"empty", record("price_html", "", ""), `{"id":"a","expect":{"empty":true}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ask(t, tt.record)[0]; got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// A text that cannot be read is answered with what is wrong, and the next line is read.
func TestBadRecords(t *testing.T) {
	tests := []struct{ name, record, id, problem string }{
		{"no JSON", "x", "null", "cannot be read"},
		{"no text", `{"id":7}`, "7", "string: must be"},
		{"two readings", record("text", "₹1.299.00", ""), `"a"`, "price text"},
		{"another currency", record("text", "€5.00", ""), `"a"`, "price text"},
		{"a position there is not", strings.Replace(record("text", "₹5", ""), `"left"`, `"above"`, 1), `"a"`, "settings.position"},
		{"settings that cannot be", strings.Replace(record("text", "₹5", ""), `"decimals":2`, `"decimals":99`, 1), `"a"`, "decimals"},
		{"a long line", strings.Repeat("9", maxRecord+10), "null", "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := ask(t, tt.record, "", record("text", "₹5.00", ""))
			if len(out) != 2 || !strings.Contains(out[0], `{"id":`+tt.id+`,`) || !strings.Contains(out[0], tt.problem) || strings.Contains(out[0], "expect") {
				t.Errorf("%.300q", out)
			}
			if !strings.Contains(out[1], `"min":"5.00"`) {
				t.Errorf("the next record: %s", out[1])
			}
		})
	}
}

func TestCommandLine(t *testing.T) {
	var out, errs strings.Builder
	if code := run([]string{"-h"}, nil, &out, &errs); code != 0 || !strings.Contains(out.String(), "thousand_sep") {
		t.Errorf("-h: exit %d, %s", code, out.String())
	}
	for _, args := range [][]string{{"file"}, {"-x"}} {
		if code := run(args, nil, &out, &errs); code != 2 || errs.Len() == 0 {
			t.Errorf("%v: exit %d", args, code)
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBrokenPipe(t *testing.T) {
	var errs strings.Builder
	if code := run(nil, strings.NewReader(record("text", "₹5.00", "")), brokenPipe{}, &errs); code != 1 || !strings.Contains(errs.String(), "broken pipe") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}
