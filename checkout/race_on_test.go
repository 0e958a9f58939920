//go:build race

package checkout_test

// crashStride thins out the crash tests, which run on one goroutine, where the race detector makes them slow.
const crashStride = 6
