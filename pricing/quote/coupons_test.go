package quote_test

import (
	"testing"
	"time"

	"github.com/ankkor/ankkor/pricing/quote"
)

func percent(id int64, code, amount string) quote.Coupon {
	return quote.Coupon{ID: id, Code: code, Type: quote.PercentCoupon, Amount: dec(amount)}
}

func TestWhoMayUseACoupon(t *testing.T) {
	at := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	before, after := at.Add(-time.Second), at.Add(time.Second)
	cases := map[string]struct {
		change func(*quote.Coupon, *quote.Input)
		want   quote.CouponReason
	}{
		"anybody":              {func(*quote.Coupon, *quote.Input) {}, quote.CouponAccepted},
		"does not exist":       {func(c *quote.Coupon, _ *quote.Input) { c.ID = 0 }, quote.CouponNotExists},
		"is a draft":           {func(c *quote.Coupon, _ *quote.Input) { c.Status = "draft" }, quote.CouponNotExists},
		"is published":         {func(c *quote.Coupon, _ *quote.Input) { c.Status = "publish" }, quote.CouponAccepted},
		"expired a second ago": {func(c *quote.Coupon, _ *quote.Input) { c.Expires = &before }, quote.CouponExpired},
		"expires now":          {func(c *quote.Coupon, _ *quote.Input) { c.Expires = &at }, quote.CouponAccepted},
		"expires in a second":  {func(c *quote.Coupon, _ *quote.Input) { c.Expires = &after }, quote.CouponAccepted},
		"used up, guest":       {func(c *quote.Coupon, _ *quote.Input) { c.UsageLimit, c.UsageCount = 1, 1 }, quote.CouponUsageStuckGuest},
		"used up, customer":    {func(c *quote.Coupon, in *quote.Input) { c.UsageLimit, c.UsageCount, in.Customer.ID = 1, 1, 7 }, quote.CouponUsageLimit},
		"one use left":         {func(c *quote.Coupon, _ *quote.Input) { c.UsageLimit, c.UsageCount = 2, 1 }, quote.CouponAccepted},
		"used by the customer": {func(c *quote.Coupon, in *quote.Input) {
			c.UsageLimitPerUser, c.UsedBy, in.Customer.ID = 1, []string{"7"}, 7
		}, quote.CouponUsageLimit},
		"used by another": {func(c *quote.Coupon, in *quote.Input) {
			c.UsageLimitPerUser, c.UsedBy, in.Customer.ID = 1, []string{"8", "77"}, 7
		}, quote.CouponAccepted},
		"used by the guest's address": {func(c *quote.Coupon, in *quote.Input) {
			c.UsageLimitPerUser, c.UsedBy, in.Customer.BillingEmail = 1, []string{"A@example.test"}, "a@Example.test"
		}, quote.CouponUsageLimit},
		"below the minimum":           {func(c *quote.Coupon, _ *quote.Input) { c.MinimumAmount = dec("998") }, quote.CouponMinimum},
		"at the minimum as displayed": {func(c *quote.Coupon, _ *quote.Input) { c.MinimumAmount = dec("997.99") }, quote.CouponAccepted},
		"above the maximum":           {func(c *quote.Coupon, _ *quote.Input) { c.MaximumAmount = dec("997.98") }, quote.CouponMaximum},
		"for others": {func(c *quote.Coupon, in *quote.Input) {
			c.EmailRestrictions, in.Customer.BillingEmail = []string{"b@example.test"}, "a@example.test"
		}, quote.CouponNotYours},
		"for nobody known": {func(c *quote.Coupon, _ *quote.Input) { c.EmailRestrictions = []string{"*"} }, quote.CouponNotYours},
		"for a company": {func(c *quote.Coupon, in *quote.Input) {
			c.EmailRestrictions, in.Customer.Email = []string{"*@Example.test"}, "A@example.test"
		}, quote.CouponAccepted},
		"for names in the middle": {func(c *quote.Coupon, in *quote.Input) {
			c.EmailRestrictions, in.Customer.Email = []string{"a*b*@*.test"}, "axxb1@example.test"
		}, quote.CouponAccepted},
		"stars do not overlap": {func(c *quote.Coupon, in *quote.Input) {
			c.EmailRestrictions, in.Customer.Email = []string{"ab*ba"}, "aba"
		}, quote.CouponNotYours},
		"parts in the wrong order": {func(c *quote.Coupon, in *quote.Input) {
			c.EmailRestrictions, in.Customer.Email = []string{"*x*y*"}, "y@x"
		}, quote.CouponNotYours},
		"for another product":  {func(c *quote.Coupon, _ *quote.Input) { c.ProductIDs = []int64{2} }, quote.CouponNotApplicable},
		"for another category": {func(c *quote.Coupon, _ *quote.Input) { c.CategoryIDs = []int64{2} }, quote.CouponNotApplicable},
		"for its category":     {func(c *quote.Coupon, _ *quote.Input) { c.CategoryIDs = []int64{5} }, quote.CouponAccepted},
		"not for this product": {func(c *quote.Coupon, _ *quote.Input) { c.ExcludedProductIDs = []int64{1} }, quote.CouponNotApplicable},
		"not for sale items":   {func(c *quote.Coupon, in *quote.Input) { c.ExcludeSaleItems, in.Lines[0].OnSale = true, true }, quote.CouponNotApplicable},
		"cart without sale items": {func(c *quote.Coupon, in *quote.Input) {
			c.Type, c.ExcludeSaleItems, in.Lines[0].OnSale = quote.FixedCartCoupon, true, true
		}, quote.CouponSaleItems},
		"cart without this product": {func(c *quote.Coupon, _ *quote.Input) {
			c.Type, c.ExcludedProductIDs = quote.FixedCartCoupon, []int64{1}
		}, quote.CouponExcludedProducts},
		"cart without this category": {func(c *quote.Coupon, _ *quote.Input) {
			c.Type, c.ExcludedCategoryIDs = quote.FixedCartCoupon, []int64{5}
		}, quote.CouponExcludedCategories},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := shop(t)
			in.At, in.Lines[0].CategoryIDs = at, []int64{5}
			in.Coupons = []quote.Coupon{percent(1, "diwali", "10")}
			c.change(&in.Coupons[0], &in)
			q := calculate(t, in)
			got := quote.CouponAccepted
			if len(q.Refused) > 0 {
				got = q.Refused[0].Reason
			}
			if got != c.want {
				t.Errorf("reason %d, want %d", got, c.want)
			}
			if (len(q.Coupons) == 1) != (c.want == quote.CouponAccepted) || (q.Totals.DiscountTotal.IsZero()) == (c.want == quote.CouponAccepted) {
				t.Errorf("coupons %+v, discount %s", q.Coupons, q.Totals.DiscountTotal)
			}
		})
	}
}

