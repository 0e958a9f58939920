package rest

import (
	"encoding/json"
	"regexp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// Amount is an amount of money, a weight or another decimal, exactly as the
// store keeps it. It is not Valid where the store has none, which is not zero:
// a product without a price cannot be bought, one for 0 is free.
type Amount struct{ decimal.NullDecimal }

// AmountOf is the amount d.
func AmountOf(d decimal.Decimal) Amount { return Amount{decimal.NewNullDecimal(d)} }

// AmountOfMoney is m in the currency's major unit. The currency itself is the
// store's: what is in another one has to be converted first.
func AmountOfMoney(m pricing.Money) Amount { return AmountOf(m.Decimal()) }

// amountPattern is what PHP writes for a decimal. Its exponents are small;
// decimal would take any and drown in the zeros.
var amountPattern = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{0,30})?([eE][-+]?[0-9]{1,2})?$`)

func (a *Amount) loosely(d decoder, from any) error {
	*a = Amount{}
	text, ok := scalar(from)
	switch {
	case !ok, len(text) > 64, text != "" && !amountPattern.MatchString(text):
		return d.wants("a decimal")
	case text == "":
		return nil
	}
	n, err := decimal.NewFromString(text)
	if err != nil {
		return d.wants("a decimal")
	}
	*a = AmountOf(n)
	return nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *Amount) UnmarshalJSON(data []byte) error {
	from, err := parse(data)
	if err != nil {
		return err
	}
	return a.loosely(decoder{}, from)
}

// MarshalJSON implements json.Marshaler: a string in fixed point, whatever
// decimal's own settings are, and "" for none.
func (a Amount) MarshalJSON() ([]byte, error) {
	if err := a.check("amount"); err != nil {
		return nil, err
	}
	return json.Marshal(a.String())
}

// String is the amount in fixed point, "" for none.
func (a Amount) String() string {
	if !a.Valid || a.check("") != nil {
		return ""
	}
	return a.Decimal.StringFixed(max(0, -a.Decimal.Exponent()))
}

// check refuses what would be pages of zeros.
func (a Amount) check(field string) error {
	if e := a.Decimal.Exponent(); a.Valid && (e > 18 || e < -30 || a.Decimal.NumDigits() > 48) {
		return invalid(field, "is far too large or too fine for a store")
	}
	return nil
}

// Time is an instant, zero where the store has none. It is read from a *_gmt
// field, which is UTC and says so by its name alone, and written with a zone.
type Time struct{ time.Time }

const zoneless = "2006-01-02T15:04:05"

func (t *Time) loosely(d decoder, from any) error {
	*t = Time{}
	text, ok := scalar(from)
	if text == "" && ok {
		return nil
	}
	for _, layout := range []string{zoneless, time.RFC3339, "2006-01-02 15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			t.Time = at.UTC()
			return nil
		}
	}
	if text == "0000-00-00T00:00:00" || text == "0000-00-00 00:00:00" { // MySQL's word for never
		return nil
	}
	return d.wants("a date")
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(data []byte) error {
	from, err := parse(data)
	if err != nil {
		return err
	}
	return t.loosely(decoder{}, from)
}

// MarshalJSON implements json.Marshaler: UTC with its zone, "" for never. null
// would be ignored: WooCommerce asks isset().
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte(`""`), nil
	}
	if y := t.UTC().Year(); y < 1000 || y > 9999 {
		return nil, invalid("date", "must have a year of four digits")
	}
	return []byte(`"` + instant(t.Time) + `"`), nil
}

// Managed says whose stock counts.
type Managed uint8

// The ways stock is managed: not at all, by the thing itself, or, for a
// variation, by the product it belongs to.
const (
	Unmanaged Managed = iota
	ByItself
	ByParent
)

func (m *Managed) loosely(d decoder, from any) error {
	*m = Unmanaged
	if from == "parent" {
		*m = ByParent
		return nil
	}
	own, ok := boolean(from)
	if own {
		*m = ByItself
	}
	return d.unless(ok, `yes, no or "parent"`)
}

// String is the word for m.
func (m Managed) String() string {
	switch m {
	case ByItself:
		return "managed by itself"
	case ByParent:
		return "managed by its parent"
	}
	return "unmanaged"
}

// Meta is a custom field. Its value is any JSON; plugins write what they like.
type Meta struct {
	ID    int64           `json:"id,omitzero"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// TextMeta is a custom field that holds a text.
func TextMeta(key, text string) Meta {
	value, _ := json.Marshal(text) // a string always has a JSON form
	return Meta{Key: key, Value: value}
}

// Text is the value if it is a text, else "".
func (m Meta) Text() string {
	var text string
	if json.Unmarshal(m.Value, &text) != nil {
		return ""
	}
	return text
}

// Ref names another thing by its id. What is read has a name too.
type Ref struct {
	ID   int64  `json:"id"`
	Name string `json:"name,omitzero"`
	Slug string `json:"slug,omitzero"`
}
