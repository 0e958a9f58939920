//go:build race

package crash_test

// raced says whether the race detector is on.
const raced = true
