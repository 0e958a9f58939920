//go:build !race

package linear_test

// raced says whether the race detector is on.
const raced = false
