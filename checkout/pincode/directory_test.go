package pincode_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/pincode"
)

func newDirectory(t testing.TB) *pincode.Directory {
	t.Helper()
	d, err := pincode.New()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPincode(t *testing.T) {
	tests := []struct {
		name      string
		pin       string
		districts string // joined by "|"
		states    string
	}{
		{"Delhi", "110001", "New Delhi", "DL"},
		{"Mumbai", "400001", "Mumbai", "MH"},
		{"with a space in the middle", "400 001", "Mumbai", "MH"},
		{"Bengaluru", "560001", "Bengaluru Urban", "KA"},
		{"Odisha is OD", "751001", "Khordha", "OD"},
		{"Telangana is TS", "500001", "Hyderabad", "TS"},
		{"Uttarakhand is UK", "248001", "Dehradun", "UK"},
		{"Chhattisgarh is CT", "492001", "Raipur", "CT"},
		{"Ladakh", "194101", "Leh Ladakh", "LA"},
		{"Andaman", "744101", "South Andamans", "AN"},
		{"Lakshadweep inside Kerala's numbers", "682553", "Lakshadweep District", "LD"},
		{"Mahe inside Kerala's numbers", "673310", "Mahe", "PY"},
		{"Mohali inside Chandigarh's numbers", "160055", "S.A.S Nagar", "PB"},
		{"Chandigarh", "160017", "Chandigarh", "CH"},
		{"Daman is DD", "396210", "Daman", "DD"},
		{"Diu is DD", "362520", "Diu", "DD"},
		{"two districts", "813208", "Godda|Sahebganj", "JH"},
		{"two states: Delhi and UP", "110025", "South East|Budaun", "DL|UP"},
		{"two states: Puducherry and Tamil Nadu", "605007", "Pondicherry|Cuddalore", "PY|TN"},
		{"two states: Gujarat and Dadra", "396193", "Valsad|Dadra And Nagar Haveli", "GJ|DN"},
		{"two states: Daman and Gujarat", "396215", "Daman|Valsad", "DD|GJ"},
		{"two states: Andhra and Yanam", "533464", "Kakinada|Konaseema", "AP|PY"},
		{"two states: UP and Uttarakhand", "247662", "Saharanpur|Haridwar", "UP|UK"},
		{"no state told, the prefix has one", "403522", "", "GA"},
		{"no state told, the prefix has two", "605012", "", ""},
		{"filed as Raipur, lies in Bikaner", "334002", "", "RJ"},
		{"filed as Kozhikode, lies in Thanjavur", "612906", "", "TN"},
		{"filed as Nirmal, lies in Agartala", "799001", "", "TR"},
		{"an office of Mulugu in Ajmer", "305402", "Ajmer", "RJ"},
		{"an office of Vizianagaram in Kamareddy", "503145", "Kamareddy", "TS"},
		{"army", "900056", "", ""},
		{"army, sorted in Kolkata", "900099", "", ""},
	}
	d := newDirectory(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := d.Pincode(t.Context(), test.pin)
			if err != nil {
				t.Fatal(err)
			}
			want := checkout.Pincode{
				PIN: strings.ReplaceAll(test.pin, " ", ""), Districts: list(test.districts), States: list(test.states), Deliverable: true,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func list(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined, "|")
}

// A PIN that no list has is not refused: the caller is told that it is not known, and nothing else.
func TestUnknownPincode(t *testing.T) {
	d := newDirectory(t)
	for _, pin := range []string{"999999", "100000", "111111", "990001", "634001", "110 000"} {
		got, err := d.Pincode(t.Context(), pin)
		if !errors.Is(err, checkout.ErrUnknownPincode) || errors.Is(err, checkout.ErrInvalid) || !cmp.Equal(got, checkout.Pincode{}) {
			t.Errorf("%s: %+v, %v; want ErrUnknownPincode", pin, got, err)
		}
	}
}

func TestMalformedPincode(t *testing.T) {
	d := newDirectory(t)
	for _, pin := range []string{
		"", "0", "00000", "000001", "011001", "11000", "1100011", "40000a", "4000 01", "400  001", " 400001", "400001 ", "400-001",
		"400\u00a0001", "४००००१", "+400001", "4e5", "0x61a81", "40000\x00", "-40001", strings.Repeat("4", 1<<20),
	} {
		_, err := d.Pincode(t.Context(), pin)
		var invalid *checkout.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != "postcode" || errors.Is(err, checkout.ErrUnknownPincode) {
			t.Errorf("%.20q: %v, want an InvalidError for the postcode", pin, err)
		}
		if err != nil && len(err.Error()) > 200 {
			t.Errorf("%.20q: the error repeats what was given", pin)
		}
	}
}

func TestPincodeHonoursContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newDirectory(t).Pincode(ctx, "400001"); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
}

// What one caller does to an answer, the next does not see; and many ask at once.
func TestAnswersAreCopies(t *testing.T) {
	d := newDirectory(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				p, err := d.Pincode(t.Context(), "110025")
				if err != nil || p.States[0] != "DL" || p.Districts[0] != "South East" {
					t.Errorf("%+v, %v", p, err)
					return
				}
				p.States[0], p.Districts[0] = "XX", "changed"
			}
		})
	}
	wg.Wait()
}

