package payment_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func TestCashOnDeliveryOrder(t *testing.T) {
	ctx := t.Context()
	request := payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(49900)}
	first, err := payment.CashOnDelivery{}.CreateOrder(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	want := payment.Order{ID: first.ID, Receipt: "token-1", Amount: pricing.Paise(49900), Status: payment.OrderDueOnDelivery}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := payment.CashOnDelivery{}.CreateOrder(ctx, request)
	if err != nil || again != first {
		t.Errorf("created again: %+v, %v; want the same order", again, err)
	}
	request.Receipt = "token-2"
	if other, err := (payment.CashOnDelivery{}).CreateOrder(ctx, request); err != nil || other.ID == first.ID {
		t.Errorf("another receipt: %+v, %v; want another id", other, err)
	}
}

// The id is stored in records: a later version must give the same.
func TestCashOnDeliveryOrderIDIsStable(t *testing.T) {
	o, err := payment.CashOnDelivery{}.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(100)})
	if want := "cod_3f08aace122ee2368432c1ca23a0"; err != nil || o.ID != want {
		t.Errorf("%s, %v; want %s", o.ID, err, want)
	}
}

func TestCashOnDeliveryTakesNoPayments(t *testing.T) {
	ctx := t.Context()
	var cod payment.CashOnDelivery
	o, err := cod.CreateOrder(ctx, payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(49900)})
	if err != nil {
		t.Fatal(err)
	}
	if payments, err := cod.Payments(ctx, o.ID); err != nil || payments != nil {
		t.Errorf("Payments: %v, %v", payments, err)
	}
	if _, err := cod.Capture(ctx, "pay_1", o.Amount); !errors.Is(err, payment.ErrRefused) {
		t.Errorf("Capture: %v, want ErrRefused", err)
	}
	if _, err := cod.FindOrder(ctx, "token-1"); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("FindOrder: %v, want ErrNotFound", err)
	}
	if _, refunds := any(cod).(payment.Refunder); refunds {
		t.Error("cash on delivery offers refunds")
	}
	if got := (payment.Facts{}).Decide(o).Outcome; got != payment.DueOnDelivery {
		t.Errorf("the order is %s", got)
	}
}

func TestCashOnDeliveryRefusesBadRequests(t *testing.T) {
	_, err := payment.CashOnDelivery{}.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "", Amount: pricing.Paise(1)})
	wantInvalid(t, err, "receipt")
	_, err = payment.CashOnDelivery{}.CreateOrder(t.Context(), payment.OrderRequest{Receipt: "a"})
	wantInvalid(t, err, "amount")
}

func TestCashOnDeliveryHonoursContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var cod payment.CashOnDelivery
	_, created := cod.CreateOrder(ctx, payment.OrderRequest{Receipt: "token-1", Amount: pricing.Paise(1)})
	_, found := cod.FindOrder(ctx, "token-1")
	_, read := cod.Payments(ctx, "cod_1")
	_, captured := cod.Capture(ctx, "pay_1", pricing.Paise(1))
	for name, err := range map[string]error{"CreateOrder": created, "FindOrder": found, "Payments": read, "Capture": captured} {
		if !errors.Is(err, payment.ErrUnavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s after cancel: %v", name, err)
		}
	}
}
