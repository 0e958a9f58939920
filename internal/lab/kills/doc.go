// Package kills ends processes at random moments, under load, and looks whether anything
// was lost.
//
// The shop is examples/server, a process of its own, as package backend runs it: real
// Postgres, real Redis, a WooCommerce and a Razorpay behind it in the test's process. While
// people buy, pay and close the tab, or cancel, the server is killed 15 times; Postgres,
// postmaster and children, 6 times. Afterwards every payment is one order, every
// cancellation is none, and no piece is made or lost.
//
// Only processes that a test started itself are killed, by the ids they were started with.
// The moments are drawn from a seed that a failing run prints; what happens at them is
// anybody's guess.
package kills
