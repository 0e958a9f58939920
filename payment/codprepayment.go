package payment

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing"
)

// Deferrer is the optional interface of a Gateway that can say, before it is asked for an order, that its orders are due
// on delivery. It serves to show a shopper what is paid when; what counts is the Status of the order that is made.
type Deferrer interface {
	// DueOnDelivery reports whether every order of this gateway is OrderDueOnDelivery. It is constant and has no effect.
	DueOnDelivery() bool
}

var _ Deferrer = CashOnDelivery{}

// DueOnDelivery implements Deferrer: it is always true.
func (CashOnDelivery) DueOnDelivery() bool { return true }

// ReturnPolicy says what becomes of a prepayment when the parcel comes back.
type ReturnPolicy string

// The policies. To keep is the default: it is what a prepayment is asked for.
const (
	KeepOnReturn   ReturnPolicy = "keep"
	RefundOnReturn ReturnPolicy = "refund"
)

// Prepayment is what is asked for online before a parcel is sent whose rest is paid at the door: a fixed amount, or a
// percentage of the total. The zero value asks for nothing.
type Prepayment struct {
	// Through names the way to pay that takes it, one with a gateway of its own, such as MethodRazorpay.
	Through Method
	Fixed   pricing.Money
	// Percent of the total: more than 0, less than 100, instead of Fixed.
	Percent decimal.Decimal
	// From is the smallest total for which it is asked; zero for every one.
	From     pricing.Money
	OnReturn ReturnPolicy // "" is KeepOnReturn
}

// ErrAllPrepaid says that a prepayment would leave nothing to pay at the door.
var ErrAllPrepaid = errors.New("payment: the prepayment would be the whole total; pay online instead")

// IsZero reports whether nothing is asked for.
func (p Prepayment) IsZero() bool {
	return p.Through == "" && p.Fixed.IsZero() && p.Percent.IsZero() && p.From.IsZero()
}

// Validate checks the terms against the currency they are asked in. Errors are *InvalidError.
func (p Prepayment) Validate(c pricing.Currency) error {
	if p.IsZero() && p.OnReturn.known() {
		return nil
	}
	fixed, percent := !p.Fixed.IsZero(), !p.Percent.IsZero()
	switch {
	case p.Through == "":
		return invalid("prepayment.through", "want the way to pay that takes it")
	case fixed == percent:
		return invalid("prepayment", "want either a fixed amount or a percentage")
	case fixed && (p.Fixed.Sign() < 0 || p.Fixed.Currency() != c):
		return invalid("prepayment.fixed", "want more than zero in the currency of the terms")
	case percent && (p.Percent.Sign() < 0 || p.Percent.Exponent() < -4 || p.Percent.Cmp(decimal.NewFromInt(100)) >= 0):
		return invalid("prepayment.percent", "want more than 0 and less than 100, in up to four decimals")
	case p.From.Sign() < 0 || !p.From.IsZero() && p.From.Currency() != c:
		return invalid("prepayment.from", "want zero or more in the currency of the terms")
	case !p.OnReturn.known():
		return invalid("prepayment.on_return", "want keep or refund")
	}
	return nil
}

func (r ReturnPolicy) known() bool { return r == "" || r == KeepOnReturn || r == RefundOnReturn }

// Split says what of a total is paid online and what at the door. The two are never negative and always add up to the
// total: the percentage is rounded to the minor unit, half away from zero, and the rest is due. A prepayment is at least
// one unit of the currency, because Razorpay takes no less than INR 1.00.
//
// A prepayment that would leave nothing to collect is ErrAllPrepaid. A total in another currency than the terms, or less
// than zero, is an *InvalidError.
func (p Prepayment) Split(total pricing.Money) (prepaid, due pricing.Money, err error) {
	if total.Sign() < 0 {
		return prepaid, due, invalid("total", "want zero or more")
	}
	if small, err := below(total, p.From); err != nil || small || p.IsZero() || total.IsZero() {
		return prepaid, total, err
	}
	if prepaid, err = p.amount(total); err != nil {
		return pricing.Money{}, pricing.Money{}, err
	}
	left, err := total.Sub(prepaid)
	switch {
	case err != nil:
		return pricing.Money{}, pricing.Money{}, invalid("total", "is in another currency than the prepayment")
	case left.Sign() <= 0:
		return pricing.Money{}, pricing.Money{}, fmt.Errorf("%w: of %s, %s are asked for at once", ErrAllPrepaid, total, prepaid)
	}
	return prepaid, left, nil
}

// below reports whether a total is less than a bound; zero bounds nothing.
func below(total, bound pricing.Money) (bool, error) {
	if bound.IsZero() || total.IsZero() {
		return false, nil
	}
	order, err := total.Cmp(bound)
	if err != nil {
		return false, invalid("total", "is in another currency than the prepayment")
	}
	return order < 0, nil
}

func (p Prepayment) amount(total pricing.Money) (pricing.Money, error) {
	asked := p.Fixed
	if !p.Percent.IsZero() {
		share := total.Decimal().Mul(p.Percent).Shift(-2)
		var err error
		if asked, err = pricing.FromDecimal(share, total.Currency(), pricing.HalfUp); err != nil {
			return asked, err
		}
	}
	least, err := pricing.FromDecimal(decimal.NewFromInt(1), total.Currency(), pricing.Exact)
	if err != nil {
		return asked, err
	}
	if small, err := below(asked, least); err != nil || !small && !asked.IsZero() {
		return asked, err
	}
	return least, nil
}
