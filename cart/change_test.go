package cart_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
)

func add(ref cart.ItemRef, n int64) cart.Change {
	return cart.Change{Op: cart.OpAdd, Ref: ref, Quantity: n}
}

func set(key cart.LineKey, n int64) cart.Change {
	return cart.Change{Op: cart.OpSet, Key: key, Quantity: n}
}

func coupon(code string) cart.Change { return cart.Change{Op: cart.OpApplyCoupon, Code: code} }

func note(text string) cart.Change { return cart.Change{Op: cart.OpNote, Note: text} }

// build applies changes that must work to an empty cart.
func build(t *testing.T, changes ...cart.Change) cart.Cart {
	t.Helper()
	return applied(t, cart.Cart{}, changes...)
}

func applied(t *testing.T, c cart.Cart, changes ...cart.Change) cart.Cart {
	t.Helper()
	for _, ch := range changes {
		var err error
		if c, err = cart.Apply(c, ch, cart.Limits{}); err != nil {
			t.Fatalf("%s: %v", ch.Op, err)
		}
	}
	return c
}

// quantities is the content of a cart for comparison.
func quantities(c cart.Cart) map[int64]int64 {
	out := map[int64]int64{}
	for _, l := range c.Lines {
		out[l.Ref.ProductID] += l.Quantity
	}
	return out
}

func wantQuantities(t *testing.T, c cart.Cart, want map[int64]int64) {
	t.Helper()
	if diff := cmp.Diff(want, quantities(c)); diff != "" {
		t.Errorf("products and quantities (-want +got):\n%s", diff)
	}
}

func TestTheSameItemTwiceIsOneLine(t *testing.T) {
	at := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	size := cart.ItemRef{ProductID: 1, VariationID: 2, Attributes: texts{"pa_size": "l"}}
	first := add(size, 2)
	first.At = at
	second := add(cart.ItemRef{ProductID: 1, VariationID: 2, Attributes: texts{"attribute_pa_size": "L"}}, 3)
	second.At = at.Add(time.Hour)
	c := build(t, first, add(product(9), 1), second)
	if len(c.Lines) != 2 || c.Lines[0].Quantity != 5 || c.Lines[0].Key != size.Key() || c.Pieces() != 6 {
		t.Errorf("lines %+v, want 5 of the first and 1 of the other", c.Lines)
	}
	if !c.Lines[0].AddedAt.Equal(at) || !c.UpdatedAt.Equal(second.At) {
		t.Errorf("added %s, updated %s", c.Lines[0].AddedAt, c.UpdatedAt)
	}
}

func TestChanges(t *testing.T) {
	one, two := product(1), product(2)
	tests := map[string]struct {
		changes []cart.Change
		want    map[int64]int64
		coupons []string
		note    string
	}{
		"set":           {[]cart.Change{add(one, 5), set(one.Key(), 2)}, map[int64]int64{1: 2}, nil, ""},
		"remove":        {[]cart.Change{add(one, 5), add(two, 1), {Op: cart.OpRemove, Key: one.Key()}}, map[int64]int64{2: 1}, nil, ""},
		"remove twice":  {[]cart.Change{add(one, 5), {Op: cart.OpRemove, Key: one.Key()}, {Op: cart.OpRemove, Key: one.Key()}}, map[int64]int64{}, nil, ""},
		"clear":         {[]cart.Change{add(one, 5), coupon("a"), note("x"), {Op: cart.OpClear}}, map[int64]int64{}, nil, ""},
		"coupons":       {[]cart.Change{coupon(" Diwali10 "), coupon("x"), coupon("DIWALI10")}, map[int64]int64{}, []string{"diwali10", "x"}, ""},
		"coupon off":    {[]cart.Change{coupon("a"), coupon("b"), {Op: cart.OpRemoveCoupon, Code: "A"}}, map[int64]int64{}, []string{"b"}, ""},
		"note":          {[]cart.Change{note("a\r\nb"), note("<script>\tx\n")}, map[int64]int64{}, nil, "<script>\tx\n"},
		"note with CR":  {[]cart.Change{note("a\r\nb")}, map[int64]int64{}, nil, "a\nb"},
		"note taken":    {[]cart.Change{note("a"), note("")}, map[int64]int64{}, nil, ""},
		"zero width":    {[]cart.Change{note("a\u200bb\u202e")}, map[int64]int64{}, nil, "a\u200bb\u202e"},
		"hindi coupon":  {[]cart.Change{coupon("दिवाली")}, map[int64]int64{}, []string{"दिवाली"}, ""},
		"same id twice": {[]cart.Change{{ID: "c1", Op: cart.OpAdd, Ref: one, Quantity: 2}, {ID: "c1", Op: cart.OpAdd, Ref: one, Quantity: 2}}, map[int64]int64{1: 2}, nil, ""},
		"other id":      {[]cart.Change{{ID: "c1", Op: cart.OpAdd, Ref: one, Quantity: 2}, {ID: "c2", Op: cart.OpAdd, Ref: one, Quantity: 2}}, map[int64]int64{1: 4}, nil, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := build(t, tt.changes...)
			wantQuantities(t, c, tt.want)
			if diff := cmp.Diff(tt.coupons, c.Coupons); diff != "" && len(tt.coupons)+len(c.Coupons) > 0 {
				t.Errorf("coupons (-want +got):\n%s", diff)
			}
			if c.Note != tt.note {
				t.Errorf("note %q, want %q", c.Note, tt.note)
			}
		})
	}
}

