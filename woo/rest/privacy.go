package rest

import (
	"fmt"
	"io"
	"log/slog"
)

// What WooCommerce knows of a customer is for programs, not for their logs: no verb of package fmt and no slog handler
// prints it. JSON does, as that is how it is sent; do not log it.
var (
	_ slog.LogValuer = Address{}
	_ slog.LogValuer = Customer{}
	_ slog.LogValuer = CustomerChange{}
	_ slog.LogValuer = Order{}
	_ slog.LogValuer = OrderChange{}
	_ slog.LogValuer = Query{}
	_ slog.LogValuer = WebhookChange{}
)

// Format implements fmt.Formatter: every verb says only which country the address is in.
func (a Address) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "address in %q", a.Country) }

// LogValue implements slog.LogValuer.
func (a Address) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// Format implements fmt.Formatter: every verb says only which customer it is.
func (c Customer) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "customer %d", c.ID) }

// LogValue implements slog.LogValuer.
func (c Customer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// Format implements fmt.Formatter: nothing of the customer, and no password, is printed.
func (c CustomerChange) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue implements slog.LogValuer.
func (c CustomerChange) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Format implements fmt.Formatter: every verb says which order it is, and nothing of who ordered.
func (o Order) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "order %d, %s, of %d lines", o.ID, o.Status, len(o.Lines))
}

// LogValue implements slog.LogValuer.
func (o Order) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(o)) }

// Format implements fmt.Formatter: nothing of who orders is printed.
func (c OrderChange) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "change of an order with %d lines", len(c.Lines))
}

// LogValue implements slog.LogValuer.
func (c OrderChange) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// Format implements fmt.Formatter: what is searched for may be somebody's name or e-mail address, and is not printed.
func (q Query) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "query of ids %v, status %q, SKU %q", q.IDs, q.Status, q.SKU)
}

// LogValue implements slog.LogValuer.
func (q Query) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(q)) }

// LogValue implements slog.LogValuer: the secret is in its JSON, as the store is told it there.
func (c WebhookChange) LogValue() slog.Value { return slog.StringValue("rest.WebhookChange") }