func TestCouponsTogether(t *testing.T) {
	alone := percent(3, "alone", "20")
	alone.IndividualUse = true
	cases := map[string]struct {
		coupons []quote.Coupon
		used    []string
		refused map[string]quote.CouponReason
	}{
		"two":                    {[]quote.Coupon{percent(1, "a", "10"), percent(2, "b", "5")}, []string{"a", "b"}, nil},
		"the same twice":         {[]quote.Coupon{percent(1, "a", "10"), percent(1, " A ", "10")}, []string{"a"}, map[string]quote.CouponReason{"a": quote.CouponAlreadyApplied}},
		"one that pushes others": {[]quote.Coupon{percent(1, "a", "10"), alone}, []string{"alone"}, map[string]quote.CouponReason{"a": quote.CouponIndividualUse}},
		"one too late":           {[]quote.Coupon{alone, percent(1, "a", "10")}, []string{"alone"}, map[string]quote.CouponReason{"a": quote.CouponIndividualUse}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := shop(t)
			in.Coupons = c.coupons
			q := calculate(t, in)
			var used []string
			for _, cp := range q.Coupons {
				used = append(used, cp.Code)
			}
			if len(used) != len(c.used) || used[0] != c.used[0] {
				t.Errorf("used %v, want %v", used, c.used)
			}
			if len(q.Refused) != len(c.refused) {
				t.Errorf("refused %+v", q.Refused)
			}
			for _, r := range q.Refused {
				if c.refused[r.Code] != r.Reason {
					t.Errorf("%s: reason %d", r.Code, r.Reason)
				}
			}
		})
	}
}

// TestAnOrderCanRefuseWhatTheCartTakes: with prices that include tax, an order counts the tax of shipping towards the
// coupon's maximum. The quote leaves such a coupon out, because WooCommerce would refuse the whole order with it.
func TestAnOrderCanRefuseWhatTheCartTakes(t *testing.T) {
	in := shop(t)
	in.Shipping = flat("100")
	in.Coupons = []quote.Coupon{percent(1, "small", "10")}
	in.Coupons[0].MaximumAmount = dec("1000")
	q := calculate(t, in)
	if len(q.Coupons) != 0 || len(q.Refused) != 1 || q.Refused[0].Reason != quote.CouponMaximum {
		t.Fatalf("coupons %+v, refused %+v", q.Coupons, q.Refused)
	}
	if len(q.Cart.Coupons) != 1 {
		t.Errorf("the cart takes it, but lists %+v", q.Cart.Coupons)
	}
}

// TestFullDiscount: an order adds the rounded tax to find the price that coupons are taken off, so a coupon of 100 %
// can leave a paisa where the cart leaves nothing.
func TestFullDiscount(t *testing.T) {
	in := shop(t)
	in.Coupons = []quote.Coupon{percent(1, "free", "100")}
	q := calculate(t, in)
	if q.Totals.Total.Amount() != "0.01" || !q.Cart.Totals.Total.IsZero() {
		t.Errorf("order %s, cart %s", q.Totals.Total, q.Cart.Totals.Total)
	}
	in.ShipTo.State = "MH" // one rate, nothing is lost
	if q := calculate(t, in); !q.Totals.Total.IsZero() {
		t.Errorf("order %s", q.Totals.Total)
	}
}

// TestFloorInBinary: 29 % of 100 paise is 28.999999999999996 in doubles, so WooCommerce takes 28 paise off the first
// line. The whole cart is owed 116, one more than the lines got, and that paisa goes to the dearer line.
func TestFloorInBinary(t *testing.T) {
	in := shop(t)
	in.Settings.TaxEnabled = false
	in.Lines = []quote.Line{{Key: "a", ProductID: 1, UnitPrice: dec("1"), Quantity: 1}, {Key: "b", ProductID: 2, UnitPrice: dec("3"), Quantity: 1}}
	in.Coupons = []quote.Coupon{percent(1, "p", "29")}
	q := calculate(t, in)
	if a, b := q.Lines[0].Total.StringFixed(2), q.Lines[1].Total.StringFixed(2); a != "0.72" || b != "2.12" {
		t.Errorf("lines %s and %s: the paisa lost in doubles goes to the dearer line", a, b)
	}
}