func TestBadChanges(t *testing.T) {
	one := product(1)
	most := []cart.Change{add(one, 9999)}
	tests := map[string]struct {
		before []cart.Change
		change cart.Change
		field  string
	}{
		"quantity 0":              {nil, add(one, 0), "quantity"},
		"quantity -1":             {nil, add(one, -1), "quantity"},
		"quantity -5 of a line":   {[]cart.Change{add(one, 9)}, add(one, -5), "quantity"},
		"quantity smallest":       {nil, add(one, math.MinInt64), "quantity"},
		"quantity largest":        {nil, add(one, math.MaxInt64), "quantity"},
		"over the cap":            {nil, add(one, 10_000), "quantity"},
		"over the cap in sum":     {most, add(one, 1), "quantity"},
		"would overflow in sum":   {most, add(one, math.MaxInt64), "quantity"},
		"set 0":                   {most, set(one.Key(), 0), "quantity"},
		"set -1":                  {most, set(one.Key(), -1), "quantity"},
		"set over the cap":        {most, set(one.Key(), 10_000), "quantity"},
		"product 0":               {nil, add(product(0), 1), "product_id"},
		"coupon empty":            {nil, coupon("  "), "code"},
		"coupon 300":              {nil, coupon(strings.Repeat("c", 300)), "code"},
		"coupon with NUL":         {nil, coupon("a\x00"), "code"},
		"coupon with line break":  {nil, coupon("a\r\nb"), "code"},
		"eleventh coupon":         {coupons(10), coupon("another"), "coupons"},
		"note with NUL":           {nil, note("a\x00b"), "note"},
		"note with escape":        {nil, note("\x1b[2J"), "note"},
		"note no UTF-8":           {nil, note("\xc3\x28"), "note"},
		"note was no UTF-8":       {nil, note("a\ufffd"), "note"},
		"note 2001 bytes":         {nil, note(strings.Repeat("n", 2001)), "note"},
		"op empty":                {nil, cart.Change{}, "op"},
		"op unknown":              {nil, cart.Change{Op: "set_price"}, "op"},
		"id too long":             {nil, cart.Change{ID: strings.Repeat("i", 65), Op: cart.OpClear}, "id"},
		"id with line break":      {nil, cart.Change{ID: "a\r\nb", Op: cart.OpClear}, "id"},
		"line 201":                {lines(200), add(product(1000), 1), "lines"},
		"not line 201: same item": {lines(200), add(product(200), 1), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := build(t, tt.before...)
			before := c.Clone()
			_, err := cart.Apply(c, tt.change, cart.Limits{})
			wantInvalid(t, err, tt.field)
			if diff := cmp.Diff(before, c); diff != "" {
				t.Errorf("a refused change left traces:\n%s", diff)
			}
		})
	}
}

func lines(n int64) []cart.Change {
	var out []cart.Change
	for i := range n {
		out = append(out, add(product(i+1), 1))
	}
	return out
}

func coupons(n int) []cart.Change {
	var out []cart.Change
	for i := range n {
		out = append(out, coupon(fmt.Sprint("c", i)))
	}
	return out
}

