package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
)

// cashTitle is what shoppers, and orders, read of cash on delivery and of its fee.
const cashTitle = "Cash on delivery"

// anyNumber is more cash orders than anybody has.
const anyNumber = 1_000_000

// asksHistory reports whether the terms look at how a customer's earlier cash orders ended.
func asksHistory(t *checkout.CashTerms) bool {
	return t != nil && (t.Rules.MaxReturned < anyNumber || t.Rules.MaxOpen > 0)
}

// readCash reads the terms of cash on delivery, nil where it is not offered. What terms can never mean anything together
// is for checkout.New to say.
func readCash(e *environment) *checkout.CashTerms {
	if !e.yesUnless("COD") {
		return nil
	}
	terms := &checkout.CashTerms{Currency: pricing.INR, Rules: readCashRules(e)}
	if amount, percent := e.amountOrPercent("COD_FEE"); !amount.IsZero() || !percent.IsZero() {
		terms.Fee = adjust.CashOnDelivery{Name: cashTitle, Amount: amount.Decimal(), Percent: percent, Taxable: e.yes("COD_FEE_TAXED")}
	}
	if amount, percent := e.amountOrPercent("COD_PREPAY"); !amount.IsZero() || !percent.IsZero() {
		terms.Prepayment = payment.Prepayment{
			Through: payment.MethodRazorpay, Fixed: amount, Percent: percent, From: e.rupees("COD_PREPAY_FROM"),
		}
		if e.yes("COD_PREPAY_REFUNDED") {
			terms.Prepayment.OnReturn = payment.RefundOnReturn
		}
	}
	return terms
}

func readCashRules(e *environment) checkout.CashRules {
	rules := checkout.CashRules{
		AllowPINs: e.pins("COD_PINS"), DenyPINs: e.pins("COD_PINS_EXCEPT"), DenyStates: e.states("COD_STATES_EXCEPT"),
		MinTotal: e.rupees("COD_MIN"), MaxTotal: e.rupees("COD_MAX"),
		Products: e.ids("COD_PRODUCTS_EXCEPT"), Categories: e.ids("COD_CATEGORIES_EXCEPT"),
		MaxReturned: int64(e.count("COD_MAX_RETURNED", anyNumber, 0, anyNumber)), MaxOpen: int64(e.count("COD_MAX_OPEN", 0, 0, anyNumber)),
	}
	if order, err := rules.MinTotal.Cmp(rules.MaxTotal); err == nil && !rules.MaxTotal.IsZero() && order > 0 {
		e.wrong("COD_MIN", "is more than COD_MAX")
	}
	return rules
}

// rupees reads an amount such as 499 or 499.50, nothing where the variable is not set.
func (e *environment) rupees(name string) pricing.Money {
	v := e.text(name, "")
	if v == "" {
		return pricing.Money{}
	}
	m, err := pricing.Parse(v, pricing.INR)
	if err != nil {
		e.wrong(name, "wants rupees such as 499 or 499.50")
	}
	return m
}

// amountOrPercent reads rupees, or a percentage such as 2.5%.
func (e *environment) amountOrPercent(name string) (pricing.Money, decimal.Decimal) {
	v, isPercent := strings.CutSuffix(e.text(name, ""), "%")
	if !isPercent {
		return e.rupees(name), decimal.Decimal{}
	}
	// the shape of a percentage is that of an amount: digits, and two decimals at most
	m, err := pricing.Parse(strings.TrimSpace(v), pricing.INR)
	percent := m.Decimal()
	if err != nil || percent.Sign() <= 0 || percent.Cmp(decimal.NewFromInt(100)) >= 0 {
		e.wrong(name, "wants rupees such as 49, or more than 0% and less than 100%, such as 2.5%")
	}
	return pricing.Money{}, percent
}

// pins reads PINs and the first digits of PINs. They may be many, and so come from a file.
func (e *environment) pins(name string) []string {
	list := e.list(name)
	for _, pin := range list {
		if !digits(pin, 6) || pin[0] == '0' {
			e.wrong(name, "wants PINs or their first digits, such as 560001 or 79")
			return nil
		}
	}
	return list
}

func (e *environment) states(name string) []string {
	list := e.list(name)
	for _, code := range list {
		if len(code) != 2 || strings.ToUpper(code) != code {
			e.wrong(name, "wants WooCommerce's codes of states, such as NL or AS")
			return nil
		}
	}
	return list
}

func (e *environment) ids(name string) []int64 {
	var ids []int64
	for _, word := range e.list(name) {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil || id <= 0 {
			e.wrong(name, "wants ids of the store, such as 16")
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}

// list reads words apart by commas or lines, from NAME or from the file that NAME_FILE names.
func (e *environment) list(name string) []string {
	words := strings.FieldsFunc(e.secret(name).Reveal(), func(r rune) bool { return r == ',' || r == '\n' })
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return slices.DeleteFunc(words, func(word string) bool { return word == "" })
}

// digits reports whether a text is one to so many digits.
func digits(s string, most int) bool {
	return s != "" && len(s) <= most && strings.Trim(s, "0123456789") == ""
}
