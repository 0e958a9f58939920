package cart_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// fullest is the largest cart there can be, in texts that JSON needs the most bytes for.
func fullest(t *testing.T) (cart.Cart, cart.Limits) {
	t.Helper()
	l := cart.Limits{MaxLines: 1000, MaxQuantity: 1_000_000_000, MaxCoupons: 100}
	c := cart.Cart{
		ID: strings.Repeat("I", 64), Owner: cart.Owner(strings.Repeat("&", cart.MaxOwner)), Version: 1<<63 - 1}
	at := time.Date(2026, 12, 31, 23, 59, 59, 999999999, time.UTC)
	var changes []cart.Change
	for i := range int64(1000) {
		ref := cart.ItemRef{ProductID: 1<<53 - 1 - i, VariationID: 1<<53 - 1, Data: texts{}}
		for n := range 10 { // 65 bytes of the 65,536 for each line
			ref.Data[fmt.Sprint("<<<", n)] = "<<"
		}
		ch := add(ref, 1_000_000_000)
		ch.At = at
		changes = append(changes, ch)
	}
	for i := range 100 {
		changes = append(changes, coupon(fmt.Sprintf("%02d", i)+strings.Repeat("&", 98)))
	}
	changes = append(changes, note(strings.Repeat("<", cart.MaxNote)))
	for i, ch := range changes {
		var err error
		if c, err = cart.Apply(c, withID(fmt.Sprintf("%064d", i), ch), l); err != nil {
			t.Fatal(err)
		}
	}
	for i := range c.Lines {
		c.Lines[i].Seen = &cart.SeenPrice{Unit: decimal.RequireFromString("12345678901234567890.123456789012345678"), Currency: pricing.INR}
	}
	c.Moved = &cart.Move{To: cart.Owner(strings.Repeat("<", cart.MaxOwner)), Policy: cart.MergeCustomer}
	for i := range 32 {
		c.Merged = append(c.Merged, fmt.Sprintf("%064d@%d", i, int64(1<<62)))
	}
	return c, l
}

// A shopper must not be able to fill a cart that cannot be read any more.
func TestTheFullestCartCanBeRead(t *testing.T) {
	c, l := fullest(t)
	stored, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(stored) > cart.MaxJSON {
		t.Errorf("stored in %d bytes, more than MaxJSON", len(stored))
	}
	var back cart.Cart
	if err := json.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(c, back) {
		t.Error("it was not read as it was written")
	}
	local := push(t, cart.NewLocal(c), withID("c1", note(strings.Repeat("<", cart.MaxNote))))
	text, err := json.Marshal(local)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cart.ParseLocal(text, l); err != nil {
		t.Errorf("its copy of %d bytes: %v", len(text), err)
	}
	t.Logf("stored %d bytes, copied %d bytes", len(stored), len(text))
}

func TestTextOfAllLinesIsCapped(t *testing.T) {
	long := func(id int64) cart.Change {
		return add(cart.ItemRef{ProductID: id, Data: texts{"a": strings.Repeat("x", 499), "b": strings.Repeat("y", 499)}}, 1)
	}
	c, accepted := cart.Cart{}, 0
	var err error
	for id := range int64(100) {
		var next cart.Cart
		if next, err = cart.Apply(c, long(id+1), cart.Limits{}); err != nil {
			break
		}
		c, accepted = next, accepted+1
	}
	wantInvalid(t, err, "data")
	if accepted != 65 { // of 1,000 bytes each, within 65,536
		t.Errorf("%d lines were accepted, want 65", accepted)
	}
	if _, err := cart.Apply(c, long(1), cart.Limits{}); err != nil {
		t.Errorf("more of a line that is there: %v", err)
	}
	if _, err := cart.Apply(c, add(product(1000), 1), cart.Limits{}); err != nil {
		t.Errorf("a line without texts: %v", err)
	}
	over := c.Clone()
	over.Lines = append(over.Lines, build(t, long(99)).Lines...)
	wantInvalid(t, over.Validate(cart.Limits{}), "lines")
	merged, report, err := cart.MergeCarts(build(t, long(99)), c, cart.MergeSum, cart.Limits{})
	if err != nil || len(report.LeftOut) != 1 || len(merged.Lines) != 65 {
		t.Errorf("merged to %d lines, left out %d (%v)", len(merged.Lines), len(report.LeftOut), err)
	}
}

// No body of a mebibyte may take more than 16 of memory, whatever it holds.
func TestBodiesTakeLittleMemory(t *testing.T) {
	fill := func(head, part, tail string) []byte {
		return []byte(head + strings.Repeat(part, (cart.MaxJSON-len(head)-len(tail))/len(part)) + tail)
	}
	nested := strings.Repeat("[", cart.MaxJSON/2) + strings.Repeat("]", cart.MaxJSON/2)
	bodies := map[string][]byte{
		"lines":       fill(`{"cart":{"version":1,"lines":[`, `{"product_id":1,"quantity":1},`, `{"product_id":1,"quantity":1}]}}`),
		"nulls":       fill(`{"cart":{"version":1,"lines":[`, `null,`, `null]}}`),
		"pending":     fill(`{"cart":{"version":1,"lines":[]},"pending":[`, `{"op":"clear"},`, `{"op":"clear"}]}`),
		"coupons":     fill(`{"cart":{"version":1,"lines":[],"coupons":[`, `"c",`, `"c"]}}`),
		"note":        fill(`{"op":"note","note":"`, "x", `"}`),
		"escapes":     fill(`{"op":"note","note":"`, `\u0041`, `"}`),
		"data":        fill(`{"op":"add","product_id":1,"quantity":1,"data":{"x":"y"`, `,"a":"b"`, `}}`),
		"one name":    fill(`{"`, "x", `":1}`),
		"many names":  fill(`{"op":"clear"`, `,"id":"x"`, `}`),
		"digits":      fill(`{"op":"add","product_id":`, "9", `}`),
		"nesting":     []byte(nested),
		"blanks":      fill(`{"op":"clear"`, " ", `}`),
		"not a value": fill("", "{", ""),
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			used := memory(func() {
				if _, err := cart.ParseLocal(body, cart.Limits{}); !errors.Is(err, cart.ErrInvalid) {
					t.Errorf("as a copy: %v", err)
				}
				if _, err := cart.ParseChange(body, cart.Limits{}); name != "blanks" && !errors.Is(err, cart.ErrInvalid) {
					t.Errorf("as a change: %v", err)
				}
			})
			if used > 32<<20 {
				t.Errorf("decoding it twice took %d MiB", used>>20)
			}
		})
	}
}

// memory is how many bytes were allocated meanwhile.
func memory(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
