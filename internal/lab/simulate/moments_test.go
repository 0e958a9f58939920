package simulate_test

import (
	"strings"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// moments notes what is rare in what a record has become.
func (k *watch) moments(r checkout.Record, before, next fact) {
	saw := k.w.rare.sawIf
	reopened := before.record.Closing != nil && r.Closing == nil
	saw(reopened, "late money reopened a sale")
	if r.Unplaceable != "" && before.unplace == "" {
		coupon := len(r.CouponClaim.Uses) > 0 && k.w.left(couponKey) <= 0
		late := strings.Contains(r.Unplaceable, "late")
		saw(late && coupon, "late money found the coupon's last use gone")
		saw(late && !coupon, "late money found the stock gone")
		saw(strings.Contains(r.Unplaceable, "cancelled"), "money came although a person had cancelled")
	}
	if next.refunds > before.refunds {
		saw(r.Refunds[next.refunds-1].Key == "" && next.effect, "a second payment was given back beside a sale")
		saw(r.Refunds[next.refunds-1].Key != "", "staff gave a part back")
	}
	saw(len(r.Parcels()) > 1 && before.record.Placed == nil, "an order came from two warehouses")
	for _, i := range before.intents {
		resolved := !hasIntent(next.intents, i)
		saw(resolved && i.Dead, "what was given up was done when a person said so")
		saw(i.Effect == checkout.EffectCapture && resolved, "a payment held by the bank was captured")
		saw(hasIntent(next.intents, i) && leasedAgain(next.intents, i), "a call whose worker was gone was taken over")
	}
	for _, p := range r.Payments.Payments() {
		if p.Status == payment.StatusFailed {
			k.failed[p.ID] = true
		}
		saw(p.Status == payment.StatusCaptured && k.failed[p.ID], "a failed payment was captured after all")
	}
}

func hasIntent(list []checkout.Intent, i checkout.Intent) bool {
	for _, o := range list {
		if o.Effect == i.Effect && o.Ref == i.Ref {
			return true
		}
	}
	return false
}

// leasedAgain reports that somebody else works on an effect after a lease ran out.
func leasedAgain(list []checkout.Intent, i checkout.Intent) bool {
	for _, o := range list {
		if o.Effect == i.Effect && o.Ref == i.Ref && !i.Until.IsZero() && o.Until.After(i.Until) && o.SentAt.Equal(i.SentAt) {
			return true
		}
	}
	return false
}
