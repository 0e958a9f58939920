//go:build race

package razorpay_test

// What the race detector makes slow is thinned out: the orders of the news, and the faults of each call.
const (
	newsStride  = 120
	faultStride = 5
)
