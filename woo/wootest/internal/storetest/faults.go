package storetest

import (
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// Arm arms faults of a store.
func Arm(t *testing.T, s *wootest.Store, faults ...wootest.Fault) {
	t.Helper()
	if err := s.Faults().Arm(faults...); err != nil {
		t.Fatal(err)
	}
}
