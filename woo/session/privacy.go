package session

import (
	"fmt"
	"log/slog"
)

// What the store knows of a shopper is not for a log: no slog handler prints it, though its handler writes JSON.
var (
	_ slog.LogValuer = Attempt{}
	_ slog.LogValuer = Cart{}
	_ slog.LogValuer = Customer{}
	_ slog.LogValuer = Order{}
	_ slog.LogValuer = Reply{}
	_ slog.LogValuer = SetCustomer{}
)

// Format implements fmt.Formatter: no e-mail address is printed.
func (a Attempt) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "attempt %s, order %d", a.Token, a.OrderID)
}

// LogValue implements slog.LogValuer.
func (a Attempt) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// Format implements fmt.Formatter: nothing of the customer is printed.
func (c Cart) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "cart of %d lines, %s", len(c.Lines), c.Totals.Total)
}

// LogValue implements slog.LogValuer.
func (c Cart) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// LogValue implements slog.LogValuer.
func (c Customer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// Format implements fmt.Formatter: neither address nor note is printed.
func (o Order) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "order %s by %s", o.Token, o.PaymentMethod)
}

// LogValue implements slog.LogValuer.
func (o Order) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(o)) }

// LogValue implements slog.LogValuer.
func (r Reply) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// LogValue implements slog.LogValuer.
func (s SetCustomer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(s)) }
