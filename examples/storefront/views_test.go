package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
)

func TestWhatCanBeHad(t *testing.T) {
	const item = inventory.Item("product:1")
	counted := func(quantity int64) woo.Stock {
		return woo.Stock{Item: item, Managed: true, Quantity: quantity, Status: woo.InStock}
	}
	level := func(onHand, allocated, reserved int64) stockView {
		key := inventory.Key{Item: item, Location: inventory.DefaultLocation}
		return stockView{levels: map[inventory.Item]inventory.Level{item: {Key: key, OnHand: onHand, Allocated: allocated, Reserved: reserved}}}
	}
	with := func(v stockView, mine int64) stockView {
		v.mine = map[inventory.Item]int64{item: mine}
		return v
	}
	for name, tc := range map[string]struct {
		view  stockView
		stock woo.Stock
		want  stockNote
	}{
		"plenty":                        {level(10, 0, 0), counted(10), stockNote{Available: true, Most: 10, Tone: toneGood}},
		"one more than few":             {level(6, 0, 0), counted(6), stockNote{Available: true, Most: 6, Tone: toneGood}},
		"few":                           {level(5, 0, 0), counted(5), stockNote{Available: true, Most: 5, Tone: toneLow, Note: "Only 5 left"}},
		"some are claimed":              {level(10, 4, 3), counted(10), stockNote{Available: true, Most: 3, Tone: toneLow, Note: "Only 3 left"}},
		"the last is in a checkout":     {level(1, 0, 1), counted(1), stockNote{Tone: toneOut, Note: "In somebody’s checkout just now"}},
		"the last is in mine":           {with(level(1, 0, 1), 1), counted(1), stockNote{Available: true, Most: 1, Tone: toneLow, Note: "Only 1 left"}},
		"the last is ordered":           {level(1, 1, 0), counted(1), stockNote{Tone: toneOut, Note: "Sold out"}},
		"more claimed than counted":     {level(0, 1, 0), counted(0), stockNote{Tone: toneOut, Note: "Sold out"}},
		"not known here":                {stockView{}, counted(2), stockNote{Available: true, Most: 2, Tone: toneLow, Note: "Only 2 left"}},
		"WooCommerce oversold":          {stockView{}, counted(-3), stockNote{Tone: toneOut, Note: "Sold out"}},
		"not counted":                   {stockView{}, woo.Stock{Status: woo.InStock}, stockNote{Available: true, Tone: toneGood}},
		"not counted, marked as out":    {stockView{}, woo.Stock{Status: woo.OutOfStock}, stockNote{Tone: toneOut, Note: "Sold out"}},
		"backorders, none there":        {stockView{}, woo.Stock{Managed: true, Backorders: true, Status: woo.OnBackorder}, stockNote{Available: true, Tone: toneLow, Note: "Made to order"}},
		"backorders, but pieces remain": {stockView{}, woo.Stock{Managed: true, Backorders: true, Quantity: 2, Status: woo.InStock}, stockNote{Available: true, Tone: toneGood}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.view.of(tc.stock)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPricesTheIndianWay(t *testing.T) {
	shop, _ := open(t)
	for text, want := range map[string]string{
		"₹125,000.00": "₹1,25,000.00", "₹1,25,000.00": "₹1,25,000.00", "₹1,099.00 - ₹1,399.00": "₹1,099.00 – ₹1,399.00",
		"₹450.00 - ₹450.00": "₹450.00", "From: ₹499.00": "From ₹499.00", "ask us": "ask us", "": "",
	} {
		if got := shop.shown(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
	if got := shop.price(woo.Price{Kind: woo.Free}) + ", " + shop.price(woo.Price{}); got != "Free, Price on request" {
		t.Error(got)
	}
}

func TestNoticesInWords(t *testing.T) {
	price := func(text string) decimal.Decimal { return decimal.RequireFromString(text) }
	for want, n := range map[string]cart.Notice{
		"Mug now costs ₹549.00; it was ₹499.00 when you put it here.": {Kind: cart.NoticePrice, Old: price("499"), New: price("549")},
		"Mug is sold one piece per order.":                            {Kind: cart.NoticeIndividual, Want: 2, Have: 1},
		"Mug has sold out since you put it here.":                     {Kind: cart.NoticeStock, Want: 2, Have: -1},
		"Only 1 left of Mug; you want 2.":                             {Kind: cart.NoticeStock, Want: 2, Have: 1},
	} {
		if got := noticeText("Mug", n); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestEveryRefusalHasAReason: no coupon is refused without a word, and different reasons are told apart.
func TestEveryRefusalHasAReason(t *testing.T) {
	general := whyRefused(quote.CouponNotApplicable)
	for reason, want := range map[quote.CouponReason]string{
		quote.CouponNotExists: "is not known here", quote.CouponExpired: "has expired", quote.CouponUsageLimit: "has been used up",
		quote.CouponUsageStuck: "has been used up", quote.CouponMinimum: "wants a larger order", quote.CouponMaximum: "wants a smaller order",
		quote.CouponSaleItems: "is not for things on sale", quote.CouponIndividualUse: "cannot be used with another one",
		quote.CouponNotYours: "belongs to somebody else", quote.CouponExcludedProducts: general, quote.CouponExcludedCategories: general,
	} {
		if got := whyRefused(reason); got != want || got == "" {
			t.Errorf("reason %d is %q, want %q", reason, got, want)
		}
	}
}

func TestMilestones(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 11, 20, 12, minute, 0, 0, time.UTC) }
	r := checkout.Record{
		Placed: &checkout.Placement{At: at(1)}, Order: &checkout.OrderFact{CompletedAt: at(3)}, Shipment: &checkout.Shipment{At: at(4)},
		Timeline: []checkout.TimelineEntry{{At: at(2), What: "payment paid"}},
	}
	want := []milestone{{"Placed", at(1), true}, {"Paid", at(2), true}, {"Confirmed", at(3), true}, {"On its way", at(4), true}, {"Delivered", time.Time{}, false}}
	if diff := cmp.Diff(want, milestones(r, checkout.StatusShipped, false)); diff != "" {
		t.Error(diff)
	}
	cash := milestones(checkout.Record{Placed: &checkout.Placement{At: at(1)}}, checkout.StatusPaid, true)
	want = []milestone{{"Placed", at(1), true}, {"Confirmed", time.Time{}, false}, {"On its way", time.Time{}, false}, {"Delivered", time.Time{}, false}}
	if diff := cmp.Diff(want, cash); diff != "" {
		t.Error(diff)
	}
}

// TestStaffMarkup: descriptions are HTML that staff wrote; of it only the words are shown.
func TestStaffMarkup(t *testing.T) {
	for html, want := range map[string]string{
		"<p>Hand-painted <strong>ceramic</strong> &amp; glazed.</p>": "Hand-painted  ceramic  & glazed.",
		`<img src=x onerror="alert(1)">Mug`:                          "Mug",
		"&lt;script&gt;":                                             "<script>", // shown as text: the template escapes it again
		"":                                                           "",
	} {
		if got := plain(html); got != want {
			t.Errorf("%q became %q, want %q", html, got, want)
		}
	}
}

func TestWhichVariationFits(t *testing.T) {
	picked := map[string]string{"pa_size": "s", "engraving": "Name"}
	for name, tc := range map[string]struct {
		attributes, open map[string]string
		ok               bool
	}{
		"fixed both":    {map[string]string{"pa_size": "s", "engraving": "Name"}, map[string]string{}, true},
		"any engraving": {map[string]string{"pa_size": "s", "engraving": ""}, map[string]string{"engraving": "Name"}, true},
		"another size":  {map[string]string{"pa_size": "l", "engraving": ""}, nil, false},
	} {
		open, ok := fits(tc.attributes, picked)
		if diff := cmp.Diff(tc.open, open); ok != tc.ok || diff != "" {
			t.Errorf("%s: fits %v, leaves open %v", name, ok, open)
		}
	}
}
