package razorpay_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// told is a service that has seen these payments of every order.
type told struct{ checkout.Record }

func (t told) RecheckGatewayOrder(context.Context, string) (checkout.Record, error) {
	return t.Record, nil
}

// TestAnEventQuickerThanTheList: what an event tells of and Razorpay does not list yet is looked at again later.
func TestAnEventQuickerThanTheList(t *testing.T) {
	const id = "pay_29QQoUBi66xm2f"
	for i, tt := range []struct {
		event  string
		listed payment.Status // "" is not at all
		later  bool
	}{
		{"payment.captured", "", true},
		{"payment.failed", "", true},
		{"order.paid", payment.StatusFailed, true}, // a late authorisation
		{"payment.authorized", payment.StatusFailed, true},
		{"payment.captured", payment.StatusCreated, true},
		{"payment.captured", payment.StatusAuthorized, false}, // the checkout captures, and finds it done
		{"payment.captured", payment.StatusCaptured, false},
		{"payment.authorized", payment.StatusRefunded, false},
		{"payment.failed", payment.StatusFailed, false},
		{"payment.failed", payment.StatusCaptured, false},
		{"refund.processed", payment.StatusCaptured, false},
	} {
		t.Run(fmt.Sprintf("%d %s, listed %q", i, tt.event, tt.listed), func(t *testing.T) {
			r := checkout.Record{ID: "chk_1"}
			if tt.listed != "" {
				r.Payments = payment.Facts{}.Fold(payment.Payment{ID: id, OrderID: "order_29QQoUBi66xm2f", Amount: pricing.Paise(499), Refunded: pricing.Paise(0), Status: tt.listed})
			}
			look := razorpay.Recheck(told{r})
			err := look(t.Context(), razorpay.Event{Name: tt.event, OrderID: "order_29QQoUBi66xm2f", PaymentID: id})
			if (err != nil) != tt.later {
				t.Errorf("ended with %v, later should be %v", err, tt.later)
			}
		})
	}
}
