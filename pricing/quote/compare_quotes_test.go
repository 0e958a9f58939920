package quote_test

import (
	"slices"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

// TestCompareNamesWhatChanged changes the input as the world does between a quote and the payment.
func TestCompareNamesWhatChanged(t *testing.T) {
	cases := map[string]struct {
		change func(*quote.Input)
		kinds  []quote.ChangeKind // of the first line that changed
		also   string             // "coupons shipping fees tax total" as they apply
	}{
		"nothing":          {func(*quote.Input) {}, nil, ""},
		"price":            {func(in *quote.Input) { in.Lines[0].UnitPrice = dec("549") }, []quote.ChangeKind{quote.PriceChanged, quote.DiscountChanged, quote.TaxChanged}, "coupons tax total"},
		"quantity":         {func(in *quote.Input) { in.Lines[0].Quantity = 3 }, []quote.ChangeKind{quote.QuantityChanged, quote.DiscountChanged, quote.TaxChanged}, "coupons tax total"},
		"tax class":        {func(in *quote.Input) { in.Lines[0].TaxClass = "gst-18" }, []quote.ChangeKind{quote.PriceChanged, quote.DiscountChanged, quote.TaxChanged}, "coupons shipping tax total"},
		"coupon gone":      {func(in *quote.Input) { in.Coupons = nil }, []quote.ChangeKind{quote.DiscountChanged}, "coupons tax total"},
		"coupon is less":   {func(in *quote.Input) { in.Coupons[0].Amount = dec("5") }, []quote.ChangeKind{quote.DiscountChanged}, "coupons tax total"},
		"shipping dearer":  {func(in *quote.Input) { in.Shipping[0].Cost = dec("99") }, nil, "shipping tax total"},
		"other method":     {func(in *quote.Input) { in.Shipping[0].RateID = "flat_rate:9" }, nil, "shipping"},
		"fee gone":         {func(in *quote.Input) { in.Fees = nil }, nil, "fees tax total"},
		"to another state": {func(in *quote.Input) { in.ShipTo.State = "MH" }, []quote.ChangeKind{quote.DiscountChanged, quote.TaxChanged}, "shipping fees tax total"},
		"last line gone":   {func(in *quote.Input) { in.Lines, in.Coupons = in.Lines[:1], nil }, []quote.ChangeKind{quote.DiscountChanged}, "coupons tax total"},
		"line new":         {func(in *quote.Input) { in.Lines = append(in.Lines, quote.Line{Key: "c", ProductID: 3, Quantity: 1}) }, []quote.ChangeKind{quote.Added}, ""},
		"lines swapped":    {func(in *quote.Input) { in.Lines[0], in.Lines[1] = in.Lines[1], in.Lines[0] }, []quote.ChangeKind{quote.MovedOnly}, "tax"},
		"rule renamed":     {func(in *quote.Input) { in.Lines[1].Adjustments[0].Rule = "group" }, []quote.ChangeKind{quote.PriceChanged}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := full(t)
			before := calculate(t, in)
			c.change(&in)
			after := calculate(t, in)
			d := quote.Compare(before, after)
			var kinds []quote.ChangeKind
			if len(d.Lines) > 0 {
				kinds = d.Lines[0].Kinds
			}
			if !slices.Equal(kinds, c.kinds) {
				t.Errorf("kinds %v, want %v", kinds, c.kinds)
			}
			if got := parts(d); got != c.also {
				t.Errorf("changed %q, want %q", got, c.also)
			}
			if (before.Hash() == after.Hash()) != d.Empty() {
				t.Errorf("the hash and the difference disagree")
			}
		})
	}
}

// parts names what changed beside the lines.
func parts(d quote.Difference) string {
	s := ""
	add := func(name string, is bool) {
		if is && s != "" {
			s += " "
		}
		if is {
			s += name
		}
	}
	add("coupons", len(d.Coupons) > 0)
	add("shipping", d.Shipping != nil)
	add("fees", d.Fees != nil)
	add("tax", d.Tax != nil)
	add("total", d.Total != nil)
	return s
}

func TestCompareShowsBothSides(t *testing.T) {
	in := full(t)
	before := calculate(t, in)
	in.Lines[0].UnitPrice, in.Coupons = dec("549"), nil
	d := quote.Compare(before, calculate(t, in))
	if c := d.Lines[0]; c.Key != "a" || c.Old.UnitPrice.String() != "499" || c.New.UnitPrice.String() != "549" {
		t.Errorf("line %+v", c)
	}
	if c := d.Coupons[0]; c.Code != "diwali" || c.Kind != quote.Removed || c.Old == nil || c.New != nil {
		t.Errorf("coupon %+v", c)
	}
	if d.Total.Old.Equal(d.Total.New) {
		t.Errorf("total %+v", d.Total)
	}
}

func TestCompareSaysWhichLineIsGone(t *testing.T) {
	in := full(t)
	in.Coupons = nil
	before := calculate(t, in)
	in.Lines = in.Lines[:1]
	d := quote.Compare(before, calculate(t, in))
	if len(d.Lines) != 1 || d.Lines[0].Kinds[0] != quote.Removed || d.Lines[0].Old.Key != "b" || d.Lines[0].New != nil {
		t.Errorf("%+v", d.Lines)
	}
}

func TestCompareWithoutKeys(t *testing.T) {
	line := func(product int64, price string) quote.Line {
		return quote.Line{ProductID: product, UnitPrice: dec(price), Quantity: 1}
	}
	in := shop(t)
	in.Lines = []quote.Line{line(1, "10"), line(1, "20"), line(2, "30")}
	before := calculate(t, in)
	in.Lines = []quote.Line{line(1, "10"), line(2, "30"), line(1, "25")}
	d := quote.Compare(before, calculate(t, in))
	if len(d.Lines) != 1 || d.Lines[0].Old.UnitPrice.String() != "20" || d.Lines[0].New.UnitPrice.String() != "25" {
		t.Errorf("%+v", d.Lines)
	}
}
