// Package fakegateway is a payment gateway in a process, for tests and for development without an account.
//
// It keeps Razorpay's state machine: an order is created, attempted, paid; a payment is authorised, then captured; a
// failed one may still be authorised days later; an authorisation that nobody captures lapses. Ids have Razorpay's shape
// and callbacks are signed as Razorpay signs them, so that the code under test verifies them for real. Like Razorpay, and
// unlike what one would wish, it makes a second order for the same receipt (see [Config.UniqueReceipt]).
//
// # Two sides
//
// The shop's side is [payment.Gateway], [payment.Refunder] and [payment.PaymentVerifier]. The customer's side is
// [Gateway.Pay], [Gateway.Authorize], [Gateway.Fail] and [Gateway.PayLate]: what a person does in the gateway's window.
//
// # Faults
//
// [Gateway.Plant] makes later calls go wrong in a chosen way: refused, never arrived, done but the reply lost, slow,
// answered short, captured twice. Time is [Config.Now], so a test moves it; nothing here runs in the background.
package fakegateway
