package checkout

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// maxRefundLines bounds how many lines one refund names.
const maxRefundLines = 200

// digest is of everything that a key stands for.
func (req RefundRequest) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %q %t %t", req.Amount, req.Reason, req.Restock, req.ByHand)
	for _, l := range req.Lines {
		fmt.Fprintf(h, "\n%q %d %s", l.Key, l.Quantity, l.Amount)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// answers reports whether the request is the one that was asked for. What an earlier version asked for has an amount alone.
func (a RefundAsked) answers(req RefundRequest) bool {
	if a.Digest == "" {
		return a.Amount.Equal(req.Amount)
	}
	return a.Digest == req.digest()
}

// askByHand notes money that goes back by another way: at most what the order came to, all refunds together.
func (d *draft) askByHand(asked RefundAsked) error {
	left, err := d.unrefunded()
	if err != nil {
		return err
	}
	if order, err := asked.Amount.Cmp(left); err != nil || order > 0 {
		return &InvalidError{Field: "amount", Reason: "is more than what is left of the order, or another currency"}
	}
	d.ask(asked)
	if d.covered(asked) {
		return nil
	}
	d.Refunds = append(slices.Clone(d.Refunds), RefundFact{ID: "by hand", Amount: asked.Amount, Reason: asked.Reason, At: d.now, Key: asked.Key})
	d.log(d.now, asked.Actor, "refunded by hand", asked.Amount.String())
	return nil
}

// covered reports whether the refund by hand is one that was found at the gateway and that the store does not show, and
// gives it the request's key.
func (d *draft) covered(asked RefundAsked) bool {
	sent, err := d.sentBack()
	if err != nil {
		return false
	}
	said, err := d.saidBack()
	if err != nil {
		return false
	}
	unsaid, err := sent.Sub(said)
	if err != nil {
		return false
	}
	if order, err := unsaid.Cmp(asked.Amount); err != nil || order < 0 {
		return false
	}
	i := slices.IndexFunc(d.Refunds, func(f RefundFact) bool { return f.Key == outsideKey && f.Amount.Equal(asked.Amount) })
	if i < 0 {
		return false
	}
	d.Refunds = slices.Clone(d.Refunds)
	d.Refunds[i].Key = asked.Key
	return true
}

// unrefunded is what of the order's total the store does not say went back, and is not on its way there.
func (r Record) unrefunded() (pricing.Money, error) {
	gone, err := r.saidBack()
	if err != nil {
		return gone, err
	}
	amounts := []pricing.Money{gone}
	for _, a := range r.refundsAsked() {
		amounts = append(amounts, a.Amount)
	}
	for _, due := range r.storeRefundsDue() {
		amounts = append(amounts, due.amount)
	}
	if gone, err = pricing.Sum(amounts...); err != nil {
		return gone, err
	}
	return r.Quote.Totals.Total.Sub(gone)
}

// refundLines checks the lines of a request against what is left of them, and says what they and the whole come to.
func (d *draft) refundLines(req RefundRequest) ([]RefundLine, pricing.Money, error) {
	amount := req.Amount
	if len(req.Lines) == 0 {
		return nil, amount, nil
	}
	if req.Restock {
		switch {
		case d.Shipment != nil:
			return nil, amount, &InvalidError{Field: "restock", Reason: "the pieces have left; record what comes back"}
		case d.Cancelled != nil:
			return nil, amount, &InvalidError{Field: "restock", Reason: "the store has put back everything of a cancelled order"}
		}
	}
	lines := make([]RefundLine, len(req.Lines))
	var sums []pricing.Money
	for i, l := range req.Lines {
		var err error
		if lines[i], err = d.refundLine(l, lines[:i]); err != nil {
			return nil, amount, inLine(i, err)
		}
		sums = append(sums, lines[i].Amount)
	}
	sum, err := pricing.Sum(sums...)
	if err != nil {
		return nil, amount, &InvalidError{Field: "lines", Reason: "are in more than one currency, or too much"}
	}
	if amount.IsZero() {
		amount = sum
	}
	if order, err := sum.Cmp(amount); err != nil || order > 0 || amount.Sign() <= 0 {
		return nil, amount, &InvalidError{Field: "amount", Reason: "is less than its lines come to, or nothing, or another currency"}
	}
	return lines, amount, nil
}

func inLine(i int, err error) error {
	if invalid, ok := err.(*InvalidError); ok { //nolint:errorlint // our own, not wrapped
		return &InvalidError{Field: fmt.Sprintf("lines[%d].%s", i, invalid.Field), Reason: invalid.Reason}
	}
	return err
}

// refundLine checks one line, after those before it in the same request.
func (d *draft) refundLine(l RefundLine, before []RefundLine) (RefundLine, error) {
	i := slices.IndexFunc(d.Quote.Lines, func(q quote.QuoteLine) bool { return q.Key == string(l.Key) })
	if i < 0 {
		return l, &InvalidError{Field: "key", Reason: "is no line of this order"}
	}
	if slices.ContainsFunc(before, func(o RefundLine) bool { return o.Key == l.Key }) {
		return l, &InvalidError{Field: "key", Reason: "is there twice"}
	}
	line, done := d.Quote.Lines[i], d.givenBack(l.Key)
	if l.Quantity < 0 || l.Quantity > line.Quantity-done {
		return l, &InvalidError{Field: "quantity", Reason: "is more than what is left of the line, or less than nothing"}
	}
	if l.Amount.IsZero() {
		l.Amount = share(line, done, l.Quantity)
	}
	if order, err := l.Amount.Cmp(line.Gross); err != nil || order > 0 || l.Amount.Sign() < 0 {
		return l, &InvalidError{Field: "amount", Reason: "is more than the line cost, less than nothing, or another currency"}
	}
	return l, nil
}

// givenBack counts the pieces of a line that refunds were asked for.
func (r Record) givenBack(key cart.LineKey) int64 {
	var n int64
	for _, a := range r.Asked {
		for _, l := range a.Lines {
			if l.Key == key {
				n += l.Quantity
			}
		}
	}
	return n
}

// share is what so many pieces of a line cost, after those before them: all shares together are the line, to the paisa.
func share(line quote.QuoteLine, before, pieces int64) pricing.Money {
	upTo := func(n int64) int64 {
		return decimal.NewFromInt(line.Gross.Minor()).Mul(decimal.NewFromInt(n)).DivRound(decimal.NewFromInt(max(1, line.Quantity)), 0).IntPart()
	}
	m, err := pricing.New(upTo(before+pieces)-upTo(before), line.Gross.Currency())
	if err != nil { // the line's own amount was one
		return pricing.Money{}
	}
	return m
}
