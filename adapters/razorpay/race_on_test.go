//go:build race

package razorpay_test

// newsStride thins out the orders of the news, which the race detector makes slow.
const newsStride = 60
