// Package phpjwt signs and reads HS256 tokens as firebase/php-jwt does, refusals
// included.
//
// WooGraphQL and the sign-in plugin show php-jwt's own words to a client ("Expired
// token", "Wrong number of segments"), and which of them comes first depends on the
// order in which the library looks. PHP also decodes base64 that Go refuses. A JWT
// library for Go gets both wrong, which is why this one is written out.
//
// No time is looked at: what counts as expired differs by who asks.
package phpjwt
