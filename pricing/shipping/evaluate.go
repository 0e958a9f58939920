package shipping

import (
	"math/big"
	"strconv"
	"strings"
)

// maxFormula is how long a cost formula may be, before and after its codes are filled in.
const maxFormula = 1000

// evaluate computes a cost formula for a load (WC_Shipping_Flat_Rate::evaluate_cost): [qty] and [cost] are filled in
// as text, then [fee], then spaces go, every comma becomes a point, operators at the ends go, and the rest is computed.
func (p *parcel) evaluate(field, formula string, l *load) (cost, error) {
	text, err := p.fill(formula, l)
	if err != nil {
		return cost{}, in(err, field)
	}
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\r\f\v", r) {
			return -1
		}
		return r
	}, text)
	text = strings.ReplaceAll(text, ",", ".")
	text = strings.TrimRight(strings.TrimLeft(text, "\x00+*/"), "\x00+-*/")
	if text == "" || text == "0" {
		return cost{rat: new(big.Rat)}, nil
	}
	c, err := compute(text)
	if err != nil {
		return cost{}, in(err, field)
	}
	return c, nil
}

func (p *parcel) fill(formula string, l *load) (string, error) {
	if len(formula) > maxFormula {
		return "", invalid("", "must not be longer than "+strconv.Itoa(maxFormula)+" bytes")
	}
	costText, ok := significantText(l.cost)
	if !ok {
		return "", invalid("", "cannot be computed for a cart of this size")
	}
	text := strings.NewReplacer("[qty]", strconv.FormatInt(l.pieces, 10), "[cost]", costText).Replace(formula)
	for {
		start := strings.Index(text, "[fee")
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], ']')
		if end < 0 {
			return "", invalid("", "has a [fee that is not closed")
		}
		fee, err := p.fee(text[start+len("[fee"):start+end], l.cost)
		if err != nil {
			return "", err
		}
		text = text[:start] + fee + text[start+end+1:]
	}
	if len(text) > 4*maxFormula {
		return "", invalid("", "becomes too long when it is filled in")
	}
	return text, nil
}
