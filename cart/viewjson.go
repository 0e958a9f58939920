package cart

import (
	"encoding/json"

	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

type viewForm struct {
	Cart     cartForm         `json:"cart"`
	Lines    []viewLineForm   `json:"lines"`
	Subtotal string           `json:"subtotal"`
	Currency pricing.Currency `json:"currency,omitempty"`
	Dropped  []droppedForm    `json:"dropped,omitempty"`
	Notices  []noticeForm     `json:"notices,omitempty"`
}

type viewLineForm struct {
	Key          LineKey `json:"key"`
	Name         string  `json:"name"`
	SKU          string  `json:"sku,omitempty"`
	Slug         string  `json:"slug,omitempty"`
	Image        string  `json:"image,omitempty"`
	Quantity     int64   `json:"quantity"`
	UnitPrice    string  `json:"unit_price"`
	RegularPrice string  `json:"regular_price"`
	LinePrice    string  `json:"line_price"`
	OnSale       bool    `json:"on_sale,omitempty"`
	Available    *int64  `json:"available,omitempty"`
}

type droppedForm struct {
	lineForm
	Reason ItemStatus `json:"reason"`
}

type noticeForm struct {
	Kind NoticeKind `json:"kind"`
	Key  LineKey    `json:"key"`
	Old  string     `json:"old,omitempty"`
	New  string     `json:"new,omitempty"`
	Want int64      `json:"want,omitempty"`
	Have *int64     `json:"have,omitempty"`
}

// MarshalJSON writes the view for a browser: the cart as in [Local], and prices as plain decimal texts. There is no
// way back: what a browser is shown is never read from it.
func (v View) MarshalJSON() ([]byte, error) {
	f := viewForm{
		Cart: v.Cart.public().form(), Lines: make([]viewLineForm, 0, len(v.Lines)),
		Subtotal: plain(v.Subtotal), Currency: v.Currency,
	}
	for _, l := range v.Lines {
		f.Lines = append(f.Lines, l.form())
	}
	for _, d := range v.Dropped {
		line := d.Line
		line.Seen = nil
		f.Dropped = append(f.Dropped, droppedForm{line.form(), d.Reason})
	}
	for _, n := range v.Notices {
		f.Notices = append(f.Notices, n.form())
	}
	return json.Marshal(f)
}

func (l ViewLine) form() viewLineForm {
	f := viewLineForm{
		Key: l.Line.Key, Name: l.Item.Name, SKU: l.Item.SKU, Slug: l.Item.Slug, Image: l.Item.Image,
		Quantity: l.Line.Quantity, UnitPrice: plain(l.Item.UnitPrice), RegularPrice: plain(l.Item.RegularPrice),
		LinePrice: plain(l.LinePrice), OnSale: l.Item.OnSale,
	}
	if pieces, limited := l.Item.Stock.Available(); limited {
		f.Available = &pieces
	}
	return f
}

func (n Notice) form() noticeForm {
	f := noticeForm{Kind: n.Kind, Key: n.Key}
	if n.Kind == NoticePrice {
		f.Old, f.New = plain(n.Old), plain(n.New)
		return f
	}
	f.Want, f.Have = n.Want, &n.Have
	return f
}

// plain writes a decimal with the digits it has, whatever the decimal package's settings are.
func plain(d decimal.Decimal) string { return d.StringFixed(max(0, -d.Exponent())) }
