// Package paymenttest checks that a gateway keeps the promises of package payment.
//
// An adapter's test calls [Run] with a function that makes a fresh [Harness]:
//
//	func TestGateway(t *testing.T) {
//		paymenttest.Run(t, func(t *testing.T) paymenttest.Harness {
//			g := newGateway(t)
//			return paymenttest.Harness{Gateway: g, Verifier: g, Customer: customer{g}, Faults: faults{g}}
//		})
//	}
//
// What a gateway cannot do is left out of the harness and its promises are skipped, each with the reason. A failing
// subtest is named after the promise that was broken. The suite imports only the standard library and go-cmp; it never
// sleeps, and asks for time to pass through [Customer.Pass].
package paymenttest
