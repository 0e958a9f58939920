// Package razorpaytest is a Razorpay in a process: for tests of a shop's code, and for development without an account or
// a network.
//
//	rzp, err := razorpaytest.New(razorpaytest.Config{KeyID: "rzp_test_…", KeySecret: "…"})
//	client, err := razorpay.New(razorpay.Config{HTTP: rzp.Client(), KeyID: …, KeySecret: …})
//
// A [Server] is an [http.Handler] that speaks Razorpay's API: orders, payments, capture, refunds, in its own shapes, with
// its own errors and oddities. It makes a second order for the same receipt, writes empty notes as an array, answers 400
// for an id it does not know, sends lists in pages of ten. It shares no code with the client it is there to test. What it
// does is Razorpay's documented behaviour (razorpay.com/docs: orders, payments, refunds, late authorisation, capture
// settings, webhooks); where that says nothing, the doc comment says what was chosen.
//
// # The customer
//
// [Server.Pay], [Server.Fail] and [Server.Attempt] are what a person does in the payment window, and return what the
// browser brings back. [Server.Window] is such a window for a browser: a stand-in for checkout.js and what is behind it.
//
// # Webhooks
//
// [Server.AddWebhook] subscribes a receiver. What happened is sent by [Server.Deliver], when its caller says so: nothing
// runs in the background. Events can come in any order and twice, are repeated for a day and then stop.
//
// # Faults and time
//
// [Server.Plant] makes calls go wrong in one of [Kinds]. Time is [Config.Now]; what it brings, a late authorisation or
// the end of an uncaptured one, is seen by whoever looks next.
package razorpaytest
