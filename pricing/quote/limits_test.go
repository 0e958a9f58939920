package quote_test

import (
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/pricing/quote"
)

// largest is the largest input that is taken: every list full, every line and coupon of the kind that costs most.
func largest(tb testing.TB) quote.Input {
	in := fiftyLines(tb)
	in.Lines = nil
	for i := range quote.MaxLines {
		in.Lines = append(in.Lines, quote.Line{
			Key: fmt.Sprint(i), ProductID: int64(i), UnitPrice: dec("0.125"), Quantity: 100_000, TaxClass: "gst-12",
			CategoryIDs: []int64{1, 2, 3, 4, 5, 6, 7, 8},
		})
	}
	ids := make([]int64, 2000)
	for i := range ids {
		ids[i] = int64(1_000_000 + i)
	}
	ids[len(ids)-1] = 8
	for i := range quote.MaxCoupons {
		c := quote.Coupon{ID: int64(i + 1), Code: fmt.Sprint(i), Type: quote.FixedCartCoupon, Amount: dec("99999.99")}
		if i%2 == 0 {
			c.Type, c.Amount, c.CategoryIDs = quote.PercentCoupon, dec("3.33"), ids
		}
		in.Coupons = append(in.Coupons, c)
	}
	for i := range quote.MaxFees {
		in.Fees = append(in.Fees, quote.Fee{Name: fmt.Sprint(i), Amount: dec(fmt.Sprint(-i))})
	}
	return in
}

func TestTheLargestInput(t *testing.T) {
	in := largest(t)
	in.Explain = true
	q := calculate(t, in)
	if len(q.Lines) != quote.MaxLines || len(q.Coupons) != quote.MaxCoupons || len(q.Fees) != quote.MaxFees {
		t.Errorf("%d lines, %d coupons, %d fees", len(q.Lines), len(q.Coupons), len(q.Fees))
	}
}

// BenchmarkLargest bounds what one request can cost.
func BenchmarkLargest(b *testing.B) {
	in := largest(b)
	for b.Loop() {
		if _, err := quote.Calculate(in); err != nil {
			b.Fatal(err)
		}
	}
}
