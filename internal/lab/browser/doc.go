// Package browser holds the test that buys in examples/storefront with a real browser: headless Chromium, at the width of
// a desk and of a phone, with scripts and without.
//
// It builds the example, starts it on a free port of loopback and opens windows on it. Without a Chromium (`make test`
// finds or installs one) it is skipped. With the variable ANKKOR_SCREENSHOTS naming a folder it leaves the pictures there
// that the README shows:
//
//	ANKKOR_SCREENSHOTS=$PWD/examples/storefront/screenshots make test
package browser
