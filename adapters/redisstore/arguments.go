package redisstore

import (
	"slices"
	"strconv"

	"github.com/ankkor/ankkor/inventory"
)

// arguments are what the script is told of requests. Those that ask one location
// and replace nothing are told briefly, each key once.
func arguments(requests []inventory.ReserveRequest) (operation string, args []any) {
	if slices.ContainsFunc(requests, func(q inventory.ReserveRequest) bool { return q.Replaces != "" || len(q.Locations) != 1 }) {
		return "reserve", inFull(requests)
	}
	return "grant", inBrief(requests)
}

// inBrief writes the arguments of grant: see stock.lua.
func inBrief(requests []inventory.ReserveRequest) []any {
	lines := 0
	for _, q := range requests {
		lines += len(q.Lines)
	}
	places := make(map[inventory.Key]string, lines)
	args := make([]any, 2, 2+3*lines+4*len(requests))
	for _, q := range requests {
		for _, l := range q.Lines {
			key := l.Item.At(q.Locations[0])
			if _, ok := places[key]; !ok {
				args = append(args, key.String())
				places[key] = strconv.Itoa(len(places) + 1)
			}
		}
	}
	args[0], args[1] = len(requests), len(places)
	for _, q := range requests {
		args = append(args, q.ID, q.TTL.Milliseconds(), record(q), len(q.Lines))
		for _, l := range q.Lines {
			args = append(args, places[l.Item.At(q.Locations[0])], l.Quantity)
		}
	}
	return args
}

// fingerprintLen is how much of a fingerprint is kept: 128 bits.
const fingerprintLen = 32

// record is the part of a reservation's record that the request decides, for one
// that gets all lines from its one location.
func record(q inventory.ReserveRequest) []byte {
	b := make([]byte, 0, fingerprintLen+48*len(q.Lines)+len(q.Owner))
	b = append(b, q.Fingerprint()[:fingerprintLen]...)
	for i, l := range q.Lines {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(append(append(b, l.Item...), '@'), q.Locations[0]...)
		b = strconv.AppendInt(append(b, ' '), l.Quantity, 10)
	}
	return append(append(b, '\n'), q.Owner...)
}

// inFull writes the arguments of reserve: see stock.lua.
func inFull(requests []inventory.ReserveRequest) []any {
	args := make([]any, 1, 1+12*len(requests))
	args[0] = len(requests)
	for _, q := range requests {
		split := "0"
		if q.Split == inventory.SplitAllowed {
			split = "1"
		}
		args = append(args, q.ID, q.TTL.Milliseconds(), q.Fingerprint()[:fingerprintLen], q.Owner, q.Replaces, split, len(q.Locations))
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
