// Package canary looks for what must not be seen: secrets, and what shoppers write about themselves.
//
// Every secret and every personal field is given a value that occurs nowhere else. Then everything that others may read is
// searched for them: what every exported type prints with every verb and hands to a logger, and of a whole run of
// examples/server its logs, spans, metrics and error answers, while half of what it stands on fails.
//
//	make canary
//
// The types are found in the source, so that a new one is looked at from the day it is written. JSON is another matter for
// personal data than for secrets: it is the form in which an address is stored, sent to WooCommerce and answered to its
// owner. So a JSON encoding may hold personal data, a log line never, though its handler writes JSON.
package canary
