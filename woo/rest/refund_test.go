package rest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

func TestRefund(t *testing.T) {
	site, shop := newSite(t, recorded("refund"))
	got, err := shop.Refund(t.Context(), 156, rest.RefundChange{
		Amount: amount("112.00"), Reason: "damaged", Restock: true,
		Lines: []rest.RefundPart{{Line: 1, Quantity: 1, Total: amount("100"), Taxes: []rest.RefundPartTax{{Rate: 9, Total: amount("12")}}}},
	})
	if err != nil || got.ID != 167 || got.Amount.String() != "100.00" || got.ByGateway {
		t.Errorf("%+v, %v", got, err)
	}
	want := `{"amount":"112.00","reason":"damaged","api_refund":false,"api_restock":true,` +
		`"line_items":[{"id":1,"quantity":1,"refund_total":"100","refund_tax":[{"id":9,"refund_total":"12"}]}]}`
	if r := site.seen()[0]; r.line != "POST orders/156/refunds" || strings.TrimSpace(r.body) != want {
		t.Errorf("sent %s %s", r.line, r.body)
	}
}

// TestRefundRefused: HTTP 500 is WooCommerce's way to refuse a refund, and a
// crash; a bare number for data tells them apart. What the gateway was asked
// for stays unknown.
func TestRefundRefused(t *testing.T) {
	refused := func(code, data string) string { return `{"code":"` + code + `","message":"No.","data":` + data + `}` }
	const cannot, invalid = "woocommerce_rest_cannot_create_order_refund", "woocommerce_rest_invalid_order_refund"
	tests := map[string]struct {
		body    string
		gateway bool
		want    woo.Kind
	}{
		"refused":                   {refused(cannot, "500"), false, woo.Refused},
		"refused below zero":        {refused(invalid, "400"), false, woo.Refused},
		"no such order":             {refused("woocommerce_rest_invalid_order_id", "404"), true, woo.Refused},
		"gateway failed":            {refused(cannot, "500"), true, woo.Unknown},
		"a crash":                   {refused("internal_server_error", `{"status":500}`), false, woo.Unknown},
		"a crash with that code":    {refused(cannot, `{"status":500}`), false, woo.Unknown},
		"another code, bare number": {refused("internal_server_error", "500"), false, woo.Unknown},
		"a page":                    {"<html>", false, woo.Unknown},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, shop := newSite(t, answering(500, test.body))
			_, err := shop.Refund(t.Context(), 5, rest.RefundChange{Amount: amount("10"), ThroughGateway: test.gateway})
			checkKind(t, err, test.want)
		})
	}
	for _, file := range []string{"refund-too-much", "refund-no-gateway"} {
		_, shop := newSite(t, recorded(file))
		_, err := shop.Refund(t.Context(), 5, rest.RefundChange{Amount: amount("10")})
		var e *woo.Error
		if checkKind(t, err, woo.Refused); !errors.As(err, &e) || e.Status != 500 || e.Message == "" {
			t.Errorf("%s: %v", file, err)
		}
	}
}
