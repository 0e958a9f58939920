package pricing

import (
	"bytes"
	"database/sql/driver"
	"encoding/json"
	"io"
	"strings"
)

// MarshalText writes what String does: "INR 499.00", and "0" for the zero
// value.
func (m Money) MarshalText() ([]byte, error) { return m.appendText(nil), nil }

// UnmarshalText reads what MarshalText writes, and nothing else.
func (m *Money) UnmarshalText(text []byte) error {
	code, amount, found := strings.Cut(string(text), " ")
	if !found {
		code, amount = "", code
	}
	read, err := compose(amount, code)
	if err != nil {
		return err
	}
	*m = read
	return nil
}

// MarshalJSON writes {"amount":"499.00","currency":"INR"}: always a string,
// always fixed point, whatever decimal's global settings are.
func (m Money) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, 56), `{"amount":"`...)
	b = append(m.appendAmount(b), `","currency":"`...)
	return append(append(b, m.currency...), `"}`...), nil
}

// UnmarshalJSON reads what MarshalJSON writes. Both fields must be there, as
// strings, once, and no other; null is refused.
func (m *Money) UnmarshalJSON(data []byte) error {
	amount, code, asWritten := asMarshalled(data)
	if !asWritten {
		fields, err := readFields(data)
		if err != nil {
			return err
		}
		amount, code = fields["amount"], fields["currency"]
	}
	read, err := compose(amount, code)
	if err != nil {
		return err
	}
	*m = read
	return nil
}

// Value implements driver.Valuer: the text of MarshalText.
func (m Money) Value() (driver.Value, error) { return m.String(), nil }

// Scan implements sql.Scanner for what Value writes. NULL is refused; use
// sql.Null[pricing.Money] for a column that may hold it.
func (m *Money) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return m.UnmarshalText([]byte(v))
	case []byte:
		return m.UnmarshalText(v)
	}
	return invalid("amount", "want text such as INR 499.00 in the column, neither NULL nor a number")
}

// compose is the inverse of Amount and Currency, nothing included.
func compose(amount, code string) (Money, error) {
	if code == "" && amount == "0" {
		return Money{}, nil
	}
	return ParseSigned(amount, Currency(code))
}

// asMarshalled reads the very form that MarshalJSON writes, which is what a
// store gives back. Anything else is for readFields.
func asMarshalled(data []byte) (amount, code string, ok bool) {
	rest, ok := strings.CutPrefix(string(data), `{"amount":"`)
	if !ok {
		return "", "", false
	}
	if amount, rest, ok = strings.Cut(rest, `","currency":"`); !ok {
		return "", "", false
	}
	code, ok = strings.CutSuffix(rest, `"}`)
	plain := func(r rune) bool { return r >= ' ' && r <= '~' && r != '"' && r != '\\' }
	return amount, code, ok && all(amount, plain) && all(code, plain)
}

func all(s string, of func(rune) bool) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !of(r) })
}

// readFields reads an object of exactly the string fields amount and
// currency.
func readFields(data []byte) (map[string]string, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, notMoney(`want an object such as {"amount":"499.00","currency":"INR"}`)
	}
	fields := make(map[string]string, 2)
	for dec.More() {
		if err := readField(dec, fields); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, notMoney("the object does not end")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, notMoney("something follows the object")
	}
	for _, name := range []string{"amount", "currency"} {
		if _, found := fields[name]; !found {
			return nil, invalid(name, "is missing")
		}
	}
	return fields, nil
}

func notMoney(reason string) error { return invalid("amount", reason) }

// readField reads one name and its string.
func readField(dec *json.Decoder, fields map[string]string) error {
	name, err := dec.Token()
	if err != nil {
		return notMoney("is not well-formed JSON")
	}
	if name != "amount" && name != "currency" {
		return notMoney("has an unknown field beside amount and currency")
	}
	key, _ := name.(string)
	if _, twice := fields[key]; twice {
		return invalid(key, "is there twice")
	}
	value, err := dec.Token()
	text, isString := value.(string)
	if err != nil || !isString {
		return invalid(key, "must be a string")
	}
	fields[key] = text
	return nil
}
