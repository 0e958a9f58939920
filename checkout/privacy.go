package checkout

import (
	"fmt"
	"log/slog"
)

// What a shopper wrote about themselves is for the store and the carrier, never for a log: no verb of package fmt and no
// slog handler prints it. JSON does, because it is the stored form; do not log it.
var (
	_ slog.LogValuer = Record{}
	_ slog.LogValuer = Address{}
	_ fmt.Formatter  = Record{}
	_ fmt.Formatter  = Address{}
)

// String names the checkout and says where it stands, without anything personal.
func (r Record) String() string {
	return fmt.Sprintf("checkout %s v%d %s", r.ID, r.Version, r.Status())
}

// Format implements fmt.Formatter: every verb prints String.
func (r Record) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(r.String())) }

// LogValue implements slog.LogValuer.
func (r Record) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("id", string(r.ID)), slog.Int64("version", r.Version), slog.String("status", string(r.Status())),
	)
}

// String says only which country the address is in.
func (a Address) String() string {
	if a.IsZero() {
		return "no address"
	}
	return "address in " + a.Country
}

// Format implements fmt.Formatter: every verb prints String.
func (a Address) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(a.String())) }

// LogValue implements slog.LogValuer.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// Format implements fmt.Formatter: the note to the shop is not printed.
func (a Addresses) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "billing %v, shipping %v", a.Billing, a.Shipping)
}

// Format implements fmt.Formatter: what the shopper wrote is not printed.
func (c Choices) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "%d lines by %s", len(c.Lines), c.PaymentMethod)
}

// Format implements fmt.Formatter: what the shopper wrote is not printed.
func (r OrderRequest) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "order %s of %d lines", r.Token, len(r.Quote.Lines))
}
