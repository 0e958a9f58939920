package crash

import "iter"

// Single is one spoiled call.
type Single struct {
	At   int // from 1
	Name string
	Plan Plan
}

// Singles are the plans that spoil one point of a sound trial in every mode that makes sense. Who is killed is told of
// twice: with shoppers who press again, and with such as never come back. Thrifty leaves out what ends like another trial;
// so it does where nobody waits for the call.
func Singles(sound Outcome, thrifty bool) iter.Seq[Single] {
	return func(yield func(Single) bool) {
		for i, name := range sound.Names {
			for _, mode := range Modes() {
				if leftOut(sound, i, mode, thrifty) != "" {
					continue
				}
				for _, patient := range patience(mode, !thrifty || sound.Pressed[i]) {
					if !yield(Single{i + 1, name, Plan{Spoil: map[int]Mode{i + 1: mode}, Patient: patient}}) {
						return
					}
				}
			}
		}
	}
}

// patience says which kinds of shoppers a mode is tried on.
func patience(mode Mode, pressed bool) []bool {
	if mode.Kills() && pressed {
		return []bool{true, false}
	}
	return []bool{true}
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

// LeftOut counts, by reason, the singles that a sound trial does not have.
func LeftOut(sound Outcome, thrifty bool) map[string]int {
	count := map[string]int{}
	for i := range sound.Names {
		for _, mode := range Modes() {
			if why := leftOut(sound, i, mode, thrifty); why != "" {
				count[why]++
			}
		}
	}
	return count
}

// leftOut says why a point is not spoiled in a mode; "" where it is.
func leftOut(sound Outcome, i int, mode Mode, thrifty bool) string {
	m := Methods()[sound.Names[i]]
	if why, ok := m.Suffers(mode); !ok {
		return why
	}
	if why, same := m.Alike(mode); same && thrifty {
		return why
	}
	if thrifty && i < sound.Shared {
		return "up to here the story is the first one, in which it is spoiled"
	}
	return ""
}
