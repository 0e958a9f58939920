package testenv_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// lines joins events to a stream.
func lines(events ...string) string { return strings.Join(events, "\n") + "\n" }

func TestTally(t *testing.T) {
	tests := []struct {
		name   string
		stream string
		want   string
		ok     bool
	}{
		{
			name: "tests and subtests that pass show the package's line only",
			stream: lines(
				`{"Action":"run","Package":"p","Test":"TestA"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}`,
				`{"Action":"pass","Package":"p","Test":"TestA/sub"}`,
				`{"Action":"pass","Package":"p","Test":"TestA"}`,
				`{"Action":"output","Package":"p","Output":"PASS\n"}`,
				`{"Action":"output","Package":"p","Output":"ok  \tp\t0.01s\n"}`,
				`{"Action":"pass","Package":"p","Elapsed":0.01}`),
			want: "ok  \tp\t0.01s\n2 passed, 0 failed, 0 skipped\n",
			ok:   true,
		},
		{
			name: "a failed test shows what it printed, and is named at the end",
			stream: lines(
				`{"Action":"pass","Package":"p","Test":"TestA"}`,
				`{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:7: got 1, want 2\n"}`,
				`{"Action":"fail","Package":"p","Test":"TestB"}`,
				`{"Action":"output","Package":"p","Output":"FAIL\tp\t0.01s\n"}`,
				`{"Action":"fail","Package":"p"}`),
			want: "\np.TestB failed:\n    b_test.go:7: got 1, want 2\n\nFAIL\tp\t0.01s\n" +
				"\nfailed:\n  p.TestB\n\n1 passed, 1 failed, 0 skipped\n",
		},
		{
			name: "a skipped test says why",
			stream: lines(
				`{"Action":"pass","Package":"p","Test":"TestA"}`,
				`{"Action":"output","Package":"p","Test":"TestS","Output":"=== RUN   TestS\n"}`,
				`{"Action":"output","Package":"p","Test":"TestS","Output":"    s_test.go:9: needs a Redis\n"}`,
				`{"Action":"output","Package":"p","Test":"TestS","Output":"--- SKIP: TestS (0.00s)\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestS"}`,
				`{"Action":"pass","Package":"p"}`),
			want: "\nskipped:\n  p.TestS: s_test.go:9: needs a Redis\n\n1 passed, 0 failed, 1 skipped\n",
			ok:   true,
		},
		{
			name: "tests of a package that were skipped for one reason share a line",
			stream: lines(
				`{"Action":"output","Package":"p","Test":"TestR","Output":"    s_test.go:9: needs a Redis\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestR"}`,
				`{"Action":"skip","Package":"p","Test":"TestMute"}`,
				`{"Action":"output","Package":"p","Test":"TestS","Output":"    s_test.go:9: needs a Redis\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestS"}`,
				`{"Action":"pass","Package":"p","Test":"TestA"}`,
				`{"Action":"pass","Package":"p"}`),
			want: "\nskipped:\n  p.TestR and 1 more: s_test.go:9: needs a Redis\n  p.TestMute: it does not say why\n\n" +
				"1 passed, 0 failed, 3 skipped\n",
			ok: true,
		},
		{
			name: "a package that does not build is a failure, with the compiler's words",
			stream: lines(
				`{"ImportPath":"p","Action":"build-output","Output":"p/a.go:3:1: syntax error\n"}`,
				`{"ImportPath":"p","Action":"build-fail"}`,
				`{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}`,
				`{"Action":"fail","Package":"p","FailedBuild":"p"}`),
			want: "p/a.go:3:1: syntax error\nFAIL\tp [build failed]\n" +
				"\nfailed:\n  p\n\n0 passed, 1 failed, 0 skipped\n",
		},
		{
			name: "a crash shows what the test that was running had printed",
			stream: lines(
				`{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}`,
				`{"Action":"output","Package":"p","Output":"exit status 2\n"}`,
				`{"Action":"fail","Package":"p"}`),
			want: "\np failed:\nexit status 2\npanic: boom\n\n\nfailed:\n  p\n\n0 passed, 1 failed, 0 skipped\n",
		},
		{
			name:   "what is no event is passed on",
			stream: "go: downloading x\n" + lines(`{"Action":"pass","Package":"p","Test":"TestA"}`),
			want:   "go: downloading x\n1 passed, 0 failed, 0 skipped\n",
			ok:     true,
		},
		{
			name:   "a package without tests counts nothing, and a run without tests fails",
			stream: lines(`{"Action":"skip","Package":"p"}`),
			want:   "\ntestenv failed:\nno test ran\n\n\nfailed:\n  testenv\n\n0 passed, 1 failed, 0 skipped\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, size := range []int{1, 7, len(tt.stream)} {
				var out strings.Builder
				tally := testenv.NewTally(&out)
				writeIn(t, tally, tt.stream, size)
				if ok := tally.Close(); ok != tt.ok {
					t.Errorf("written %d bytes at a time: Close() = %v, want %v", size, ok, tt.ok)
				}
				if diff := cmp.Diff(tt.want, out.String()); diff != "" {
					t.Errorf("written %d bytes at a time (-want +got):\n%s", size, diff)
				}
			}
		})
	}
}

// writeIn writes the stream in pieces of the given size, as a pipe may cut it.
func writeIn(t *testing.T, tally *testenv.Tally, stream string, size int) {
	t.Helper()
	for len(stream) > 0 {
		n := min(size, len(stream))
		if got, err := tally.Write([]byte(stream[:n])); got != n || err != nil {
			t.Fatalf("Write = %d, %v; want %d", got, err, n)
		}
		stream = stream[n:]
	}
}

func TestTallyBlame(t *testing.T) {
	var out strings.Builder
	tally := testenv.NewTally(&out)
	writeIn(t, tally, lines(`{"Action":"pass","Package":"p","Test":"TestA"}`), 100)
	tally.Blame("postgres", errors.New("ended by itself"))
	if tally.Failed() != 1 {
		t.Errorf("Failed() = %d, want 1", tally.Failed())
	}
	if tally.Close() || !strings.HasSuffix(out.String(), "1 passed, 1 failed, 0 skipped\n") {
		t.Errorf("closed with:\n%s", out.String())
	}
}
