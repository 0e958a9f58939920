package linear

import (
	"hash/maphash"

	"github.com/anishathalye/porcupine"

	"github.com/ankkor/ankkor/inventory"
)

// state is stock as it stands between two calls. Reserved is counted, not kept.
type state struct {
	levels [Keys]Level
	held   [IDs]reservation
}

type reservation struct {
	state inventory.ReservationState // "" if there is none
	want  [Items]int64
	held  [Keys]int64
	seq   int // its age among the active ones, the oldest's being 1; else 0
	// expires is when it ends, if exact; else it ends no earlier than that.
	expires int64
	exact   bool
}

// Model explains histories that begin with these levels.
func Model(begin [Keys]Level) porcupine.Model {
	seed := maphash.MakeSeed()
	model := porcupine.NondeterministicModel{
		Init:  func() []any { return []any{state{levels: begin}} },
		Step:  func(s, call, answer any) []any { return step(s.(state), call.(Call), answer.(Answer)) },
		Equal: func(a, b any) bool { return a.(state) == b.(state) },
		Hash:  func(s any) uint64 { return maphash.Comparable(seed, s.(state)) },
		DescribeOperation: func(call, answer any) string {
			return describe(call.(Call)) + " -> " + describeAnswer(answer.(Answer))
		},
	}
	return model.ToModel()
}

// step is what the state may be after the call, given how it was answered.
func step(s state, c Call, got Answer) []any {
	if got.Outcome == Unapplied {
		return []any{s}
	}
	next, want := apply(s, c)
	if got.Outcome == Unknown || got.Outcome == Resent {
		return []any{s, next}
	}
	if !next.observe(c, &want, got) {
		return nil
	}
	return []any{next}
}

// observe compares an answer with the one expected and learns the expiry from it.
func (s *state) observe(c Call, want *Answer, got Answer) bool {
	if got.Expires != 0 {
		r := &s.held[c.ID]
		if got.Expires < r.expires || r.exact && got.Expires != r.expires {
			return false
		}
		r.expires, r.exact = got.Expires, true
	}
	want.Expires = got.Expires
	return *want == got
}

// apply does a call and says how it has to be answered, the expiry aside.
func apply(s state, c Call) (state, Answer) {
	switch c.Kind {
	case Reserve:
		return reserve(s, c)
	case Extend:
		return extend(s, c)
	case Release:
		return release(s, c)
	case Set:
		return set(s, c)
	case Conclude:
		s, told := set(s, c)
		s, _ = release(s, c)
		return s, told
	case Move:
		return move(s, c)
	}
	a := Answer{Outcome: Done, Levels: s.levels}
	for k := range a.Levels {
		a.Levels[k].Reserved = s.reserved(k)
	}
	return s, a
}

// reserved is what active reservations hold of a key.
func (s *state) reserved(k int) int64 {
	var n int64
	for _, r := range s.held {
		if r.state == inventory.Active {
			n += r.held[k]
		}
	}
	return n
}

// end makes an active reservation hold nothing. The ages of the others close up, so
// that states which will answer alike are alike: it keeps the search short.
func (s *state) end(id int, as inventory.ReservationState) {
	gone := s.held[id].seq
	s.held[id].state, s.held[id].seq = as, 0
	for i := range s.held {
		if s.held[i].seq > gone {
			s.held[i].seq--
		}
	}
}

// view is the answer that shows a reservation.
func (s *state) view(id int, o Outcome) Answer {
	return Answer{Outcome: o, State: s.held[id].state, Held: s.held[id].held}
}

func reserve(s state, c Call) (state, Answer) {
	if r := s.held[c.ID]; r.state != "" {
		switch {
		case r.want != c.Want:
			return s, Answer{Outcome: Conflict}
		case r.state != inventory.Active:
			return s, s.view(c.ID, Ended)
		}
		return s, s.view(c.ID, Done)
	}
	next := s
	if c.Replaces != None && s.held[c.Replaces].state != "" {
		if owner(c.Replaces) != owner(c.ID) {
			return s, Answer{Outcome: Conflict}
		}
		if s.held[c.Replaces].state == inventory.Active {
			next.end(c.Replaces, inventory.Replaced)
		}
	}
	held, short := next.plan(c)
	if short.Outcome == Short {
		return s, short
	}
	seq := 1
	for _, r := range next.held {
		if r.state == inventory.Active {
			seq++
		}
	}
	next.held[c.ID] = reservation{state: inventory.Active, want: c.Want, held: held, seq: seq}
	return next, next.view(c.ID, Done)
}

