package inbox

import (
	"fmt"
	"io"
	"log/slog"
)

// Format implements fmt.Formatter: every verb prints String. A body may hold what a customer wrote.
func (m Message) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, m.String()) }

// LogValue implements slog.LogValuer.
func (m Message) LogValue() slog.Value { return slog.StringValue(m.String()) }
