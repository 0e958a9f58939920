package cart

import (
	"fmt"
	"log/slog"
)

// What a shopper writes to the shop, on the cart or on a line of it, is for the shop and not for a log: no verb of package
// fmt and no slog handler prints it. JSON does, because it is the stored form; do not log it.
var (
	_ fmt.Formatter  = Cart{}
	_ fmt.Formatter  = Change{}
	_ slog.LogValuer = Cart{}
	_ slog.LogValuer = Change{}
	_ slog.LogValuer = Local{}
	_ slog.LogValuer = View{}
)

// Format implements fmt.Formatter: the note is not printed.
func (c Cart) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "cart %s v%d: %v, coupons %q", c.ID, c.Version, c.Lines, c.Coupons)
}

// LogValue implements slog.LogValuer.
func (c Cart) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", c.ID), slog.Int64("version", c.Version), slog.Int("lines", len(c.Lines)))
}

// Format implements fmt.Formatter: the note is not printed.
func (ch Change) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "%s %s: %d × product %d/%d, line %s, coupon %q", ch.ID, ch.Op, ch.Quantity, ch.Ref.ProductID, ch.Ref.VariationID, ch.Key, ch.Code)
}

// LogValue implements slog.LogValuer.
func (ch Change) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(ch)) }

// LogValue implements slog.LogValuer.
func (l Local) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(l)) }

// LogValue implements slog.LogValuer.
func (v View) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(v)) }
