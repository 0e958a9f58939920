package cart_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func TestAViewHasThePricesOfNow(t *testing.T) {
	s := newShop(t)
	v := s.do(guest, add(product(1), 2), add(product(2), 3))
	if v.Subtotal.String() != "1097.99" || v.Currency != pricing.INR || len(v.Lines) != 2 {
		t.Errorf("subtotal %s %s in %d lines", v.Currency, v.Subtotal, len(v.Lines))
	}
	if got := v.Lines[1]; got.LinePrice.String() != "99.99" || got.Item.Name != "Product" || got.Line.Quantity != 3 {
		t.Errorf("line %+v", got)
	}
	s.catalog.SetPrice(product(1), decimal.RequireFromString("450.5"))
	if v = s.view(guest); v.Subtotal.String() != "1000.99" {
		t.Errorf("subtotal %s, want that of the new price", v.Subtotal)
	}
}

func TestAChangedPriceIsSaidUntilItWasSeen(t *testing.T) {
	s := newShop(t)
	if v := s.do(guest, add(product(1), 1)); len(v.Notices) != 0 {
		t.Errorf("notices %+v of a price that is new to the shopper", v.Notices)
	}
	s.catalog.SetPrice(product(1), decimal.NewFromInt(600))
	want := []cart.Notice{{
		Kind: cart.NoticePrice, Key: product(1).Key(), Old: decimal.NewFromInt(499), New: decimal.NewFromInt(600),
	}}
	for range 2 { // looking is not enough: the answer may not have arrived
		if diff := cmp.Diff(want, s.view(guest).Notices); diff != "" {
			t.Errorf("notices (-want +got):\n%s", diff)
		}
	}
	v, err := s.Acknowledge(t.Context(), guest)
	if err != nil || !cmp.Equal(want, v.Notices) {
		t.Errorf("Acknowledge: %v, notices %+v", err, v.Notices)
	}
	if got := s.view(guest).Notices; len(got) != 0 {
		t.Errorf("notices %+v after they were seen", got)
	}
}

func TestAChangeTellsWhatItSettles(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 1), add(product(2), 1))
	s.catalog.SetPrice(product(1), decimal.NewFromInt(600))
	s.catalog.SetStatus(product(2), cart.StatusGone)
	v := s.do(guest, add(product(6), 1))
	if len(v.Notices) != 1 || len(v.Dropped) != 1 || v.Dropped[0].Reason != cart.StatusGone || v.Dropped[0].Line.Ref.ProductID != 2 {
		t.Errorf("notices %+v, dropped %+v", v.Notices, v.Dropped)
	}
	wantQuantities(t, s.stored(guest), map[int64]int64{1: 1, 6: 1})
	if v = s.view(guest); len(v.Notices)+len(v.Dropped) != 0 {
		t.Errorf("said again: %+v, %+v", v.Notices, v.Dropped)
	}
}

func TestWhatIsNotForSaleIsDroppedAndReported(t *testing.T) {
	for name, tt := range map[string]struct {
		status cart.ItemStatus
		want   cart.ItemStatus
	}{
		"gone":           {cart.StatusGone, cart.StatusGone},
		"not for sale":   {cart.StatusNotPurchasable, cart.StatusNotPurchasable},
		"without price":  {cart.StatusNoPrice, cart.StatusNoPrice},
		"unheard status": {"archived", cart.StatusNotPurchasable},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.do(guest, add(product(1), 2), add(product(2), 1))
			s.catalog.SetStatus(product(1), tt.status)
			for range 2 {
				v := s.view(guest)
				if len(v.Dropped) != 1 || v.Dropped[0].Reason != tt.want || v.Dropped[0].Line.Quantity != 2 {
					t.Errorf("dropped %+v, want 2 of product 1: %s", v.Dropped, tt.want)
				}
				wantQuantities(t, v.Cart, map[int64]int64{2: 1})
				if len(v.Lines) != 1 || v.Subtotal.String() != "33.33" {
					t.Errorf("lines %+v, subtotal %s", v.Lines, v.Subtotal)
				}
			}
			wantQuantities(t, s.stored(guest), map[int64]int64{1: 2, 2: 1}) // looking writes nothing
			s.catalog.SetStatus(product(1), cart.StatusOK)
			wantQuantities(t, s.view(guest).Cart, map[int64]int64{1: 2, 2: 1})
		})
	}
}

