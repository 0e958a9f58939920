package adjust_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/adjust"
)

func TestCashOnDelivery(t *testing.T) {
	fee := adjust.CashOnDelivery{Name: "Cash on delivery", Amount: dec("40"), Percent: dec("2"), Most: dec("60"), FreeFrom: dec("5000"), Taxable: true, TaxClass: "gst-18"}
	for total, want := range map[string]string{"0": "40", "499": "40", "2000": "40", "2500.25": "50.01", "3000": "60", "4999.99": "60", "5000": "", "9000": ""} {
		got, charged, err := fee.Fee(dec(total), 2)
		if err != nil || charged != (want != "") || (charged && (!got.Amount.Equal(dec(want)) || !got.Taxable || got.TaxClass != "gst-18" || got.Name != fee.Name)) {
			t.Errorf("%s: %+v, %v, %v, want %q", total, got, charged, err, want)
		}
	}
	if _, charged, err := (adjust.CashOnDelivery{}).Fee(dec("499"), 2); charged || err != nil {
		t.Errorf("no fee is charged: %v, %v", charged, err)
	}
	if got, _, err := (adjust.CashOnDelivery{Percent: dec("1")}).Fee(dec("150"), 0); err != nil || !got.Amount.Equal(dec("2")) {
		t.Errorf("1.5 in whole rupees is %s, %v", got.Amount, err)
	}
}

func TestCashOnDeliveryRefused(t *testing.T) {
	tests := map[string]struct {
		fee   adjust.CashOnDelivery
		total decimal.Decimal
	}{
		"total":     {adjust.CashOnDelivery{}, dec("-1")},
		"amount":    {adjust.CashOnDelivery{Amount: dec("-1")}, dec("1")},
		"percent":   {adjust.CashOnDelivery{Percent: decimal.New(1, 1_000_000)}, dec("1")},
		"most":      {adjust.CashOnDelivery{Most: dec("-0.01")}, dec("1")},
		"free_from": {adjust.CashOnDelivery{FreeFrom: decimal.New(1, -1_000_000)}, dec("1")},
	}
	for field, tt := range tests {
		var invalid *adjust.InvalidError
		if _, charged, err := tt.fee.Fee(tt.total, 2); charged || !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
