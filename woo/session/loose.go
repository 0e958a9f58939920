package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// PHP writes one value in several JSON types: an id as 12 or "12", an amount as
// "49", 49 or 49.5, nothing as null or "". These types read them all and refuse
// the rest.

// text reads a string, a number or a boolean; null and lists are empty.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = ""
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(t))
	case '{', '[', 'n':
		return nil
	}
	*t = text(data)
	return nil
}

// whole reads a whole number that is not negative; null, false and "" are 0.
type whole int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *whole) UnmarshalJSON(data []byte) error {
	var t text
	if err := t.UnmarshalJSON(data); err != nil {
		return err
	}
	*n = 0
	if t == "" || t == "false" {
		return nil
	}
	i, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil || i < 0 {
		return errors.New("a whole number is expected")
	}
	*n = whole(i)
	return nil
}

// rawAmount reads an amount as PHP writes a float: "112.8", "49", "1.0E-5". null
// and "" are not Valid.
type rawAmount decimal.NullDecimal

// UnmarshalJSON implements json.Unmarshaler.
func (a *rawAmount) UnmarshalJSON(data []byte) error {
	*a = rawAmount{}
	data = bytes.Trim(data, `"`)
	if len(data) == 0 || string(data) == "null" {
		return nil
	}
	d, err := readRaw(string(data))
	*a = rawAmount{Decimal: d, Valid: err == nil}
	return err
}

// php is a float as PHP prints it. The lengths keep the exponent from costing
// memory; no amount comes near them.
var php = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$`)

func readRaw(s string) (decimal.Decimal, error) {
	if !php.MatchString(s) {
		return decimal.Decimal{}, errors.New("an amount is expected")
	}
	d, err := decimal.NewFromString(strings.ToLower(s))
	if err != nil || d.Exponent() > 18 {
		return decimal.Decimal{}, errors.New("an amount is expected")
	}
	return d, nil
}
