package woo

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing/quote"
)

// TokenMetaKey is the order field that carries a checkout's token. The leading
// underscore keeps it out of the order page's custom fields.
const TokenMetaKey = "_ankkor_token" //nolint:gosec // the name of a field

// sentDecimals is the precision of WooCommerce's order lines. Rounding them to
// paise changes totals.
const sentDecimals = 6

// pendingOrder is the body that creates an order equal to the quote. status
// and created_via are left at their defaults: pending, and rest-api, on which
// WooCommerce gates payment completion.
func pendingOrder(req checkout.OrderRequest) (orderBody, error) {
	if err := checkToken(req.Token); err != nil {
		return orderBody{}, err
	}
	body := orderBody{
		Status: "pending", Currency: string(req.Quote.Currency), CustomerID: req.CustomerID, CustomerNote: req.CustomerNote,
		Billing: address(req.Billing), Shipping: address(req.Shipping),
		PaymentMethod: req.PaymentMethod, PaymentTitle: req.PaymentMethodTitle, TransactionID: req.Token,
		Meta: []metaBody{{TokenMetaKey, req.Token}},
	}
	body.Shipping.Email = "" // shipping addresses have none
	for _, key := range slices.Sorted(maps.Keys(req.Meta)) {
		if key == "" || key == TokenMetaKey {
			return orderBody{}, &InvalidError{Field: "meta", Reason: "has an empty key or " + TokenMetaKey}
		}
		body.Meta = append(body.Meta, metaBody{key, req.Meta[key]})
	}
	if err := addLines(&body, req); err != nil {
		return orderBody{}, err
	}
	return body, nil
}

// addLines writes the quote's lines, shipping, fees and coupons into body.
func addLines(body *orderBody, req checkout.OrderRequest) error {
	if len(req.Quote.Lines) == 0 {
		return &InvalidError{Field: "quote.lines", Reason: "is empty"}
	}
	for i, l := range req.Quote.Lines {
		if l.ProductID <= 0 || l.VariationID < 0 || l.Quantity <= 0 {
			return &InvalidError{Field: fmt.Sprintf("quote.lines[%d]", i), Reason: "needs a product and a positive quantity"}
		}
		body.Lines = append(body.Lines, lineBody{
			ProductID: l.ProductID, VariationID: l.VariationID, Quantity: l.Quantity, TaxClass: chosenClass(l),
			Subtotal: sent(l.Subtotal), Total: sent(postedTotal(req.Quote, l)), Meta: chosenMeta(req.Chosen[l.Key]),
		})
	}
	for _, s := range req.Quote.Shipping {
		line := shippingBody{MethodID: s.MethodID, Title: s.Title, Total: sent(s.Total)}
		if s.InstanceID != 0 {
			line.InstanceID = strconv.FormatInt(s.InstanceID, 10)
		}
		body.ShippingLines = append(body.ShippingLines, line)
	}
	for _, f := range req.Quote.Fees {
		fee := feeBody{Name: f.Name, Total: sent(f.Total), TaxStatus: "none", TaxClass: f.TaxClass}
		if f.Taxable {
			fee.TaxStatus = "taxable"
		}
		body.Fees = append(body.Fees, fee)
	}
	for _, c := range req.Quote.Coupons {
		body.Coupons = append(body.Coupons, couponBody{Code: c.Code})
	}
	return nil
}

// postedTotal is a line's total before WooCommerce applies the coupons itself. It sets every total back to the subtotal
// then; but what was posted still decides how a negative fee is spread over tax classes, and the quote expects that
// to be the price before coupons.
func postedTotal(q quote.Quote, l quote.QuoteLine) decimal.Decimal {
	if len(q.Coupons) > 0 {
		return l.Subtotal
	}
	return l.Total
}

// chosenClass is the tax class of a line that was not sold in its product's own.
func chosenClass(l quote.QuoteLine) *string {
	if !l.TaxClassChosen {
		return nil
	}
	return &l.TaxClass
}

// chosenMeta writes down what was chosen of a line, in a stable order, as
// WooCommerce's own checkout does: attributes by name, then the line's data.
func chosenMeta(ref cart.ItemRef) []metaBody {
	var meta []metaBody
	for _, chosen := range []map[string]string{ref.Attributes, ref.Data} {
		for _, key := range slices.Sorted(maps.Keys(chosen)) {
			meta = append(meta, metaBody{key, chosen[key]})
		}
	}
	return meta
}

// sent writes an amount: fixed point, whatever decimal's settings are.
func sent(d decimal.Decimal) string { return d.StringFixed(sentDecimals) }

// checkToken accepts what is safe in a search and fits transaction_id
// (varchar(100) in WooCommerce's order table).
func checkToken(token string) error {
	switch {
	case len(token) < 8:
		return &InvalidError{Field: "token", Reason: "must be at least 8 characters, so that no other text contains it"}
	case len(token) > 100:
		return &InvalidError{Field: "token", Reason: "must be at most 100 characters"}
	}
	for _, r := range token {
		if r == utf8.RuneError || unfitForHeader(r) {
			return &InvalidError{Field: "token", Reason: "must be printable ASCII without spaces"}
		}
	}
	return nil
}