// plan says which place gives what: the first that has all of it, else each in turn.
func (s *state) plan(c Call) (held [Keys]int64, short Answer) {
	for item, want := range c.Want {
		if want == 0 {
			continue
		}
		var sum, most int64
		whole := -1
		for _, place := range c.Order {
			free := s.free(item*Places + place)
			sum, most = sum+free, max(most, free)
			if whole < 0 && free >= want {
				whole = item*Places + place
			}
		}
		switch {
		case whole >= 0:
			held[whole] = want
		case !c.Whole && sum >= want:
			for _, place := range c.Order {
				part := min(want, s.free(item*Places+place))
				held[item*Places+place] = part
				want -= part
			}
		default:
			short.Outcome, short.Short[item], short.Have[item] = Short, true, sum
			if c.Whole {
				short.Have[item] = most
			}
		}
	}
	return held, short
}

func (s *state) free(k int) int64 {
	return max(0, s.levels[k].OnHand-s.levels[k].Allocated-s.reserved(k))
}

func extend(s state, c Call) (state, Answer) {
	switch s.held[c.ID].state {
	case "":
		return s, Answer{Outcome: NotFound}
	case inventory.Active:
		s.held[c.ID].exact = false // later than before, or the same
		return s, s.view(c.ID, Done)
	}
	return s, s.view(c.ID, Ended)
}

func release(s state, c Call) (state, Answer) {
	if s.held[c.ID].state == "" {
		return s, Answer{Outcome: NotFound}
	}
	if s.held[c.ID].state == inventory.Active {
		s.end(c.ID, inventory.Released)
	}
	return s, s.view(c.ID, Done)
}

func set(s state, c Call) (state, Answer) {
	for k, told := range c.Told {
		old := s.levels[k]
		if !told.Set || told.Revision <= old.Revision {
			continue
		}
		next := old
		next.OnHand, next.Allocated, next.Revision = told.OnHand, told.Allocated, told.Revision
		s.put(k, next)
	}
	return s, Answer{Outcome: Done}
}

// put stores a level. If stock fell for another reason than a sale, the youngest
// reservations that it no longer covers go, but no more than stock fell.
func (s *state) put(k int, next Level) {
	old := s.levels[k]
	s.levels[k] = next
	fell := old.OnHand - next.OnHand - max(0, old.Allocated-next.Allocated)
	uncovered := s.reserved(k) + next.Allocated - next.OnHand
	for cut := min(fell, uncovered); cut > 0; {
		youngest := None
		for id, r := range s.held {
			if r.state == inventory.Active && r.held[k] > 0 && (youngest == None || r.seq > s.held[youngest].seq) {
				youngest = id
			}
		}
		if youngest == None {
			return
		}
		s.end(youngest, inventory.Voided)
		cut -= s.held[youngest].held[k]
	}
}

// move does one move of several keys, all of it or nothing.
func move(s state, c Call) (state, Answer) {
	next := s
	if c.Move == inventory.Allocate && c.ID != None && next.held[c.ID].state == inventory.Active {
		next.end(c.ID, inventory.Used)
	}
	outcome := Done
	for k, qty := range c.Quantity {
		if qty == 0 {
			continue
		}
		l, how := moved(s.levels[k], c.Move, qty)
		if how == Impossible || outcome == Done {
			outcome = how
		}
		if outcome == Impossible {
			break
		}
		l.Revision++
		next.put(k, l)
	}
	if outcome != Done {
		return s, Answer{Outcome: outcome}
	}
	a := Answer{Outcome: Done}
	for k, qty := range c.Quantity {
		if qty != 0 {
			a.Levels[k] = next.levels[k]
		}
	}
	return next, a
}

// moved is a level after a move of one kind.
func moved(l Level, kind inventory.MoveKind, qty int64) (Level, Outcome) {
	switch kind {
	case inventory.Adjust:
		l.OnHand += qty
	case inventory.Allocate:
		if l.OnHand-l.Allocated < qty {
			return l, Short
		}
		l.Allocated += qty
	case inventory.ReleaseAllocation, inventory.Confirm:
		if l.Allocated < qty {
			return l, Impossible
		}
		l.Allocated -= qty
		if kind == inventory.Confirm {
			l.OnHand -= qty
			l.Sold += qty
		}
	}
	return l, Done
}
