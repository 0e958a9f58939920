package pricingtest_test

import (
	"errors"
	"html"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/pricingtest"
	"github.com/shopspring/decimal"
)

func real(f pricing.Format) (pricing.PriceParser, error) { return pricing.NewParser(f) }

func TestParser(t *testing.T) { pricingtest.Run(t, real) }

// A parser for rupees alone passes too.
func TestPartialParser(t *testing.T) {
	pricingtest.Run(t, func(f pricing.Format) (pricing.PriceParser, error) {
		if f.Symbol != "₹" {
			return nil, errors.ErrUnsupported
		}
		return real(f)
	})
}

// parse is one method as a PriceParser.
type parse func(text string) (pricing.Price, error)

func (p parse) ParsePrice(text string) (pricing.Price, error) { return p(text) }

// around plants a fault in the real parser.
func around(fault func(p pricing.PriceParser, text string) (pricing.Price, error)) pricingtest.New {
	return func(f pricing.Format) (pricing.PriceParser, error) {
		p, err := real(f)
		return parse(func(text string) (pricing.Price, error) { return fault(p, text) }), err
	}
}

// after changes what the real parser answers.
func after(change func(price *pricing.Price, err *error)) pricingtest.New {
	return around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
		price, err := p.ParsePrice(text)
		change(&price, &err)
		return price, err
	})
}

// first answers with the first number in a text where the real parser
// refuses for the given reason.
func first(reason error) pricingtest.New {
	return around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
		price, err := p.ParsePrice(text)
		if errors.Is(err, reason) {
			return guess(text), nil
		}
		return price, err
	})
}

var number = regexp.MustCompile(`\d+(?:\.\d+)?`)

func guess(text string) pricing.Price {
	d, _ := decimal.NewFromString(number.FindString(text))
	return pricing.Price{Min: d, Max: decimal.NewNullDecimal(d)}
}

// strip is the parser everybody writes first.
func strip(pricing.Format) (pricing.PriceParser, error) {
	return parse(func(text string) (pricing.Price, error) {
		kept := strings.Map(func(r rune) rune {
			if strings.ContainsRune("0123456789.-", r) {
				return r
			}
			return -1
		}, text)
		f, err := strconv.ParseFloat(kept, 64)
		d := decimal.NewFromFloat(f)
		return pricing.Price{Min: d, Max: decimal.NewNullDecimal(d)}, err
	}), nil
}

func TestRejects(t *testing.T) {
	var calls atomic.Int64
	faults := []struct {
		name    string
		promise string // the subtest that must fail
		parser  pricingtest.New
	}{
		{"strip and ParseFloat", "reads what stores write/entity", strip},
		{"strip and ParseFloat, exactness", "is exact", strip},
		{"empty is zero", `no amount is not zero/""`, around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
			if text == "" {
				return pricing.Price{Max: decimal.NewNullDecimal(decimal.Zero)}, nil
			}
			return p.ParsePrice(text)
		})},
		{"empty is malformed", "no amount is not zero", after(func(_ *pricing.Price, err *error) {
			if errors.Is(*err, pricing.ErrNoPrice) {
				*err = pricing.ErrInvalid
			}
		})},
		{"guesses", "ambiguous is an error", first(pricing.ErrAmbiguous)},
		{"takes the first number", "malformed is an error", first(pricing.ErrInvalid)},
		{"one grouping only", "Indian and Western grouping", around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
			if strings.Contains(text, "₹1,00,") {
				return pricing.Price{}, pricing.ErrInvalid
			}
			return p.ParsePrice(text)
		})},
		{"ignores grouping", "malformed is an error", around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
			return p.ParsePrice(strings.ReplaceAll(text, ",", ""))
		})},
		{"decodes twice", "malformed is an error", around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
			return p.ParsePrice(strings.ToValidUTF8(html.UnescapeString(text), ""))
		})},
		{"loses the sign", "reads back what Format writes", after(func(p *pricing.Price, _ *error) {
			p.Min = p.Min.Abs()
		})},
		{"float inside", "is exact", after(func(p *pricing.Price, _ *error) {
			f, _ := p.Min.Float64()
			p.Min = decimal.NewFromFloat(f)
		})},
		{"lower end only", "reads what stores write/range", after(func(p *pricing.Price, err *error) {
			if *err == nil {
				p.Max = decimal.NewNullDecimal(p.Min)
			}
		})},
		{"regular price of a sale", "reads what stores write/sale", after(func(p *pricing.Price, _ *error) {
			if regular := p.Details().Regular; regular.Valid {
				p.Min = regular.Decimal
			}
		})},
		{"forgets the suffix", "reads what stores write/amount in the suffix", after(func(p *pricing.Price, _ *error) {
			d := p.Details()
			d.Suffix = nil
			*p = p.WithDetails(d)
		})},
		{"knows the end of From", "reads what stores write/from", after(func(p *pricing.Price, err *error) {
			if *err == nil {
				p.Max.Valid = true
			}
		})},
		{"errors without meaning", "ambiguous is an error", after(func(_ *pricing.Price, err *error) {
			if *err != nil {
				*err = errors.New("bad price")
			}
		})},
		{"a price beside the error", "malformed is an error", after(func(p *pricing.Price, err *error) {
			if *err != nil {
				p.Min = decimal.NewFromInt(1)
			}
		})},
		{"no length limit", "over-long is an error", around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
			return p.ParsePrice(strings.TrimSpace(text))
		})},
		{"panics on a lone bracket", "hostile text does not panic", around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
			if strings.HasSuffix(text, "<") {
				panic("index out of range")
			}
			return p.ParsePrice(text)
		})},
		{"answers by the call", "the same text gets the same answer", around(func(p pricing.PriceParser, text string) (pricing.Price, error) {
			price, err := p.ParsePrice(text)
			price.Min = price.Min.Add(decimal.NewFromInt(calls.Add(1)))
			return price, err
		})},
		{"refuses rupees", "is exact", func(pricing.Format) (pricing.PriceParser, error) { return nil, errors.ErrUnsupported }},
	}
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) { pricingtest.Run(t, fault.parser) })
		})
	}
}
