package wp_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// TestObjectKeepsItsOrder through JSON and back, nested objects too.
func TestObjectKeepsItsOrder(t *testing.T) {
	const text = `{"z":1,"a":{"y":[3,2],"b":null},"m":"₹","a2":{}}`
	o, err := wp.DecodeObject([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := wp.PlainJSON(o)
	if err != nil || string(got) != text {
		t.Errorf("%s, %v", got, err)
	}
	if got, err := wp.PlainJSON(o.With("last", 1.50)); err != nil || string(got) != text[:len(text)-1]+`,"last":1.5}` {
		t.Errorf("%s, %v", got, err)
	}
}

func TestDecodeObjectRefuses(t *testing.T) {
	for _, text := range []string{``, `{`, `{"a"}`, `{"a":}`, `{"a":1`} {
		if o, err := wp.DecodeObject([]byte(text)); err == nil {
			t.Errorf("%q is %v", text, o)
		}
	}
}

// TestFilterFields applies _fields as WordPress does.
func TestFilterFields(t *testing.T) {
	o := wp.Object{
		{"id", 16}, {"name", "Mug"}, {"billing", wp.Object{{"city", "Pune"}, {"email", "a@b.example"}}}, {"list", []int{1}},
	}
	tests := map[string]struct {
		fields []string
		want   string
	}{
		"none named":            {nil, `{"id":16,"name":"Mug","billing":{"city":"Pune","email":"a@b.example"},"list":[1]}`},
		"the object's order":    {[]string{"name", "id"}, `{"id":16,"name":"Mug"}`},
		"spaces around":         {[]string{" id "}, `{"id":16}`},
		"a member of a member":  {[]string{"billing.email"}, `{"billing":{"email":"a@b.example"}}`},
		"two of them":           {[]string{"billing.email", "billing.city"}, `{"billing":{"city":"Pune","email":"a@b.example"}}`},
		"the whole beats":       {[]string{"billing.email", "billing"}, `{"billing":{"city":"Pune","email":"a@b.example"}}`},
		"unknown":               {[]string{"price"}, `{}`},
		"below what is a value": {[]string{"name.first"}, `{}`},
		"below a list":          {[]string{"list.0"}, `{}`},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := wp.PlainJSON(wp.FilterFields(o, c.fields))
			if err != nil || string(got) != c.want {
				t.Errorf("%s, %v, want %s", got, err, c.want)
			}
		})
	}
}

// TestRaw reads the members of a JSON body, which are what the sender made of them.
func TestRaw(t *testing.T) {
	tests := map[string]struct {
		text    string
		whole   int64
		decimal string
	}{
		`"12"`: {"12", 12, "12"}, `12`: {"12", 12, "12"}, `12.5`: {"12.5", 12, "12.5"}, `"-3.1234567"`: {"-3.1234567", -3, "-3.123457"},
		`null`: {"", 0, "0"}, `""`: {"", 0, "0"}, `"abc"`: {"abc", 0, "0"}, `true`: {"true", 0, "0"}, `" 7 "`: {" 7 ", 0, "7"},
		`"1e30"`: {"1e30", 0, "0"}, `"00000000000000000000000000000000000000001"`: {"00000000000000000000000000000000000000001", 1, "0"},
	}
	for raw, want := range tests {
		text, decimal := wp.TextOf(json.RawMessage(raw)), wp.DecimalOf(json.RawMessage(raw)).String()
		if raw != `"1e30"` && wp.IntOf(json.RawMessage(raw)) != want.whole {
			t.Errorf("IntOf(%s) is %d", raw, wp.IntOf(json.RawMessage(raw)))
		}
		if text != want.text || decimal != want.decimal {
			t.Errorf("%s is %q and %s, want %q and %s", raw, text, decimal, want.text, want.decimal)
		}
	}
}

// TestDecimal refuses what arithmetic would take for ever with.
func TestDecimal(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "499.00": true, "-1": true, "1e3": true, "": false, "x": false, "1e20": false, "1e-30": false, "1e999999999": false,
		"1234567890123456789012345678901": false,
	} {
		if _, ok := wp.Decimal(text); ok != want {
			t.Errorf("Decimal(%q) is taken: %v", text, ok)
		}
	}
}

// TestRandom: two are never alike, and each has the length and the letters asked for.
func TestRandom(t *testing.T) {
	a, b := wp.RandomText(24), wp.RandomText(24)
	if len(a) != 24 || a == b || wp.SanitizeTitle(a) == "" || len(wp.RandomBytes(7)) != 7 || cmp.Equal(wp.RandomBytes(16), wp.RandomBytes(16)) {
		t.Errorf("%q and %q", a, b)
	}
}

// FuzzParseQuery: whatever a shopper's browser sends, it is read within bounds and can be
// answered.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"a=1&b[]=2&b[]=3", "a[0][b]=1&a[0][c]=2", "a[b][c][d][e][f][g][h][i]=1", "%zz=1", "a[=1", "]=1", "a[x]=1&a=2", "a=1&a[x]=2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if _, err := wp.JSON(wp.ParseQuery(query)); err != nil {
			t.Errorf("%q: %v", query, err)
		}
	})
}

// FuzzObject: what was decoded is encoded again to the same JSON value.
func FuzzObject(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"z":{"a":[{"b":"\u20b9"}]},"a":"<b>"}`, `{"a":1,"a":2}`, `{"":null}`, `[]`, `{"a":1e999}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o, err := wp.DecodeObject([]byte(text))
		if err != nil || !json.Valid([]byte(text)) {
			return
		}
		raw, err := wp.JSON(o)
		if err != nil || !json.Valid(raw) {
			t.Errorf("%q becomes %s, %v", text, raw, err)
		}
	})
}
