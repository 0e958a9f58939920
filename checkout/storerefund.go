package checkout

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// RefundLine is what of one line of the order is given back.
type RefundLine struct {
	Key      cart.LineKey `json:"key"`
	Quantity int64        `json:"quantity"` // pieces that the money is for
	// Amount is with tax; zero is the pieces' share of what the line cost.
	Amount pricing.Money `json:"amount"`
}

// storeRefund is a refund that the order in the store is to have.
type storeRefund struct {
	key, reason string
	amount      pricing.Money
	restock     bool
	lines       []RefundLine
}

// storeRefunds lists the refunds of ours that the order has or is to have: those whose money has gone back.
func (r Record) storeRefunds() []storeRefund {
	var list []storeRefund
	for _, a := range r.Asked {
		if slices.ContainsFunc(r.Refunds, func(f RefundFact) bool { return f.Key == a.Key }) {
			list = append(list, storeRefund{key: a.Key, reason: a.Reason, amount: a.Amount, restock: a.Restock, lines: a.Lines})
		}
	}
	return append(list, r.returnsNoted()...)
}

// storeRefundsDue lists those that the order does not have yet. One that somebody took away there is not noted again.
func (r Record) storeRefundsDue() []storeRefund {
	if !r.Policy.KeepOrders || !r.inEffect() || r.Order.Status == storeGone {
		return nil
	}
	return slices.DeleteFunc(r.storeRefunds(), func(due storeRefund) bool {
		return slices.ContainsFunc(r.StoreRefunds, func(f StoreRefundFact) bool { return f.Key == due.key })
	})
}

// wantStoreRefunds notes in the store what went back.
func wantStoreRefunds(r Record) []Effect {
	var list []Effect
	for _, due := range r.storeRefundsDue() {
		list = append(list, Effect{Kind: EffectStoreRefund, Ref: due.key, Why: "the order in the store should show it"})
	}
	return list
}

func (s *Service) noteRefund(ctx context.Context, r Record, e Effect) (result, error) {
	keeper := s.keeper()
	if keeper == nil {
		return nil, &RefusedError{Code: "no_keeper", Reason: "this store's refunds are noted by hand"}
	}
	i := slices.IndexFunc(r.storeRefundsDue(), func(due storeRefund) bool { return due.key == e.Ref })
	if i < 0 {
		return func(*draft) {}, nil
	}
	look, err := s.lookAtOrder(ctx, keeper, r.Order.ID)
	if err != nil {
		return nil, err
	}
	if r.hasRefund(look, e.Ref) {
		return s.refundNoted(ctx, r, look, nil)
	}
	req, err := r.storeRefundsDue()[i].request(*r.Quote, look.StoreOrder)
	if err != nil {
		return nil, err
	}
	before := look.StoreOrder
	if look.StoreOrder, err = keeper.AddRefund(ctx, r.Order.ID, req); err != nil {
		return nil, err
	}
	return s.refundNoted(ctx, r, look, before.notRestocked(look.StoreOrder, req))
}

// hasRefund reports whether the order has the refund with the key.
func (r Record) hasRefund(look orderLook, key string) bool {
	return slices.ContainsFunc(look.Refunds, func(refund StoreRefund) bool { return r.ownRefund(refund) == key })
}

// findNotedRefund looks whether the order has the refund already.
func (s *Service) findNotedRefund(ctx context.Context, r Record, e Effect) (result, bool, error) {
	keeper := s.keeper()
	if keeper == nil {
		return nil, false, nil
	}
	look, err := s.lookAtOrder(ctx, keeper, r.Order.ID)
	if err != nil || !r.hasRefund(look, e.Ref) {
		return nil, false, err
	}
	res, err := s.refundNoted(ctx, r, look, nil)
	return res, err == nil, err
}

// refundNoted keeps what the order says with the refund in it. Missing are the lines whose pieces the store did not put back.
func (s *Service) refundNoted(ctx context.Context, r Record, look orderLook, missing []int64) (result, error) {
	sold, err := s.soldBy(ctx, r)
	return func(d *draft) {
		if d.Order == nil || d.Order.ID != look.ID {
			return
		}
		look.fold(d, sold)
		if len(missing) > 0 {
			d.alert(d.now, fmt.Sprintf("order %s: the store noted a refund and did not put back the pieces of products %v; look at its stock", d.Order.Number, missing), "")
		}
	}, err
}

// notRestocked lists the products whose pieces were to be put back and were not.
func (o StoreOrder) notRestocked(after StoreOrder, req StoreRefundRequest) []int64 {
	var list []int64
	for _, part := range req.Lines {
		was, is := o.line(part.Line), after.line(part.Line)
		if req.Restock && was.Reduced > 0 && was.Reduced-is.Reduced < part.Quantity {
			list = append(list, or(was.VariationID, was.ProductID))
		}
	}
	return list
}

func (o StoreOrder) line(id int64) StoreOrderLine {
	i := slices.IndexFunc(o.Lines, func(l StoreOrderLine) bool { return l.ID == id })
	if i < 0 {
		return StoreOrderLine{}
	}
	return o.Lines[i]
}

// request puts a refund into the words of the order as the store has it.
func (f storeRefund) request(q quote.Quote, o StoreOrder) (StoreRefundRequest, error) {
	reason := clip(f.reason, maxReason) + " " + refundMark(f.key)
	req := StoreRefundRequest{Key: f.key, Reason: reason, Amount: f.amount, Restock: f.restock}
	for _, l := range f.lines {
		line, ok := storeLine(q, o, l.Key)
		if !ok {
			return req, &RefusedError{Code: "no_line", Reason: fmt.Sprintf("order %s has no line for one of the lines given back; note the refund there by hand", o.Number)}
		}
		req.Lines = append(req.Lines, line.part(l))
	}
	return req, nil
}

// storeLine finds the order's line that was written for a line of the quote: the nth for the same product and quantity.
func storeLine(q quote.Quote, o StoreOrder, key cart.LineKey) (StoreOrderLine, bool) {
	taken := map[int64]bool{}
	for _, want := range q.Lines {
		i := slices.IndexFunc(o.Lines, func(l StoreOrderLine) bool {
			return !taken[l.ID] && l.ProductID == want.ProductID && l.VariationID == want.VariationID && l.Quantity == want.Quantity
		})
		if i < 0 {
			continue
		}
		if taken[o.Lines[i].ID] = true; want.Key == string(key) {
			return o.Lines[i], true
		}
	}
	return StoreOrderLine{}, false
}

// part is what of the order's line is given back: its taxes in the proportion of the amount, to the paisa, and the rest
// without tax.
func (l StoreOrderLine) part(back RefundLine) StoreRefundPart {
	amount := back.Amount.Decimal()
	part := StoreRefundPart{Line: l.ID, Quantity: back.Quantity, Total: amount}
	gross := l.Total
	for _, tax := range l.Taxes {
		gross = gross.Add(tax.Total)
	}
	if !gross.IsPositive() {
		return part
	}
	digits := int32(back.Amount.Currency().MinorDigits())
	for _, tax := range l.Taxes {
		share := tax.Total.Mul(amount).DivRound(gross, digits)
		part.Taxes = append(part.Taxes, StoreLineTax{Rate: tax.Rate, Total: share})
		part.Total = part.Total.Sub(share)
	}
	if part.Total.IsNegative() { // more tax than price
		part.Total = decimal.Zero
	}
	return part
}
