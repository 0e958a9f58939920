package property_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/woo"
)

const orderToken = "tok_property_0001"

// anyAmount has up to six decimals, as an order line does.
func anyAmount(places int32) *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal {
		return decimal.New(rapid.Int64Range(0, 9_999_999_999).Draw(t, "minor"), -places)
	})
}

// anyQuote is a quote whose numbers need not make sense together: the client
// compares, it does not compute.
func anyQuote() *rapid.Generator[quote.Quote] {
	return rapid.Custom(func(t *rapid.T) quote.Quote {
		q := quote.Quote{Currency: pricing.INR, Decimals: 2}
		for i := range rapid.IntRange(1, 5).Draw(t, "lines") {
			q.Lines = append(q.Lines, quote.QuoteLine{
				ProductID: int64(i + 1), VariationID: rapid.Int64Range(0, 3).Draw(t, "variation"), Quantity: rapid.Int64Range(1, 99).Draw(t, "quantity"),
				Subtotal: anyAmount(6).Draw(t, "subtotal"), Total: anyAmount(6).Draw(t, "total"), TotalTax: anyAmount(2).Draw(t, "tax"),
			})
		}
		for range rapid.IntRange(0, 1).Draw(t, "shipping") {
			q.Shipping = append(q.Shipping, quote.QuoteShipping{MethodID: "flat_rate", Total: anyAmount(6).Draw(t, "cost"), TotalTax: anyAmount(2).Draw(t, "tax")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "fees") {
			q.Fees = append(q.Fees, quote.QuoteFee{Name: "fee", Total: anyAmount(6).Draw(t, "fee").Neg(), TotalTax: anyAmount(2).Draw(t, "tax").Neg()})
		}
		q.Totals = quote.Totals{
			Total: pricing.Paise(rapid.Int64Range(0, 1_000_000_000).Draw(t, "total")), TotalTax: pricing.Paise(rapid.Int64Range(0, 1_000_000_000).Draw(t, "total tax")),
		}
		return q
	})
}

// echo is a store that writes an order as it was sent, with the taxes and
// totals it is told, and then changes one field.
type echo struct {
	taxes  quote.Quote
	change string // a path such as "line_items.0.total"; "" for none
	by     decimal.Decimal
}

// RoundTrip implements http.RoundTripper.
func (e echo) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var order map[string]any
	if err := json.Unmarshal(body, &order); err != nil {
		return nil, err
	}
	order["id"], order["total"], order["total_tax"] = 154, e.taxes.Totals.Total.Amount(), e.taxes.Totals.TotalTax.Amount()
	for i, l := range e.taxes.Lines {
		setTax(order, "line_items", i, l.TotalTax)
	}
	for i, s := range e.taxes.Shipping {
		setTax(order, "shipping_lines", i, s.TotalTax)
	}
	for i, f := range e.taxes.Fees {
		setTax(order, "fee_lines", i, f.TotalTax)
	}
	e.spoil(order)
	answer, err := json.Marshal(order)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusCreated, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
}

func setTax(order map[string]any, list string, i int, tax decimal.Decimal) {
	order[list].([]any)[i].(map[string]any)["total_tax"] = tax.String()
}

// spoil adds to the amount at the path.
func (e echo) spoil(order map[string]any) {
	if e.change == "" {
		return
	}
	at, field := order, e.change
	var list string
	var i int
	if n, _ := fmt.Sscanf(e.change, "%s %d %s", &list, &i, &field); n == 3 {
		at = order[list].([]any)[i].(map[string]any)
	}
	amount := decimal.RequireFromString(at[field].(string))
	at[field] = amount.Add(e.by).StringFixed(6)
}

func createWith(t *rapid.T, transport http.RoundTripper, q quote.Quote) error {
	client, err := woo.New(woo.Config{URL: "https://shop.example.test", Key: "ck_1", Secret: woo.NewSecret("cs_1"), HTTP: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.CreatePending(t.Context(), checkout.OrderRequest{Token: orderToken, Quote: q, PaymentMethod: "cod"})
	return err
}

// TestEchoedOrderIsAccepted: what is sent says exactly what the quote says.
func TestEchoedOrderIsAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuote().Draw(t, "quote")
		if err := createWith(t, echo{taxes: q}, q); err != nil {
			t.Fatalf("an order as sent is refused: %v", err)
		}
	})
}

// TestAnyOtherAmountIsNamed: a difference of the smallest unit, anywhere.
func TestAnyOtherAmountIsNamed(t *testing.T) {
	const micro, paisa = "0.000001", "0.01"
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuote().Draw(t, "quote")
		type place struct{ path, field, unit string }
		places := []place{{"total", "total", paisa}, {"total_tax", "total_tax", paisa}}
		for _, l := range []struct {
			sent, told string
			n          int
		}{{"line_items", "lines", len(q.Lines)}, {"shipping_lines", "shipping_lines", len(q.Shipping)}, {"fee_lines", "fee_lines", len(q.Fees)}} {
			for i := range l.n {
				places = append(places,
					place{fmt.Sprintf("%s %d total", l.sent, i), fmt.Sprintf("%s[%d].total", l.told, i), micro},
					place{fmt.Sprintf("%s %d total_tax", l.sent, i), fmt.Sprintf("%s[%d].total_tax", l.told, i), paisa})
			}
		}
		p := rapid.SampledFrom(places).Draw(t, "place")
		by := decimal.RequireFromString(p.unit)
		if rapid.Bool().Draw(t, "less") {
			by = by.Neg()
		}
		err := createWith(t, echo{taxes: q, change: p.path, by: by}, q)
		var mismatch *woo.TotalMismatchError
		if !errors.As(err, &mismatch) || len(mismatch.Differences) != 1 || mismatch.Differences[0].Field != p.field {
			t.Fatalf("%s changed by %s: %v", p.path, by, err)
		}
	})
}
