package property_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/cart"
)

// cartLimits are tight, so that every cap is met often.
func cartLimits() cart.Limits {
	return cart.Limits{
		MaxLines: 4, MaxQuantity: 9, MaxCoupons: 2,
		Caps: map[cart.LineKey]int64{(cart.ItemRef{ProductID: 1}).Key(): 1},
	}
}

// anyRef is one of few items, some of them in several spellings.
func anyRef() *rapid.Generator[cart.ItemRef] {
	return rapid.Custom(func(t *rapid.T) cart.ItemRef {
		ref := cart.ItemRef{ProductID: rapid.Int64Range(1, 5).Draw(t, "product")}
		switch rapid.IntRange(0, 3).Draw(t, "more") {
		case 0:
			ref.Attributes = map[string]string{rapid.SampledFrom([]string{"pa_size", "attribute_pa_size", "PA_SIZE"}).Draw(t, "name"): "l"}
		case 1:
			ref.Data = map[string]string{"text": rapid.StringMatching(`[a-z ]{0,3}`).Draw(t, "data")}
		}
		return ref
	})
}

// anyChange is a change as a client might send it, refused ones included.
func anyChange(id func() string) *rapid.Generator[cart.Change] {
	return rapid.Custom(func(t *rapid.T) cart.Change {
		ch := cart.Change{Op: rapid.SampledFrom([]cart.Op{
			cart.OpAdd, cart.OpAdd, cart.OpAdd, cart.OpSet, cart.OpRemove, cart.OpClear,
			cart.OpApplyCoupon, cart.OpRemoveCoupon, cart.OpNote,
		}).Draw(t, "op")}
		if id != nil {
			ch.ID = id()
		}
		switch ch.Op {
		case cart.OpAdd:
			ch.Ref = anyRef().Draw(t, "ref")
			ch.Quantity = rapid.Int64Range(-1, 10).Draw(t, "quantity")
		case cart.OpSet:
			ch.Key = anyRef().Draw(t, "ref").Key()
			ch.Quantity = rapid.Int64Range(-1, 10).Draw(t, "quantity")
		case cart.OpRemove:
			ch.Key = anyRef().Draw(t, "ref").Key()
		case cart.OpApplyCoupon, cart.OpRemoveCoupon:
			ch.Code = rapid.SampledFrom([]string{"a", "B", " b ", "c", ""}).Draw(t, "code")
		case cart.OpNote:
			ch.Note = rapid.SampledFrom([]string{"", "x", "y\r\n", "\x00"}).Draw(t, "note")
		case cart.OpClear:
		}
		return ch
	})
}

// anyCart is a cart that was made by changes.
func anyCart(id string) *rapid.Generator[cart.Cart] {
	return rapid.Custom(func(t *rapid.T) cart.Cart {
		c := cart.Cart{ID: id, Owner: cart.Owner("owner:" + id), Version: rapid.Int64Range(1, 3).Draw(t, "version")}
		for _, ch := range rapid.SliceOfN(anyChange(nil), 0, 12).Draw(t, "changes") {
			if next, err := cart.Apply(c, ch, cartLimits()); err == nil {
				c = next
			}
		}
		return c
	})
}

func wantWithin(t *rapid.T, c cart.Cart, l cart.Limits) {
	t.Helper()
	if err := c.Validate(l); err != nil {
		t.Fatalf("the cart breaks a rule: %v", err)
	}
	for _, line := range c.Lines {
		if most, ok := l.Caps[line.Key]; ok && line.Quantity > most {
			t.Fatalf("%d pieces of a line that is capped at %d", line.Quantity, most)
		}
	}
}

// Whatever is asked, a cart stays within its rules, and a refused change leaves it as it was.
func TestCartChangesKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, model := cart.Cart{}, map[cart.LineKey]int64{}
		for _, ch := range rapid.SliceOfN(anyChange(nil), 0, 30).Draw(t, "changes") {
			before := c.Clone()
			next, err := cart.Apply(c, ch, cartLimits())
			if !cmp.Equal(before, c) {
				t.Fatal("Apply changed the cart it was given")
			}
			if err != nil {
				if !errors.Is(err, cart.ErrInvalid) && !errors.Is(err, cart.ErrLineNotFound) {
					t.Fatalf("an error of another kind: %v", err)
				}
				continue
			}
			c = next
			follow(model, ch)
			wantWithin(t, c, cartLimits())
			wantModel(t, model, c)
		}
	})
}

// follow does to a map what an accepted change does to a cart.
func follow(model map[cart.LineKey]int64, ch cart.Change) {
	switch ch.Op {
	case cart.OpAdd:
		model[ch.Ref.Key()] += ch.Quantity
	case cart.OpSet:
		model[ch.Key] = ch.Quantity
	case cart.OpRemove:
		delete(model, ch.Key)
	case cart.OpClear:
		clear(model)
	}
}

func wantModel(t *rapid.T, model map[cart.LineKey]int64, c cart.Cart) {
	t.Helper()
	got := map[cart.LineKey]int64{}
	for _, line := range c.Lines {
		got[line.Key] = line.Quantity
	}
	if diff := cmp.Diff(model, got); diff != "" {
		t.Fatalf("lines (-model +cart):\n%s", diff)
	}
}

