package table

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"strings"
)

// Encode packs entries, which are in ascending order of their PINs. The same entries always give the same bytes.
//
// Packed are, compressed with gzip and every number a uvarint: the names, each behind its length; the areas, each as a
// list of districts and a list of states (a length, then indices of names); the steps from one PIN to the next; and for
// each PIN its area, doubled, plus one where no office delivers.
func Encode(entries []Entry) ([]byte, error) {
	if err := check(entries); err != nil {
		return nil, err
	}
	p := packer{names: map[string]uint64{}, areas: map[string]uint64{}}
	steps, places := p.pack(entries)
	plain := binary.AppendUvarint(nil, uint64(len(p.names)))
	plain = append(plain, p.nameBytes...)
	plain = binary.AppendUvarint(plain, uint64(len(p.areas)))
	plain = append(plain, p.areaBytes...)
	plain = binary.AppendUvarint(plain, uint64(len(entries)))
	plain = append(append(plain, steps...), places...)
	if len(plain) > maxPlain {
		return nil, fmt.Errorf("table: %d bytes before compression, want at most %d", len(plain), maxPlain)
	}
	return compress(plain)
}

// packer numbers names and areas in the order in which they are first met.
type packer struct {
	names, areas         map[string]uint64
	nameBytes, areaBytes []byte
}

func (p *packer) pack(entries []Entry) (steps, places []byte) {
	previous := uint32(first)
	for _, e := range entries {
		steps = binary.AppendUvarint(steps, uint64(e.PIN-previous))
		previous = e.PIN
		place := 2 * p.area(e)
		if !e.Deliverable {
			place++
		}
		places = binary.AppendUvarint(places, place)
	}
	return steps, places
}

func (p *packer) area(e Entry) uint64 {
	key := strings.Join(e.Districts, "\n") + "\n\n" + strings.Join(e.States, "\n")
	if number, ok := p.areas[key]; ok {
		return number
	}
	for _, list := range [][]string{e.Districts, e.States} {
		numbers := binary.AppendUvarint(nil, uint64(len(list)))
		for _, name := range list {
			numbers = binary.AppendUvarint(numbers, p.name(name))
		}
		p.areaBytes = append(p.areaBytes, numbers...)
	}
	p.areas[key] = uint64(len(p.areas))
	return p.areas[key]
}

func (p *packer) name(name string) uint64 {
	if number, ok := p.names[name]; ok {
		return number
	}
	p.nameBytes = append(binary.AppendUvarint(p.nameBytes, uint64(len(name))), name...)
	p.names[name] = uint64(len(p.names))
	return p.names[name]
}

func compress(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
