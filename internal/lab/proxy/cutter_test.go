package proxy_test

import (
	"errors"
	"io"
	"testing"

	"github.com/ankkor/ankkor/internal/lab/proxy"
)

// TestCutter: a reply is cut at the byte that was named, in whatever pieces it comes, and only once.
func TestCutter(t *testing.T) {
	tests := map[string]struct {
		at     int
		pieces []string
		passes []int
		ends   proxy.End // of the last piece
		cut    bool
	}{
		"before the first byte": {0, []string{"abc"}, []int{0}, proxy.Hangup, true},
		"within a piece":        {2, []string{"abc"}, []int{2}, proxy.Hangup, true},
		"within the second":     {4, []string{"abc", "def"}, []int{3, 1}, proxy.Hangup, true},
		"between two pieces":    {3, []string{"abc", "def"}, []int{3, 0}, proxy.Hangup, true},
		"at the end":            {6, []string{"abc", "def"}, []int{3, 3}, proxy.Keep, false},
		"after the end":         {9, []string{"abc", "def"}, []int{3, 3}, proxy.Keep, false},
		"never":                 {-1, []string{"abc", "def"}, []int{3, 3}, proxy.Keep, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var c proxy.Cutter
			c.Arm(test.at)
			sum := 0
			for i, piece := range test.pieces {
				v := c.Fault([]byte(piece))
				sum += v.Pass
				if v.Pass != test.passes[i] || v.Delay != 0 || i < len(test.pieces)-1 && v.End != proxy.Keep {
					t.Errorf("piece %d: %+v, want %d bytes", i, v, test.passes[i])
				}
				if i == len(test.pieces)-1 && v.End != test.ends {
					t.Errorf("the last piece ends %d, want %d", v.End, test.ends)
				}
			}
			for range 2 {
				if passed, cut := c.Disarm(); passed != sum || cut != test.cut {
					t.Errorf("%d bytes passed, cut %v; want %d, %v", passed, cut, sum, test.cut)
				}
			}
			if v := c.Fault([]byte("later")); v != (proxy.Verdict{Pass: 5}) {
				t.Errorf("a later reply: %+v", v)
			}
		})
	}
}

// TestCutterInAProxy: one reply is cut, those before and after come whole.
func TestCutterInAProxy(t *testing.T) {
	server := newEcho(t, "a:")
	p := listen(t, server.listener.Addr().String())
	var c proxy.Cutter
	p.Spoil(c.Fault)
	for i, want := range []string{"a:hello\n", "a:h", "a:hello\n"} {
		if i == 1 {
			c.Arm(len(want))
		}
		got, err := say(t, p, "hello")
		if got != want || errors.Is(err, io.EOF) != (i == 1) {
			t.Errorf("reply %d: %q, %v; want %q", i, got, err, want)
		}
	}
}