// No merge exceeds a cap, changes its arguments, loses a line without saying so, or does anything twice.
func TestCartMergesKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		guest, customer := anyCart("G").Draw(t, "guest"), anyCart("C").Draw(t, "customer")
		policy := rapid.SampledFrom([]cart.MergePolicy{
			"", cart.MergeSum, cart.MergeLarger, cart.MergeGuest, cart.MergeCustomer,
		}).Draw(t, "policy")
		guestBefore, customerBefore := guest.Clone(), customer.Clone()
		merged, report, err := cart.MergeCarts(guest, customer, policy, cartLimits())
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(guestBefore, guest) || !cmp.Equal(customerBefore, customer) {
			t.Fatal("MergeCarts changed a cart it was given")
		}
		wantWithin(t, merged, cartLimits())
		wantAccounted(t, guest, merged, report)
		wantAccounted(t, customer, merged, report)
		wantQuantity(t, guest, customer, merged, report)

		again, second, err := cart.MergeCarts(guest, merged, policy, cartLimits())
		if err != nil || !second.Already || !cmp.Equal(merged, again) {
			t.Fatalf("merging again changed the cart (%v):\n%s", err, cmp.Diff(merged, again))
		}
	})
}

// wantAccounted: every line and coupon is in the result or in the report.
func wantAccounted(t *rapid.T, c, merged cart.Cart, report cart.MergeReport) {
	t.Helper()
	for _, line := range c.Lines {
		_, in := merged.Line(line.Key)
		out := slices.ContainsFunc(report.LeftOut, func(l cart.Line) bool { return l.Key == line.Key })
		if !in && !out {
			t.Fatalf("product %d has vanished", line.Ref.ProductID)
		}
	}
	for _, code := range c.Coupons {
		if !slices.Contains(merged.Coupons, code) && !slices.Contains(report.Coupons, code) {
			t.Fatalf("coupon %q has vanished", code)
		}
	}
}

// wantQuantity says, for each line and policy, how many pieces there have to be.
func wantQuantity(t *rapid.T, guest, customer, merged cart.Cart, report cart.MergeReport) {
	t.Helper()
	limits := cartLimits()
	for _, line := range merged.Lines {
		g, _ := guest.Line(line.Key)
		c, _ := customer.Line(line.Key)
		want := g.Quantity + c.Quantity
		switch {
		case report.Policy == cart.MergeLarger:
			want = max(g.Quantity, c.Quantity)
		case report.Policy == cart.MergeGuest && !guest.IsEmpty():
			want = g.Quantity
		case report.Policy == cart.MergeCustomer && !customer.IsEmpty():
			want = c.Quantity
		}
		most := limits.MaxQuantity
		if limit, ok := limits.Caps[line.Key]; ok {
			most = limit
		}
		if want = min(want, most); line.Quantity != want {
			t.Fatalf("%d pieces of product %d, want %d of %d and %d", line.Quantity, line.Ref.ProductID, want, g.Quantity, c.Quantity)
		}
	}
}

// However requests and answers are lost, doubled, delayed and overtaken, and whoever else changes the cart meanwhile, a
// client that has heard of all its changes shows what the server has.
func TestCartCopiesConverge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{T: t, server: cart.Cart{ID: "C", Version: 1}}
		w.local = cart.NewLocal(w.server)
		w.Repeat(map[string]func(*rapid.T){
			"push":    w.push,
			"deliver": w.deliver,
			"other":   w.otherTab,
			"answer":  w.answer,
		})
		for len(w.local.Pending) > 0 {
			w.send(w.local.Pending[0])
			w.local = w.local.Answer(w.server)
		}
		w.local = w.local.Answer(w.server)
		shown, rejected := w.local.Shown(cartLimits())
		if diff := cmp.Diff(w.server, shown); diff != "" || len(rejected) != 0 {
			t.Fatalf("rejected %v, shown (-server +client):\n%s", rejected, diff)
		}
	})
}

// world is a client, its server and the answers between them.
type world struct {
	*rapid.T
	server  cart.Cart
	local   cart.Local
	answers []cart.Cart
	ids     int
}

func (w *world) id() string {
	w.ids++
	return fmt.Sprint("c", w.ids)
}

func (w *world) push(t *rapid.T) {
	if len(w.local.Pending) >= 20 {
		t.Skip("enough under way")
	}
	if next, err := w.local.Push(anyChange(w.id).Draw(t, "change")); err == nil {
		w.local = next
	}
}

// deliver brings any pending change to the server, perhaps once more, and keeps the answer for later.
func (w *world) deliver(t *rapid.T) {
	if len(w.local.Pending) == 0 {
		t.Skip("nothing pending")
	}
	w.send(rapid.SampledFrom(w.local.Pending).Draw(t, "pending"))
}

// send applies a change at the server; what it refuses, the client takes back.
func (w *world) send(ch cart.Change) {
	next, err := cart.Apply(w.server, ch, cartLimits())
	if err != nil {
		w.local = w.local.Without(ch.ID)
		return
	}
	w.become(next)
}

func (w *world) become(next cart.Cart) {
	if !cmp.Equal(w.server, next) {
		next.Version++
	}
	w.server = next
	w.answers = append(w.answers, next)
}

func (w *world) otherTab(t *rapid.T) {
	if next, err := cart.Apply(w.server, anyChange(nil).Draw(t, "change"), cartLimits()); err == nil {
		w.become(next)
	}
}

// answer lets any answer arrive, an old one too.
func (w *world) answer(t *rapid.T) {
	if len(w.answers) == 0 {
		t.Skip("no answer under way")
	}
	before := w.local.Cart.Version
	w.local = w.local.Answer(rapid.SampledFrom(w.answers).Draw(t, "answer"))
	if w.local.Cart.Version < before {
		t.Fatal("the client went back to an older cart")
	}
}

// Whatever a cart holds, its stored form and its copy for a browser are read back as they were.
func TestCartsGoThroughJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCart("C").Draw(t, "cart")
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back cart.Cart
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(text) {
			t.Fatalf("%s became %s (%v)", text, again, err)
		}
		copied, err := json.Marshal(cart.NewLocal(c))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cart.ParseLocal(copied, cartLimits()); err != nil {
			t.Fatalf("%v in %s", err, copied)
		}
	})
}
