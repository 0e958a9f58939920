package checkout

import (
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
	"github.com/ankkor/ankkor/pricing/quote"
)

// CashTerms are a shop's terms for a purchase that is paid to the courier: who may, what it costs, and what is asked for
// beforehand. They belong to a PaymentOption whose gateway answers payment.OrderDueOnDelivery. Its Method should be
// payment.MethodCOD: under any other name WooCommerce dates the payment of an order as soon as it takes effect.
type CashTerms struct {
	// Currency is what the courier collects. A quote in another is refused.
	Currency pricing.Currency
	Rules    CashRules
	// Fee is charged besides, as a fee line of the WooCommerce order: part of the quote and of its hash. The zero value
	// charges nothing. A percentage is taken of the total before the fee.
	Fee adjust.CashOnDelivery
	// Prepayment is asked for online, through the gateway of another option. Prepaid and due always add up to the total.
	Prepayment payment.Prepayment
}

// validate reports everything that cannot work. Options are all those of the shop.
func (t *CashTerms) validate(options []PaymentOption) error {
	if t == nil {
		return nil
	}
	var errs []error
	if _, err := pricing.ParseCurrency(string(t.Currency)); err != nil {
		errs = append(errs, errors.New("Currency is required"))
	}
	if _, _, err := t.fee(pricing.Money{}); err != nil {
		errs = append(errs, fmt.Errorf("Fee: %w", err))
	}
	errs = append(errs, t.Rules.validate(t.Currency), t.Prepayment.Validate(t.Currency))
	if through := t.Prepayment.Through; through != "" && !takesMoney(options, through) {
		errs = append(errs, fmt.Errorf("Prepayment.Through: %q is none of the Payments that take money online", through))
	}
	return errors.Join(errs...)
}

// takesMoney reports whether the named option can take a prepayment.
func takesMoney(options []PaymentOption, m payment.Method) bool {
	for _, o := range options {
		if o.Method == m {
			return o.Cash == nil && !o.deferred()
		}
	}
	return false
}

// deferred reports whether the gateway says beforehand that its orders are due on delivery.
func (o PaymentOption) deferred() bool {
	d, ok := o.Gateway.(payment.Deferrer)
	return o.Cash != nil || ok && d.DueOnDelivery()
}

// fee is what is charged for a purchase that comes to a total without it.
func (t *CashTerms) fee(before pricing.Money) (quote.Fee, bool, error) {
	return t.Fee.Fee(before.Decimal(), t.Currency.MinorDigits())
}

// plan says how a total is paid by this option: for people, until the gateway has answered.
func (o PaymentOption) plan(total pricing.Money) (Plan, error) {
	switch {
	case total.IsZero():
		return Plan{}, nil
	case !o.deferred():
		return Plan{Online: total}, nil
	case o.Cash == nil || o.Cash.Prepayment.IsZero():
		return Plan{OnDelivery: total}, nil
	}
	terms := o.Cash.Prepayment
	prepaid, due, err := terms.Split(total)
	if err != nil || prepaid.IsZero() {
		return Plan{OnDelivery: due}, err
	}
	return Plan{Online: prepaid, OnDelivery: due, Through: terms.Through, OnReturn: terms.OnReturn}, nil
}

// Total is what the plan adds up to.
func (p Plan) Total() (pricing.Money, error) { return p.Online.Add(p.OnDelivery) }

// Prepaid reports whether a part is paid online and the rest at the door.
func (p Plan) Prepaid() bool { return !p.Online.IsZero() && !p.OnDelivery.IsZero() }

// Equal reports whether two plans ask for the same.
func (p Plan) Equal(o Plan) bool {
	return p.Online.Equal(o.Online) && p.OnDelivery.Equal(o.OnDelivery) && p.Through == o.Through && p.OnReturn == o.OnReturn
}

// describe puts a plan into words.
func (p Plan) describe() string {
	if !p.Prepaid() {
		return ""
	}
	return amountText(p.Online) + " online, " + amountText(p.OnDelivery) + " on delivery"
}

// amountText writes an amount for people: rupees as India writes them.
func amountText(m pricing.Money) string {
	if m.Currency() == pricing.INR {
		return pricing.IndianFormat().Money(m)
	}
	return m.String()
}
