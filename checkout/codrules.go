package checkout

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// CashRules say which purchases may be paid at the door. The zero value allows every one that is sent somewhere. A rule
// about the address waits until there is one; Place never does.
type CashRules struct {
	// AllowPINs and DenyPINs hold PINs and the first digits of PINs: "560001", "56", "7". The longest that fits decides,
	// of two of the same length the one that denies. With no AllowPINs every PIN is allowed that is not denied; with some,
	// only those are, wherever the parcel goes.
	AllowPINs, DenyPINs []string
	// AllowStates and DenyStates hold WooCommerce's codes of states, old or new. To deny weighs more.
	AllowStates, DenyStates []string
	// MinTotal and MaxTotal bound what the purchase comes to before the fee for cash, both included; zero for no bound.
	MinTotal, MaxTotal pricing.Money
	// Products (variations, or parents of variations) and Categories that are not sold for cash.
	Products, Categories []int64
	// ShippingMethods are the ones it is offered with, as WC_Gateway_COD's enable_for_methods: "flat_rate" for every
	// instance or "flat_rate:3" for one. None for all of them.
	ShippingMethods []string
	// Virtual allows purchases of which nothing is sent, WC_Gateway_COD's enable_for_virtual.
	Virtual bool
	// MaxReturned is how many cash orders of a customer are forgiven that came back; zero forgives none. MaxOpen is how
	// many may be on their way and not paid for, zero for any number. Both are in force when Config.CashHistory is set.
	MaxReturned, MaxOpen int64
}

// RefusalCode says why a way to pay is not offered, for programs.
type RefusalCode string

// The codes.
const (
	RefusedCurrency         RefusalCode = "currency"
	RefusedPIN              RefusalCode = "pin"
	RefusedState            RefusalCode = "state"
	RefusedBelowMinimum     RefusalCode = "below_minimum"
	RefusedAboveMaximum     RefusalCode = "above_maximum"
	RefusedProduct          RefusalCode = "product"
	RefusedShippingMethod   RefusalCode = "shipping_method"
	RefusedNothingToDeliver RefusalCode = "nothing_to_deliver"
	RefusedAllPrepaid       RefusalCode = "all_prepaid"
	RefusedReturns          RefusalCode = "returned_orders"
	RefusedOpenOrders       RefusalCode = "open_orders"
	RefusedHistoryUnknown   RefusalCode = "history_unavailable"
)

// Refusal is one reason why a way to pay is not offered for a purchase.
type Refusal struct {
	Code   RefusalCode   `json:"code"`
	Reason string        `json:"reason"`          // for the shopper
	Limit  pricing.Money `json:"limit,omitzero"`  // of the two that bound the value
	Lines  []string      `json:"lines,omitempty"` // the keys of the cart lines it is about
}

// ErrNotEligible says that a way to pay is not offered for this purchase; *NotEligibleError says why.
var ErrNotEligible = errors.New("checkout: this way to pay is not offered for this purchase")

// NotEligibleError carries every reason why a way to pay is not offered.
type NotEligibleError struct {
	Method   payment.Method
	Refusals []Refusal
}

// Error implements error.
func (e *NotEligibleError) Error() string {
	reasons := make([]string, len(e.Refusals))
	for i, r := range e.Refusals {
		reasons[i] = r.Reason
	}
	return "checkout: " + string(e.Method) + " is not offered: " + strings.Join(reasons, " ")
}

// Is makes errors.Is(err, ErrNotEligible) true.
func (e *NotEligibleError) Is(target error) bool { return target == ErrNotEligible }

// refuse lists what speaks against a purchase that comes to a total before the fee.
func (c CashRules) refuse(r Record, before pricing.Money) []Refusal {
	return slices.Concat(c.refusePlace(r.destinationOfParcel()), c.refuseTotal(before), c.refuseGoods(r.Lines), c.refuseSending(r))
}

// destinationOfParcel is where the courier comes.
func (r Record) destinationOfParcel() Address {
	if r.Shipping.IsZero() {
		return r.Billing
	}
	return r.Shipping
}

func (c CashRules) refusePlace(to Address) []Refusal {
	var list []Refusal
	if to.IsZero() {
		return nil
	}
	if !c.servesPIN(to.Postcode) {
		list = append(list, Refusal{Code: RefusedPIN, Reason: "Cash on delivery is not available at this PIN code."})
	}
	same := func(code string) bool { return SameState(code, to.State) }
	if slices.ContainsFunc(c.DenyStates, same) || len(c.AllowStates) > 0 && !slices.ContainsFunc(c.AllowStates, same) {
		list = append(list, Refusal{Code: RefusedState, Reason: "Cash on delivery is not available in this state."})
	}
	return list
}