// The whole directory, counted: what the generator must come to again from the same snapshot.
func TestWholeDirectory(t *testing.T) {
	d := newDirectory(t)
	var known, delivering, stateless, twoStates int
	states := map[string]int{}
	for n := 100_000; n <= 999_999; n++ {
		p, err := d.Pincode(t.Context(), itoa(n))
		if err != nil {
			continue
		}
		known++
		if p.Deliverable {
			delivering++
		}
		switch len(p.States) {
		case 0:
			stateless++
		case 2:
			twoStates++
		}
		for _, s := range p.States {
			states[s]++
		}
	}
	if known != 19586 || d.Len() != known || known-delivering != 23 {
		t.Errorf("%d PINs are known, %d of them without delivery; want 19586 and 23", known, known-delivering)
	}
	if stateless != 5 || twoStates != 29 { // 605012, 682053, 781041 and two of the army; 52 less 23 slips
		t.Errorf("%d PINs have no state and %d have two, want 5 and 29", stateless, twoStates)
	}
	if len(states) != 37 {
		t.Errorf("%d of WooCommerce's 37 states: %v", len(states), states)
	}
	for _, unwanted := range []string{"OR", "CG", "TG", "UT", "UA", "DH", ""} {
		if states[unwanted] != 0 {
			t.Errorf("the code %q is used", unwanted)
		}
	}
}

func itoa(n int) string {
	var digits [6]byte
	for i := 5; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return string(digits[:])
}

// FuzzPincode looks for a text that is taken for a PIN without being one, or that panics.
func FuzzPincode(f *testing.F) {
	for _, pin := range []string{"400001", "400 001", "110025", "999999", "000000", "", "४००००१", "4e5", "1234567", "\x00\xff"} {
		f.Add(pin)
	}
	d := newDirectory(f)
	f.Fuzz(func(t *testing.T, pin string) {
		got, err := d.Pincode(context.Background(), pin)
		digits := strings.Replace(pin, " ", "", 1)
		formed := len(digits) == 6 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
		switch {
		case err == nil:
			if !formed || got.PIN != digits {
				t.Errorf("%q is taken for %q", pin, got.PIN)
			}
		case errors.Is(err, checkout.ErrUnknownPincode):
			if !formed {
				t.Errorf("%q is unknown, not malformed", pin)
			}
		case !errors.Is(err, checkout.ErrInvalid):
			t.Errorf("%q: %v", pin, err)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := pincode.New(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPincode(b *testing.B) {
	d := newDirectory(b)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Pincode(ctx, "560001"); err != nil {
			b.Fatal(err)
		}
	}
}
