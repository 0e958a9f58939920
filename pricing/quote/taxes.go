package quote

import "math/big"

// wholeRate is 100 % in the unit rates are kept in: ten-thousandths of a percent.
const wholeRate = 1_000_000

// share is the part of an amount that one rate takes: n/d of it.
type share struct {
	n, d uint64
	// wide is set instead when n or d does not fit.
	wide *big.Rat
}

// taxSet are the rates of one tax class at one place, ready to be applied.
type taxSet struct {
	rates []*TaxRate
	// slots say where in a tally each rate is counted.
	slots []int
	// outside are the shares of an amount without tax, inside those of an amount that contains the taxes.
	outside, inside []share
	// charged is the order in which taxes are put on top of an amount: the regular ones first. Taxes inside an amount
	// keep the order of the rates. It shows in lists only, never in an amount.
	charged, natural []int
}

// newTaxSet works out each rate's share of an amount (WC_Tax::calc_exclusive_tax, calc_inclusive_tax). Regular rates
// are charged side by side. Compound rates are charged on the amount and every tax before them, so they stack.
func newTaxSet(rates []*TaxRate) *taxSet {
	n := len(rates)
	shares, places := make([]share, 2*n), make([]int, 2*n)
	t := &taxSet{rates: rates, outside: shares[:n:n], inside: shares[n:], slots: places[:n:n], natural: places[n:]}
	regular, compounds := uint64(0), 0
	for i := range rates {
		if rates[i].Compound {
			compounds++
			continue
		}
		regular += rates[i].millionths()
	}
	for i := range rates {
		r := rates[i].millionths()
		t.outside[i] = share{n: r, d: wholeRate}
		t.inside[i] = share{n: r, d: wholeRate + regular}
	}
	for i := range rates {
		t.natural[i] = i
	}
	if compounds == 0 {
		t.charged = t.natural
		return t
	}
	t.stack(regular)
	for _, compound := range []bool{false, true} {
		for i := range rates {
			if rates[i].Compound == compound {
				t.charged = append(t.charged, i)
			}
		}
	}
	return t
}

// stack puts the compound rates on top of the regular ones, and takes them off again from the outside in.
func (t *taxSet) stack(regular uint64) {
	grown := fraction(wholeRate+regular, wholeRate) // the amount with all taxes so far
	for i := range t.rates {
		if !t.rates[i].Compound {
			continue
		}
		r := t.rates[i].millionths()
		t.outside[i] = newShare(new(big.Rat).Mul(grown, fraction(r, wholeRate)))
		grown.Mul(grown, fraction(wholeRate+r, wholeRate))
	}
	left := fraction(1, 1) // what remains of the amount with tax
	for i := len(t.rates) - 1; i >= 0; i-- {
		if !t.rates[i].Compound {
			continue
		}
		r := t.rates[i].millionths()
		t.inside[i] = newShare(new(big.Rat).Mul(left, fraction(r, wholeRate+r)))
		left.Mul(left, fraction(wholeRate, wholeRate+r))
	}
	for i := range t.rates {
		if !t.rates[i].Compound {
			t.inside[i] = newShare(new(big.Rat).Mul(left, fraction(t.rates[i].millionths(), wholeRate+regular)))
		}
	}
}

// heavy says that all rates together take more than the calculation has room for.
func (t *taxSet) heavy() bool {
	return t.sumOn(cent, precision{grid: 1, unit: 1}) > 7*cent
}

func fraction(n, d uint64) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(n), new(big.Int).SetUint64(d))
}

func newShare(r *big.Rat) share {
	if r.Num().IsUint64() && r.Denom().IsUint64() {
		return share{n: r.Num().Uint64(), d: r.Denom().Uint64()}
	}
	return share{wide: r}
}

// millionths is the rate in ten-thousandths of a percent; validation made sure it is one.
func (r *TaxRate) millionths() uint64 {
	s, _ := scale(r.Rate)
	return uint64(s.coefficient) * pow10(4-s.places)
}

// precision says what "six decimals" are: of a cent in the cart, of the currency in an order.
type precision struct {
	grid grid
	unit amount
}

// of is one rate's tax on an amount, rounded to six decimals.
func (p precision) of(a amount, s share) amount {
	if s.wide != nil {
		return p.grid.ratioWide(a, s.wide.Num(), s.wide.Denom(), p.unit, halfUp)
	}
	return p.grid.ratio(a, s.n, s.d, p.unit, halfUp)
}

// each appends what every share takes. CGST is SGST: a share like the one before takes the same.
func (p precision) each(dst []amount, a amount, shares []share) []amount {
	part := amount(0)
	for i := range shares {
		if i == 0 || shares[i] != shares[i-1] {
			part = p.of(a, shares[i])
		}
		dst = append(dst, part)
	}
	return dst
}

// sum is the sum of each.
func (p precision) sum(a amount, shares []share) amount {
	part, total := amount(0), amount(0)
	for i := range shares {
		if i == 0 || shares[i] != shares[i-1] {
			part = p.of(a, shares[i])
		}
		total += part
	}
	return total
}

// on appends the tax of each rate on an amount without tax.
func (t *taxSet) on(dst []amount, a amount, p precision) []amount {
	return p.each(dst, a, t.outside)
}

// in appends the tax of each rate contained in an amount.
func (t *taxSet) in(dst []amount, a amount, p precision) []amount {
	return p.each(dst, a, t.inside)
}

// sumOn and sumIn are the sums of on and in.
func (t *taxSet) sumOn(a amount, p precision) amount {
	return p.sum(a, t.outside)
}

func (t *taxSet) sumIn(a amount, p precision) amount {
	return p.sum(a, t.inside)
}

func sum(as []amount) amount {
	total := amount(0)
	for _, a := range as {
		total += a
	}
	return total
}

// charge adds the tax of each rate on an amount without tax to a tally.
func (t *taxSet) charge(into *tally, a amount, p precision) {
	for _, i := range t.charged {
		into.add(t.slots[i], p.of(a, t.outside[i]))
	}
}

// tally adds up taxes by rate, remembering in which order the rates were first met.
type tally struct {
	amounts []amount
	met     []bool
	order   []int
}

func (t *tally) add(slot int, a amount) {
	if slot >= len(t.amounts) {
		t.grow(slot + 1)
	}
	if !t.met[slot] {
		t.met[slot] = true
		t.order = append(t.order, slot)
	}
	t.amounts[slot] += a
}

// grow makes room for so many rates, and a few more.
func (t *tally) grow(rates int) {
	if cap(t.amounts) < rates {
		t.amounts = append(make([]amount, 0, rates+6), t.amounts...)
		t.met = append(make([]bool, 0, rates+6), t.met...)
		t.order = append(make([]int, 0, rates+6), t.order...)
	}
	t.amounts, t.met = t.amounts[:rates], t.met[:rates]
}

// of is the sum of one rate, zero when it was not met.
func (t *tally) of(slot int) amount {
	if slot >= len(t.amounts) {
		return 0
	}
	return t.amounts[slot]
}

func (t *tally) total() amount { return sum(t.amounts) }

func (t *tally) has(slot int) bool { return slot < len(t.met) && t.met[slot] }
