package cart_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/cart"
)

type texts = map[string]string

func product(id int64) cart.ItemRef { return cart.ItemRef{ProductID: id} }

func TestSameItemSameKey(t *testing.T) {
	tests := map[string][2]cart.ItemRef{
		"nil and empty maps": {
			{ProductID: 1}, {ProductID: 1, Attributes: texts{}, Data: texts{}},
		},
		"an attribute left open is none": {
			{ProductID: 1, VariationID: 2}, {ProductID: 1, VariationID: 2, Attributes: texts{"pa_size": ""}},
		},
		"the name in WooCommerce's forms": {
			{ProductID: 1, Attributes: texts{"pa_size": "l"}}, {ProductID: 1, Attributes: texts{"attribute_pa_size": "l"}},
		},
		"case of an attribute's name": {
			{ProductID: 1, Attributes: texts{"engraving": "Om"}}, {ProductID: 1, Attributes: texts{"Engraving": "Om"}},
		},
		"case of a term slug": {
			{ProductID: 1, Attributes: texts{"pa_size": "xl"}}, {ProductID: 1, Attributes: texts{"pa_size": "XL"}},
		},
		"a Hindi slug, escaped or not": {
			{ProductID: 1, Attributes: texts{"pa_rang": "लाल"}},
			{ProductID: 1, Attributes: texts{"pa_rang": "%e0%a4%b2%e0%a4%be%e0%a4%b2"}},
		},
	}
	for name, refs := range tests {
		t.Run(name, func(t *testing.T) {
			if refs[0].Key() != refs[1].Key() || !refs[0].Equal(refs[1]) {
				t.Errorf("%+v and %+v have different keys", refs[0], refs[1])
			}
		})
	}
}

func TestOtherItemOtherKey(t *testing.T) {
	refs := []cart.ItemRef{
		{ProductID: 1},
		{ProductID: 2},
		{ProductID: 1, VariationID: 2},
		{ProductID: 12},
		{ProductID: 1, Attributes: texts{"a": "b"}},
		{ProductID: 1, Data: texts{"a": "b"}},
		{ProductID: 1, Attributes: texts{"a": "B"}}, // a local attribute's value is a text, not a slug
		{ProductID: 1, Attributes: texts{"ab": ""}, Data: texts{"x": ""}},
		{ProductID: 1, Attributes: texts{"a": "bc", "d": "e"}},
		{ProductID: 1, Attributes: texts{"a": "b", "cd": "e"}},
		{ProductID: 1, Attributes: texts{"a": "e", "d": "bc"}},
		{ProductID: 1, Data: texts{"A": "b"}},
		{ProductID: 1, Data: texts{"a": "b "}},
		{ProductID: 1, Data: texts{"a": ""}},
		{ProductID: 1, Attributes: texts{"a": "%41"}},
		{ProductID: 1, Attributes: texts{"a": "A"}},
		{ProductID: 1, Attributes: texts{"pa_a": "%zz"}},
	}
	seen := map[cart.LineKey]cart.ItemRef{}
	for _, ref := range refs {
		if other, twice := seen[ref.Key()]; twice {
			t.Errorf("%+v and %+v have one key", ref, other)
		}
		seen[ref.Key()] = ref
	}
}

// Keys are stored and sent to browsers: another release must compute the same.
func TestKeysStayTheSame(t *testing.T) {
	ref := cart.ItemRef{
		ProductID: 120, VariationID: 123,
		Attributes: texts{"attribute_pa_size": "L", "Engraving": "ॐ"}, Data: texts{"gift": "yes"},
	}
	const want = "c8828d8425dc36ba37b0541ed5bd1939"
	if got := ref.Key(); got != want {
		t.Errorf("key %s, want %s", got, want)
	}
}

