package checkouthttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// Problem is the body of every error (RFC 9457). Which of the facts are there depends on Code.
type Problem struct {
	Type   string `json:"type"` // "urn:ankkor:problem:" and the code
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   Code   `json:"code"`

	Errors     []FieldError       `json:"errors,omitempty"`
	Shortages  []Shortage         `json:"shortages,omitempty"`
	Quote      *quote.Quote       `json:"quote,omitempty"` // as it would be now
	QuoteHash  string             `json:"quote_hash,omitempty"`
	Difference *quote.Difference  `json:"difference,omitempty"`
	PayNow     *pricing.Money     `json:"pay_now,omitempty"`         // of the quote
	PayLater   *pricing.Money     `json:"pay_on_delivery,omitempty"` // of the quote
	Refusals   []checkout.Refusal `json:"refusals,omitempty"`
	Coupon     string             `json:"coupon,omitempty"`
	Product    *Product           `json:"product,omitempty"`
	Checkout   checkout.ID        `json:"checkout,omitempty"`
	PayBy      *time.Time         `json:"pay_by,omitempty"`
}

// Shortage is an item of which there are fewer pieces than asked for.
type Shortage struct {
	Item string `json:"item"` // "product:11", "variation:1042"
	Want int64  `json:"want"`
	Have int64  `json:"have"`
}

// Product is an item that cannot be bought, and why.
type Product struct {
	ProductID   int64           `json:"product_id"`
	VariationID int64           `json:"variation_id,omitempty"`
	Reason      cart.ItemStatus `json:"reason"`
}

// fail answers with what went wrong. The log hears of what the shop could not do, and of nothing that was sent.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if (meaning{status: p.Status}).fault() {
		a.config.Log.ErrorContext(r.Context(), "request failed", "route", r.Pattern, "code", p.Code, "error", err)
	}
	if p.Status == http.StatusServiceUnavailable || p.Code == CodeKeyBusy {
		w.Header().Set("Retry-After", retryAfter)
	}
	data, err := json.Marshal(p)
	if err != nil { // a fact that cannot be written is left out
		data, _ = json.Marshal(plainProblem(p.Code))
	}
	send(w, p.Status, problemMedia, data)
}

func plainProblem(c Code) Problem {
	m := meanings()[c]
	return Problem{Type: problemType + string(c), Title: m.title, Status: m.status, Detail: m.detail, Code: c}
}

// problemOf turns an error into a problem with its facts.
func problemOf(err error) Problem {
	p := plainProblem(codeOf(err))
	switch p.Code {
	case CodeInvalidBody, CodeInvalid:
		p.Errors = fieldErrors(err)
	case CodeOutOfStock:
		p.Shortages = shortages(err)
	case CodeQuoteChanged:
		p.quoteChanged(err)
	case CodeNotOffered:
		if not := (*checkout.NotEligibleError)(nil); errors.As(err, &not) {
			p.Refusals = not.Refusals
		}
	case CodeCouponSpent:
		if spent := (*checkout.CouponSpentError)(nil); errors.As(err, &spent) {
			p.Coupon = spent.Code
		}
	case CodeNotForSale:
		if item := (*cart.NotForSaleError)(nil); errors.As(err, &item) {
			p.Product = &Product{ProductID: item.Ref.ProductID, VariationID: item.Ref.VariationID, Reason: item.Status}
		}
	case CodeInProgress:
		if busy := (*checkout.InProgressError)(nil); errors.As(err, &busy) {
			p.Checkout, p.PayBy = busy.ID, &busy.PayBy
		}
	}
	return p
}

func fieldErrors(err error) []FieldError {
	var list bodyError
	var many checkout.FieldErrors
	var one *checkout.InvalidError
	var inCart *cart.InvalidError
	switch {
	case errors.As(err, &list):
		return list
	case errors.As(err, &many):
		for _, e := range many {
			list = append(list, FieldError{Field: e.Field, Reason: e.Reason})
		}
		return list
	case errors.As(err, &one):
		return []FieldError{{Field: one.Field, Reason: one.Reason}}
	case errors.As(err, &inCart):
		return []FieldError{{Field: inCart.Field, Reason: inCart.Reason}}
	}
	return nil
}

func shortages(err error) []Shortage {
	var short *inventory.ShortageError
	var inCart *cart.StockError
	switch {
	case errors.As(err, &short):
		list := make([]Shortage, 0, len(short.Lines))
		for _, l := range short.Lines {
			list = append(list, Shortage{Item: string(l.Item), Want: l.Want, Have: max(l.Have, 0)})
		}
		return list
	case errors.As(err, &inCart):
		item := inventory.ProductItem(inCart.Ref.ProductID)
		if inCart.Ref.VariationID != 0 {
			item = inventory.VariationItem(inCart.Ref.VariationID)
		}
		return []Shortage{{Item: string(item), Want: inCart.Want, Have: max(inCart.Have, 0)}}
	}
	return nil
}

func (p *Problem) quoteChanged(err error) {
	var changed *checkout.QuoteChangedError
	if !errors.As(err, &changed) {
		return
	}
	p.Quote, p.QuoteHash = shownQuote(&changed.Now), changed.Hash
	p.PayNow, p.PayLater = some(changed.Plan.Online), some(changed.Plan.OnDelivery)
	if !changed.Difference.Empty() {
		p.Difference = &changed.Difference
	}
}
