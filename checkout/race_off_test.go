//go:build !race

package checkout_test

const crashStride = 1
