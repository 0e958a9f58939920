package property_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/pricing"
)

// anyMinor favours the ends of the range, where overflow lives.
func anyMinor() *rapid.Generator[int64] {
	return rapid.OneOf(
		rapid.Int64(),
		rapid.Int64Range(-1000, 1000),
		rapid.Int64Range(math.MaxInt64-3, math.MaxInt64),
		rapid.Int64Range(math.MinInt64, math.MinInt64+3),
	)
}

func anyCurrency() *rapid.Generator[pricing.Currency] {
	return rapid.SampledFrom([]pricing.Currency{pricing.INR, pricing.USD, pricing.JPY, pricing.KWD, "CLF"})
}

func anyMoney() *rapid.Generator[pricing.Money] {
	return rapid.Custom(func(t *rapid.T) pricing.Money {
		m, err := pricing.New(anyMinor().Draw(t, "minor"), anyCurrency().Draw(t, "currency"))
		if err != nil {
			t.Fatal(err)
		}
		return m
	})
}

// anyFormat draws settings that a store may have: any symbol WooCommerce
// knows the like of, every position and separator.
func anyFormat() *rapid.Generator[pricing.Format] {
	symbols := []string{"₹", "&#8377;", "Rs.", "Rs. ", "INR", "/-", "$", "US$", "€", "kr", "kr.", "CHF", "S/.", "L", "د.ك", ".د.ب", "$ CA", "₹&nbsp;", "лв.", "<span>₹</span>"}
	separators := [][2]string{{",", "."}, {".", ","}, {" ", ","}, {"'", "."}, {"’", "."}, {"&nbsp;", ","}, {"\u202f", ","}, {"", "."}, {"", ""}}
	return rapid.Custom(func(t *rapid.T) pricing.Format {
		pair := rapid.SampledFrom(separators).Draw(t, "separators")
		return pricing.Format{
			Symbol:    rapid.SampledFrom(symbols).Draw(t, "symbol"),
			Position:  rapid.SampledFrom([]pricing.Position{pricing.Left, pricing.Right, pricing.LeftSpace, pricing.RightSpace}).Draw(t, "position"),
			Thousand:  pair[0],
			Decimal:   pair[1],
			Decimals:  rapid.SampledFrom([]int{0, 1, 2, 3, 4, 8}).Draw(t, "decimals"),
			Grouping:  rapid.SampledFrom([]pricing.Grouping{pricing.Western, pricing.Indian}).Draw(t, "grouping"),
			TrimZeros: rapid.Bool().Draw(t, "trim"),
		}
	})
}

// shownAmount draws an amount of at most 18 digits with the format's decimals.
func shownAmount(t *rapid.T, f pricing.Format, label string) decimal.Decimal {
	const most = 999_999_999_999_999_999
	units := rapid.OneOf(rapid.Int64Range(-most, most), rapid.Int64Range(-2_000_000, 2_000_000)).Draw(t, label)
	return decimal.New(units, -int32(f.Decimals))
}

// What a store's format writes, its parser reads: single prices and ranges.
func TestPricingParsesWhatItFormats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFormat().Draw(t, "format")
		p, err := pricing.NewParser(f)
		if err != nil {
			t.Fatal(err)
		}
		low, high := shownAmount(t, f, "low"), shownAmount(t, f, "high")
		if high.LessThan(low) {
			low, high = high, low
		}
		single, err := p.ParsePrice(f.Amount(low))
		if err != nil || !single.Min.Equal(low) || !single.Max.Valid || !single.Max.Decimal.Equal(low) {
			t.Fatalf("%q: %v, %v; want %s", f.Amount(low), single, err, low)
		}
		dash := rapid.SampledFrom([]string{" - ", " – ", "–", " &ndash; "}).Draw(t, "dash")
		text := f.Amount(low) + dash + f.Amount(high)
		both, err := p.ParsePrice(text)
		if err != nil || !both.Min.Equal(low) || !both.Max.Decimal.Equal(high) {
			t.Fatalf("%q: %v, %v; want %s to %s", text, both, err, low, high)
		}
	})
}

