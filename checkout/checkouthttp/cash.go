package checkouthttp

import (
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

type choicesForm struct {
	Methods []choiceForm `json:"methods"`
}

// choiceForm is a way to pay as it would be for one checkout.
type choiceForm struct {
	methodForm
	Offered       bool               `json:"offered"`
	Refusals      []checkout.Refusal `json:"refusals"`
	Total         pricing.Money      `json:"total"`
	Extra         *pricing.Money     `json:"extra,omitempty"`
	PayNow        *pricing.Money     `json:"pay_now,omitempty"`
	PayOnDelivery *pricing.Money     `json:"pay_on_delivery,omitempty"`
	PayNowBy      payment.Method     `json:"pay_now_by,omitempty"` // whose window takes it
}

// paymentChoices says of every way to pay whether it is offered for the checkout, why not, and what is paid when.
func (a *API) paymentChoices(r *request) (reply, error) {
	choices, err := a.config.Service.PaymentChoices(r.Context(), r.owner, r.id)
	if err != nil {
		return reply{}, err
	}
	list := choicesForm{Methods: make([]choiceForm, len(choices))}
	for i, c := range choices {
		list.Methods[i] = choiceForm{
			methodForm: a.method(c.Option), Offered: len(c.Refusals) == 0, Refusals: append([]checkout.Refusal{}, c.Refusals...),
			Total: c.Total, Extra: some(c.Extra), PayNow: some(c.Plan.Online), PayOnDelivery: some(c.Plan.OnDelivery),
		}
		if !c.Plan.Online.IsZero() {
			list.Methods[i].PayNowBy = c.Option.Method
		}
		if through := c.Plan.Through; through != "" {
			list.Methods[i].PayNowBy, list.Methods[i].Window, list.Methods[i].Key = through, true, a.config.WindowKeys[through]
		}
	}
	return ok(list)
}

// some is an amount that is not nothing, else nil.
func some(m pricing.Money) *pricing.Money {
	if m.IsZero() {
		return nil
	}
	return &m
}

func (a *API) method(o checkout.PaymentOption) methodForm {
	return methodForm{Method: o.Method, Title: o.Title, Window: o.Verifier != nil, Key: a.config.WindowKeys[o.Method]}
}

type remittanceForm struct {
	Reference string        `json:"reference"`
	Amount    pricing.Money `json:"amount"`
	At        time.Time     `json:"at"`
}

// remitted notes cash that a courier handed over, once for each of its references.
func (a *API) remitted(r *request) (reply, error) {
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	reference, minor, currency := f.needText("reference"), f.whole("amount_minor"), f.needText("currency")
	if err := f.done(); err != nil {
		return reply{}, err
	}
	amount, err := pricing.New(minor, pricing.Currency(currency))
	if err != nil {
		return reply{}, invalidBody("currency", "is not a currency")
	}
	record, err := a.config.Service.RecordRemittance(r.Context(), checkout.RemittanceRequest{ID: r.id, Key: reference, Amount: amount, Actor: r.actor})
	return a.worked(r, record, err)
}

// showCash adds what is paid when, and what the courier still has.
func (f *caseForm) showCash(r checkout.Record) {
	plan := r.Plan
	if r.Placed != nil {
		plan = r.Placed.Plan
	}
	f.PayNow, f.PayOnDelivery, f.Owed = some(plan.Online), some(plan.OnDelivery), some(r.Owed())
	for _, m := range r.Remittances {
		f.Remittances = append(f.Remittances, remittanceForm{Reference: m.Key, Amount: m.Amount, At: m.At})
	}
	if r.Order != nil {
		f.SettledAt = given(r.Order.SettledAt)
	}
}
