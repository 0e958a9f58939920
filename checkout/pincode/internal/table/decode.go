package table

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrDamaged says that what was to be decoded is not what Encode made.
var ErrDamaged = errors.New("table: damaged")

// Decode unpacks what Encode packed. Anything else is ErrDamaged; no input makes it panic or take much memory.
func Decode(packed string) (*Table, error) {
	plain, err := decompress(packed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	r := reader{rest: plain}
	names := r.names()
	t := &Table{all: r.areas(names)}
	t.pins, t.areas = r.pins(len(t.all))
	if r.bad || len(r.rest) != 0 {
		return nil, ErrDamaged
	}
	return t, nil
}

func decompress(packed string) ([]byte, error) {
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxPlain+1))
	if err != nil {
		return nil, err
	}
	if len(plain) > maxPlain {
		return nil, errors.New("too long")
	}
	return plain, nil
}

// reader takes numbers and texts off the front. After the first that is not there everything reads as nothing.
type reader struct {
	rest []byte
	bad  bool
}

// number reads one that is below limit.
func (r *reader) number(limit int) int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n >= uint64(max(limit, 0)) {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

// count reads how many things follow, each of which takes at least a byte.
func (r *reader) count() int { return r.number(len(r.rest)) }

func (r *reader) names() []string {
	names := make([]string, r.count())
	for i := range names {
		size := r.number(min(maxName, len(r.rest)-1) + 1)
		names[i] = string(r.rest[:size])
		r.rest = r.rest[size:]
	}
	return names
}

func (r *reader) areas(names []string) []area {
	areas := make([]area, r.count())
	for i := range areas {
		areas[i] = area{districts: r.list(names), states: r.list(names)}
	}
	return areas
}

func (r *reader) list(names []string) []string {
	var list []string
	for range r.number(maxListed + 1) {
		if i := r.number(len(names)); !r.bad {
			list = append(list, names[i])
		}
	}
	return list
}

func (r *reader) pins(areas int) (pins, places []uint32) {
	count := r.number(len(r.rest) + 1)
	pins, places = make([]uint32, count), make([]uint32, count)
	pin := first
	for i := range pins {
		step := r.number(last - pin + 1)
		r.bad = r.bad || i > 0 && step == 0
		pin += step
		pins[i] = uint32(pin)
	}
	for i := range places {
		places[i] = uint32(r.number(2 * areas))
	}
	return pins, places
}
