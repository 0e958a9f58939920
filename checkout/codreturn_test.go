package checkout_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func comesBack(r checkout.Record, restock bool) checkout.ReturnRequest {
	return checkout.ReturnRequest{ID: r.ID, Key: "rto-1", Restock: restock, Reason: "refused at the door", Actor: "Delhivery"}
}

func did(r checkout.Record, what string) bool {
	return slices.ContainsFunc(r.Timeline, func(e checkout.TimelineEntry) bool { return e.What == what })
}

// TestReturnToOrigin: nothing is owed for a parcel that came back, its order is cancelled in the store, and the prepayment is
// kept or goes back, as was agreed.
func TestReturnToOrigin(t *testing.T) {
	for name, test := range map[string]struct {
		terms  checkout.CashTerms
		refund bool
	}{
		"never paid":        {checkout.CashTerms{}, false},
		"prepayment kept":   {checkout.CashTerms{Prepayment: deposit()}, false},
		"prepayment back":   {checkout.CashTerms{Prepayment: deposit(func(p *payment.Prepayment) { p.OnReturn = payment.RefundOnReturn })}, true},
		"kept, and a fee":   {checkout.CashTerms{Fee: fortyRupees, Prepayment: deposit()}, false},
		"by its own choice": {checkout.CashTerms{Prepayment: deposit(func(p *payment.Prepayment) { p.OnReturn = payment.KeepOnReturn })}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := cashShop(t, test.terms)
			r := s.delivered("guest:1")
			if r.Owed().IsZero() {
				t.Fatal("nothing is owed for a parcel on its way")
			}
			back, err := s.RecordReturn(t.Context(), comesBack(r, true))
			s.check(err)
			s.pass(10 * time.Minute)
			back = s.load(back.ID)
			if !back.Owed().IsZero() || back.Stuck() || s.orders.All()[0].Status != "cancelled" || s.orders.All()[0].Paid() {
				t.Errorf("owed %s, order %+v, intents %+v", back.Owed(), s.orders.All()[0], back.Intents)
			}
			if test.refund {
				if len(back.Refunds) != 1 || !back.Refunds[0].Amount.Equal(pricing.Paise(9900)) || back.Status() != checkout.StatusRefunded {
					t.Errorf("%s, refunds %+v", back.Status(), back.Refunds)
				}
			} else if len(back.Refunds) != 0 || back.Status() != checkout.StatusReturned || did(back, "prepayment kept") != test.terms.Prepayment.Fixed.Equal(pricing.Paise(9900)) {
				t.Errorf("%s, refunds %+v, timeline %+v", back.Status(), back.Refunds, back.Timeline)
			}
			again, err := s.RecordReturn(t.Context(), comesBack(r, true))
			if err != nil || len(again.Refunds) != len(back.Refunds) || len(again.Asked) != len(back.Asked) {
				t.Errorf("the same again: %+v, %v", again.Asked, err)
			}
			s.conserved()
		})
	}
}

// TestReturnCountsAgainstTheCustomer: the next order is not for cash.
func TestReturnCountsAgainstTheCustomer(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{}, func(c *checkout.Config) { c.CashHistory = c.Store.(checkout.CashHistory) })
	r := s.delivered("guest:1")
	past, err := s.store.CashHistory(t.Context(), checkout.CashCustomer{Phone: r.Billing.Phone})
	if err != nil || past != (checkout.CashRecord{Open: 1}) {
		t.Fatalf("%+v, %v", past, err)
	}
	s.check(errOf(s.RecordReturn(t.Context(), comesBack(r, true))))
	past, err = s.store.CashHistory(t.Context(), checkout.CashCustomer{Phone: r.Billing.Phone})
	if err != nil || past != (checkout.CashRecord{Returned: 1}) {
		t.Fatalf("%+v, %v", past, err)
	}
	s.fill("guest:2", mug, 1)
	online := s.ready("guest:2", payment.MethodRazorpay)
	var refused *checkout.NotEligibleError
	if _, err := s.ChoosePayment(t.Context(), "guest:2", online.ID, payment.MethodCOD); !errors.As(err, &refused) || refused.Refusals[0].Code != checkout.RefusedReturns {
		t.Fatalf("cash once more: %v", err)
	}
}

// TestReturnAfterTheCash: what was paid at the door is a sale, and its prepayment stays with it until somebody refunds it.
func TestReturnAfterTheCash(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Prepayment: deposit(func(p *payment.Prepayment) { p.OnReturn = payment.RefundOnReturn })})
	r := s.delivered("guest:1")
	s.check(errOf(s.RecordRemittance(t.Context(), handedOver(r, "UTR-1", r.Owed()))))
	back, err := s.RecordReturn(t.Context(), comesBack(r, true))
	s.check(err)
	if len(back.Asked) != 0 || s.orders.All()[0].Status != "completed" {
		t.Fatalf("refunds asked for %+v, order %s", back.Asked, s.orders.All()[0].Status)
	}
	past, err := s.store.CashHistory(t.Context(), checkout.CashCustomer{Owner: "guest:1"})
	if err != nil || past.Returned != 1 {
		t.Errorf("%+v, %v", past, err)
	}
}

// TestCashForAParcelThatCameBack is for a person to look at.
func TestCashForAParcelThatCameBack(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{})
	r := s.delivered("guest:1")
	s.check(errOf(s.RecordReturn(t.Context(), comesBack(r, true))))
	got, err := s.RecordRemittance(t.Context(), handedOver(r, "UTR-1", r.Owed()))
	s.check(err)
	if len(got.Alerts) != 1 || !got.Order.SettledAt.IsZero() || !got.Owed().IsZero() {
		t.Fatalf("alerts %v, settled %v", got.Alerts, got.Order.SettledAt)
	}
}
