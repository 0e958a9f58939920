package pricing

import (
	"strings"

	"github.com/shopspring/decimal"
)

// reading is a Price before its amounts become decimals.
type reading struct {
	min, max     number
	hasMax       bool
	regular      number
	onSale, free bool
	suffix, list []number
}

func one(n number) reading { return reading{min: n, max: n, hasMax: true} }

func (r reading) price() Price {
	p := Price{Min: r.min.decimal()}
	switch {
	case r.hasMax && r.max == r.min:
		p.Max = decimal.NewNullDecimal(p.Min)
	case r.hasMax:
		p.Max = decimal.NewNullDecimal(r.max.decimal())
	}
	d := PriceDetails{Free: r.free, Suffix: decimals(r.suffix), List: decimals(r.list)}
	if r.onSale {
		d.Regular = decimal.NewNullDecimal(r.regular.decimal())
		d.Sale = decimal.NewNullDecimal(p.Min)
	}
	return p.WithDetails(d)
}

func decimals(ns []number) []decimal.Decimal {
	if len(ns) == 0 {
		return nil
	}
	ds := make([]decimal.Decimal, len(ns))
	for i, n := range ns {
		ds[i] = n.decimal()
	}
	return ds
}

// interpret says what the amounts that were found mean together.
func (sc *scanner) interpret() (reading, error) {
	if err := sc.dropBare(); err != nil {
		return reading{}, err
	}
	if sc.n == 0 {
		return sc.none()
	}
	shown, inSuffix := sc.apart()
	if len(shown) == 0 || sc.list[sc.n-1].role != suffix && len(inSuffix) > 0 {
		return reading{}, sc.at(inSuffix[0], "an amount in the suffix, but no price in front of it")
	}
	from, err := sc.lead(shown[0])
	if err != nil {
		return reading{}, err
	}
	r, used, err := sc.shown(shown)
	if err != nil {
		return reading{}, err
	}
	if from {
		if r.onSale || r.min != r.max {
			return reading{}, sc.at(shown[0], `"From:" in front of more than one price`)
		}
		r.hasMax = false
	}
	behind := sc.text
	if len(inSuffix) > 0 {
		behind = inSuffix[0].before
	}
	if err := sc.tail(shown[:used], shown[used:], behind); err != nil {
		return reading{}, err
	}
	r.suffix = numbers(shown[used:], inSuffix)
	return r, nil
}

func numbers(groups ...[]amount) []number {
	var ns []number
	for _, as := range groups {
		for _, a := range as {
			ns = append(ns, a.number)
		}
	}
	return ns
}

func (sc *scanner) at(a amount, reason string) error {
	return &ParseError{Offset: a.start, Reason: reason, Err: ErrAmbiguous}
}

// dropBare leaves out numbers without the store's symbol, such as those of
// "(incl. 18% GST)" and "per 500 g". They must stand behind the price and
// behind a word or bracket.
func (sc *scanner) dropBare() error {
	if len(sc.parser.symbols) == 0 {
		return nil
	}
	kept, passed := 0, gapText(0)
	for _, a := range sc.amounts() {
		a.before |= passed
		if !a.symbol && a.role != suffix && (kept == 0 || a.before&(words|opening) == 0) {
			return sc.at(a, "a number without the store's symbol")
		}
		if !a.symbol {
			passed = a.before | words
			continue
		}
		sc.list[kept], passed = a, 0
		kept++
	}
	sc.n, sc.text = kept, sc.text|passed
	return nil
}

// none is for a text without amounts.
func (sc *scanner) none() (reading, error) {
	text := strings.TrimSuffix(strings.TrimSpace(plainText(sc.s)), "!")
	if strings.EqualFold(text, "free") {
		return reading{hasMax: true, free: true}, nil
	}
	return reading{}, &ParseError{Reason: "no amount: the product is not purchasable", Err: ErrNoPrice}
}

// apart separates the amounts of the suffix element from the others.
func (sc *scanner) apart() (shown, inSuffix []amount) {
	all := sc.amounts()
	for i, a := range all {
		if a.role == suffix {
			return all[:i:i], all[i:]
		}
	}
	return all, nil
}

// lead looks at what stands before the first amount: nothing, or "From:".
func (sc *scanner) lead(first amount) (from bool, err error) {
	if first.before == 0 {
		return sc.from, nil
	}
	text := strings.TrimSuffix(strings.TrimSpace(plainText(sc.s[:first.start])), ":")
	if strings.EqualFold(strings.TrimSpace(text), "from") {
		return true, nil
	}
	return false, sc.at(first, "text in front of the amount")
}

// shown reads the amounts outside the suffix element, and says how many of
// them make up the price.
func (sc *scanner) shown(as []amount) (r reading, used int, err error) {
	switch {
	case as[0].role == struck:
		return sc.struckSale(as)
	case isRange(as):
		used, err = 2, nil
		if as[1].less(as[0].number) {
			err = sc.at(as[1], "a range from high to low")
		}
		if repeats(as, 2, as[0], as[1]) {
			used = 4
		}
		return reading{min: as[0].number, max: as[1].number, hasMax: true}, used, err
	case isSpokenSale(as):
		r = one(as[2].number)
		r.regular, r.onSale = as[0].number, true
		return r, 4, nil
	}
	return one(as[0].number), 1, nil
}

// isRange is ₹5.00 – ₹9.00.
func isRange(as []amount) bool { return len(as) > 1 && as[1].before == dash }

// repeats recognises the screen-reader text of a range: both amounts again,
// with words.
func repeats(as []amount, i int, low, high amount) bool {
	return len(as) >= i+2 && as[i].before&words != 0 &&
		as[i].number == low.number && as[i+1].number == high.number
}

// isSpokenSale recognises a sale with its screen-reader texts but without
// tags: ₹9.00 Original price was: ₹9.00. ₹5.00 Current price is: ₹5.00.
func isSpokenSale(as []amount) bool {
	return len(as) >= 4 &&
		as[1].before&words != 0 && as[1].number == as[0].number &&
		as[2].before&^stop == 0 &&
		as[3].before&words != 0 && as[3].number == as[2].number
}

// struckSale reads <del>₹9.00</del> <ins>₹5.00</ins>. Themes may leave the
// <ins> out.
func (sc *scanner) struckSale(as []amount) (reading, int, error) {
	if len(as) < 2 || as[1].role == struck || len(as) > 2 && as[2].role != plain {
		return reading{}, 0, sc.at(as[0], "want one price struck out and one in its place")
	}
	if as[1].role == plain && as[1].before != 0 {
		return reading{}, 0, sc.at(as[1], "text between the two prices of a sale")
	}
	r := one(as[1].number)
	r.regular, r.onSale = as[0].number, true
	return r, 2, nil
}

// tail looks at what stands behind the price: words without amounts, or the
// store's own suffix.
func (sc *scanner) tail(price, extra []amount, behind gapText) error {
	last := price[len(price)-1]
	switch {
	case sc.parser.isSuffix(sc.s, last.end, extra):
		return nil
	case len(extra) > 0 && (len(price) == 1 || extra[0].before&dash != 0):
		return sc.at(extra[0], "another amount, but not as in the store's price display suffix")
	case behind&dash != 0:
		return sc.at(last, "a range without its upper end")
	case last.glued:
		return sc.at(last, "letters or signs directly behind the amount")
	}
	return nil
}