func TestLessStockIsSaid(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(2), 5), add(variation(81), 4), add(variation(82), 2), add(product(3), 1))
	s.catalog.SetStock("product:2", 2)
	s.catalog.SetStock("product:8", 5)
	want := []cart.Notice{
		{Kind: cart.NoticeStock, Key: product(2).Key(), Want: 5, Have: 2},
		{Kind: cart.NoticeStock, Key: variation(82).Key(), Want: 2, Have: 1}, // the other variation takes four of the five
	}
	if diff := cmp.Diff(want, s.view(guest).Notices); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
	s.catalog.SetStock("product:8", -2) // oversold
	if n := s.view(guest).Notices; len(n) != 3 || n[1].Have != 0 || n[2].Have != 0 {
		t.Errorf("notices %+v, want none to be had", n)
	}
}

func TestSoldIndividuallyIsSaid(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 3))
	changed := items()[0]
	changed.SoldIndividually = true
	s.catalog.Put(changed)
	want := []cart.Notice{{Kind: cart.NoticeIndividual, Key: product(1).Key(), Want: 3, Have: 1}}
	if diff := cmp.Diff(want, s.view(guest).Notices); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

func TestStockAvailable(t *testing.T) {
	for name, tt := range map[string]struct {
		stock   cart.Stock
		pieces  int64
		limited bool
	}{
		"zero value sells nothing": {cart.Stock{}, 0, true},
		"unmanaged":                {cart.Stock{InStock: true}, 0, false},
		"managed":                  {cart.Stock{Managed: true, InStock: true, Quantity: 7}, 7, true},
		"oversold":                 {cart.Stock{Managed: true, InStock: true, Quantity: -2}, 0, true},
		"backorders":               {cart.Stock{Managed: true, InStock: true, Backorders: true}, 0, false},
		"closed by the status":     {cart.Stock{Managed: true, Quantity: 7}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			if pieces, limited := tt.stock.Available(); pieces != tt.pieces || limited != tt.limited {
				t.Errorf("Available = %d, %v, want %d, %v", pieces, limited, tt.pieces, tt.limited)
			}
		})
	}
}

func TestAViewForTheBrowser(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 2), add(product(6), 1), add(product(2), 1))
	s.catalog.SetPrice(product(1), decimal.RequireFromString("450.50"))
	s.catalog.SetStatus(product(2), cart.StatusGone)
	v := s.view(guest)
	v.Cart.ID = "C"
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	one, two, six := product(1).Key(), product(2).Key(), product(6).Key()
	const at = `"2026-05-04T10:00:00Z"`
	want := strings.NewReplacer("ONE", string(one), "TWO", string(two), "SIX", string(six), "AT", at).Replace(
		`{"cart":{"id":"C","version":3,"lines":[{"key":"ONE","product_id":1,"quantity":2,"added_at":AT},` +
			`{"key":"SIX","product_id":6,"quantity":1,"added_at":AT}],"updated_at":AT},` +
			`"lines":[{"key":"ONE","name":"Product","quantity":2,"unit_price":"450.50","regular_price":"499","line_price":"901.00","available":100000},` +
			`{"key":"SIX","name":"Product","quantity":1,"unit_price":"99.90","regular_price":"99.90","line_price":"99.90"}],` +
			`"subtotal":"1000.90","currency":"INR",` +
			`"dropped":[{"key":"TWO","product_id":2,"quantity":1,"added_at":AT,"reason":"gone"}],` +
			`"notices":[{"kind":"price_changed","key":"ONE","old":"499","new":"450.50"}]}`)
	if string(text) != want {
		t.Errorf("got:\n%s\nwant:\n%s", text, want)
	}
}
