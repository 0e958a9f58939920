// Package pages is the shop's own front, as far as a browser meets it that a headless
// shop sent there: cart, checkout and account pages, the transfer of a session into
// the browser (WooGraphQL's Protected_Router), and the pictures.
//
// The markup is a placeholder; cookies and headers are the real ones.
package pages
