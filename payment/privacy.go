package payment

import (
	"fmt"
	"log/slog"
)

// Format implements fmt.Formatter: a callback's signature is not printed.
func (c Callback) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "callback of %q for %q", c.PaymentID, c.OrderID)
}

// LogValue implements slog.LogValuer.
func (c Callback) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }
