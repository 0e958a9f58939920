package record

import (
	"fmt"

	"github.com/ankkor/ankkor/pricing/quote"
)

// Order is a request to create an order over the store's REST API, and what the store knows of what it names.
type Order struct {
	Settings Settings        `json:"settings"`
	Rates    []quote.TaxRate `json:"tax_rates"`
	Products []Product       `json:"products"`
	Coupons  []Coupon        `json:"coupons"`
	Request  struct {
		Path string    `json:"path"`
		Body OrderBody `json:"body"`
	} `json:"request"`
}

// Product is what an order line may leave to the store.
type Product struct {
	ID         int64           `json:"id"` // of the variation, where there is one
	Parent     int64           `json:"parent_id"`
	Name       string          `json:"name"`
	Price      Amount          `json:"price"`
	OnSale     bool            `json:"on_sale"`
	TaxStatus  quote.TaxStatus `json:"tax_status"`
	TaxClass   string          `json:"tax_class"`
	Categories []int64         `json:"category_ids"`
}

// OrderBody is what is posted.
type OrderBody struct {
	CustomerID int64  `json:"customer_id"`
	Billing    Person `json:"billing"`
	Shipping   Person `json:"shipping"`
	Lines      []struct {
		Product   int64  `json:"product_id"`
		Variation int64  `json:"variation_id"`
		Quantity  int64  `json:"quantity"`
		Subtotal  Amount `json:"subtotal"`
		Total     Amount `json:"total"`
	} `json:"line_items"`
	ShippingLines []struct {
		Method string `json:"method_id"`
		Title  string `json:"method_title"`
		Total  Amount `json:"total"`
	} `json:"shipping_lines"`
	FeeLines []struct {
		Name      string `json:"name"`
		Total     Amount `json:"total"`
		TaxStatus string `json:"tax_status"`
		TaxClass  string `json:"tax_class"`
	} `json:"fee_lines"`
	CouponLines []struct {
		Code string `json:"code"`
	} `json:"coupon_lines"`
}

// Person is an address of an order, as far as totals depend on it.
type Person struct {
	quote.Destination
	Email string `json:"email"`
}

// Input is the order in a WooCommerce version, without the time. A line of a product that is not in Products is an
// *quote.InvalidError.
func (o *Order) Input(version string) (quote.Input, error) {
	body := &o.Request.Body
	in := quote.Input{
		Settings: o.Settings.Settings(version), Rates: o.Rates, ShipTo: body.Shipping.Destination, BillTo: body.Billing.Destination,
		Customer: quote.Customer{ID: body.CustomerID, BillingEmail: body.Billing.Email},
	}
	for i := range body.Lines {
		l, err := o.line(i)
		if err != nil {
			return in, err
		}
		in.Lines = append(in.Lines, l)
	}
	for _, s := range body.ShippingLines {
		in.Shipping = append(in.Shipping, quote.ShippingLine{MethodID: s.Method, Title: s.Title, Cost: s.Total.Decimal, Taxable: true})
	}
	for _, f := range body.FeeLines {
		in.Fees = append(in.Fees, quote.Fee{Name: f.Name, Amount: f.Total.Decimal, Taxable: f.TaxStatus != "none", TaxClass: f.TaxClass})
	}
	for _, c := range body.CouponLines {
		in.Coupons = append(in.Coupons, Entered(c.Code, o.Coupons))
	}
	return in, nil
}

// line prices a line of the request: amounts that it does not give come from the product.
func (o *Order) line(i int) (quote.Line, error) {
	asked := &o.Request.Body.Lines[i]
	p := o.product(asked.Product, asked.Variation)
	if p == nil {
		return quote.Line{}, &quote.InvalidError{
			Field: fmt.Sprintf("request.body.line_items[%d]", i), Reason: "there is no such product in products",
		}
	}
	return quote.Line{
		ProductID: asked.Product, VariationID: asked.Variation, ParentID: p.Parent, Name: p.Name, Quantity: asked.Quantity,
		UnitPrice: p.Price.Decimal, OnSale: p.OnSale, TaxStatus: p.TaxStatus, TaxClass: p.TaxClass, CategoryIDs: p.Categories,
		Given: &quote.Given{Subtotal: asked.Subtotal.pointer(), Total: asked.Total.pointer()},
	}, nil
}

func (o *Order) product(product, variation int64) *Product {
	for i := range o.Products {
		if id := o.Products[i].ID; id == variation || (variation == 0 && id == product) {
			return &o.Products[i]
		}
	}
	return nil
}
