// Package wp writes and reads values as WordPress and PHP do, where that differs
// from Go's way.
//
// A WooCommerce answer is full of PHP's habits, and a client that was only ever
// tested without them breaks in a real shop: JSON objects keep the order in which
// their keys were set, slashes and everything outside ASCII are escaped, a number
// may be text and text a number, and a missing name is null in one place and ""
// in the next.
//
//	Object       a JSON object that keeps its order, and _fields over it
//	Int Text …   PHP's loose types: (int)"12abc" is 12
//	ParseQuery   a[0][b]=c in a query string
//	EscHTML …    esc_html, sanitize_title, is_email
//	RandomText   wp_generate_password
//
// Nothing here knows a shop.
package wp
