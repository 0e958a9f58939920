package checkout_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// sentAgain submits one checkout over and over: from the shopper's side, and from ours when the store's replies are lost.
func sentAgain(t *testing.T) {
	t.Run("by a balancer", sentByABalancer)
	t.Run("after lost replies", creationWithoutAKey)
}

// sentByABalancer has a balancer that thought it lost the first answer send one order to three replicas, several times to
// each, at the same moment; and the store's replies to the creation are lost as well.
func sentByABalancer(t *testing.T) {
	s := newShop(t)
	replicas := []*checkout.Service{s.Service}
	for range 2 {
		replica, err := checkout.New(s.config)
		s.check(err)
		replicas = append(replicas, replica)
	}
	s.orders.after = []error{checkout.ErrUnknown, nil, checkout.ErrUnknown}
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodCOD)
	var sent atomic.Int64
	for _, err := range together(12, func() error {
		_, err := replicas[sent.Add(1)%3].Place(t.Context(), placeRequest(ready))
		return err
	}) {
		if err != nil && !errors.Is(err, checkout.ErrUnavailable) {
			t.Error(err)
		}
	}
	s.pass(time.Hour)
	s.soldOnce(ready)
}

// usesInOnePacket wants a coupon's last use, and then one customer's last use, at the same moment.
func usesInOnePacket(t *testing.T) {
	t.Run("of all customers", couponsInOnePacket)
	t.Run("of one customer", TestOneCustomersUsesAtOnce)
}
