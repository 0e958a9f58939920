package checkout

import (
	"time"

	"github.com/ankkor/ankkor/payment"
)

// ReturnFact says that a parcel came back: refused at the door, not delivered, or sent back by the customer.
type ReturnFact struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
	Actor  string    `json:"actor,omitempty"`
}

// cameBack reports whether the parcel came back.
func (r Record) cameBack() bool { return r.Returned != nil }

// prepaymentReturn is the key of the refund that a return brings about.
const prepaymentReturn = "prepayment-of-a-return"

// prepaymentBack does with the prepayment of a parcel that never was paid at the door what was agreed when it was placed:
// it is kept, or sent back like any refund that staff ask for.
func (d *draft) prepaymentBack(req ReturnRequest) error {
	if !d.Placed.Plan.Prepaid() || len(d.Remittances) > 0 {
		return nil // what was bought is a sale; its money goes back when a person says so
	}
	left, err := d.moneyLeft()
	if err != nil || left.Sign() <= 0 {
		return err
	}
	if d.Placed.Plan.OnReturn != payment.RefundOnReturn {
		d.log(d.now, actorEngine, "prepayment kept", amountText(left))
		return nil
	}
	return d.askRefund(RefundRequest{ID: d.ID, Key: prepaymentReturn, Amount: left, Reason: "Came back: " + req.Reason, Actor: req.Actor})
}
