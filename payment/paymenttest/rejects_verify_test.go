package paymenttest_test

import (
	"crypto/subtle"
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/payment"
)

func verifyFaults() []fault {
	matches := func(orderID string, c payment.Callback) bool {
		return subtle.ConstantTimeCompare([]byte(sign(orderID+"|"+c.PaymentID)), []byte(c.Signature)) == 1
	}
	return []fault{
		{"the callback's order id is signed for", "a callback proves its own order only", func(g *fakegateway.Gateway, a *altered) {
			a.verify = func(_ string, c payment.Callback) error { return g.VerifyPayment(c.OrderID, c) }
		}},
		{"the callback's order id is not looked at", "a callback proves its own order only", func(g *fakegateway.Gateway, a *altered) {
			a.verify = func(stored string, c payment.Callback) error {
				c.OrderID = stored
				return g.VerifyPayment(stored, c)
			}
		}},
		{"the payment is not signed for", "a callback proves its own payment only", func(g *fakegateway.Gateway, a *altered) {
			accepted := map[string]bool{}
			a.verify = func(stored string, c payment.Callback) error {
				if err := g.VerifyPayment(stored, c); err != nil && !strings.HasPrefix(c.PaymentID, "pay_") {
					return err
				}
				accepted[c.Signature] = true
				return nil
			}
		}},
		{"half a signature is enough", "an altered signature is refused", func(g *fakegateway.Gateway, a *altered) {
			a.verify = func(stored string, c payment.Callback) error {
				genuine := sign(stored + "|" + c.PaymentID)
				if stored == c.OrderID && len(c.Signature) == 64 && genuine[:32] == c.Signature[:32] {
					return nil
				}
				return g.VerifyPayment(stored, c)
			}
		}},
		{"white space is trimmed", "an altered signature is refused", func(g *fakegateway.Gateway, a *altered) {
			a.verify = func(stored string, c payment.Callback) error {
				c.Signature = strings.TrimSpace(c.Signature)
				return g.VerifyPayment(stored, c)
			}
		}},
		{"ids may have any shape", "ids are checked by their shape", func(_ *fakegateway.Gateway, a *altered) {
			a.verify = func(stored string, c payment.Callback) error {
				switch {
				case stored != c.OrderID:
					return payment.ErrOrderMismatch
				case !matches(stored, c):
					return payment.ErrSignature
				}
				return nil
			}
		}},
		{"the refusals say what was wrong", "every refusal reads the same", func(g *fakegateway.Gateway, a *altered) {
			a.verify = func(stored string, c payment.Callback) error {
				err := g.VerifyPayment(stored, c)
				if err != nil && stored != c.OrderID {
					return fmt.Errorf("%w: not the order of this checkout", err)
				}
				return err
			}
		}},
		{"nothing is accepted", "a genuine callback is accepted", func(_ *fakegateway.Gateway, a *altered) {
			a.verify = func(string, payment.Callback) error { return payment.ErrSignature }
		}},
	}
}
