package session

import (
	"errors"
	"html"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// minor is an amount in minor units, as text; null is not Valid.
type minor struct {
	units int64
	Valid bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *minor) UnmarshalJSON(data []byte) error {
	var t text
	if err := t.UnmarshalJSON(data); err != nil {
		return err
	}
	*m = minor{}
	if t == "" {
		return nil
	}
	units, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil {
		return errors.New("an amount in minor units is expected")
	}
	*m = minor{units, true}
	return nil
}

func (m minor) in(places int) decimal.Decimal { return decimal.New(m.units, -int32(places)) }

// storeCart is a cart as the Store API sends it (CartSchema).
type storeCart struct {
	Items   []storeLine
	Coupons []struct {
		Code         text
		DiscountType text `json:"discount_type"`
		Totals       struct {
			Discount    minor `json:"total_discount"`
			DiscountTax minor `json:"total_discount_tax"`
		}
	}
	Fees []struct {
		Key, Name text
		Totals    struct {
			Total minor
			Tax   minor `json:"total_tax"`
		}
	}
	Totals          *storeTotals
	BillingAddress  *storeAddressWire `json:"billing_address"`
	ShippingAddress *storeAddressWire `json:"shipping_address"`
	NeedsShipping   bool              `json:"needs_shipping"`
	ShippingRates   []storePackage    `json:"shipping_rates"`
	Errors          []struct{ Code, Message text }
	PaymentMethods  []text `json:"payment_methods"`
}

type storeTotals struct {
	Items       minor `json:"total_items"`
	ItemsTax    minor `json:"total_items_tax"`
	Fees        minor `json:"total_fees"`
	FeesTax     minor `json:"total_fees_tax"`
	Discount    minor `json:"total_discount"`
	DiscountTax minor `json:"total_discount_tax"`
	Shipping    minor `json:"total_shipping"`
	ShippingTax minor `json:"total_shipping_tax"`
	Price       minor `json:"total_price"`
	Tax         minor `json:"total_tax"`
	TaxLines    []struct {
		Name  text
		Price minor
	} `json:"tax_lines"`
	CurrencyCode text  `json:"currency_code"`
	MinorUnit    whole `json:"currency_minor_unit"`
}

type storeLine struct {
	Key, Type, Name, SKU text
	ID, Quantity         whole
	Variation            []struct {
		Raw       text `json:"raw_attribute"`
		Attribute text
		Value     text
	}
	ItemData []struct{ Key, Name, Value text } `json:"item_data"`
	Prices   struct {
		Raw struct {
			Precision whole
			Price     minor
		} `json:"raw_prices"`
	}
	Totals struct {
		Subtotal    minor `json:"line_subtotal"`
		SubtotalTax minor `json:"line_subtotal_tax"`
		Total       minor `json:"line_total"`
		TotalTax    minor `json:"line_total_tax"`
	}
}

type storePackage struct {
	ID    text `json:"package_id"`
	Name  text
	Rates []struct {
		ID         text  `json:"rate_id"`
		MethodID   text  `json:"method_id"`
		InstanceID whole `json:"instance_id"`
		Name       text
		Price      minor
		Taxes      minor
		Selected   bool
	} `json:"shipping_rates"`
}

type storeAddressWire struct {
	FirstName text `json:"first_name"`
	LastName  text `json:"last_name"`
	Company   text
	Address1  text `json:"address_1"`
	Address2  text `json:"address_2"`
	City      text
	State     text
	Postcode  text
	Country   text
	Email     text
	Phone     text
}

func (w *storeAddressWire) address() checkout.Address {
	if w == nil {
		return checkout.Address{}
	}
	return checkout.Address{
		FirstName: w.FirstName.plain(), LastName: w.LastName.plain(), Company: w.Company.plain(),
		Address1: w.Address1.plain(), Address2: w.Address2.plain(), City: w.City.plain(), State: string(w.State),
		Postcode: string(w.Postcode), Country: string(w.Country), Email: string(w.Email), Phone: string(w.Phone),
	}
}

// maxPlaces bounds the decimals of a currency; ISO 4217 has none above four.
const maxPlaces = 6

// cart checks and translates the answer.
func (w *storeCart) cart(op string, write bool) (Cart, error) {
	t := w.Totals
	if t == nil || !t.Price.Valid || t.MinorUnit > maxPlaces {
		return Cart{}, badAnswer(op, write)
	}
	currency, err := pricing.ParseCurrency(string(t.CurrencyCode))
	if err != nil {
		return Cart{}, badAnswer(op, write)
	}
	places := int(t.MinorUnit)
	total, err := pricing.FromDecimal(t.Price.in(places), currency, pricing.HalfUp)
	if err != nil {
		return Cart{}, badAnswer(op, write)
	}
	c := Cart{Currency: currency, Places: places, NeedsShipping: w.NeedsShipping, Totals: t.totals(places, total)}
	c.Customer = &Customer{Billing: w.BillingAddress.address(), Shipping: w.ShippingAddress.address()}
	for _, l := range w.Items {
		line, ok := l.line(places)
		if !ok {
			return Cart{}, badAnswer(op, write)
		}
		c.Lines = append(c.Lines, line)
	}
	w.rest(&c)
	return c, nil
}

// rest reads what can be missing.
func (w *storeCart) rest(c *Cart) {
	for _, a := range w.Coupons {
		c.Coupons = append(c.Coupons, Coupon{
			Code: string(a.Code), Type: string(a.DiscountType), Discount: a.Totals.Discount.in(c.Places), DiscountTax: a.Totals.DiscountTax.in(c.Places),
		})
	}
	for _, f := range w.Fees {
		tax := decimal.NullDecimal{Decimal: f.Totals.Tax.in(c.Places), Valid: f.Totals.Tax.Valid}
		c.Fees = append(c.Fees, Fee{ID: string(f.Key), Name: f.Name.plain(), Total: f.Totals.Total.in(c.Places), Tax: tax})
	}
	for _, t := range w.Totals.TaxLines {
		c.Taxes = append(c.Taxes, Tax{Label: t.Name.plain(), Amount: t.Price.in(c.Places)})
	}
	for _, p := range w.ShippingRates {
		c.Packages = append(c.Packages, p.pack(c.Places))
	}
	for _, e := range w.Errors {
		c.Notices = append(c.Notices, Notice{Code: string(e.Code), Message: plainMessage(string(e.Message))})
	}
	for _, id := range w.PaymentMethods {
		c.PaymentMethods = append(c.PaymentMethods, string(id))
	}
}

func (t *storeTotals) totals(places int, total pricing.Money) Totals {
	return Totals{
		Subtotal: t.Items.in(places), SubtotalTax: t.ItemsTax.in(places), Discount: t.Discount.in(places), DiscountTax: t.DiscountTax.in(places),
		Shipping: t.Shipping.in(places), ShippingTax: t.ShippingTax.in(places), Fees: t.Fees.in(places), FeesTax: t.FeesTax.in(places),
		Tax: t.Tax.in(places), Total: total,
	}
}

func (l storeLine) line(places int) (Line, bool) {
	t := l.Totals
	out := Line{
		Key: string(l.Key), ProductID: int64(l.ID), Name: l.Name.plain(), SKU: l.SKU.plain(), Quantity: int64(l.Quantity),
		Subtotal: t.Subtotal.in(places), SubtotalTax: t.SubtotalTax.in(places), Total: t.Total.in(places), TotalTax: t.TotalTax.in(places),
	}
	if l.Type == "variation" || l.Type == "subscription_variation" {
		out.ProductID, out.VariationID = 0, int64(l.ID)
	}
	if raw := l.Prices.Raw; raw.Price.Valid && raw.Precision <= 12 {
		out.UnitPrice = decimal.NullDecimal{Decimal: raw.Price.in(int(raw.Precision)), Valid: true}
	}
	for _, v := range l.Variation {
		name := v.Raw
		if name == "" { // WooCommerce 10.0 has the label alone
			name = v.Attribute
		}
		out.Attributes = put(out.Attributes, name.attribute(), v.Value.plain())
	}
	for _, d := range l.ItemData {
		name := d.Key
		if name == "" {
			name = d.Name
		}
		out.Data = put(out.Data, name.plain(), d.Value.plain())
	}
	return out, out.Key != "" && l.ID > 0 && out.Quantity > 0 && t.Subtotal.Valid && t.Total.Valid
}

func (p storePackage) pack(places int) Package {
	out := Package{ID: string(p.ID), Name: p.Name.plain()}
	for _, r := range p.Rates {
		cost, tax := r.Price.in(places), r.Taxes.in(places)
		out.Rates = append(out.Rates, Rate{
			ID: string(r.ID), MethodID: string(r.MethodID), InstanceID: int64(r.InstanceID), Label: html.UnescapeString(string(r.Name)),
			Cost: decimal.NullDecimal{Decimal: cost, Valid: r.Price.Valid}, Tax: decimal.NullDecimal{Decimal: tax, Valid: r.Taxes.Valid},
			Chosen: r.Selected,
		})
	}
	return out
}

// storeOrder is the answer to a checkout (CheckoutSchema).
type storeOrder struct {
	OrderID whole `json:"order_id"`
	Status  text
	Key     text `json:"order_key"`
	Number  text `json:"order_number"`
	Payment struct {
		Redirect text `json:"redirect_url"`
	} `json:"payment_result"`
}

func (o storeOrder) placed() Placed {
	return Placed{
		OrderID: int64(o.OrderID), Number: string(o.Number), Key: woo.NewSecret(string(o.Key)), Status: string(o.Status),
		Redirect: woo.NewSecret(string(o.Payment.Redirect)),
	}
}
