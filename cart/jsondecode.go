package cart

import (
	"strings"

	"github.com/shopspring/decimal"
)

// widest are the limits of what is decoded without limits of one's own.
func widest() Limits {
	return Limits{MaxLines: widestLines, MaxQuantity: widestQuantity, MaxCoupons: widestCoupons}
}

// ParseChange decodes the body of a request that asks for a change, strictly and within the limits. The error is an
// [*InvalidError] that names the field.
func ParseChange(data []byte, l Limits) (Change, error) {
	var ch Change
	if err := read(data, true, func(r *reader) error { return r.change(&ch)("") }); err != nil {
		return Change{}, err
	}
	if err := ch.validate(l); err != nil {
		return Change{}, err
	}
	return ch, nil
}

// UnmarshalJSON decodes strictly, within the widest limits.
func (ch *Change) UnmarshalJSON(data []byte) error {
	parsed, err := ParseChange(data, widest())
	if err != nil {
		return err
	}
	*ch = parsed
	return nil
}

// UnmarshalJSON decodes strictly, within the widest limits.
func (r *ItemRef) UnmarshalJSON(data []byte) error {
	var ref ItemRef
	err := read(data, true, func(rd *reader) error { return rd.object("", rd.refFields(&ref), "product_id") })
	if err != nil {
		return err
	}
	if err := ref.Validate(); err != nil {
		return err
	}
	*r = ref
	return nil
}

// UnmarshalJSON decodes strictly, within the widest limits. A line without a key gets its own.
func (line *Line) UnmarshalJSON(data []byte) error {
	var parsed Line
	if err := read(data, false, func(r *reader) error { return r.line(&parsed)("") }); err != nil {
		return err
	}
	if err := parsed.validate("", widest(), map[string]bool{}); err != nil {
		return err
	}
	*line = parsed
	return nil
}

// UnmarshalJSON decodes strictly, within the widest limits, the form that a store keeps. It takes the owner from
// the text: never hand it what a client sent (see [ParseLocal]).
func (c *Cart) UnmarshalJSON(data []byte) error {
	var parsed Cart
	if err := read(data, false, func(r *reader) error { return r.cart(&parsed)("") }); err != nil {
		return err
	}
	if err := parsed.Validate(widest()); err != nil {
		return err
	}
	*c = parsed
	return nil
}

func (r *reader) refFields(ref *ItemRef) map[string]field {
	return map[string]field{
		"product_id":   r.integer(&ref.ProductID),
		"variation_id": r.integer(&ref.VariationID),
		"attributes":   r.pairs(&ref.Attributes),
		"data":         r.pairs(&ref.Data),
	}
}

func (r *reader) line(line *Line) field {
	return func(path string) error {
		fields := r.refFields(&line.Ref)
		fields["key"] = r.text((*string)(&line.Key))
		fields["quantity"] = r.integer(&line.Quantity)
		fields["added_at"] = r.instant(&line.AddedAt)
		if !r.local {
			fields["seen"] = r.seen(&line.Seen)
		}
		if err := r.object(path, fields, "product_id", "quantity"); err != nil {
			return err
		}
		if line.Key == "" {
			line.Key = line.Ref.Key()
		}
		return nil
	}
}

func (r *reader) seen(into **SeenPrice) field {
	return func(path string) error {
		var seen SeenPrice
		var unit string
		err := r.object(path, map[string]field{
			"unit_price": r.text(&unit),
			"currency":   r.text((*string)(&seen.Currency)),
		}, "unit_price")
		if err != nil {
			return err
		}
		if seen.Unit, err = parsePlain(join(path, "unit_price"), unit); err != nil {
			return err
		}
		*into = &seen
		return nil
	}
}

// parsePlain reads digits with at most one point among them.
func parsePlain(path, s string) (decimal.Decimal, error) {
	whole, fraction, point := strings.Cut(s, ".")
	if len(s) > 40 || !isDigits(whole) || point && !isDigits(fraction) {
		return decimal.Decimal{}, invalid(path, "is not a plain decimal")
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Decimal{}, invalid(path, "is not a plain decimal")
	}
	return d, nil
}

func isDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

func (r *reader) cart(c *Cart) field {
	return func(path string) error {
		fields := map[string]field{
			"id":         r.text(&c.ID),
			"version":    r.integer(&c.Version),
			"lines":      r.array(widestLines, r.appendLine(&c.Lines)),
			"coupons":    r.texts(widestCoupons, &c.Coupons),
			"note":       r.text(&c.Note),
			"updated_at": r.instant(&c.UpdatedAt),
			"applied":    r.texts(rememberedChanges, &c.Applied),
		}
		if !r.local {
			fields["owner"] = r.text((*string)(&c.Owner))
			fields["merged"] = r.texts(rememberedMerges, &c.Merged)
			fields["moved"] = r.moved(&c.Moved)
		}
		return r.object(path, fields, "version", "lines")
	}
}

func (r *reader) appendLine(lines *[]Line) field {
	return func(path string) error {
		var line Line
		if err := r.line(&line)(path); err != nil {
			return err
		}
		*lines = append(*lines, line)
		return nil
	}
}

func (r *reader) moved(into **Move) field {
	return func(path string) error {
		var m Move
		err := r.object(path, map[string]field{
			"to":     r.text((*string)(&m.To)),
			"policy": r.text((*string)(&m.Policy)),
		}, "to", "policy")
		if err != nil {
			return err
		}
		if m.Policy, err = m.Policy.normal(); err != nil {
			return err
		}
		*into = &m
		return m.To.Validate()
	}
}
