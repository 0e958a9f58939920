package redisstore

import (
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/inventory"
)

// brief says whether a request can be told briefly: it asks one location and replaces
// nothing.
func brief(q inventory.ReserveRequest) bool { return q.Replaces == "" && len(q.Locations) == 1 }

// reserving is the command that asks for reservations, all brief or none.
func (s *stockScript) reserving(requests []inventory.ReserveRequest) []any {
	switch {
	case !brief(requests[0]):
		return s.inFull(requests)
	case len(requests) == 1 && len(requests[0].Lines) == 1:
		return s.one(requests[0])
	}
	return s.many(requests)
}

// one writes the arguments of one: see 1_grant.lua.
func (s *stockScript) one(q inventory.ReserveRequest) []any {
	l := q.Lines[0]
	return append(s.begin("one", 5), q.ID, keyOf(q, l), -l.Quantity, q.TTL.Milliseconds(), record(q))
}

// together is how many ids are due as one.
const together = 32

// due is ids that expire at one time.
type due struct {
	milliseconds int64
	n            int
	ids          []byte
}

// many writes the arguments of many: see 1_grant.lua.
func (s *stockScript) many(requests []inventory.ReserveRequest) []any {
	keys, sums := wanted(requests)
	groups := expiring(requests)
	args := s.begin("many", 3+2*len(keys)+2*len(groups)+2*len(requests))
	args = append(args, len(requests), len(keys), len(groups))
	for _, key := range keys {
		args = append(args, key)
	}
	for _, sum := range sums {
		args = append(args, sum)
	}
	for _, g := range groups {
		args = append(args, g.milliseconds, g.ids)
	}
	for i := range requests {
		args = append(args, requests[i].ID)
	}
	for i := range requests {
		args = append(args, record(requests[i]))
	}
	return args
}

// wanted is how many pieces of each key requests want in all.
func wanted(requests []inventory.ReserveRequest) (keys []string, sums []int64) {
	places := map[inventory.Key]int{}
	for i := range requests {
		q := &requests[i]
		for _, l := range q.Lines {
			key := l.Item.At(q.Locations[0])
			at, ok := places[key]
			if !ok {
				at = len(keys)
				places[key] = at
				keys, sums = append(keys, key.String()), append(sums, 0)
			}
			sums[at] += l.Quantity
		}
	}
	return keys, sums
}

// expiring puts ids together that expire at one time.
func expiring(requests []inventory.ReserveRequest) []due {
	var groups []due
	open := map[int64]int{} // by milliseconds, the group that has room
	for i := range requests {
		ms := requests[i].TTL.Milliseconds()
		at, ok := open[ms]
		if !ok || groups[at].n == together {
			at = len(groups)
			open[ms] = at
			groups = append(groups, due{milliseconds: ms})
		}
		g := &groups[at]
		if g.n > 0 {
			g.ids = append(g.ids, ' ')
		}
		g.n, g.ids = g.n+1, append(g.ids, requests[i].ID...)
	}
	return groups
}

func keyOf(q inventory.ReserveRequest, l inventory.Line) string {
	return l.Item.At(q.Locations[0]).String()
}

// record is the part of a reservation's record that the request decides, for one
// that gets all lines from its one location.
func record(q inventory.ReserveRequest) string {
	var b strings.Builder
	var number [20]byte
	b.Grow(16 + 48*len(q.Lines) + len(q.Owner))
	b.Write(strconv.AppendInt(number[:0], q.TTL.Milliseconds(), 10))
	b.WriteString(" 0")
	for _, l := range q.Lines {
		b.WriteByte(' ')
		b.WriteString(string(l.Item))
		b.WriteByte('@')
		b.WriteString(string(q.Locations[0]))
		b.WriteByte(' ')
		b.Write(strconv.AppendInt(number[:0], l.Quantity, 10))
	}
	b.WriteByte('\n')
	b.WriteString(q.Owner)
	return b.String()
}

// inFull writes the arguments of reserve: see 3_reserve.lua.
func (s *stockScript) inFull(requests []inventory.ReserveRequest) []any {
	args := append(s.begin("reserve", 12*len(requests)), len(requests))
	for _, q := range requests {
		split := "0"
		if q.Split == inventory.SplitAllowed {
			split = "1"
		}
		args = append(args, q.ID, q.TTL.Milliseconds(), q.Owner, q.Replaces, split, len(q.Locations))
		for _, l := range q.Locations {
			args = append(args, string(l))
		}
		args = append(args, len(q.Lines))
		for _, l := range q.Lines {
			args = append(args, string(l.Item), l.Quantity)
		}
	}
	return args
}
