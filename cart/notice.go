package cart

import "github.com/shopspring/decimal"

// NoticeKind says what a notice is about.
type NoticeKind string

// What a shopper is told about a line that can be bought.
const (
	// NoticePrice: the unit price is another than the one last seen; Old and New are set.
	NoticePrice NoticeKind = "price_changed"
	// NoticeStock: there are fewer pieces than the line asks for, or none; Want and Have are set.
	NoticeStock NoticeKind = "less_stock"
	// NoticeIndividual: the item is sold one piece per order and the line asks for more; Want and Have are set.
	NoticeIndividual NoticeKind = "sold_individually"
)

// Notice is something a shopper should know before going on. It changes nothing in the cart.
type Notice struct {
	Kind     NoticeKind
	Key      LineKey
	Old, New decimal.Decimal
	// Want is the quantity of the line, Have how many of them can be had once the lines before it that
	// share its stock have been served.
	Want, Have int64
}

func notices(lines []ViewLine) []Notice {
	var out []Notice
	left := map[string]int64{}
	for _, l := range lines {
		if n, ok := priceNotice(l); ok {
			out = append(out, n)
		}
		if n, ok := individualNotice(l); ok {
			out = append(out, n)
		}
		if n, ok := stockNotice(l, left); ok {
			out = append(out, n)
		}
	}
	return out
}

func priceNotice(l ViewLine) (Notice, bool) {
	seen := l.Line.Seen
	if seen == nil || seen.Currency != l.Item.Currency || seen.Unit.Equal(l.Item.UnitPrice) {
		return Notice{}, false
	}
	return Notice{Kind: NoticePrice, Key: l.Line.Key, Old: seen.Unit, New: l.Item.UnitPrice}, true
}

func individualNotice(l ViewLine) (Notice, bool) {
	if !l.Item.SoldIndividually || l.Line.Quantity <= 1 {
		return Notice{}, false
	}
	return Notice{Kind: NoticeIndividual, Key: l.Line.Key, Want: l.Line.Quantity, Have: 1}, true
}

// stockNotice serves the line from what the lines before it have left of its stock.
func stockNotice(l ViewLine, left map[string]int64) (Notice, bool) {
	pieces, limited := l.Item.Stock.Available()
	if !limited {
		return Notice{}, false
	}
	name := l.Item.stockName()
	if had, ok := left[name]; ok {
		pieces = min(pieces, had)
	}
	want := l.Line.Quantity
	left[name] = max(pieces-want, 0)
	if want <= pieces {
		return Notice{}, false
	}
	return Notice{Kind: NoticeStock, Key: l.Line.Key, Want: want, Have: pieces}, true
}

// stockName is what the item's lines share; a catalogue that names no stock gives each item its own.
func (i Item) stockName() string {
	if i.Stock.Item != "" {
		return i.Stock.Item
	}
	return "line " + string(i.Ref.Key())
}