func TestErrorsRepeatNoValue(t *testing.T) {
	for _, ch := range []cart.Change{
		coupon("hunter2\x00"), note("hunter2\x00"), {Op: "hunter2"}, {ID: "hunter2\n", Op: cart.OpClear},
		add(cart.ItemRef{ProductID: 1, Data: texts{"hunter2\x00": "hunter2\x00"}}, 1),
	} {
		_, err := cart.Apply(cart.Cart{}, ch, cart.Limits{})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error %q repeats what was sent", err)
		}
	}
}

func TestSetNeedsItsLine(t *testing.T) {
	_, err := cart.Apply(build(t, add(product(1), 1)), set(product(2).Key(), 1), cart.Limits{})
	if !errors.Is(err, cart.ErrLineNotFound) {
		t.Errorf("got %v, want ErrLineNotFound", err)
	}
}

func TestAMovedCartTakesNoChange(t *testing.T) {
	c := build(t, add(product(1), 1))
	c.Moved = &cart.Move{To: "customer:1"}
	if _, err := cart.Apply(c, add(product(1), 1), cart.Limits{}); !errors.Is(err, cart.ErrMoved) {
		t.Errorf("got %v, want ErrMoved", err)
	}
}

func TestLimitsOfOnesOwn(t *testing.T) {
	l := cart.Limits{MaxLines: 2, MaxQuantity: 5, MaxCoupons: 1, Caps: map[cart.LineKey]int64{product(1).Key(): 1}}
	c := build(t, add(product(2), 5))
	for name, tt := range map[string]struct {
		change cart.Change
		field  string
	}{
		"cap of the line":     {add(product(1), 2), "quantity"},
		"within its cap":      {add(product(1), 1), ""},
		"cap of all lines":    {add(product(2), 1), "quantity"},
		"set over":            {set(product(2).Key(), 6), "quantity"},
		"a cap is never more": {add(product(3), 6), "quantity"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := cart.Apply(c, tt.change, l)
			wantInvalid(t, err, tt.field)
		})
	}
}

func TestApplySharesNothing(t *testing.T) {
	ref := cart.ItemRef{ProductID: 1, Attributes: texts{"pa_size": "l"}, Data: texts{"a": "b"}}
	c := build(t, add(ref, 1))
	ref.Attributes["pa_size"], ref.Data["a"] = "m", "c" // the caller goes on with its own map
	if c.Lines[0].Ref.Attributes["pa_size"] != "l" || c.Lines[0].Ref.Data["a"] != "b" {
		t.Error("the cart keeps the caller's maps")
	}
	c = applied(t, c, coupon("a"))
	before := c.Clone()
	next := applied(t, c, add(product(1), 1), set(c.Lines[0].Key, 7), coupon("b"), cart.Change{Op: cart.OpRemoveCoupon, Code: "a"})
	next.Lines[0].Ref.Data["a"] = "changed"
	if diff := cmp.Diff(before, c); diff != "" {
		t.Errorf("the cart that was given changed:\n%s", diff)
	}
}

func TestOldChangeIDsAreForgotten(t *testing.T) {
	c := cart.Cart{}
	for i := range 100 {
		c = applied(t, c, cart.Change{ID: fmt.Sprint("c", i), Op: cart.OpAdd, Ref: product(1), Quantity: 1})
	}
	if len(c.Applied) != 64 || c.Applied[0] != "c36" || c.Applied[63] != "c99" {
		t.Errorf("%d ids from %s to %s are kept, want the latest 64", len(c.Applied), c.Applied[0], c.Applied[len(c.Applied)-1])
	}
}

func TestLimitsAreChecked(t *testing.T) {
	for name, tt := range map[string]struct {
		limits cart.Limits
		field  string
	}{
		"zero":           {cart.Limits{}, ""},
		"widest":         {cart.Limits{MaxLines: 1000, MaxQuantity: 1e9, MaxCoupons: 100}, ""},
		"lines":          {cart.Limits{MaxLines: 1001}, "MaxLines"},
		"lines negative": {cart.Limits{MaxLines: -1}, "MaxLines"},
		"quantity":       {cart.Limits{MaxQuantity: 1e9 + 1}, "MaxQuantity"},
		"quantity < 0":   {cart.Limits{MaxQuantity: -1}, "MaxQuantity"},
		"coupons":        {cart.Limits{MaxCoupons: 101}, "MaxCoupons"},
		"a cap of 0":     {cart.Limits{Caps: map[cart.LineKey]int64{"x": 0}}, "Caps"},
	} {
		t.Run(name, func(t *testing.T) { wantInvalid(t, tt.limits.Validate(), tt.field) })
	}
}
