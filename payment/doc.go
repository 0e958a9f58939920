// Package payment knows how money comes in: the gateways it comes through, what they say about it, and what that means
// for one order.
//
// # The parts
//
// A [Gateway] makes an order for an exact amount, finds it again, lists its payments and captures one. A [Refunder] gives
// money back. A [PaymentVerifier] checks what a customer's browser brings from the gateway's window. [CashOnDelivery] is
// the gateway without a gateway. The conformance suite of all three is package paymenttest; a gateway in a process, for
// tests and development, is adapters/fakegateway.
//
// # Three ways a call ends
//
// A call to a gateway is done, refused or unknown. [ErrRefused] and [ErrUnavailable] say that certainly nothing
// happened, the first that asking again is pointless, the second that it is not. [ErrUnknown] says that it may have
// happened: such a call is never repeated blindly, it is looked up ([Gateway.FindOrder], [Gateway.Payments],
// [Refunder.FindRefund]). See [Gateway] for who does what.
//
// # Facts, then a verdict
//
// Payments are told to us by several mouths: the customer's browser, webhooks (repeated, late, in any order), a poller, an
// operator. [Facts] folds all of them into one picture in which order and repetition do not matter and no payment goes
// backwards, and [Facts.Decide] reads a [Verdict] off it for the order that was expected: exact amount, same currency, same
// gateway order, and captured.
//
//	facts = facts.Fold(payments...)
//	switch v := facts.Decide(order); v.Outcome {
//	case payment.Paid, payment.Duplicate: // v.Payment counts; v.Surplus goes back
//	case payment.Authorized: // capture v.Payment
//	}
package payment
