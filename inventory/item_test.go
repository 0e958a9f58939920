package inventory_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/inventory"
)

func TestItemsOfAStore(t *testing.T) {
	for _, tc := range []struct{ got, want inventory.Item }{
		{inventory.ProductItem(1001), "product:1001"},
		{inventory.VariationItem(1042), "variation:1042"},
		{inventory.CouponItem("Diwali"), "coupon:diwali"},
		{inventory.CouponItem("  DIWALI "), "coupon:diwali"},
		{inventory.CouponItem("10% off"), "coupon:10~25~20off"},
		{inventory.CouponItem("a~b"), "coupon:a~7eb"},
		{inventory.CouponItem("दिवाली"), "coupon:~e0~a4~a6~e0~a4~bf~e0~a4~b5~e0~a4~be~e0~a4~b2~e0~a5~80"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
		if _, err := inventory.ParseItem(string(tc.got)); err != nil {
			t.Errorf("%q: %v", tc.got, err)
		}
	}
}

func TestLongCouponCodesStayApart(t *testing.T) {
	long := strings.Repeat("x", 500)
	a, b := inventory.CouponItem(long+"a"), inventory.CouponItem(long+"b")
	if a == b {
		t.Error("two long codes share an item")
	}
	if _, err := inventory.ParseItem(string(a)); err != nil {
		t.Error(err)
	}
	if a != inventory.CouponItem(strings.ToUpper(long)+"A") {
		t.Error("a long code is compared with its case")
	}
}

func TestEmptyCouponCodeIsNoItem(t *testing.T) {
	if _, err := inventory.ParseItem(string(inventory.CouponItem(" "))); !errors.Is(err, inventory.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
}

// hostileNames are what no store's key may be made of.
var hostileNames = []string{
	"", " ", "{x}", "a b", "a\x00b", "a\nb", "a/b", "a*b", "a@b", "दिवाली", "\xff", "a'b", strings.Repeat("x", 10_000),
}

func TestParseItemRefuses(t *testing.T) {
	refused := []string{"product", "product:", ":1001", "product:1:2", "product:1001 ", "product:" + strings.Repeat("9", 121)}
	for _, name := range hostileNames {
		refused = append(refused, name, "product:"+name, name+":1")
	}
	for _, name := range refused {
		got, err := inventory.ParseItem(name)
		wantInvalid(t, err, "item")
		if got != "" {
			t.Errorf("%.20q: an item came back with the error", name)
		}
		if len(name) > 2 && strings.Contains(err.Error(), name) {
			t.Errorf("%.20q: the error repeats the value", name)
		}
	}
}

func TestParseItemTakesTheLongest(t *testing.T) {
	if _, err := inventory.ParseItem("product:" + strings.Repeat("9", 120)); err != nil {
		t.Error(err)
	}
}

func TestParseLocation(t *testing.T) {
	for _, good := range []string{"default", "BLR-1", "warehouse.2", strings.Repeat("x", 64)} {
		if got, err := inventory.ParseLocation(good); err != nil || string(got) != good {
			t.Errorf("%q: got %q, %v", good, got, err)
		}
	}
	for _, bad := range append(hostileNames, strings.Repeat("x", 65), "a:b") {
		_, err := inventory.ParseLocation(bad)
		wantInvalid(t, err, "location")
	}
}

func TestKeysAreOrderedByItemThenLocation(t *testing.T) {
	a, b := inventory.Item("product:1"), inventory.Item("product:2")
	ordered := []inventory.Key{a.At("x"), a.At("y"), b.At("x")}
	for i, k := range ordered {
		for j, o := range ordered {
			if got := k.Compare(o); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%s.Compare(%s) = %d", k, o, got)
			}
		}
	}
	if got := a.At("x").String(); got != "product:1@x" {
		t.Errorf("got %q", got)
	}
}

func FuzzParseItem(f *testing.F) {
	f.Add("product:1001")
	f.Add("coupon:~e0~a4")
	for _, name := range hostileNames[:12] {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		item, err := inventory.ParseItem(name)
		if (err == nil) != (string(item) == name && name != "") {
			t.Fatalf("%q: got %q, %v", name, item, err)
		}
		if err == nil && strings.ContainsAny(name, " {}\x00\n\r@/") {
			t.Fatalf("%q was accepted", name)
		}
		if coupon := inventory.CouponItem(name); strings.TrimSpace(name) != "" {
			if _, err := inventory.ParseItem(string(coupon)); err != nil {
				t.Fatalf("coupon %q became %q: %v", name, coupon, err)
			}
		}
	})
}

// wantInvalid checks that err is an *InvalidError of the field.
func wantInvalid(t *testing.T, err error, field string) {
	t.Helper()
	var invalid *inventory.InvalidError
	if !errors.As(err, &invalid) || !errors.Is(err, inventory.ErrInvalid) {
		t.Errorf("got error %v, want an *InvalidError", err)
		return
	}
	if invalid.Field != field {
		t.Errorf("the error is about %q (%v), want %q", invalid.Field, err, field)
	}
}

func TestCustomerCouponItem(t *testing.T) {
	item := inventory.CustomerCouponItem("Diwali ", "Ravi@example.in", 1)
	if _, err := inventory.ParseItem(string(item)); err != nil || !item.Coupon() || !item.CustomerCoupon() {
		t.Errorf("%s: %v", item, err)
	}
	if got := inventory.CustomerCouponItem("diwali", "ravi@example.in", 1); got != item {
		t.Errorf("written in another way it is %s, not %s", got, item)
	}
	for _, other := range []inventory.Item{
		inventory.CustomerCouponItem("diwali", "ravi@example.in", 2), inventory.CustomerCouponItem("diwali", "asha@example.in", 1),
		inventory.CustomerCouponItem("holi", "ravi@example.in", 1), inventory.CouponItem("~by~ravi"), inventory.CouponItem("by~"),
	} {
		if other == item {
			t.Errorf("two things share %s", item)
		}
	}
	if !item.CouponOf("DIWALI", "ravi@example.in") || item.CouponOf("diwali", "asha@example.in") || item.CouponOf("holi", "ravi@example.in") ||
		!inventory.CouponItem("diwali").CouponOf("diwali", "asha@example.in") || inventory.CouponItem("holi").CouponOf("diwali", "") {
		t.Error("a coupon is taken for another, or not known again")
	}
	if after := inventory.AfterCustomerCoupons; item >= after || inventory.CouponItem("é") <= after || inventory.CouponItem(strings.Repeat("x", 200)) <= after {
		t.Errorf("%s is at the wrong place", after)
	}
	for _, code := range []string{"diwali", "~by~", "by", strings.Repeat("~by~", 90)} {
		if inventory.CouponItem(code).CustomerCoupon() {
			t.Errorf("the code %q passes for one customer's uses", code)
		}
	}
}

func TestCoupon(t *testing.T) {
	for item, want := range map[inventory.Item]bool{
		inventory.CouponItem("diwali"): true, inventory.ProductItem(7): false, inventory.VariationItem(7): false, "coupons:x": false,
	} {
		if got := item.Coupon(); got != want {
			t.Errorf("%s: %v", item, got)
		}
	}
}
