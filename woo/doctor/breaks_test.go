package doctor_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/doctor"
)

// broken is one thing that is the matter, and all that is to be found of it.
type broken struct {
	ward
	want []string
	// away says that Diagnose fails with ErrNotAsked.
	away bool
}

// try breaks one thing at a time.
func try(t *testing.T, cases map[string]broken) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := c.examine(t)
			if errors.Is(err, doctor.ErrNotAsked) != c.away || !c.away && err != nil {
				t.Errorf("error %v, want ErrNotAsked: %t", err, c.away)
			}
			whole(t, r)
			if c.away {
				checkAway(t, r, c.want)
				return
			}
			if diff := cmp.Diff(c.want, brief(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s\n%+v", diff, r.Findings)
			}
		})
	}
}

// checkAway wants the given findings, and that everything else is unchecked.
func checkAway(t *testing.T, r doctor.Report, want []string) {
	t.Helper()
	var serious []string
	for i, f := range r.Findings {
		if f.Severity != doctor.Unchecked {
			serious = append(serious, brief(r)[i])
		}
	}
	if diff := cmp.Diff(want, serious); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	for _, code := range r.Passed {
		switch code {
		case doctor.StoreReachable, doctor.StoreTLS, doctor.StoreClock, doctor.HooksAddress: // asked without an API
		default:
			t.Errorf("%s passed although nothing could be asked", code)
		}
	}
}

// file is a ward with one file of the store's data changed.
func file(name string, changes ...string) ward {
	return ward{files: map[string][]string{name: changes}}
}

// seen is a ward whose answers are changed on the way.
func seen(front func(*http.Request, *http.Response)) ward { return ward{front: front} }

func asked(change func(*doctor.Options)) ward { return ward{ask: change} }

// drop leaves out what is about a code.
func drop(list []string, code string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.Contains(s, " "+code) })
}

func insert(list []string, at int, more string) []string {
	return slices.Insert(slices.Clone(list), at, more)
}
