package cart_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// Shoppers do anything while the catalogue changes under them. After each step the promises of a view hold, and
// nothing changed that was refused.
func TestRandomJourneys(t *testing.T) {
	for seed := range uint64(150) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			j := &journey{shop: newShop(t), dice: rand.New(rand.NewPCG(seed, 7))}
			for range 40 {
				j.step()
			}
		})
	}
}

// journey is a random walk.
type journey struct {
	*shop
	dice   *rand.Rand
	resent cart.Change
}

func (j *journey) step() {
	j.t.Helper()
	owner := []cart.Owner{guest, customer}[j.dice.IntN(2)]
	switch j.dice.IntN(10) {
	case 0:
		j.changeCatalog()
	case 1:
		j.merge()
	case 2:
		j.look(owner)
	default:
		j.change(owner)
	}
	for _, o := range []cart.Owner{guest, customer} {
		if err := j.stored(o).Validate(cart.Limits{}); err != nil {
			j.t.Fatalf("%s has a bad cart: %v", o, err)
		}
	}
}

func (j *journey) ref() cart.ItemRef {
	if j.dice.IntN(3) == 0 {
		return variation(81 + j.dice.Int64N(2))
	}
	return product(1 + j.dice.Int64N(7))
}

func (j *journey) changeCatalog() {
	ref := j.ref()
	switch j.dice.IntN(3) {
	case 0:
		price := decimal.New(j.dice.Int64N(100_000), -2)
		j.catalog.SetPrice(ref, price)
	case 1:
		j.catalog.SetStock(fmt.Sprint("product:", ref.ProductID), j.dice.Int64N(12)-1)
	case 2:
		status := []cart.ItemStatus{cart.StatusOK, cart.StatusOK, cart.StatusGone, cart.StatusNoPrice}[j.dice.IntN(4)]
		j.catalog.SetStatus(ref, status)
	}
}

func (j *journey) merge() {
	policies := []cart.MergePolicy{cart.MergeSum, cart.MergeLarger, cart.MergeGuest, cart.MergeCustomer}
	v, report, err := j.Merge(j.t.Context(), guest, customer, policies[j.dice.IntN(4)])
	if err != nil {
		j.t.Fatal(err)
	}
	if left := j.stored(guest); !left.IsEmpty() || report.Already {
		j.t.Fatalf("the guest is left with %+v, report %+v", left, report)
	}
	j.check(v)
}

func (j *journey) look(owner cart.Owner) {
	before := j.stored(owner)
	j.check(j.view(owner))
	if !cmp.Equal(before, j.stored(owner)) {
		j.t.Fatal("looking wrote something")
	}
}

func (j *journey) change(owner cart.Owner) {
	ch := []cart.Change{
		add(j.ref(), 1+j.dice.Int64N(4)), add(j.ref(), 1), set(j.ref().Key(), 1+j.dice.Int64N(6)),
		{Op: cart.OpRemove, Key: j.ref().Key()}, coupon(fmt.Sprint("c", j.dice.IntN(4))), note(fmt.Sprint(j.dice.IntN(3))),
	}[j.dice.IntN(6)]
	if j.dice.IntN(4) == 0 && j.resent.ID != "" {
		ch = j.resent
	} else {
		ch.ID = fmt.Sprint("id", j.dice.Uint32())
	}
	before := j.stored(owner)
	v, err := j.Do(j.t.Context(), owner, ch)
	if err != nil {
		j.refused(owner, before, err)
		return
	}
	j.resent = ch
	j.check(v)
	if v.Cart.Version != before.Version && v.Cart.Version != before.Version+1 || !cmp.Equal(v.Cart.ID, j.stored(owner).ID) {
		j.t.Fatalf("version %d after %d", v.Cart.Version, before.Version)
	}
	j.grewWithinStock(before, v)
}

