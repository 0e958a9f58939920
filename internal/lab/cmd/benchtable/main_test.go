package main

import (
	"strings"
	"testing"
)

const printed = `goos: linux
pkg: github.com/ankkor/ankkor/adapters/redisstore
BenchmarkReserve/items=1000/callers=64-2   7   142491 calls/s   2.006 ours/rival   71779 rival/s
BenchmarkReserve/items=1000/callers=64-2   7   150000 calls/s   1.500 ours/rival   70000 rival/s
BenchmarkReserve/items=1000/callers=64-2   7   160000 calls/s   2.500 ours/rival   72000 rival/s
BenchmarkReserve/items=1/callers=64-2      7   92880 calls/s    2.331 ours/rival   21631 rival/s
PASS
ok  	github.com/ankkor/ankkor/adapters/redisstore	12.3s
pkg: github.com/ankkor/ankkor/internal/lab/rivals
BenchmarkReserve/items=1/callers=64-2   5   16.21 ours/plain   594.6 ours/redsync   137571 ours/s   10969 plain/s   294.8 redsync/s
BenchmarkPlace/claim/hot-2   5   9000 orders/s   26.5 ours/rival   0.03 p99-ours/rival   340 rival/s
BenchmarkPlace/claim/spread-2   5   4.9 ours/rival   1.4 p99-ours/rival
pkg: github.com/ankkor/ankkor/pricing
BenchmarkCart/money-2        1000000   80.5 ns/op   0 B/op   0 allocs/op
BenchmarkCart/shopspring-2   200000    4830 ns/op   100 B/op   200 allocs/op
`

// lines are the table's, blanks made one.
func lines(t *testing.T, text string) []string {
	t.Helper()
	var out strings.Builder
	if err := run(strings.NewReader(text), &out); err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(out.String()) {
		all = append(all, strings.Join(strings.Fields(line), " "))
	}
	return all
}

func TestTable(t *testing.T) {
	got := "\n" + strings.Join(lines(t, printed), "\n") + "\n"
	for _, want := range []string{
		"PATH OURS RIVAL THEIRS RATIO GOAL",
		"redisstore Reserve items=1000 callers=64 150.0k/s rival 71.8k/s 2.01 ≥ 1.8 reached",
		"redisstore Reserve items=1 callers=64 92.9k/s rival 21.6k/s 2.33 ≥ 3 missed",
		"redisstore TenLines callers=64 - rival - - ≥ 6 not measured",
		"rivals Reserve items=1 callers=64 137.6k/s plain 11.0k/s 16.21 ≥ 3 reached",
		"rivals Reserve items=1 callers=64 137.6k/s redsync 295/s 594.60 ≥ 25 reached",
		"rivals Place claim hot 9.0k/s rival 340/s 26.50 ≥ 8 reached",
		"rivals Place claim hot - p99 of rival - 0.03 ≤ 0.3 reached",
		"rivals Place claim spread - rival - 4.90 ≥ 5 missed",
		"rivals Place claim spread - p99 of rival - 1.40 ≤ 0.3 missed",
		"pricing Cart money 12.4M/s shopspring 207.0k/s 60.00 ≥ 40 reached",
	} {
		if !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("%q is not in%s", want, got)
		}
	}
	if !strings.Contains(got, "6 goals reached, 3 missed, ") {
		t.Errorf("the sum is wrong:%s", got)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	if err := run(strings.NewReader("BenchmarkX-2 5 many ns/op\n"), &strings.Builder{}); err == nil {
		t.Error("a rate of many was read")
	}
}