// Both groupings of one number are one number, to every parser.
func TestPricingGroupingsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFormat().Draw(t, "format")
		amount := shownAmount(t, f, "amount")
		p, err := pricing.NewParser(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, f.Grouping = range []pricing.Grouping{pricing.Western, pricing.Indian} {
			if got, err := p.ParsePrice(f.Amount(amount)); err != nil || !got.Min.Equal(amount) {
				t.Fatalf("%q: %s, %v; want %s", f.Amount(amount), got.Min, err, amount)
			}
		}
	})
}

// With one character replaced by any other, a text is refused or reads as no
// more than the digits in it: the digits of two numbers are never run
// together beyond that, and no letter or sign becomes one.
func TestPricingParserRefusesOrReadsDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := pricing.IndianFormat()
		p, err := pricing.NewParser(f)
		if err != nil {
			t.Fatal(err)
		}
		runes := []rune(f.Amount(shownAmount(t, f, "amount")))
		at := rapid.IntRange(0, len(runes)-1).Draw(t, "at")
		runes[at] = rapid.SampledFrom([]rune("0123456789,.- ₹eE+x/")).Draw(t, "rune")
		got, err := p.ParsePrice(string(runes))
		if err != nil {
			if !errors.Is(err, pricing.ErrInvalid) {
				t.Fatalf("%q: %v", string(runes), err)
			}
			return
		}
		shown := new(big.Int)
		for _, r := range runes {
			if r >= '0' && r <= '9' {
				shown.Add(shown.Mul(shown, big.NewInt(10)), big.NewInt(int64(r-'0')))
			}
		}
		if got.Min.Coefficient().CmpAbs(shown) > 0 {
			t.Fatalf("%q: read as %s", string(runes), got.Min)
		}
	})
}

// bigOf is the amount as an integer without bounds.
func bigOf(m pricing.Money) *big.Int { return big.NewInt(m.Minor()) }

// sameAsBig compares a result with the one of math/big: equal, or overflow
// exactly when it does not fit.
func sameAsBig(t *rapid.T, what string, got pricing.Money, err error, want *big.Int) {
	switch {
	case !want.IsInt64():
		if !errors.Is(err, pricing.ErrOverflow) {
			t.Fatalf("%s: %v, %v; want overflow", what, got, err)
		}
	case err != nil || got.Minor() != want.Int64():
		t.Fatalf("%s: %v, %v; want %s", what, got, err, want)
	}
}

func TestPricingArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := pricing.Paise(anyMinor().Draw(t, "a")), pricing.Paise(anyMinor().Draw(t, "b"))
		sum, err := a.Add(b)
		sameAsBig(t, "a+b", sum, err, new(big.Int).Add(bigOf(a), bigOf(b)))
		difference, err := a.Sub(b)
		sameAsBig(t, "a-b", difference, err, new(big.Int).Sub(bigOf(a), bigOf(b)))
		product, err := a.Mul(b.Minor())
		sameAsBig(t, "a×b", product, err, new(big.Int).Mul(bigOf(a), bigOf(b)))
		negative, err := a.Neg()
		sameAsBig(t, "-a", negative, err, new(big.Int).Neg(bigOf(a)))
		if order, err := a.Cmp(b); err != nil || order != bigOf(a).Cmp(bigOf(b)) {
			t.Fatalf("a against b: %d, %v", order, err)
		}
	})
}

// FromDecimal rounds as the definition of a half says, in rationals.
func TestPricingRoundsAsDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "units"), rapid.Int32Range(-25, 4).Draw(t, "exponent"))
		c := anyCurrency().Draw(t, "currency")
		minor := new(big.Rat).Mul(d.Rat(), new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.MinorDigits())), nil)))
		for rounding, tie := range map[pricing.Rounding]int64{pricing.HalfUp: 1, pricing.HalfDown: 0} {
			got, err := pricing.FromDecimal(d, c, rounding)
			sameAsBig(t, d.String(), got, err, nearest(minor, tie))
		}
		got, err := pricing.FromDecimal(d, c, pricing.Exact)
		if minor.IsInt() {
			sameAsBig(t, d.String(), got, err, minor.Num())
		} else if !errors.Is(err, pricing.ErrInvalid) {
			t.Fatalf("%s exactly: %v, %v", d, got, err)
		}
	})
}