func (j *journey) refused(owner cart.Owner, before cart.Cart, err error) {
	for _, known := range []error{cart.ErrInvalid, cart.ErrLineNotFound, cart.ErrNotForSale, cart.ErrInsufficientStock} {
		if errors.Is(err, known) {
			if diff := cmp.Diff(before, j.stored(owner)); diff != "" {
				j.t.Fatalf("a refused change was written:\n%s", diff)
			}
			return
		}
	}
	j.t.Fatalf("an error of another kind: %v", err)
}

// check: what is shown is for sale, at the price of now, and adds up.
func (j *journey) check(v cart.View) {
	j.t.Helper()
	sum := decimal.Zero
	for i, l := range v.Lines {
		now, err := j.catalog.Items(j.t.Context(), []cart.ItemRef{l.Line.Ref})
		if err != nil || !now[0].ForSale() || !cmp.Equal(now[0], l.Item) {
			j.t.Fatalf("shown %+v, the catalogue has %+v (%v)", l.Item, now, err)
		}
		want := now[0].UnitPrice.Mul(decimal.NewFromInt(l.Line.Quantity))
		if !l.LinePrice.Equal(want) || v.Cart.Lines[i].Key != l.Line.Key {
			j.t.Fatalf("line price %s, want %s", l.LinePrice, want)
		}
		sum = sum.Add(want)
	}
	if !sum.Equal(v.Subtotal) || len(v.Lines) != len(v.Cart.Lines) {
		j.t.Fatalf("subtotal %s of %d lines, want %s of %d", v.Subtotal, len(v.Cart.Lines), sum, len(v.Lines))
	}
	for _, d := range v.Dropped {
		if _, still := v.Cart.Line(d.Line.Key); still || d.Reason == cart.StatusOK {
			j.t.Fatalf("dropped and still there: %+v", d)
		}
	}
}

// grewWithinStock: a line with more pieces than before has them, and is not over what may be bought of it.
func (j *journey) grewWithinStock(before cart.Cart, v cart.View) {
	j.t.Helper()
	short := map[cart.LineKey]bool{}
	for _, n := range v.Notices {
		if n.Kind == cart.NoticeStock || n.Kind == cart.NoticeIndividual {
			short[n.Key] = true
		}
	}
	for _, l := range v.Lines {
		had, _ := before.Line(l.Line.Key)
		if l.Line.Quantity > had.Quantity && short[l.Line.Key] {
			j.t.Fatalf("product %d grew from %d to %d beyond what there is", l.Item.Ref.ProductID, had.Quantity, l.Line.Quantity)
		}
	}
}

// A change whose answer was lost is sent again, whatever became of the first: it is made once.
func TestAChangeIsSentAgainAfterAnUnknownOutcome(t *testing.T) {
	for _, after := range []bool{false, true} {
		for at := 1; at <= 2; at++ {
			t.Run(fmt.Sprintf("call %d, effect %v", at, after), func(t *testing.T) {
				carts := memstore.NewCarts()
				s := shopOn(t, carts, &crashing{Store: carts, at: at, after: after}, nil)
				ch := withID("c1", add(product(1), 2))
				if _, err := s.Do(t.Context(), guest, ch); !errors.Is(err, errCrash) {
					t.Fatalf("got %v, want the store's error, wrapped", err)
				}
				for range 3 {
					wantQuantities(t, s.do(guest, ch).Cart, map[int64]int64{1: 2})
				}
			})
		}
	}
}

// What a caller does to a view has no effect on what is stored, nor on the next view.
func TestAViewSharesNothing(t *testing.T) {
	s := newShop(t)
	ref := cart.ItemRef{ProductID: 1, Data: texts{"engraving": "Om"}}
	v := s.do(guest, add(ref, 2), coupon("a"))
	ref.Data["engraving"] = "scribbled"
	for range 2 {
		v.Lines[0].Line.Ref.Data["engraving"] = "scribbled"
		v.Cart.Lines[0].Ref.Data["engraving"] = "scribbled"
		v.Cart.Coupons[0] = "scribbled"
		v = s.view(guest)
		if v.Lines[0].Line.Ref.Data["engraving"] != "Om" || v.Cart.Coupons[0] != "a" {
			t.Fatalf("view %+v", v.Cart)
		}
	}
}
