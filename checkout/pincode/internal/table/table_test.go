package table_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout/pincode/internal/table"
)

func sample() []table.Entry {
	return []table.Entry{
		{PIN: 100000, Districts: []string{"New Delhi"}, States: []string{"DL"}, Deliverable: true},
		{PIN: 110025, Districts: []string{"South East", "Budaun"}, States: []string{"DL", "UP"}, Deliverable: true},
		{PIN: 400001, Districts: []string{"Mumbai"}, States: []string{"MH"}, Deliverable: false},
		{PIN: 400002, Districts: []string{"Mumbai"}, States: []string{"MH"}, Deliverable: true},
		{PIN: 403522, States: []string{"GA"}, Deliverable: true},
		{PIN: 999999},
	}
}

func roundTrip(t testing.TB, entries []table.Entry) *table.Table {
	t.Helper()
	packed, err := table.Encode(entries)
	if err != nil {
		t.Fatal(err)
	}
	read, err := table.Decode(string(packed))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestRoundTrip(t *testing.T) {
	for name, entries := range map[string][]table.Entry{"sample": sample(), "empty": {}} {
		if diff := cmp.Diff(entries, roundTrip(t, entries).All()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFind(t *testing.T) {
	read := roundTrip(t, sample())
	for _, want := range sample() {
		got, found := read.Find(want.PIN)
		if !found {
			t.Errorf("%d is not found", want.PIN)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for _, pin := range []uint32{0, 1, 100001, 110024, 400003, 999998, 1 << 31} {
		if got, found := read.Find(pin); found {
			t.Errorf("%d is found: %+v", pin, got)
		}
	}
}

func TestEncodeIsStable(t *testing.T) {
	first, err := table.Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if again, err := table.Encode(sample()); err != nil || !bytes.Equal(first, again) {
			t.Fatal("the same entries give other bytes")
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, entries := range map[string][]table.Entry{
		"five digits":  {{PIN: 99999}},
		"seven digits": {{PIN: 1000000}},
		"descending":   {{PIN: 400002}, {PIN: 400001}},
		"twice":        {{PIN: 400001}, {PIN: 400001}},
		"no name":      {{PIN: 400001, Districts: []string{""}}},
		"a long name":  {{PIN: 400001, States: []string{strings.Repeat("x", 65)}}},
		"too many":     {{PIN: 400001, States: strings.Split("abcdefghi", "")}},
	} {
		if _, err := table.Encode(entries); err == nil {
			t.Errorf("%s: encoded", name)
		}
	}
	longest := []table.Entry{{PIN: 400001, Districts: []string{strings.Repeat("x", 64)}, States: strings.Split("abcdefgh", "")}}
	if diff := cmp.Diff(longest, roundTrip(t, longest).All()); diff != "" {
		t.Errorf("at the limits (-want +got):\n%s", diff)
	}
}

func zip(numbers ...uint64) string {
	var plain []byte
	for _, n := range numbers {
		plain = binary.AppendUvarint(plain, n)
	}
	return zipBytes(plain)
}

func zipBytes(plain []byte) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(plain)
	_ = w.Close()
	return out.String()
}

func TestDecodeRefusesDamage(t *testing.T) {
	good, err := table.Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"nothing":                 "",
		"no gzip":                 "pin,district,state",
		"cut":                     string(good[:len(good)-10]),
		"a bomb":                  zipBytes(make([]byte, 2<<20)),
		"no numbers":              zip(),
		"more names than bytes":   zip(1 << 40),
		"a name beyond the end":   zip(1, 60, 'x'),
		"a long name":             zipBytes(append([]byte{1, 65}, make([]byte, 80)...)),
		"more areas than bytes":   zip(0, 1<<40),
		"a name that is not":      zip(0, 1, 1, 5, 0, 0),
		"too many in a list":      zip(0, 1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
		"more PINs than bytes":    zip(0, 0, 1<<40),
		"an area that is not":     zip(0, 1, 0, 0, 1, 0, 2),
		"a PIN of seven digits":   zip(0, 1, 0, 0, 1, 900000, 0),
		"a PIN twice":             zip(0, 1, 0, 0, 2, 0, 0, 0, 0),
		"bytes left over":         zip(0, 1, 0, 0, 1, 0, 0, 7),
		"a number without an end": zipBytes([]byte{0x80}),
		"an endless number":       zipBytes(bytes.Repeat([]byte{0xff}, 20)),
	}
	for name, packed := range tests {
		if _, err := table.Decode(packed); !errors.Is(err, table.ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", name, err)
		}
	}
	if read, err := table.Decode(zip(0, 1, 0, 0, 1, 899999, 1)); err != nil || read.Len() != 1 || read.All()[0].Deliverable {
		t.Errorf("the form that the table above departs from: %v, %v", read, err)
	}
}

// FuzzDecode looks for bytes that make Decode panic, or read something that does not read the same again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 1, 0, 0})
	f.Add([]byte{1, 1, 'x', 1, 1, 0, 0, 2, 5, 6, 0, 1})
	f.Add([]byte{0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, plain []byte) {
		read, err := table.Decode(zipBytes(plain))
		if err != nil {
			return
		}
		entries := read.All()
		packed, err := table.Encode(entries)
		if err != nil {
			return // a name may be empty in a table that nobody encoded
		}
		again, err := table.Decode(string(packed))
		if err != nil || !cmp.Equal(again.All(), entries) {
			t.Errorf("%v, %v is read again as %v", entries, err, again)
		}
	})
}
