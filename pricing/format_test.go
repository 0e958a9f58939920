package pricing_test

import (
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

func TestFormat(t *testing.T) {
	indian, western := pricing.IndianFormat(), pricing.WesternFormat("₹")
	right := pricing.Format{Symbol: "&euro;", Position: pricing.RightSpace, Thousand: ".", Decimal: ",", Decimals: 2}
	trimmed, whole, three := western, western, western
	trimmed.TrimZeros, whole.Decimals, three.Decimals = true, 0, 3
	tests := []struct {
		format pricing.Format
		amount string
		want   string
	}{
		{indian, "123456.5", "₹1,23,456.50"},
		{indian, "12345678.9", "₹1,23,45,678.90"},
		{indian, "999", "₹999.00"},
		{indian, "1000", "₹1,000.00"},
		{indian, "-1234", "-₹1,234.00"},
		{indian, "0", "₹0.00"},
		{western, "123456.5", "₹123,456.50"},
		{western, "1234567", "₹1,234,567.00"},
		{western, "-0.001", "₹0.00"},
		{western, "0.005", "₹0.01"},
		{western, "-0.005", "-₹0.01"},
		{western, "1e2000000000", "₹1e2000000000"},
		{right, "-1299", "-1.299,00\u00a0€"},
		{pricing.Format{Symbol: "Rs.", Position: pricing.LeftSpace, Decimals: 2}, "1299", "Rs.\u00a01299.00"},
		{pricing.Format{Symbol: "/-", Position: pricing.Right, Thousand: ",", Decimals: 2}, "-1299", "-1,299.00/-"},
		{pricing.Format{Symbol: "<b>kr</b>&nbsp;", Thousand: "&nbsp;", Decimal: ","}, "1299", "kr\u00a01\u00a0299"},
		{trimmed, "499", "₹499"},
		{trimmed, "499.5", "₹499.50"},
		{whole, "499.5", "₹500"},
		{three, "499.5", "₹499.500"},
	}
	for _, tt := range tests {
		amount := decimal.New(1, 2_000_000_000)
		if !strings.Contains(tt.amount, "e") {
			amount = decimal.RequireFromString(tt.amount)
		}
		if got := tt.format.Amount(amount); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.amount, got, tt.want)
		}
	}
}

func TestFormatMoney(t *testing.T) {
	format := pricing.IndianFormat()
	for minor, want := range map[int64]string{
		12345650: "₹1,23,456.50", -5: "-₹0.05", 0: "₹0.00", -1 << 63: "-₹92,23,37,20,36,85,47,758.08",
	} {
		if got := format.Money(pricing.Paise(minor)); got != want {
			t.Errorf("%d: %s, want %s", minor, got, want)
		}
	}
	if got := format.Money(money(t, 1299, pricing.JPY)); got != "₹1,299.00" {
		t.Errorf("1299 yen: %s", got)
	}
}
