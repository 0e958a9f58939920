package shipping

import (
	"math/big"
	"strings"
)

// fee computes [fee percent="10" min_fee="20" max_fee="100"]: a percentage of the cost, raised to the minimum, then
// lowered to the maximum.
func (p *parcel) fee(attributes string, of *big.Rat) (string, error) {
	a, err := readAttributes(attributes)
	if err != nil {
		return "", err
	}
	fee := new(big.Rat)
	if a["percent"].set() {
		fee.Mul(of, a["percent"].rat)
		fee.Quo(fee, big.NewRat(100, 1))
		if p.req.roundsFees() {
			fee = rational(ratDecimal(fee, p.req.Decimals))
		}
	}
	text, ok := significantText(fee)
	if !ok {
		return "", invalid("", "has a fee that cannot be computed for a cart of this size")
	}
	if low := a["min_fee"]; low.set() && fee.Cmp(low.rat) < 0 {
		fee, text = low.rat, low.text
	}
	if high := a["max_fee"]; high.set() && fee.Cmp(high.rat) > 0 {
		text = high.text
	}
	return text, nil
}

// attribute is a number as it was written.
type attribute struct {
	text string
	rat  *big.Rat
}

// set says whether PHP takes the attribute for true.
func (a attribute) set() bool { return a.text != "" && a.text != "0" }

// readAttributes reads name="value" pairs; values may be quoted in two ways or not at all.
func readAttributes(s string) (map[string]attribute, error) {
	found := map[string]attribute{}
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			return nil, invalid("", "has a [fee] with something that is not name=\"value\"")
		}
		value, after := cutValue(strings.TrimSpace(rest))
		number, ok := plainNumber(value)
		if !ok && value != "" {
			return nil, invalid("", "has a [fee] with a value that is not a plain number")
		}
		found[strings.ToLower(strings.TrimSpace(name))] = attribute{text: value, rat: number}
		s = after
	}
	return found, nil
}

func cutValue(s string) (value, rest string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		value, rest, _ = strings.Cut(s[1:], s[:1])
		return value, rest
	}
	if i := strings.IndexAny(s, " \t\n"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// plainNumber reads digits with at most one point.
func plainNumber(s string) (*big.Rat, bool) {
	if len(s) == 0 || len(s) > 30 || strings.Trim(s, "0123456789.") != "" || strings.Count(s, ".") > 1 || s == "." {
		return nil, false
	}
	return new(big.Rat).SetString(strings.TrimSuffix(s, "."))
}
