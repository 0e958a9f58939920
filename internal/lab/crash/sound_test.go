package crash_test

import (
	"slices"
	"testing"

	"github.com/ankkor/ankkor/internal/lab/crash"
)

// TestSound tells every story with nothing spoiled.
func TestSound(t *testing.T) {
	for _, s := range crash.Stories() {
		t.Run(s.Name, func(t *testing.T) {
			out := sound(t, func(p crash.Plan) crash.Outcome { return inMemory(t, s, p) })
			t.Logf("%d points, %d of them its recovery's", len(out.Names), len(out.Names)-out.Told)
		})
	}
}

// TestNobodyWaits: a kill beside a call that nobody waits for ends alike whether shoppers press again or never come back,
// which is why a thrifty run tells it once.
func TestNobodyWaits(t *testing.T) {
	told := 0
	for _, s := range crash.Stories() {
		base, done := sound(t, func(p crash.Plan) crash.Outcome { return inMemory(t, s, p) }), 0
		for i, pressed := range base.Pressed {
			if pressed || base.Names[i] == "Verifier.VerifyPayment" || s.Name == "both at once" && i < base.Told {
				continue // two processes that take turns need not call in one order
			}
			if done++; done%5 != 1 {
				continue
			}
			told++
			plan := crash.Plan{Spoil: map[int]crash.Mode{i + 1: crash.KillAfter}}
			never := inMemory(t, s, plan)
			plan.Patient = true
			if again := inMemory(t, s, plan); !slices.Equal(again.Names, never.Names) {
				t.Errorf("%s, point %d %s: people who press again make a difference", s.Name, i+1, base.Names[i])
			}
		}
	}
	if told < 20 {
		t.Errorf("only %d kills were compared", told)
	}
}
