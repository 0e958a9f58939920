//go:build !race

package razorpay_test

const (
	newsStride  = 1
	faultStride = 1
)
