package gst

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// Slabs are the rates of GST on goods, each with a tax class named after it ("gst-5", "gst-0-25"), and 18 % as the
// standard class too. 12 and 28 are those of before 22 September 2025: they stand on older orders.
func Slabs() []quote.Slab {
	slabs := []quote.Slab{{Class: "", Rate: decimal.NewFromInt(18)}}
	for _, percent := range []string{"0", "0.25", "3", "5", "12", "18", "28", "40"} {
		slabs = append(slabs, quote.Slab{Class: Class(percent), Rate: decimal.RequireFromString(percent)})
	}
	return slabs
}

// Class is the slug of the tax class that Slabs gives a rate: "gst-5" for "5", "gst-0-25" for "0.25".
func Class(percent string) string { return "gst-" + strings.ReplaceAll(percent, ".", "-") }

// ErrInvalid is what every *InvalidError is.
var ErrInvalid = errors.New("gst: invalid input")

// InvalidError names the field that cannot be.
type InvalidError struct{ Field, Reason string }

// Error implements error.
func (e *InvalidError) Error() string { return "gst: " + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }
