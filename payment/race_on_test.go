//go:build race

package payment_test

const raceEnabled = true
