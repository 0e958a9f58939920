package quote

import (
	"fmt"
	"log/slog"
)

// Format implements fmt.Formatter: no e-mail address is printed.
func (c Customer) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "customer %d", c.ID) }

// LogValue implements slog.LogValuer.
func (c Customer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// LogValue implements slog.LogValuer: what is quoted, without who asks.
func (in Input) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(in)) }
