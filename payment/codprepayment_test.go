package payment_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func percent(s string) payment.Prepayment {
	return payment.Prepayment{Through: payment.MethodRazorpay, Percent: decimal.RequireFromString(s)}
}

func fixed(paise int64) payment.Prepayment {
	return payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(paise)}
}

func TestPrepaymentSplit(t *testing.T) {
	from := fixed(9900)
	from.From = pricing.Paise(100000)
	for name, test := range map[string]struct {
		terms               payment.Prepayment
		total, prepaid, due int64
	}{
		"nothing asked":                {payment.Prepayment{}, 49900, 0, 49900},
		"nothing to pay":               {fixed(9900), 0, 0, 0},
		"fixed":                        {fixed(9900), 49900, 9900, 40000},
		"fixed, a paisa is left":       {fixed(9900), 9901, 9900, 1},
		"ten percent":                  {percent("10"), 49900, 4990, 44910},
		"half a paisa goes up":         {percent("10"), 49905, 4991, 44914},
		"less than half goes down":     {percent("10"), 49904, 4990, 44914},
		"a third":                      {percent("33.3333"), 100000, 33333, 66667},
		"never less than a rupee":      {percent("1"), 4000, 100, 3900},
		"rounded to nothing, a rupee":  {percent("0.0001"), 4000, 100, 3900},
		"a fixed paisa becomes a rupe": {fixed(1), 4000, 100, 3900},
		"below what it is asked from":  {from, 99999, 0, 99999},
		"from there on":                {from, 100000, 9900, 90100},
	} {
		prepaid, due, err := test.terms.Split(pricing.Paise(test.total))
		if err != nil || prepaid.Minor() != test.prepaid || due.Minor() != test.due {
			t.Errorf("%s: %s and %s, %v", name, prepaid, due, err)
		}
	}
}

func TestPrepaymentLeavesSomethingForTheDoor(t *testing.T) {
	for _, terms := range []payment.Prepayment{fixed(9900), fixed(9901), percent("99.9999")} {
		prepaid, due, err := terms.Split(pricing.Paise(100))
		if !errors.Is(err, payment.ErrAllPrepaid) || !prepaid.IsZero() || !due.IsZero() {
			t.Errorf("%s and %s, %v", prepaid, due, err)
		}
	}
	if _, _, err := fixed(9900).Split(pricing.Paise(9900)); !errors.Is(err, payment.ErrAllPrepaid) {
		t.Error(err)
	}
}

func TestPrepaymentRefusesOtherCurrencies(t *testing.T) {
	dollars, err := pricing.New(100000, pricing.USD)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = fixed(9900).Split(dollars)
	wantInvalid(t, err, "total")
	terms := percent("10")
	terms.From = pricing.Paise(1)
	_, _, err = terms.Split(dollars)
	wantInvalid(t, err, "total")
	_, _, err = fixed(9900).Split(pricing.Paise(-1))
	wantInvalid(t, err, "total")
	if prepaid, due, err := percent("10").Split(dollars); err != nil || prepaid.Amount() != "100.00" || due.Amount() != "900.00" {
		t.Errorf("a percentage of dollars: %s and %s, %v", prepaid, due, err)
	}
}

// Yen have no smaller unit, dinars have three digits.
func TestPrepaymentKnowsTheMinorUnit(t *testing.T) {
	for currency, want := range map[pricing.Currency][2]string{pricing.JPY: {"334", "3003"}, pricing.KWD: {"1.000", "2.337"}} {
		total, err := pricing.New(3337, currency)
		if err != nil {
			t.Fatal(err)
		}
		prepaid, due, err := percent("10").Split(total)
		if err != nil || prepaid.Amount() != want[0] || due.Amount() != want[1] {
			t.Errorf("%s: %s and %s, %v", currency, prepaid, due, err)
		}
	}
}

func TestPrepaymentValidate(t *testing.T) {
	euro, err := pricing.New(100, pricing.EUR)
	if err != nil {
		t.Fatal(err)
	}
	ten := decimal.NewFromInt(10)
	for name, test := range map[string]struct {
		terms payment.Prepayment
		field string
	}{
		"nothing":            {payment.Prepayment{}, ""},
		"fixed":              {fixed(9900), ""},
		"percent":            {percent("12.5"), ""},
		"nobody takes it":    {payment.Prepayment{Fixed: pricing.Paise(1)}, "prepayment.through"},
		"only from":          {payment.Prepayment{From: pricing.Paise(1)}, "prepayment.through"},
		"no amount":          {payment.Prepayment{Through: "razorpay"}, "prepayment"},
		"both":               {payment.Prepayment{Through: "razorpay", Fixed: pricing.Paise(1), Percent: ten}, "prepayment"},
		"less than nothing":  {fixed(-1), "prepayment.fixed"},
		"another currency":   {payment.Prepayment{Through: "razorpay", Fixed: euro}, "prepayment.fixed"},
		"all of it":          {percent("100"), "prepayment.percent"},
		"negative":           {percent("-1"), "prepayment.percent"},
		"too fine":           {percent("1.00001"), "prepayment.percent"},
		"from in euro":       {payment.Prepayment{Through: "razorpay", Percent: ten, From: euro}, "prepayment.from"},
		"from below zero":    {payment.Prepayment{Through: "razorpay", Percent: ten, From: pricing.Paise(-1)}, "prepayment.from"},
		"an unknown policy":  {payment.Prepayment{Through: "razorpay", Percent: ten, OnReturn: "burn"}, "prepayment.on_return"},
		"a policy of no sum": {payment.Prepayment{OnReturn: "burn"}, "prepayment.through"},
	} {
		err := test.terms.Validate(pricing.INR)
		if test.field == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		t.Run(name, func(t *testing.T) { wantInvalid(t, err, test.field) })
	}
}

func FuzzPrepaymentSplit(f *testing.F) {
	f.Add(int64(49900), int64(9900), int64(0))
	f.Add(int64(1), int64(0), int64(999999))
	f.Add(int64(9223372036854775807), int64(0), int64(333333))
	f.Add(int64(100), int64(100), int64(0))
	f.Fuzz(func(t *testing.T, total, paise, millionths int64) {
		terms := payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(paise), Percent: decimal.New(millionths, -4)}
		if terms.Validate(pricing.INR) != nil {
			return
		}
		prepaid, due, err := terms.Split(pricing.Paise(total))
		if err != nil {
			return
		}
		if sum, err := prepaid.Add(due); err != nil || sum.Minor() != total || prepaid.Sign() < 0 || due.Sign() < 0 {
			t.Fatalf("%d becomes %s and %s", total, prepaid, due)
		}
	})
}

// A tenth beforehand: the rest is what is left, to the paisa.
func ExamplePrepayment_Split() {
	terms := payment.Prepayment{Through: payment.MethodRazorpay, Percent: decimal.NewFromInt(10)}
	prepaid, due, err := terms.Split(pricing.Paise(55389))
	fmt.Println(prepaid, due, err)
	_, _, err = terms.Split(pricing.Paise(100))
	fmt.Println(err)
	// Output:
	// INR 55.39 INR 498.50 <nil>
	// payment: the prepayment would be the whole total; pay online instead: of INR 1.00, INR 1.00 are asked for at once
}