// nearest is floor(|r| + 1/2) with r's sign, a tie being moved by one when
// tie is 0.
func nearest(r *big.Rat, tie int64) *big.Int {
	size := new(big.Rat).Abs(r)
	doubled := new(big.Rat).Add(size, size)
	n := new(big.Int).Quo(new(big.Int).Add(doubled.Num(), doubled.Denom()), new(big.Int).Mul(big.NewInt(2), doubled.Denom()))
	half := new(big.Rat).Sub(new(big.Rat).SetInt(n), size)
	if tie == 0 && half.Cmp(big.NewRat(1, 2)) == 0 {
		n.Sub(n, big.NewInt(1))
	}
	if r.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

// Split conserves, and its parts differ by one unit at most, larger first.
func TestPricingSplitConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMoney().Draw(t, "money")
		parts, err := m.Split(rapid.IntRange(1, 50).Draw(t, "parts"))
		if err != nil {
			t.Fatal(err)
		}
		conserves(t, m, parts)
		first, last := parts[0].Minor(), parts[len(parts)-1].Minor()
		if step := first - last; step != 0 && step != int64(m.Sign()) {
			t.Fatalf("%v: first %d, last %d", m, first, last)
		}
	})
}

// Prorate conserves, never strays a whole unit from the exact share, and
// gives nothing to a weight of zero.
func TestPricingProrateConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMoney().Draw(t, "money")
		weight := rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, math.MaxInt64/20))
		weights := append(rapid.SliceOfN(weight, 0, 18).Draw(t, "weights"), 1)
		parts, err := m.Prorate(weights)
		if err != nil {
			t.Fatal(err)
		}
		conserves(t, m, parts)
		total := new(big.Int)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		for i, w := range weights {
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(bigOf(m), big.NewInt(w)), total)
			stray := new(big.Rat).Sub(new(big.Rat).SetInt(bigOf(parts[i])), exact)
			if stray.Abs(stray).Cmp(big.NewRat(1, 1)) >= 0 || w == 0 && !parts[i].IsZero() {
				t.Fatalf("%v by %v: part %d is %v", m, weights, i, parts[i])
			}
		}
	})
}

func conserves(t *rapid.T, m pricing.Money, parts []pricing.Money) {
	sum, err := pricing.Sum(parts...)
	if err != nil || sum != m {
		t.Fatalf("%v in parts adds up to %v, %v", m, sum, err)
	}
}

// All encodings are read back as what was written.
func TestPricingEncodingsInvert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.OneOf(anyMoney(), rapid.Just(pricing.Money{})).Draw(t, "money")
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var fromJSON, fromText pricing.Money
		if err := json.Unmarshal(data, &fromJSON); err != nil || fromJSON != m {
			t.Fatalf("%s: read %v, %v", data, fromJSON, err)
		}
		value, err := m.Value()
		if err != nil {
			t.Fatal(err)
		}
		if err := fromText.Scan(value); err != nil || fromText != m {
			t.Fatalf("%v: read %v, %v", value, fromText, err)
		}
		if m == (pricing.Money{}) {
			return
		}
		if again, err := pricing.ParseSigned(m.Amount(), m.Currency()); err != nil || again != m {
			t.Fatalf("%s: read %v, %v", m.Amount(), again, err)
		}
		if again, err := pricing.FromDecimal(m.Decimal(), m.Currency(), pricing.Exact); err != nil || again != m {
			t.Fatalf("%s: read %v, %v", m.Decimal(), again, err)
		}
	})
}
