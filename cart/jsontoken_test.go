package cart_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/cart"
)

// FuzzTokens holds our reading of valid JSON against json.Decoder's.
func FuzzTokens(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `null`, `true`, ` false `, `""`, `-0.5e+10`, `0`, `[1,2 , 3]`, `{"a":{"b":[null,true,"x"]},"c":-1}`,
		`"\ud83d"`, `"\ud83d\ude00\\"`, `{"quantit\u0079":"\"}, {"}`, "\t{ \"a\" :\r\n[ ] , \"b\" : 1.0E-2 }\n", `[[],{}]`, `"é, :"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !utf8.Valid(text) || !json.Valid(text) {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		got, more, err := cart.TokensOf(text)
		if !errors.Is(err, io.EOF) {
			t.Fatalf("%s: %v", text, err)
		}
		for i, token := range got {
			if dec.More() != more[i] {
				t.Fatalf("%s: token %d: More is %t", text, i, more[i])
			}
			if want, err := dec.Token(); err != nil || !cmp.Equal(want, token) {
				t.Fatalf("%s: token %d is %#v, want %#v (%v)", text, i, token, want, err)
			}
		}
		if want, err := dec.Token(); err == nil {
			t.Fatalf("%s: %#v is missing", text, want)
		}
	})
}