// servesPIN finds the longest rule that fits.
func (c CashRules) servesPIN(pin string) bool {
	if plain, ok := NormalizePIN(pin); ok {
		pin = plain
	}
	longest := func(rules []string) int {
		n := 0
		for _, rule := range rules {
			if strings.HasPrefix(pin, rule) {
				n = max(n, len(rule))
			}
		}
		return n
	}
	allowed, denied := longest(c.AllowPINs), longest(c.DenyPINs)
	if allowed == 0 && denied == 0 {
		return len(c.AllowPINs) == 0
	}
	return allowed > denied
}

func (c CashRules) refuseTotal(before pricing.Money) []Refusal {
	over := func(a, b pricing.Money) bool {
		order, err := a.Cmp(b)
		return err != nil || order > 0
	}
	switch {
	case !c.MinTotal.IsZero() && over(c.MinTotal, before):
		return []Refusal{{Code: RefusedBelowMinimum, Limit: c.MinTotal,
			Reason: "Cash on delivery is available from " + amountText(c.MinTotal) + " on."}}
	case !c.MaxTotal.IsZero() && over(before, c.MaxTotal):
		return []Refusal{{Code: RefusedAboveMaximum, Limit: c.MaxTotal,
			Reason: "Cash on delivery is available up to " + amountText(c.MaxTotal) + "."}}
	}
	return nil
}

func (c CashRules) refuseGoods(lines []PricedLine) []Refusal {
	refused := Refusal{Code: RefusedProduct, Reason: "Something in this order is not sold for cash on delivery."}
	for _, l := range lines {
		ids := []int64{l.Line.Ref.ProductID, l.Line.Ref.VariationID, l.Item.ParentID}
		if meets(c.Products, ids) || meets(c.Categories, l.Item.CategoryIDs) {
			refused.Lines = append(refused.Lines, string(l.Line.Key))
		}
	}
	if len(refused.Lines) == 0 {
		return nil
	}
	return []Refusal{refused}
}

// meets reports whether two lists of ids have one in common; 0 is none.
func meets(a, b []int64) bool {
	return slices.ContainsFunc(a, func(id int64) bool { return id != 0 && slices.Contains(b, id) })
}

// refuseSending looks at how the purchase travels (WC_Gateway_COD::is_available).
func (c CashRules) refuseSending(r Record) []Refusal {
	kind, _, _ := strings.Cut(r.ShippingRate, ":")
	switch {
	case !needsShipping(r.Lines) && !c.Virtual:
		return []Refusal{{Code: RefusedNothingToDeliver, Reason: "Nothing of this order is delivered, so nobody comes to take the cash."}}
	case !needsShipping(r.Lines) || r.ShippingRate == "" || len(c.ShippingMethods) == 0:
	case !slices.Contains(c.ShippingMethods, kind) && !slices.Contains(c.ShippingMethods, r.ShippingRate):
		return []Refusal{{Code: RefusedShippingMethod, Reason: "Cash on delivery is not available with this way of shipping."}}
	}
	return nil
}

// validate reports every rule that can never mean anything.
func (c CashRules) validate(currency pricing.Currency) error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("Rules."+format, args...))
		}
	}
	for _, rule := range slices.Concat(c.AllowPINs, c.DenyPINs) {
		need(len(rule) <= 6 && digits(rule) && rule[0] != '0', "AllowPINs and DenyPINs want one to six digits, the first 1 to 9")
	}
	for _, code := range slices.Concat(c.AllowStates, c.DenyStates) {
		need(code != "" && strings.ToUpper(code) == code, "AllowStates and DenyStates want the codes of states")
	}
	for name, m := range map[string]pricing.Money{"MinTotal": c.MinTotal, "MaxTotal": c.MaxTotal} {
		need(m.IsZero() || m.Sign() > 0 && m.Currency() == currency, "%s wants zero or more in the currency of the terms", name)
	}
	if order, err := c.MinTotal.Cmp(c.MaxTotal); err == nil && !c.MaxTotal.IsZero() {
		need(order <= 0, "MinTotal is more than MaxTotal")
	}
	need(c.MaxReturned >= 0 && c.MaxOpen >= 0, "MaxReturned and MaxOpen want zero or more")
	return errors.Join(errs...)
}
