package pricingtest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/pricing"
)

// refused is one text that must not be read, and the error that says so.
type refused struct {
	format pricing.Format
	text   string
}

func (n New) refuses(t *testing.T, want error, texts []refused) {
	for _, r := range texts {
		t.Run(fmt.Sprintf("%.24q", r.text), func(t *testing.T) {
			got, err := n.parser(t, r.format).ParsePrice(r.text)
			if err == nil {
				t.Fatalf("%.80q: read as %s, want an error", r.text, write(got))
			}
			if !errors.Is(err, want) {
				t.Errorf("%.80q: %v is not %v", r.text, err, want)
			}
			if !reflect.ValueOf(got).IsZero() {
				t.Errorf("%.80q: an error, and a Price that is not zero", r.text)
			}
		})
	}
}

// noPrice: an empty text is what a product without a price has. It is not
// free, and it is no malformed input either.
func (n New) noPrice(t *testing.T) {
	texts := []refused{
		{rupees, ""},
		{rupees, " \n\t"},
		{rupees, "&nbsp;"},
		{rupees, "POA"},
		{rupees, "Price on request"},
		{rupees, `<span class="woocommerce-Price-amount amount"></span>`},
		{euro, ""},
	}
	n.refuses(t, pricing.ErrNoPrice, texts)
	t.Run("not malformed", func(t *testing.T) {
		if _, err := n.parser(t, rupees).ParsePrice(""); errors.Is(err, pricing.ErrInvalid) {
			t.Error("the empty text is ErrInvalid")
		}
	})
}

// ambiguous: each of these has two readings, at least to a reader.
func (n New) ambiguous(t *testing.T) {
	n.refuses(t, pricing.ErrAmbiguous, []refused{
		{dinar, "1.299"},                     // formatted 1299, raw 1.299
		{rupees, "₹599.00 ₹499.00"},          // a sale, or a suffix
		{rupees, "₹599.00 now ₹499.00"},      // a sale, or a suffix
		{rupees, "Was ₹599.00"},              // not a current price
		{rupees, "<del>&#8377;599.00</del>"}, // nothing current
		{rupees, "<del>&#8377;9</del> <ins>&#8377;5</ins> – <ins>&#8377;6</ins>"},
		{rupees, "$5.00"},         // another currency
		{rupees, "US$ 1,299.00"},  // another currency
		{euro, "1.299,00 $"},      // another currency
		{rupees, "2 for ₹500.00"}, // a number before the price
		{rupees, "₹1,299.00 500"}, // a number behind it, without words
		{rupees, "₹5 lakh"},       // 500000
		{rupees, "₹5k"},           // 5000
		{rupees, "₹499.00+"},      // 499 and more
		{rupees, "₹499.00 -"},     // a range without its end
		{rupees, "₹499.00 – ₹599.00 – ₹699.00"},
		{rupees, "₹599.00 – ₹499.00"}, // from high to low
		{rupees, "₹499.00 per 500 - ₹599.00"},
		{rupees, "₹9.00 was ₹8.00. ₹5.00 now ₹5.00"}, // almost a sale
		{rupees, "₹9.00 was ₹9.00. ₹5.00 now ₹6.00"},
		{rupees, "₹9.00 was ₹9.00 or ₹5.00 now ₹5.00"},
		{rupees, "₹499.00 ₹"},
		{rupees, "₹ ₹499.00"},
		{rupees, "+₹499.00"},
		{rupees, "Call 1800 123 456"},
		{rupees, "From: ₹499.00 – ₹599.00"},
	})
}

// malformed: none of these is an amount that a store writes.
func (n New) malformed(t *testing.T) {
	n.refuses(t, pricing.ErrInvalid, []refused{
		{rupees, "₹1e3"}, {rupees, "1e3"}, {rupees, "₹1E+3"}, {rupees, "₹1e-3"},
		{rupees, "₹9.00 was: ₹9.00.₹5e3Current: ₹5."},

		{rupees, "₹-5.00"}, {rupees, "₹ -5.00"}, {rupees, "--₹5.00"}, {rupees, "₹5.00-"}, {rupees, "₹+5.00"},
		{rupees, "₹12,34"}, {rupees, "₹1,2345"}, {rupees, "₹,299.00"}, {rupees, "₹1,,299.00"}, {rupees, "₹1234,567.00"},
		{rupees, "₹1,000,00,000.00"}, {rupees, "₹1,00,00.00"}, {euro, "1,299.00 €"}, {rupees, "₹1.299,00"},
		{rupees, "₹1,299.005"}, {yen, "¥1,299.50"}, {rupees, "₹1.00.00"}, {rupees, "₹1.00,000"},
		{rupees, "₹00.50"}, {rupees, "₹007"}, {rupees, "₹0,299.00"}, {rupees, "₹.50"},
		{rupees, "₹1234567890123456789.00"}, {rupees, "₹99,99,99,99,99,99,99,99,99,999.00"},
		{rupees, "₹١٢٣"}, {rupees, "₹１２３"}, {rupees, "₹5½"},
		{rupees, "₹NaN 5"}, {rupees, "0x1F"}, {rupees, "₹1_000"},
		{rupees, "₹1\n299.00"}, {rupees, "₹1 299.00"},
		{rupees, "<span>₹5.00</del"}, {rupees, "₹5.00 < ₹6.00"}, {rupees, "₹5.00\xff"},
	})
}

// long: a text far over any price's length is refused, whatever is in it.
func (n New) long(t *testing.T) {
	const much = 1 << 20
	n.refuses(t, pricing.ErrInvalid, []refused{
		{rupees, "₹" + strings.Repeat("9", much)},
		{rupees, "₹499.00" + strings.Repeat(" ", much)},
		{rupees, "₹499.00" + strings.Repeat(" GST", much/4)},
		{rupees, strings.Repeat("<b>", much/3) + "₹499.00"},
		{rupees, strings.Repeat("&", much)},
		{rupees, strings.Repeat("₹1,", much/3)},
	})
}

// hostile texts may get any answer, but one.
func (n New) hostile(t *testing.T) {
	p := n.parser(t, rupees)
	for _, text := range []string{
		"<", ">", "<>", "</>", "<!", "<a", `<a b="`, "&", "&;", "&#", "&#;", "&#x;", "&#xffffffff;", "&#99999999999;",
		"-", "₹", "₹-", "-₹", "₹\x00", "\xff\xfe", "\xe2\x82", "₹\xe2", "₹1,", "₹1.", "₹1&", "₹1<", "1,", ", ", ",",
		"<del>", "</del>", "<ins>", "<del></del><ins></ins>", `<span class="screen-reader-text">`,
		`<small class="woocommerce-price-suffix">`, `<small class="woocommerce-price-suffix">₹5</small>`,
		strings.Repeat("<span>", 600), strings.Repeat("&nbsp;", 600), strings.Repeat("₹1 ", 600), strings.Repeat("-", 4000),
	} {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("%.80q: panic: %v", text, r)
				}
			}()
			_, _ = p.ParsePrice(text)
		}()
	}
}

// repeatable asks twice, and from many goroutines at once.
func (n New) repeatable(t *testing.T) {
	p := n.parser(t, rupees)
	first := make([]string, len(readable))
	for i, r := range readable {
		first[i] = answer(p, r.text)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, r := range readable {
				if again := answer(p, r.text); again != first[i] {
					t.Errorf("%q: first %s, then %s", r.text, first[i], again)
				}
			}
		})
	}
	wg.Wait()
}

func answer(p pricing.PriceParser, text string) string {
	price, err := p.ParsePrice(text)
	return fmt.Sprint(write(price), " ", err)
}
