package checkouthttp

import (
	"fmt"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// caseLine is a line of the order as staff name it in refunds and returns.
type caseLine struct {
	Key      cart.LineKey  `json:"key"`
	Name     string        `json:"name"`
	Quantity int64         `json:"quantity"`
	Total    pricing.Money `json:"total"` // with tax
}

// storeForm is the order as the store was last seen to have it.
type storeForm struct {
	Status  string            `json:"status"`
	SeenAt  *time.Time        `json:"seen_at,omitempty"`
	Refunds []storeRefundForm `json:"refunds"`
}

type storeRefundForm struct {
	ID     int64         `json:"id"`
	Amount pricing.Money `json:"amount"`
	Reason string        `json:"reason,omitempty"`
	At     time.Time     `json:"at"`
	ByHand bool          `json:"by_hand"` // in wp-admin
	Gone   bool          `json:"gone,omitempty"`
}

type returnForm struct {
	At     time.Time             `json:"at"`
	Lines  []checkout.ReturnLine `json:"lines"`
	Reason string                `json:"reason"`
	Actor  string                `json:"actor,omitempty"`
}

// showOrder adds the order, what came back of it, and how the checkout got where it is.
func (f *caseForm) showOrder(r checkout.Record) {
	f.History = append([]checkout.Transition{}, r.History...)
	for _, p := range r.PartReturns {
		f.Returns = append(f.Returns, returnForm{At: p.At, Lines: p.Lines, Reason: p.Reason, Actor: p.Actor})
	}
	if r.Quote != nil {
		for _, l := range r.Quote.Lines {
			f.Lines = append(f.Lines, caseLine{Key: cart.LineKey(l.Key), Name: l.Name, Quantity: l.Quantity, Total: l.Gross})
		}
	}
	if r.Order == nil {
		return
	}
	f.Store = &storeForm{Status: r.Order.Status, SeenAt: given(r.Order.SeenAt), Refunds: []storeRefundForm{}}
	for _, refund := range r.StoreRefunds {
		f.Store.Refunds = append(f.Store.Refunds, storeRefundForm{
			ID: refund.ID, Amount: refund.Amount, Reason: refund.Reason, At: refund.At, ByHand: refund.Key == "", Gone: refund.Gone,
		})
	}
}

// processing notes that somebody packs the order.
func (a *API) processing(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.RecordProcessing(r.Context(), r.id, r.actor)
	return a.worked(r, record, err)
}

// cancelOrder calls off an order in effect that has not left.
func (a *API) cancelOrder(r *request) (reply, error) {
	reason, err := oneText(r.body, "reason")
	if err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.CancelOrder(r.Context(), r.id, reason, r.actor)
	return a.worked(r, record, err)
}

// returned notes what came back of a parcel, once for each Idempotency-Key.
func (a *API) returned(r *request) (reply, error) {
	key, err := idempotencyKey(r.Request)
	if err != nil {
		return reply{}, err
	}
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	req := checkout.ReturnRequest{ID: r.id, Key: key, Restock: f.flag("restock"), Reason: f.needText("reason"), Actor: r.actor}
	for _, l := range f.list("lines") {
		req.Lines = append(req.Lines, checkout.ReturnLine{
			Key: cart.LineKey(l.needText("key")), Quantity: l.whole("quantity"), Restock: l.flag("restock"),
		})
		_ = l.done() // what was wrong is kept in f
	}
	if err := f.done(); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.RecordReturn(r.Context(), req)
	return a.worked(r, record, err)
}

// refundRequest reads what is to be given back: an amount, lines, or both.
func refundRequest(body []byte) (checkout.RefundRequest, error) {
	f, err := parseForm(body)
	if err != nil {
		return checkout.RefundRequest{}, err
	}
	currency := pricing.Currency(f.needText("currency"))
	lines := f.list("lines")
	amount := f.money("amount_minor", currency, len(lines) == 0)
	req := checkout.RefundRequest{Amount: amount, Reason: f.needText("reason"), Restock: f.flag("restock"), ByHand: f.flag("by_hand")}
	for _, l := range lines {
		req.Lines = append(req.Lines, checkout.RefundLine{
			Key: cart.LineKey(l.needText("key")), Quantity: l.whole("quantity"), Amount: l.money("amount_minor", currency, false),
		})
		_ = l.done() // what was wrong is kept in f
	}
	return req, f.done()
}

// money takes an amount of minor units in a currency that was given beside it.
func (f *form) money(name string, currency pricing.Currency, needed bool) pricing.Money {
	if _, given := f.fields[name]; !given && !needed {
		return pricing.Money{}
	}
	minor := f.whole(name)
	if currency == "" {
		return pricing.Money{}
	}
	amount, err := pricing.New(minor, currency)
	if err != nil {
		root := form{errs: f.errs}
		if !root.complained("currency") {
			root.complain("currency", "is not a currency")
		}
	}
	return amount
}

// flag takes a truth; one that is not given is false.
func (f *form) flag(name string) bool {
	value, _ := take[bool](f, name, "true or false")
	return value
}

// maxListed bounds the objects in one list.
const maxListed = 200

// list takes a list of objects; one that is not given is empty.
func (f *form) list(name string) []*form {
	items, _ := take[[]any](f, name, "a list")
	if len(items) > maxListed {
		f.complain(name, "has more than "+strconv.Itoa(maxListed)+" entries")
		return nil
	}
	var list []*form
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", name, i)
		fields, is := item.(map[string]any)
		if !is {
			f.complain(at, "is not an object")
			continue
		}
		list = append(list, &form{path: join(f.path, at), fields: fields, errs: f.errs})
	}
	return list
}
