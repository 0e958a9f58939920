// Package razorpay takes payments through Razorpay, on net/http and package payment alone.
//
//	rzp, err := razorpay.New(razorpay.Config{KeyID: id, KeySecret: payment.NewSecret(secret)})
//	checkout.PaymentOption{Method: payment.MethodRazorpay, Title: "UPI or card", Gateway: rzp, Verifier: rzp}
//
// # The client
//
// A [Client] is a [payment.Gateway], a [payment.Refunder] and a [payment.PaymentVerifier]. Amounts are whole paise. Every
// call ends in one of the three ways of package payment, done, refused or unknown, and wraps an [*Error] that has
// Razorpay's code, field and reason when Razorpay gave one. Nothing is sent twice: Razorpay has no idempotency key for
// orders or captures, so an unknown outcome is looked up by the caller, by the order's receipt, the payment's state or
// the refund's key. What Razorpay's sentences say is never matched, as they change; its state is read instead: a refused
// capture of a payment that turns out to be captured in full is a success.
//
// # Webhooks
//
// A [Receiver] is an [http.Handler] for Razorpay's webhooks. It verifies the raw bytes, stores them in an inbox and only
// then answers 200; Razorpay gives an answer five seconds, repeats what failed for a day, and then switches the webhook
// off. [NewDispatcher] turns what was stored into an [Event]: which order to look at. Nothing else in it is believed,
// since events come late, twice and in any order; what counts is what the order's payments are now.
//
//	Razorpay ──POST──▶ Receiver ──Put──▶ inbox ──claim──▶ Dispatcher ──Event──▶ checkout.Service.RecheckGatewayOrder
//	                      └─200 once it is stored
//
// Whatever webhooks do, the checkout's own polling finds as well: they make things quick, not correct.
//
// # What to set in Razorpay's dashboard
//
// Subscribe to payment.authorized, payment.captured, payment.failed, order.paid, refund.processed and payment.dispute.*:
// a dispute is an alert of its checkout, as only a person can answer it. Both ways to
// capture are supported, see [Config.Capture]. The fee must be the merchant's: where the customer pays it on top, a
// payment is for more than its order, and money that does not fit the order is given back.
//
// Package razorpaytest is a Razorpay in a process, for tests and for development without an account.
package razorpay