func TestRefsAreChecked(t *testing.T) {
	eleven := texts{}
	for i := range 11 {
		eleven[fmt.Sprint("n", i)] = "v"
	}
	long := strings.Repeat("x", 501)
	tests := map[string]struct {
		ref   cart.ItemRef
		field string
	}{
		"plain":              {cart.ItemRef{ProductID: 1}, ""},
		"largest ids":        {cart.ItemRef{ProductID: 1<<53 - 1, VariationID: 1<<53 - 1}, ""},
		"script in data":     {cart.ItemRef{ProductID: 1, Data: texts{"text": "<script>alert(1)</script>"}}, ""},
		"right to left":      {cart.ItemRef{ProductID: 1, Data: texts{"name": "\u202eאב\u200b"}}, ""},
		"lines in data":      {cart.ItemRef{ProductID: 1, Data: texts{"message": "a\n\tb"}}, ""},
		"product 0":          {cart.ItemRef{}, "product_id"},
		"product -1":         {cart.ItemRef{ProductID: -1}, "product_id"},
		"product too large":  {cart.ItemRef{ProductID: 1 << 53}, "product_id"},
		"product huge":       {cart.ItemRef{ProductID: math.MaxInt64}, "product_id"},
		"variation -1":       {cart.ItemRef{ProductID: 1, VariationID: -1}, "variation_id"},
		"variation huge":     {cart.ItemRef{ProductID: 1, VariationID: math.MaxInt64}, "variation_id"},
		"eleven attributes":  {cart.ItemRef{ProductID: 1, Attributes: eleven}, "attributes"},
		"eleven data":        {cart.ItemRef{ProductID: 1, Data: eleven}, "data"},
		"NUL":                {cart.ItemRef{ProductID: 1, Data: texts{"a": "b\x00"}}, "data"},
		"line break in name": {cart.ItemRef{ProductID: 1, Data: texts{"a\nb": ""}}, "data"},
		"no UTF-8":           {cart.ItemRef{ProductID: 1, Attributes: texts{"a": "\xff"}}, "attributes"},
		"was no UTF-8":       {cart.ItemRef{ProductID: 1, Attributes: texts{"a": "\ufffd"}}, "attributes"},
		"no name":            {cart.ItemRef{ProductID: 1, Attributes: texts{" ": "x"}}, "attributes"},
		"long name":          {cart.ItemRef{ProductID: 1, Data: texts{long[:101]: "x"}}, "data"},
		"long value":         {cart.ItemRef{ProductID: 1, Data: texts{"x": long}}, "data"},
		"one name twice":     {cart.ItemRef{ProductID: 1, Attributes: texts{"Size": "l", "attribute_size": "m"}}, "attributes"},
		"long altogether": {cart.ItemRef{ProductID: 1, Data: texts{
			"a": long[1:], "b": long[1:], "c": long[1:], "d": long[1:],
		}}, "data"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			wantInvalid(t, tt.ref.Validate(), tt.field)
		})
	}
}

// wantInvalid checks for an *InvalidError of that field, or for no error if the field is empty.
func wantInvalid(t *testing.T, err error, field string) {
	t.Helper()
	var invalid *cart.InvalidError
	switch {
	case field == "" && err != nil:
		t.Errorf("refused: %v", err)
	case field == "":
	case !errors.As(err, &invalid) || !errors.Is(err, cart.ErrInvalid):
		t.Errorf("got %v, want an *InvalidError of %s", err, field)
	case invalid.Field != field:
		t.Errorf("the error names %q, want %q: %v", invalid.Field, field, err)
	}
}

func TestOwnersAreChecked(t *testing.T) {
	for name, tt := range map[string]struct {
		owner cart.Owner
		good  bool
	}{
		"guest":      {"guest:0a1b", true},
		"customer":   {"customer:auth0|42", true},
		"longest":    {cart.Owner(strings.Repeat("x", 200)), true},
		"empty":      {"", false},
		"too long":   {cart.Owner(strings.Repeat("x", 201)), false},
		"blank":      {"a b", false},
		"line break": {"a\r\nb", false},
		"NUL":        {"a\x00", false},
		"no ASCII":   {"राम", false},
	} {
		t.Run(name, func(t *testing.T) {
			field := "owner"
			if tt.good {
				field = ""
			}
			wantInvalid(t, tt.owner.Validate(), field)
		})
	}
}
