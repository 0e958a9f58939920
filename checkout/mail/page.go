package mail

import (
	"cmp"
	"strings"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
)

// Page is what templates see.
type Page struct {
	Shop     string
	Name     string // the customer's first name, on one line
	Order    string // the order's number; empty before there is one
	URL      string // where the mail leads; may be empty
	Lines    []Line
	Shipping string // "" when nothing is shipped
	Discount string // "" when there is none
	Fees     []Line // what is charged besides, for cash on delivery say
	Total    string
	PayNow   string // what was, or is to be, paid at once; "" for nothing
	OnDoor   string // what the courier collects; "" for nothing
	PayBy    string
	Carrier  string
	Tracking string
	TrackURL string
	Refunded string // in total
	ShipTo   []string
}

// Line is one line of an order.
type Line struct {
	Name     string
	Quantity int64
	Price    string // of the whole line, with tax
}

func (w *Writer) page(n checkout.Notice) Page {
	r := n.Record
	p := Page{Shop: w.config.Shop, Name: plain(r.Billing.FirstName), ShipTo: addressLines(shippedTo(r))}
	if w.config.URL != nil {
		p.URL = w.config.URL(n)
	}
	if r.Order != nil {
		p.Order = r.Order.Number
	}
	w.amounts(&p, r)
	if sh := r.Shipment; sh != nil {
		p.Carrier, p.Tracking = plain(sh.Carrier), plain(sh.Tracking)
		if strings.HasPrefix(sh.TrackingURL, "https://") {
			p.TrackURL = plain(sh.TrackingURL)
		}
	}
	if total, err := refunds(r); err == nil {
		p.Refunded = w.money(total)
	}
	return p
}

func (w *Writer) amounts(p *Page, r checkout.Record) {
	if placed := r.Placed; placed != nil {
		p.PayNow, p.OnDoor = w.some(placed.Plan.Online), w.some(placed.Plan.OnDelivery)
		p.PayBy = placed.PayBy.In(w.config.TimeZone).Format("2 January, 15:04 MST")
	}
	if r.Quote == nil {
		for _, l := range r.Lines {
			p.Lines = append(p.Lines, Line{Name: plain(l.Item.Name), Quantity: l.Line.Quantity})
		}
		return
	}
	for _, l := range r.Quote.Lines {
		p.Lines = append(p.Lines, Line{Name: plain(l.Name), Quantity: l.Quantity, Price: w.money(l.Gross)})
	}
	totals := r.Quote.Totals
	p.Total, p.Discount = w.money(totals.Total), w.both(totals.DiscountTotal, totals.DiscountTax)
	if len(r.Quote.Shipping) > 0 {
		p.Shipping = cmp.Or(w.both(totals.ShippingTotal, totals.ShippingTax), "free")
	}
	for _, f := range r.Quote.Fees {
		if m, err := pricing.FromDecimal(f.Total.Add(f.TotalTax), r.Quote.Currency, pricing.HalfUp); err == nil {
			p.Fees = append(p.Fees, Line{Name: plain(f.Name), Quantity: 1, Price: w.money(m)})
		}
	}
}

// money writes an amount; one in a currency that the shop's symbol does not mean is written with its code.
func (w *Writer) money(m pricing.Money) string {
	if c := m.Currency(); c != pricing.INR && c != "" && w.config.Format == pricing.IndianFormat() {
		return m.String()
	}
	return w.config.Format.Money(m)
}

func (w *Writer) some(m pricing.Money) string {
	if m.IsZero() {
		return ""
	}
	return w.money(m)
}

func (w *Writer) both(net, tax pricing.Money) string {
	sum, err := net.Add(tax)
	if err != nil {
		return ""
	}
	return w.some(sum)
}

func refunds(r checkout.Record) (pricing.Money, error) {
	amounts := make([]pricing.Money, len(r.Refunds))
	for i, f := range r.Refunds {
		amounts[i] = f.Amount
	}
	return pricing.Sum(amounts...)
}

func shippedTo(r checkout.Record) checkout.Address {
	if r.Shipping.IsZero() {
		return r.Billing
	}
	return r.Shipping
}

func addressLines(a checkout.Address) []string {
	var lines []string
	for _, l := range []string{
		a.FirstName + " " + a.LastName, a.Company, a.Address1, a.Address2, a.City + " " + a.Postcode, a.State,
	} {
		if l = plain(l); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}
