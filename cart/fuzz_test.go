package cart_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
)

// FuzzParseChange: whatever is accepted is within the rules, survives being written, and can be applied without harm.
func FuzzParseChange(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{}`, `{"op":"add","product_id":1,"quantity":1}`, `{"op":"add","product_id":1,"quantity":1e2}`,
		`{"op":"add","product_id":1,"variation_id":2,"attributes":{"pa_size":"l"},"data":{"a":"b"},"quantity":3}`,
		`{"id":"c1","op":"set","key":"k","quantity":9999}`, `{"op":"note","note":"\ud800"}`, `{"op":"note","note":"<b>"}`,
		`{"op":"apply_coupon","code":" X "}`, `{"op":"clear","op":"clear"}`, `{"op":"clear","price":1}`, `{"op":"clear"}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		ch, err := cart.ParseChange(body, cart.Limits{})
		if err != nil {
			if !errors.Is(err, cart.ErrInvalid) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		text, err := json.Marshal(ch)
		if err != nil {
			t.Fatal(err)
		}
		back, err := cart.ParseChange(text, cart.Limits{})
		if err != nil || !cmp.Equal(ch, back) {
			t.Errorf("%s was read back as %+v (%v)", text, back, err)
		}
		c, err := cart.Apply(cart.Cart{}, ch, cart.Limits{})
		if err == nil && c.Validate(cart.Limits{}) != nil {
			t.Errorf("%s makes a bad cart: %v", text, c.Validate(cart.Limits{}))
		}
	})
}

// FuzzParseLocal: whatever is accepted is a good cart without owner and price, and survives being written.
func FuzzParseLocal(f *testing.F) {
	for _, seed := range []string{
		`{"cart":{"version":0,"lines":[]}}`, `{"cart":{"version":1,"lines":[{"product_id":1,"quantity":1}]},"pending":[{"op":"clear"}]}`,
		`{"cart":{"id":"C","version":9,"lines":[],"coupons":["a","b"],"note":"n","updated_at":"2026-05-04T10:00:00.5+05:30","applied":["c1"]}}`,
		`{"cart":{"version":1,"lines":[],"owner":"x"}}`, `{"cart":{"version":1,"lines":[],"lines":[]}}`, `[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		local, err := cart.ParseLocal(body, cart.Limits{})
		if err != nil {
			if !errors.Is(err, cart.ErrInvalid) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		if err := local.Cart.Validate(cart.Limits{}); err != nil || local.Cart.Owner != "" {
			t.Errorf("accepted %+v: %v", local.Cart, err)
		}
		text, err := json.Marshal(local)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := cart.ParseLocal(text, cart.Limits{}); err != nil || !cmp.Equal(local, back) {
			t.Errorf("%s was read back as %+v (%v)", text, back, err)
		}
	})
}
