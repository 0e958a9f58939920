package exchange_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/exchange"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func dollars() exchange.Rate {
	return exchange.Rate{From: pricing.INR, To: pricing.USD, Value: dec("0.01187"), At: noon, Source: "the bank"}
}

func converter(t *testing.T, r exchange.Rate, options ...exchange.Option) *exchange.Converter {
	t.Helper()
	c, err := exchange.NewConverter(r, options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPrice(t *testing.T) {
	tests := []struct {
		to                     pricing.Currency
		rate, step, from, want string
	}{
		{pricing.USD, "0.01187", "", "499", "5.92"},          // 5.92313
		{pricing.USD, "0.01", "", "0.5", "0.01"},             // half a cent goes up
		{pricing.USD, "0.01", "", "-0.5", "-0.01"},           // and away from zero
		{pricing.USD, "0.01", "", "0.49", "0"},               // less goes away
		{pricing.JPY, "1.81", "", "499", "903"},              // no decimals
		{pricing.KWD, "0.00365", "", "499", "1.821"},         // three
		{pricing.USD, "0.01187", "1", "499", "6"},            // whole dollars
		{pricing.USD, "0.01187", "0.05", "499", "5.9"},       // five cents
		{pricing.JPY, "1.81", "100", "499", "900"},           // hundreds of yen
		{pricing.USD, "0.01187", "", "0", "0"},               // nothing stays nothing
		{pricing.USD, "1", "", "99999999.99", "99999999.99"}, // a rate of one changes nothing
	}
	for _, tt := range tests {
		var options []exchange.Option
		if tt.step != "" {
			options = append(options, exchange.RoundTo(dec(tt.step)))
		}
		c := converter(t, exchange.Rate{From: pricing.INR, To: tt.to, Value: dec(tt.rate)}, options...)
		if got := c.Price(dec(tt.from)); !got.Equal(dec(tt.want)) {
			t.Errorf("%s at %s in steps of %q: %s, want %s", tt.from, tt.rate, tt.step, got, tt.want)
		}
	}
}

func TestMoney(t *testing.T) {
	c := converter(t, dollars())
	if got, err := c.Money(pricing.Paise(49900)); err != nil || got.String() != "USD 5.92" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := c.Money(pricing.Money{}); err != nil || got.String() != "USD 0.00" {
		t.Errorf("%v, %v", got, err)
	}
	yen, err := pricing.New(5, pricing.JPY)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Money(yen); !errors.Is(err, pricing.ErrCurrencyMismatch) {
		t.Errorf("%v", err)
	}
}

func purchase() quote.Input {
	return quote.Input{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 0, TaxEnabled: true, BaseCountry: "IN"},
		At:       noon,
		Lines: []quote.Line{
			{Key: "a", ProductID: 1, UnitPrice: dec("499"), RegularPrice: dec("599"), Quantity: 3, Adjustments: []quote.Adjustment{{Rule: "r", Amount: dec("-100")}}},
			{Key: "b", ProductID: 2, UnitPrice: dec("0.4"), Quantity: 1, Adjustments: []quote.Adjustment{{Rule: "r", Amount: dec("-0.4")}}},
		},
		Fees:     []quote.Fee{{Name: "Wrap", Amount: dec("20")}},
		Shipping: []quote.ShippingLine{{RateID: "flat_rate:1", MethodID: "flat_rate", Cost: dec("49")}},
	}
}

// A converted purchase is quoted in its new currency, and the quote names the rate.
func TestInput(t *testing.T) {
	in := purchase()
	before, err := quote.Calculate(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := converter(t, dollars()).Input(in)
	if err != nil {
		t.Fatal(err)
	}
	q, err := quote.Calculate(got)
	if err != nil {
		t.Fatal(err)
	}
	// 3 × 5.92 - 1.19 + 0.24 + 0.58; the second line is nothing
	if q.Totals.Total.String() != "USD 17.39" || q.Currency != pricing.USD || q.Decimals != 2 {
		t.Errorf("%s", q.Totals.Total)
	}
	want := &quote.Exchange{From: pricing.INR, To: pricing.USD, Rate: dec("0.01187"), At: noon, Source: "the bank"}
	if diff := cmp.Diff(want, q.Exchange); diff != "" {
		t.Error(diff)
	}
	if !q.Lines[0].UnitPrice.Equal(dec("5.92")) || !got.Lines[0].RegularPrice.Equal(dec("7.11")) {
		t.Errorf("%+v", q.Lines[0])
	}
	if again, _ := quote.Calculate(in); again.Hash() != before.Hash() {
		t.Error("the input was changed")
	}
	other := dollars()
	other.Value = dec("0.01188")
	if later, _ := converter(t, other).Input(purchase()); !differentHash(t, got, later) {
		t.Error("another rate, the same hash")
	}
}

func differentHash(t *testing.T, a, b quote.Input) bool {
	t.Helper()
	x, err1 := quote.Calculate(a)
	y, err2 := quote.Calculate(b)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return x.Hash() != y.Hash()
}

// WooCommerce does not convert coupons, so those that hold an amount cannot be used.
func TestCoupons(t *testing.T) {
	in := purchase()
	in.Coupons = []quote.Coupon{
		{ID: 1, Code: "ten", Type: quote.PercentCoupon, Amount: dec("10")},
		{ID: 2, Code: "off", Type: quote.FixedCartCoupon, Amount: dec("100")},
		{ID: 3, Code: "each", Type: quote.FixedProductCoupon, Amount: dec("10")},
		{ID: 4, Code: "from", Type: quote.PercentCoupon, Amount: dec("10"), MinimumAmount: dec("1")},
		{ID: 5, Code: "upto", Type: quote.PercentCoupon, Amount: dec("10"), MaximumAmount: dec("9999")},
	}
	got, err := converter(t, dollars()).Input(in)
	if err != nil {
		t.Fatal(err)
	}
	q, err := quote.Calculate(got)
	if err != nil {
		t.Fatal(err)
	}
	if len(q.Coupons) != 1 || q.Coupons[0].Code != "ten" || len(q.Refused) != 4 {
		t.Errorf("%+v, refused %+v", q.Coupons, q.Refused)
	}
	if in.Coupons[1].ID != 2 {
		t.Error("the input was changed")
	}
}

func TestGivenAmounts(t *testing.T) {
	in, total := purchase(), dec("1000")
	in.Lines[0].Given = &quote.Given{Total: &total}
	got, err := converter(t, dollars()).Input(in)
	if err != nil {
		t.Fatal(err)
	}
	if g := got.Lines[0].Given; g.Subtotal != nil || !g.Total.Equal(dec("11.87")) || !total.Equal(dec("1000")) {
		t.Errorf("%+v", g)
	}
}

func TestRates(t *testing.T) {
	rates := []shipping.Rate{{ID: "flat_rate:1", Cost: dec("49")}, {ID: "free_shipping:2"}}
	got := converter(t, dollars()).Rates(rates)
	if !got[0].Cost.Equal(dec("0.58")) || !got[1].Cost.IsZero() || !rates[0].Cost.Equal(dec("49")) {
		t.Errorf("%v from %v", got, rates)
	}
}

func TestInputRefused(t *testing.T) {
	huge := decimal.New(1, 1_000_000)
	tests := []struct {
		name   string
		change func(*quote.Input)
		field  string
	}{
		{"another currency", func(in *quote.Input) { in.Settings.Currency = pricing.EUR }, "settings.currency"},
		{"converted before", func(in *quote.Input) { in.Exchange = &quote.Exchange{} }, "exchange"},
		{"a price", func(in *quote.Input) { in.Lines[1].UnitPrice = huge }, "lines[1]"},
		{"an adjustment", func(in *quote.Input) { in.Lines[0].Adjustments[0].Amount = decimal.New(1, -1_000_000) }, "lines[0]"},
		{"a given subtotal", func(in *quote.Input) { in.Lines[0].Given = &quote.Given{Subtotal: &huge} }, "lines[0]"},
		{"a given total", func(in *quote.Input) { in.Lines[0].Given = &quote.Given{Total: &huge} }, "lines[0]"},
		{"a fee", func(in *quote.Input) { in.Fees[0].Amount = huge }, "fees[0].amount"},
		{"shipping", func(in *quote.Input) { in.Shipping[0].Cost = huge }, "shipping[0].cost"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := purchase()
			tt.change(&in)
			_, err := converter(t, dollars()).Input(in)
			refused(t, err, tt.field)
		})
	}
}

func refused(t *testing.T, err error, field string) {
	t.Helper()
	var invalid *exchange.InvalidError
	if !errors.Is(err, exchange.ErrInvalid) || !errors.As(err, &invalid) || invalid.Field != field {
		t.Errorf("%v, want an error on %q", err, field)
	}
}

func TestRatesThatCannotBe(t *testing.T) {
	tests := []struct {
		name   string
		change func(*exchange.Rate)
		field  string
	}{
		{"from", func(r *exchange.Rate) { r.From = "inr" }, "from"},
		{"to", func(r *exchange.Rate) { r.To = "" }, "to"},
		{"zero", func(r *exchange.Rate) { r.Value = decimal.Zero }, "value"},
		{"negative", func(r *exchange.Rate) { r.Value = dec("-1") }, "value"},
		{"an exponent bomb", func(r *exchange.Rate) { r.Value = decimal.New(1, -1_000_000) }, "value"},
		{"too large", func(r *exchange.Rate) { r.Value = decimal.New(1, 1_000_000) }, "value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := dollars()
			tt.change(&r)
			_, err := exchange.NewConverter(r)
			refused(t, err, tt.field)
			if _, err := exchange.NewTable(r); !errors.Is(err, exchange.ErrInvalid) {
				t.Errorf("a table takes it: %v", err)
			}
		})
	}
	for _, step := range []decimal.Decimal{decimal.Zero, dec("-1"), dec("0.001"), decimal.New(1, 1_000_000), decimal.New(1, -1_000_000)} {
		_, err := exchange.NewConverter(dollars(), exchange.RoundTo(step))
		refused(t, err, "step")
	}
}

func TestStale(t *testing.T) {
	if _, err := exchange.NewConverter(dollars(), exchange.NotOlderThan(time.Hour, noon.Add(time.Hour))); err != nil {
		t.Error(err)
	}
	if _, err := exchange.NewConverter(dollars(), exchange.NotOlderThan(time.Hour, noon.Add(time.Hour+1))); !errors.Is(err, exchange.ErrStale) {
		t.Errorf("%v", err)
	}
}

func TestTable(t *testing.T) {
	table, err := exchange.NewTable(dollars())
	if err != nil {
		t.Fatal(err)
	}
	if r, err := table.Rate(t.Context(), pricing.INR, pricing.USD); err != nil || r.Source != "the bank" {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := table.Rate(t.Context(), pricing.USD, pricing.INR); !errors.Is(err, exchange.ErrNoRate) {
		t.Errorf("the way back: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := table.Rate(ctx, pricing.INR, pricing.USD); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	_, err = exchange.NewTable(dollars(), dollars())
	refused(t, err, "rates[1]")
}
