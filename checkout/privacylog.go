package checkout

import (
	"fmt"
	"log/slog"
)

// A JSON handler of slog encodes what it is given instead of printing it, and JSON is the stored form, which has
// everything. So each type that holds an address or a note tells slog itself what to write: what it prints.
var (
	_ slog.LogValuer = Addresses{}
	_ slog.LogValuer = Addressed{}
	_ slog.LogValuer = CashCustomer{}
	_ slog.LogValuer = Change{}
	_ slog.LogValuer = CheckedAddress{}
	_ slog.LogValuer = Choices{}
	_ slog.LogValuer = Committed{}
	_ slog.LogValuer = Explanation{}
	_ slog.LogValuer = Notice{}
	_ slog.LogValuer = OrderRequest{}
	_ slog.LogValuer = QuoteRequest{}
	_ slog.LogValuer = Started{}
)

// Format implements fmt.Formatter: neither phone nor e-mail is printed.
func (c CashCustomer) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "cash customer %s", c.Owner) }

// LogValue implements slog.LogValuer.
func (a Addresses) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// LogValue implements slog.LogValuer.
func (a Addressed) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(a)) }

// LogValue implements slog.LogValuer.
func (c CashCustomer) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// LogValue implements slog.LogValuer.
func (c Change) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// LogValue implements slog.LogValuer.
func (c CheckedAddress) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// LogValue implements slog.LogValuer.
func (c Choices) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// LogValue implements slog.LogValuer.
func (c Committed) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// LogValue implements slog.LogValuer.
func (e Explanation) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(e)) }

// LogValue implements slog.LogValuer.
func (n Notice) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(n)) }

// LogValue implements slog.LogValuer.
func (r OrderRequest) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// LogValue implements slog.LogValuer.
func (r QuoteRequest) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// LogValue implements slog.LogValuer.
func (s Started) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(s)) }
