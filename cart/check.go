package cart

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Validate reports a ref that no shop can mean, as an [*InvalidError] that names the field: a product id that is not
// positive or over 2^53-1 (what a browser can count), a negative variation id, more than ten attributes or data
// entries, an attribute named twice in different spellings, or a text that is none.
func (r ItemRef) Validate() error { return r.validate("") }

func (r ItemRef) validate(prefix string) error {
	switch {
	case r.ProductID < 1:
		return invalid(prefix+"product_id", "is not positive")
	case r.ProductID > maxExactInt:
		return invalid(prefix+"product_id", "is too large")
	case r.VariationID < 0:
		return invalid(prefix+"variation_id", "is negative")
	case r.VariationID > maxExactInt:
		return invalid(prefix+"variation_id", "is too large")
	}
	if err := checkPairs(prefix+"attributes", r.Attributes); err != nil {
		return err
	}
	if err := checkPairs(prefix+"data", r.Data); err != nil {
		return err
	}
	return r.checkNames(prefix)
}

// checkNames refuses two spellings of one attribute: which of the two was meant?
func (r ItemRef) checkNames(prefix string) error {
	seen := map[string]bool{}
	for name := range r.Attributes {
		name = canonicalName(name)
		if seen[name] {
			return invalid(prefix+"attributes", "name one attribute twice")
		}
		seen[name] = true
	}
	if r.textSize() > maxRefText {
		return invalid(prefix+"data", fmt.Sprintf("and attributes are longer than %d bytes together", maxRefText))
	}
	return nil
}

func checkPairs(field string, pairs map[string]string) error {
	if len(pairs) > maxPairs {
		return tooMany(field, maxPairs)
	}
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		if strings.TrimSpace(name) == "" {
			return invalid(field, "have an entry without a name")
		}
		if err := checkText(field, name, maxPairName, ""); err != nil {
			return err
		}
		if err := checkText(field, pairs[name], maxPairValue, "\n\t"); err != nil {
			return err
		}
	}
	return nil
}

// textSize is how long all names and values are together.
func (r ItemRef) textSize() int {
	n := 0
	for _, pairs := range []map[string]string{r.Attributes, r.Data} {
		for name, value := range pairs {
			n += len(name) + len(value)
		}
	}
	return n
}

// validate checks what can be checked of a change without a cart.
func (ch Change) validate(l Limits) error {
	if err := checkChangeID(ch.ID); err != nil {
		return err
	}
	switch ch.Op {
	case OpAdd:
		if err := ch.Ref.Validate(); err != nil {
			return err
		}
		return checkQuantity("quantity", ch.Quantity, l)
	case OpSet:
		return checkQuantity("quantity", ch.Quantity, l)
	case OpApplyCoupon, OpRemoveCoupon:
		return checkCoupon("code", ch.Code)
	case OpNote:
		return checkText("note", ch.Note, MaxNote, "\r\n\t")
	case OpRemove, OpClear:
		return nil
	}
	return invalid("op", "is unknown")
}

func checkChangeID(id string) error {
	if len(id) > maxChangeID {
		return invalid("id", fmt.Sprintf("is longer than %d bytes", maxChangeID))
	}
	if strings.ContainsFunc(id, func(r rune) bool { return !isWordRune(r) }) {
		return invalid("id", "holds something else than letters, digits, - and _")
	}
	return nil
}

func isWordRune(r rune) bool {
	return r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

func checkQuantity(field string, n int64, l Limits) error {
	switch {
	case n < 1:
		return invalid(field, "is not positive")
	case n > l.quantity():
		return invalid(field, fmt.Sprintf("is over %d, the most of a line", l.quantity()))
	}
	return nil
}

func checkCoupon(field, code string) error {
	if NormalizeCoupon(code) == "" {
		return invalid(field, "is empty")
	}
	return checkText(field, code, MaxCoupon, "")
}

// Validate reports a cart that breaks the rules of this package: lines whose key is not that of their ref, lines or
// coupons given twice, quantities, texts or numbers of lines outside the limits. It is for carts that come from
// elsewhere, such as a browser's copy. The error is an [*InvalidError] like "lines[3].quantity".
func (c Cart) Validate(l Limits) error {
	if len(c.Lines) > l.lines() {
		return tooMany("lines", l.lines())
	}
	if len(c.Coupons) > l.coupons() {
		return tooMany("coupons", l.coupons())
	}
	if c.Version < 0 {
		return invalid("version", "is negative")
	}
	if c.refText() > maxCartText {
		return invalid("lines", fmt.Sprintf("have attributes and data of more than %d bytes", maxCartText))
	}
	if err := c.checkIDs(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, line := range c.Lines {
		if err := line.validate(fmt.Sprintf("lines[%d].", i), l, seen); err != nil {
			return err
		}
	}
	for i, code := range c.Coupons {
		if err := checkStoredCoupon(fmt.Sprintf("coupons[%d]", i), code, seen); err != nil {
			return err
		}
	}
	return checkText("note", c.Note, MaxNote, "\r\n\t")
}

func (c Cart) checkIDs() error {
	if err := checkChangeID(c.ID); err != nil {
		return err
	}
	for i, id := range c.Applied {
		if err := checkChangeID(id); err != nil {
			return within(fmt.Sprintf("applied[%d]", i), err)
		}
	}
	return nil
}

func (line Line) validate(prefix string, l Limits, seen map[string]bool) error {
	if err := line.Ref.validate(prefix); err != nil {
		return err
	}
	if err := checkQuantity(prefix+"quantity", line.Quantity, l); err != nil {
		return err
	}
	if line.Key != line.Ref.Key() {
		return invalid(prefix+"key", "is not the key of its item")
	}
	if seen["line "+string(line.Key)] {
		return invalid(prefix+"key", "stands for a line given twice")
	}
	seen["line "+string(line.Key)] = true
	return nil
}

func checkStoredCoupon(field, code string, seen map[string]bool) error {
	if err := checkCoupon(field, code); err != nil {
		return err
	}
	if code != NormalizeCoupon(code) {
		return invalid(field, "is not in lower case without blanks around it")
	}
	if seen["coupon "+code] {
		return invalid(field, "is given twice")
	}
	seen["coupon "+code] = true
	return nil
}
