package quote

import (
	"encoding/json"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// object writes a JSON object member by member, as encoding/json writes it. What a quote has dozens of is written with it:
// one pass through encoding/json for each number took longer than computing the quote.
type object struct {
	b   []byte
	err error
}

func newObject(room int) *object { return &object{b: append(make([]byte, 0, room), '{')} }

func (o *object) end() ([]byte, error) { return append(o.b, '}'), o.err }

func (o *object) name(name string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, '"'), name...), '"', ':')
}

func (o *object) text(name, s string) {
	o.name(name)
	o.b = appendText(o.b, s)
}

// textIf leaves an empty text out.
func (o *object) textIf(name, s string) {
	if s != "" {
		o.text(name, s)
	}
}

func (o *object) number(name string, n int64) {
	o.name(name)
	o.b = strconv.AppendInt(o.b, n, 10)
}

// numberIf leaves a zero out.
func (o *object) numberIf(name string, n int64) {
	if n != 0 {
		o.number(name, n)
	}
}

// flagIf leaves out what is not so.
func (o *object) flagIf(name string, set bool) {
	if set {
		o.name(name)
		o.b = append(o.b, "true"...)
	}
}

func (o *object) decimal(name string, d decimal.Decimal) {
	o.name(name)
	o.b = append(o.b, '"')
	b, err := appendFixed(o.b, d)
	if o.b = append(b, '"'); err != nil {
		o.err = err
	}
}

func (o *object) money(name string, m pricing.Money) {
	o.name(name)
	text, err := m.MarshalJSON()
	if o.b = append(o.b, text...); err != nil {
		o.err = err
	}
}

// rest leaves a value to encoding/json.
func (o *object) rest(name string, v any) {
	o.name(name)
	text, err := json.Marshal(v)
	if o.b = append(o.b, text...); err != nil {
		o.err = err
	}
}

// listIf writes a list of objects, unless it is empty.
func listIf[T any](o *object, name string, list []T, write func(*object, *T)) {
	if len(list) == 0 {
		return
	}
	o.name(name)
	o.b = append(o.b, '[')
	for i := range list {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = append(o.b, '{')
		write(o, &list[i])
		o.b = append(o.b, '}')
	}
	o.b = append(o.b, ']')
}

// appendText quotes a text; one with more than plain letters is left to encoding/json.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c > '~', c == '"', c == '\\', c == '<', c == '>', c == '&':
			quoted, _ := json.Marshal(s) // a text is always written
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// appendFixed is fixedText for the decimals that there are: with up to 18 digits, up to 18 of them behind the point.
func appendFixed(b []byte, d decimal.Decimal) ([]byte, error) {
	places := -int(d.Exponent())
	if places < 0 || places > 18 || d.NumDigits() > 18 {
		text, err := fixedText(d)
		return append(b, text...), err
	}
	n := d.CoefficientInt64()
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	var buf [20]byte
	digits := strconv.AppendInt(buf[:0], n, 10)
	if len(digits) > places {
		b = append(b, digits[:len(digits)-places]...)
		digits = digits[len(digits)-places:]
	} else {
		b = append(b, '0')
	}
	if places == 0 {
		return b, nil
	}
	b = append(b, '.')
	for range places - len(digits) {
		b = append(b, '0')
	}
	return append(b, digits...), nil
}
