package live_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
)

// visitor is a shopper in the store's own cart: plain Store API requests.
type visitor struct {
	*shop
	token   string
	cart    storeCart
	refused []string // coupons the cart did not take
}

// storeCart is a cart as the Store API states it, amounts in paise.
type storeCart struct {
	Items []struct {
		ID       int64         `json:"id"`
		Quantity int64         `json:"quantity"`
		Totals   storeItemCost `json:"totals"`
	} `json:"items"`
	Coupons []struct {
		Code   string `json:"code"`
		Totals struct {
			Discount    string `json:"total_discount"`
			DiscountTax string `json:"total_discount_tax"`
		} `json:"totals"`
	} `json:"coupons"`
	Packages []struct {
		Rates []offer `json:"shipping_rates"`
	} `json:"shipping_rates"`
	Totals storeTotals `json:"totals"`
}

type storeItemCost struct {
	Subtotal    string `json:"line_subtotal"`
	SubtotalTax string `json:"line_subtotal_tax"`
	Total       string `json:"line_total"`
	TotalTax    string `json:"line_total_tax"`
}

type storeTotals struct {
	Items       string    `json:"total_items"`
	ItemsTax    string    `json:"total_items_tax"`
	Discount    string    `json:"total_discount"`
	DiscountTax string    `json:"total_discount_tax"`
	Shipping    *string   `json:"total_shipping"`
	ShippingTax *string   `json:"total_shipping_tax"`
	Price       string    `json:"total_price"`
	Tax         string    `json:"total_tax"`
	TaxLines    []taxLine `json:"tax_lines"`
}

type taxLine struct {
	Name  string `json:"name"`
	Price string `json:"price"`
}

// offer is a shipping rate.
type offer struct {
	ID    string `json:"rate_id"`
	Price string `json:"price"`
}

// hasStoreAPI reports whether the store has carts for visitors.
func (s *shop) hasStoreAPI() bool {
	s.Helper()
	resp, err := http.Get(s.site.url + "/wp-json/wc/store/v1/cart")
	s.check(err)
	s.check(resp.Body.Close())
	return resp.StatusCode == http.StatusOK
}

// visit fills a cart and takes it to where it can be ordered.
func (s *shop) visit(pieces []piece, to checkout.Address, rate string, coupons []string) *visitor {
	s.Helper()
	v := &visitor{shop: s}
	v.do(http.MethodGet, "cart", nil)
	v.do(http.MethodPost, "cart/update-customer", map[string]any{"billing_address": addressed(to, true), "shipping_address": addressed(to, false)})
	for _, p := range pieces {
		id := p.ref.ProductID
		if p.ref.VariationID != 0 {
			id = p.ref.VariationID
		}
		v.do(http.MethodPost, "cart/add-item", map[string]any{"id": id, "quantity": p.quantity})
	}
	for _, code := range coupons {
		if err := v.try(http.MethodPost, "cart/apply-coupon", map[string]any{"code": code}); err != nil {
			v.refused = append(v.refused, code)
		}
	}
	if rate != "" {
		v.do(http.MethodPost, "cart/select-shipping-rate", map[string]any{"package_id": 0, "rate_id": rate})
	}
	v.do(http.MethodGet, "cart", nil)
	return v
}

func addressed(a checkout.Address, billing bool) map[string]any {
	m := map[string]any{
		"first_name": a.FirstName, "last_name": a.LastName, "address_1": a.Address1, "city": a.City,
		"state": a.State, "postcode": a.Postcode, "country": a.Country, "phone": a.Phone,
	}
	if billing {
		m["email"] = a.Email
	}
	return m
}

func (v *visitor) do(method, path string, body any) {
	v.Helper()
	v.check(v.try(method, path, body))
}

// try sends a request; the answer to each that succeeds is the whole cart.
func (v *visitor) try(method, path string, body any) error {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(v.Context(), method, v.site.url+"/wp-json/wc/store/v1/"+path, &sent)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if v.token != "" {
		req.Header.Set("Cart-Token", v.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated:
		return fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, text)
	case v.token == "":
		v.token = resp.Header.Get("Cart-Token")
	}
	v.cart = storeCart{}
	return json.Unmarshal(text, &v.cart)
}

