package payment_test

import (
	"testing"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/payment/paymenttest"
)

func TestCashOnDeliveryKeepsTheContract(t *testing.T) {
	paymenttest.Run(t, func(*testing.T) paymenttest.Harness {
		return paymenttest.Harness{Gateway: payment.CashOnDelivery{}, DerivedOrders: true}
	})
}
