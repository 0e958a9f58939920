package cart

import (
	"encoding/json"
	"time"

	"github.com/ankkor/ankkor/pricing"
)

// The JSON form is fixed: names are never given another meaning, and a new one is optional. Decoding refuses
// anything else, so a release that adds a name must be able to read it everywhere before any writes it.

type cartForm struct {
	ID        string     `json:"id,omitempty"`
	Owner     Owner      `json:"owner,omitempty"`
	Version   int64      `json:"version"`
	Lines     []lineForm `json:"lines"`
	Coupons   []string   `json:"coupons,omitempty"`
	Note      string     `json:"note,omitempty"`
	UpdatedAt time.Time  `json:"updated_at,omitzero"`
	Applied   []string   `json:"applied,omitempty"`
	Merged    []string   `json:"merged,omitempty"`
	Moved     *moveForm  `json:"moved,omitempty"`
}

type lineForm struct {
	Key LineKey `json:"key,omitempty"`
	refForm
	Quantity int64     `json:"quantity"`
	AddedAt  time.Time `json:"added_at,omitzero"`
	Seen     *seenForm `json:"seen,omitempty"`
}

type refForm struct {
	ProductID   int64             `json:"product_id"`
	VariationID int64             `json:"variation_id,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"`
	Data        map[string]string `json:"data,omitempty"`
}

type seenForm struct {
	UnitPrice string           `json:"unit_price"`
	Currency  pricing.Currency `json:"currency,omitempty"`
}

type moveForm struct {
	To     Owner       `json:"to"`
	Policy MergePolicy `json:"policy"`
}

// changeForm leaves out what the op does not use.
type changeForm struct {
	ID string `json:"id,omitempty"`
	Op Op     `json:"op"`
	*refForm
	Key      LineKey `json:"key,omitempty"`
	Quantity int64   `json:"quantity,omitempty"`
	Code     string  `json:"code,omitempty"`
	Note     *string `json:"note,omitempty"`
}

func (r ItemRef) form() refForm { return refForm(r) }

func (line Line) form() lineForm {
	f := lineForm{Key: line.Key, refForm: line.Ref.form(), Quantity: line.Quantity, AddedAt: line.AddedAt}
	if line.Seen != nil {
		f.Seen = &seenForm{UnitPrice: plain(line.Seen.Unit), Currency: line.Seen.Currency}
	}
	return f
}

func (c Cart) form() cartForm {
	f := cartForm{
		ID: c.ID, Owner: c.Owner, Version: c.Version, Lines: make([]lineForm, 0, len(c.Lines)),
		Coupons: c.Coupons, Note: c.Note, UpdatedAt: c.UpdatedAt, Applied: c.Applied, Merged: c.Merged,
	}
	for _, l := range c.Lines {
		f.Lines = append(f.Lines, l.form())
	}
	if c.Moved != nil {
		f.Moved = &moveForm{To: c.Moved.To, Policy: c.Moved.Policy}
	}
	return f
}

func (ch Change) form() changeForm {
	f := changeForm{ID: ch.ID, Op: ch.Op}
	switch ch.Op {
	case OpAdd:
		ref := ch.Ref.form()
		f.refForm, f.Quantity = &ref, ch.Quantity
	case OpSet:
		f.Key, f.Quantity = ch.Key, ch.Quantity
	case OpRemove:
		f.Key = ch.Key
	case OpApplyCoupon, OpRemoveCoupon:
		f.Code = ch.Code
	case OpNote:
		f.Note = &ch.Note
	case OpClear:
	}
	return f
}

// MarshalJSON writes the whole cart, owner and seen prices included: the form for a [Store] that keeps carts as
// text. What a browser may have is [Local].
func (c Cart) MarshalJSON() ([]byte, error) { return json.Marshal(c.form()) }

// MarshalJSON writes the line as it stands in a cart.
func (line Line) MarshalJSON() ([]byte, error) { return json.Marshal(line.form()) }

// MarshalJSON writes the ref as {"product_id", "variation_id", "attributes", "data"}.
func (r ItemRef) MarshalJSON() ([]byte, error) { return json.Marshal(r.form()) }

// MarshalJSON writes the fields that the op uses, and not the time.
func (ch Change) MarshalJSON() ([]byte, error) { return json.Marshal(ch.form()) }
