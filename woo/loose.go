package woo

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// PHP writes one value in several JSON types: an id as 12 or "12", an amount
// as "49.00", 49 or 49.5, nothing as "", null, false or []. These types read
// them all and refuse the rest.

// looseText reads a string, a number, a boolean or null.
type looseText string

// UnmarshalJSON implements json.Unmarshaler.
func (t *looseText) UnmarshalJSON(data []byte) error {
	*t = ""
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(t))
	case '{', '[', 'n':
		return nil
	}
	*t = looseText(data)
	return nil
}

// looseInt reads a whole number, as a number or in a string. "", null, false
// and [] are 0.
type looseInt int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *looseInt) UnmarshalJSON(data []byte) error {
	var text looseText
	if err := text.UnmarshalJSON(data); err != nil {
		return err
	}
	*n = 0
	switch text {
	case "", "false":
		return nil
	case "true":
		*n = 1
		return nil
	}
	whole, fraction, _ := strings.Cut(string(text), ".")
	if strings.Trim(fraction, "0") != "" {
		return fmt.Errorf("a whole number is expected")
	}
	i, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return fmt.Errorf("a whole number is expected")
	}
	*n = looseInt(i)
	return nil
}

// looseBool reads true, "yes", "1", 1 and "parent" as true; false, "no", "0",
// "", 0 and null as false.
type looseBool bool

// UnmarshalJSON implements json.Unmarshaler.
func (b *looseBool) UnmarshalJSON(data []byte) error {
	var text looseText
	if err := text.UnmarshalJSON(data); err != nil {
		return err
	}
	switch text {
	case "true", "1", "yes", "on", "taxable":
		*b = true
	default:
		*b = false
	}
	return nil
}

// looseAmount reads an amount of money or another decimal. It is not Valid
// for "" and null: no amount, which is not zero.
type looseAmount struct{ decimal.NullDecimal }

// UnmarshalJSON implements json.Unmarshaler.
func (a *looseAmount) UnmarshalJSON(data []byte) error {
	var text looseText
	if err := text.UnmarshalJSON(data); err != nil {
		return err
	}
	a.NullDecimal = decimal.NullDecimal{}
	if text == "" {
		return nil
	}
	d, err := parseAmount(string(text))
	if err != nil {
		return err
	}
	a.NullDecimal = decimal.NewNullDecimal(d)
	return nil
}

// or0 is the amount, zero when there is none.
func (a looseAmount) or0() decimal.Decimal { return a.Decimal }

// amountPattern is what PHP writes for an amount. PHP's exponents ("1.0E-5")
// are small; decimal would take any and drown in the zeros.
var amountPattern = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{0,30})?([eE][-+]?[0-9]{1,2})?$`)

// parseAmount reads a stored amount: a plain decimal with a point, whatever
// the shop's display format.
func parseAmount(text string) (decimal.Decimal, error) {
	if len(text) > 64 || !amountPattern.MatchString(text) {
		return decimal.Decimal{}, fmt.Errorf("a decimal amount is expected")
	}
	d, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("a decimal amount is expected")
	}
	return d, nil
}

// fitsInt reports whether d is a whole number within int64.
func fitsInt(d decimal.Decimal) bool {
	limit := decimal.NewFromInt(math.MaxInt64)
	return d.IsInteger() && d.Abs().Cmp(limit) <= 0
}
