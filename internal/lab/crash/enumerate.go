package crash

import (
	"iter"
)

// Single is one spoiled call.
type Single struct {
	At   int // from 1
	Name string
	Plan Plan
}

// Singles are the plans that spoil one of these points in every mode that makes sense. Who is killed is told of twice:
// with shoppers who press again, and with such as never come back. Thrifty leaves out what ends like another trial.
func Singles(names []string, thrifty bool) iter.Seq[Single] {
	methods := Methods()
	return func(yield func(Single) bool) {
		for i, name := range names {
			for _, mode := range Modes() {
				if _, ok := methods[name].Suffers(mode); !ok {
					continue
				}
				if _, same := methods[name].Alike(mode); same && thrifty {
					continue
				}
				for _, patient := range patience(mode, thrifty) {
					if !yield(Single{i + 1, name, Plan{Spoil: map[int]Mode{i + 1: mode}, Patient: patient}}) {
						return
					}
				}
			}
		}
	}
}

// patience says which kinds of shoppers a mode is tried on.
func patience(mode Mode, thrifty bool) []bool {
	switch {
	case !mode.Kills():
		return []bool{true}
	case thrifty:
		return []bool{mode == KillAfter}
	}
	return []bool{true, false}
}

// And is the plan with another call spoiled too, in every mode that makes sense and ends like no other. The names are
// those of a trial with the plan as it is.
func (p Plan) And(names []string, modes ...Mode) iter.Seq[Plan] {
	methods, last := Methods(), 0
	for at := range p.Spoil {
		last = max(last, at)
	}
	return func(yield func(Plan) bool) {
		for i := last; i < len(names); i++ {
			for _, mode := range modes {
				if _, ok := methods[names[i]].Suffers(mode); !ok {
					continue
				}
				if _, same := methods[names[i]].Alike(mode); same {
					continue
				}
				next := Plan{Spoil: map[int]Mode{i + 1: mode}, Patient: p.Patient}
				for at, m := range p.Spoil {
					next.Spoil[at] = m
				}
				if !yield(next) {
					return
				}
			}
		}
	}
}

// LeftOut counts, by reason, the singles that these points do not have.
func LeftOut(names []string, thrifty bool) map[string]int {
	methods, count := Methods(), map[string]int{}
	for _, name := range names {
		for _, mode := range Modes() {
			if why, ok := methods[name].Suffers(mode); !ok {
				count[why]++
			} else if why, same := methods[name].Alike(mode); same && thrifty {
				count[why]++
			}
		}
	}
	return count
}
