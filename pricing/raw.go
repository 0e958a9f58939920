package pricing

import "strings"

// ParseRaw reads what WooGraphQL answers for format: RAW, and the price
// fields of the REST API: a plain number as stored ("499", "33.33"), or a
// comma list of the variations' numbers ("1099.00, 1299.00"). The point is
// always ".", whatever the store shows, and the decimals are as many as are
// stored. An empty text is ErrNoPrice. The raw price of a grouped product is
// a formatted range and belongs to ParsePrice.
func ParseRaw(text string) (Price, error) {
	if strings.TrimSpace(text) == "" {
		return Price{}, &ParseError{Reason: "empty: the product is not purchasable", Err: ErrNoPrice}
	}
	if len(text) > MaxText {
		return Price{}, &ParseError{Offset: MaxText, Reason: "longer than 4096 bytes"}
	}
	r, reason := readRaw(text, maxDigits)
	if reason != "" {
		return Price{}, &ParseError{Reason: reason}
	}
	return r.price(), nil
}

// readRaw reads a plain number or a list of them, with at most so many
// decimals that are not zero.
func readRaw(text string, decimals int) (reading, string) {
	var r reading
	for item := range strings.SplitSeq(text, ", ") {
		n, reason := plainNumber(item)
		if reason != "" {
			return reading{}, reason
		}
		if n.decimals > decimals && n.normal().decimals > decimals {
			return reading{}, "more decimals than the store shows"
		}
		r.list = append(r.list, n)
	}
	r.min, r.max, r.hasMax = r.list[0], r.list[0], true
	for _, n := range r.list[1:] {
		if n.less(r.min) {
			r.min = n
		}
		if r.max.less(n) {
			r.max = n
		}
	}
	if len(r.list) == 1 {
		r.list = nil
	}
	return r, ""
}

// plainNumber reads digits with at most one point, and a minus in front.
func plainNumber(s string) (number, string) {
	const malformed = "want digits with at most one point, such as 499.00"
	digits, negative := strings.CutPrefix(s, "-")
	whole, part, pointed := strings.Cut(digits, ".")
	switch {
	case whole == "" || pointed && part == "":
		return number{}, malformed
	case len(whole)+len(part) > maxDigits:
		return number{}, "more than 18 digits"
	case len(whole) > 1 && whole[0] == '0':
		return number{}, "needless zero in front"
	}
	n := number{decimals: len(part)}
	for _, ch := range []byte(whole + part) {
		if !isDigit(ch) {
			return number{}, malformed
		}
		n.units = n.units*10 + int64(ch-'0')
	}
	if negative {
		n.units = -n.units
	}
	return n, ""
}

// bare reads a text that is nothing but numbers, without the store's symbol.
// Such a text may be formatted or raw; when both readings are possible and
// differ it is ambiguous. It is undecided when there is no such reading.
func (p *Parser) bare(s string) (r reading, decided bool, err error) {
	text := strings.TrimSpace(s)
	if text == "" || !isDigit(text[0]) && (text[0] != '-' || len(text) == 1 || !isDigit(text[1])) {
		return reading{}, false, nil
	}
	formatted, isFormatted := p.alone(text)
	raw, reason := readRaw(text, p.decimals)
	switch {
	case isFormatted && reason == "" && !(formatted.equal(raw.min) && raw.list == nil):
		return reading{}, true, &ParseError{Reason: "a number that may be raw or formatted", Err: ErrAmbiguous}
	case isFormatted:
		return one(formatted), true, nil
	case reason == "":
		return raw, true, nil
	}
	return reading{}, false, nil
}

// alone reads a text that is one formatted number without a symbol.
func (p *Parser) alone(s string) (number, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	var n number
	end, reason := p.number(digits, 0, &n)
	if reason != "" || end != len(digits) {
		return number{}, false
	}
	if negative {
		n.units = -n.units
	}
	return n, true
}