// agrees compares the store's cart with the quote's view of it.
func (v *visitor) agrees(t *testing.T, q quote.Quote, rates []offer) {
	t.Helper()
	var refused []string
	for _, d := range q.Cart.Decisions {
		if !d.Accepted {
			refused = append(refused, strings.ToLower(d.Code))
		}
	}
	if d := cmp.Diff(refused, v.refused); d != "" {
		t.Errorf("refused coupons, quoted (-) and in the cart (+):\n%s", d)
	}
	var offered []offer
	for _, p := range v.cart.Packages {
		offered = append(offered, p.Rates...)
	}
	if d := cmp.Diff(rates, offered); d != "" {
		t.Errorf("rates, quoted (-) and in the cart (+):\n%s", d)
	}
	if d := cmp.Diff(quotedTotals(q.Cart, len(rates) > 0), v.cart.Totals, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("totals, quoted (-) and in the cart (+):\n%s", d)
	}
	v.agreesOnLines(t, q.Cart)
	v.agreesOnCoupons(t, q)
}

func (v *visitor) agreesOnLines(t *testing.T, q *quote.CartView) {
	t.Helper()
	if len(v.cart.Items) != len(q.Lines) {
		t.Fatalf("%d lines in the cart, quoted %d", len(v.cart.Items), len(q.Lines))
	}
	for i, line := range q.Lines {
		want := storeItemCost{minor(line.Subtotal), minor(line.SubtotalTax), minor(line.Total), minor(line.TotalTax)}
		if d := cmp.Diff(want, v.cart.Items[i].Totals); d != "" {
			t.Errorf("line %d, quoted (-) and in the cart (+):\n%s", i, d)
		}
	}
}

// agreesOnCoupons compares what each takes off. Half a paisa goes down
// (WC_Cart::get_coupon_discount_amount), but up in the Store API of 9.8.
func (v *visitor) agreesOnCoupons(t *testing.T, q quote.Quote) {
	t.Helper()
	shown := discountMinor
	if strings.HasPrefix(q.Version, "9.") {
		shown = minor
	}
	want, got := map[string][2]string{}, map[string][2]string{}
	for _, c := range q.Cart.Coupons {
		want[strings.ToLower(c.Code)] = [2]string{shown(c.Discount), discountMinor(c.DiscountTax)}
	}
	for _, c := range v.cart.Coupons {
		got[c.Code] = [2]string{c.Totals.Discount, c.Totals.DiscountTax}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("coupons, quoted (-) and in the cart (+):\n%s", d)
	}
}

// quotedTotals are the totals as the Store API would state them. Of a cart that
// needs no shipping it says null, not zero.
func quotedTotals(q *quote.CartView, shipped bool) storeTotals {
	t := storeTotals{
		Items: minor(q.Totals.Subtotal), ItemsTax: minor(q.Totals.SubtotalTax),
		Discount: minor(q.Totals.DiscountTotal), DiscountTax: minor(q.Totals.DiscountTax),
		Price: minor(q.Totals.Total), Tax: minor(q.Totals.TotalTax),
	}
	if shipped {
		shipping, shippingTax := minor(q.Totals.ShippingTotal), minor(q.Totals.ShippingTax)
		t.Shipping, t.ShippingTax = &shipping, &shippingTax
	}
	for _, row := range q.TaxTotals {
		t.TaxLines = append(t.TaxLines, taxLine{row.Label, minor(row.Amount)})
	}
	return t
}

// minor is an amount as the Store API states it: whole paise.
func minor(amount decimal.Decimal) string { return amount.Shift(2).Round(0).String() }

// discountMinor is minor with half a paisa going down.
func discountMinor(amount decimal.Decimal) string {
	return amount.Shift(2).Sub(decimal.RequireFromString("0.5")).Ceil().String()
}
