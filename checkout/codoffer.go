package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// PaymentChoice is one way to pay, as it would be for a purchase.
type PaymentChoice struct {
	Option PaymentOption
	// Refusals say why it is not offered; none when it is.
	Refusals []Refusal
	// Total is what would be paid, Extra what of it is charged for this way to pay, with tax.
	Total, Extra pricing.Money
	Plan         Plan // what of the total is paid when
}

// PaymentChoices says of every way to pay whether it is offered for the owner's open checkout as it stands, why not, what
// it costs, and what would be paid online and at the door. ChoosePayment and Place ask the same again.
func (s *Service) PaymentChoices(ctx context.Context, owner Owner, id ID) ([]PaymentChoice, error) {
	r, err := s.Get(ctx, owner, id)
	if err != nil {
		return nil, err
	}
	if err := r.editable(owner); err != nil {
		return nil, err
	}
	choices := make([]PaymentChoice, len(s.config.Payments))
	for i, option := range s.config.Payments {
		r.PaymentMethod = option.Method
		o, err := s.offer(ctx, r)
		if err != nil {
			return nil, err
		}
		extra, err := o.quote.Totals.Total.Sub(o.before)
		if err != nil {
			return nil, err
		}
		choices[i] = PaymentChoice{
			Option: option, Refusals: s.refusals(ctx, r, o), Total: o.quote.Totals.Total, Extra: extra, Plan: o.plan,
		}
	}
	return choices, nil
}

// offer is a purchase priced for the way to pay that was chosen.
type offer struct {
	quote      quote.Quote
	before     pricing.Money // the total without the fee for cash
	plan       Plan
	hash       string // names what the shopper agrees to: the quote, and, where the total is split, the parts
	allPrepaid bool   // the prepayment would leave nothing for the door
}

// offer prices the purchase, adding the fee of the chosen way to pay.
func (s *Service) offer(ctx context.Context, r Record) (offer, error) {
	o, err := s.priced(ctx, r)
	if err == nil {
		o.hash = o.digest()
	}
	return o, err
}

func (s *Service) priced(ctx context.Context, r Record) (offer, error) {
	req := s.quoteRequest(r)
	q, err := s.config.Quoter.Quote(ctx, req)
	if err != nil {
		return offer{}, err
	}
	o := offer{quote: q, before: q.Totals.Total}
	option, chosen := s.option(r.PaymentMethod)
	if t := option.Cash; t != nil && q.Currency == t.Currency && !o.before.IsZero() {
		fee, charged, err := t.fee(o.before)
		if err != nil {
			return offer{}, err
		}
		if req.Fees = []quote.Fee{fee}; charged {
			if o.quote, err = s.config.Quoter.Quote(ctx, req); err != nil {
				return offer{}, err
			}
		}
	}
	if !chosen || option.Cash != nil && q.Currency != option.Cash.Currency {
		return o, nil
	}
	o.plan, err = option.plan(o.quote.Totals.Total)
	if o.allPrepaid = errors.Is(err, payment.ErrAllPrepaid); o.allPrepaid {
		return o, nil
	}
	return o, err
}

// refusals says what speaks against the chosen way to pay. A purchase that costs nothing is not paid for at all.
func (s *Service) refusals(ctx context.Context, r Record, o offer) []Refusal {
	option, _ := s.option(r.PaymentMethod)
	t := option.Cash
	if t == nil || o.quote.Totals.Total.IsZero() {
		return nil
	}
	if o.quote.Currency != t.Currency {
		return []Refusal{{Code: RefusedCurrency, Reason: "Cash on delivery is collected in " + string(t.Currency) + " only."}}
	}
	list := t.Rules.refuse(r, o.before)
	if o.allPrepaid {
		list = append(list, Refusal{Code: RefusedAllPrepaid, Reason: "This order is too small for cash on delivery with a prepayment. Please pay online."})
	}
	return append(list, s.refuseHistory(ctx, t.Rules, r)...)
}

// eligible is an error if the chosen way to pay is not offered.
func (s *Service) eligible(ctx context.Context, r Record, o offer) error {
	if refusals := s.refusals(ctx, r, o); len(refusals) > 0 {
		return &NotEligibleError{Method: r.PaymentMethod, Refusals: refusals}
	}
	return nil
}

// take keeps what the purchase costs, and how it would be paid.
func (d *draft) take(o offer) {
	d.Quote, d.QuoteHash, d.Plan = &o.quote, o.hash, o.plan
}

func (o offer) digest() string {
	hash := o.quote.Hash()
	if !o.plan.Prepaid() {
		return hash
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "plan 1\n%s\n%s\n%s\n%s\n", hash, o.plan.Online, o.plan.OnDelivery, o.plan.Through))
	return hex.EncodeToString(sum[:])
}
