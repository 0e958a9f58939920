package quote

import "slices"

// enter puts the coupons into the cart one after the other (WC_Cart::apply_coupon) and tells what became of each.
func (k *cart) enter() ([]CouponDecision, []*coupon) {
	var applied []*coupon
	decisions := make([]CouponDecision, len(k.in.Coupons))
	for i, cp := range k.readCoupons() {
		d := CouponDecision{Code: cleanCode(cp.Code), Reason: k.decide(cp)}
		if d.Reason == CouponAccepted && slices.ContainsFunc(applied, cp.same) {
			d.Reason = CouponAlreadyApplied
		}
		if d.Reason == CouponAccepted && cp.IndividualUse {
			for _, other := range applied {
				d.Removed = append(d.Removed, cleanCode(other.Code))
			}
			applied = nil
		}
		if d.Reason == CouponAccepted && slices.ContainsFunc(applied, func(a *coupon) bool { return a.IndividualUse }) {
			d.Reason = CouponIndividualUse
		}
		if d.Accepted = d.Reason == CouponAccepted; d.Accepted {
			applied = append(applied, cp)
		}
		decisions[i] = d
	}
	return decisions, applied
}

func (cp *coupon) same(other *coupon) bool { return cleanCode(cp.Code) == cleanCode(other.Code) }
