package record

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/quote"
)

// Amount is a number that a record holds as a JSON number or a string. "" and null are no amount: not Set, and zero.
type Amount struct {
	decimal.Decimal
	Set bool
}

// The longest amount that is read, and the furthest exponent.
const (
	maxLength   = 40
	maxExponent = 30
)

func errAmount() error {
	return &quote.InvalidError{Field: "amount", Reason: "must be a plain number such as 499.00, of at most 40 characters"}
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *Amount) UnmarshalJSON(b []byte) error {
	text := string(bytes.Trim(b, `"`))
	*a = Amount{}
	if text == "" || text == "null" {
		return nil
	}
	if len(text) > maxLength || strings.Trim(text, "0123456789.-eE+") != "" || strings.HasPrefix(text, "+") {
		return errAmount()
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -maxExponent {
		return errAmount()
	}
	*a = Amount{d, true}
	return nil
}

// pointer is the amount, nil when it is not set.
func (a *Amount) pointer() *decimal.Decimal {
	if !a.Set {
		return nil
	}
	return &a.Decimal
}

// missing is the error for an amount that a record must have.
func missing(list string, i int, field string) error {
	return &quote.InvalidError{Field: fmt.Sprintf("%s[%d].%s", list, i, field), Reason: "must be a plain amount"}
}
