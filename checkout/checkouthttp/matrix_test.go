package checkouthttp_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// bodies are requests that their own shopper, or staff, could make; what is not named takes {}.
func bodies() map[string]string {
	return map[string]string{
		"POST /cart/changes":                 `{"op":"clear"}`,
		"PUT /checkouts/{id}/addresses":      home,
		"PUT /checkouts/{id}/shipping-rate":  `{"rate":"flat_rate:1"}`,
		"PUT /checkouts/{id}/payment-method": `{"method":"cod"}`,
		"POST /checkouts/{id}/place":         `{"quote_hash":"a"}`,
		"POST /checkouts/{id}/payment":       `{"razorpay_order_id":"a","razorpay_payment_id":"b","razorpay_signature":"c"}`,

		"POST /operator/checkouts/{id}/release":      `{"reason":"no courier goes there"}`,
		"POST /operator/checkouts/{id}/refunds":      `{"amount_minor":100,"currency":"INR","reason":"broken"}`,
		"POST /operator/checkouts/{id}/shipment":     `{"carrier":"India Post"}`,
		"POST /operator/checkouts/{id}/returns":      `{"reason":"too small"}`,
		"POST /operator/checkouts/{id}/cancellation": `{"reason":"sold elsewhere"}`,
		"POST /operator/checkouts/{id}/remittances":  `{"reference":"UTR-1","amount_minor":100,"currency":"INR"}`,
	}
}

// ask makes the request of a route for a checkout.
func (c caller) ask(route, id string) answer {
	c.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	body := bodies()[route]
	if body == "" && method != http.MethodGet {
		body = `{}`
	}
	return c.with("Idempotency-Key", "matrix-1").send(method, strings.ReplaceAll(path, "{id}", id), body)
}

// Every operation on a checkout, asked by another shopper, by nobody, and for a checkout that never was: nothing is told
// and nothing happens. What another shopper gets is to the byte what is said of a checkout that never was.
func TestNobodyReachesTheCheckoutOfAnother(t *testing.T) {
	s := newShop(t)
	open, paid := s.as(asha).started("1"), s.as("guest:lakshmi").paid("1")
	for _, route := range s.api.Routes() {
		if !strings.Contains(route, "{id}") || strings.Contains(route, "/operator/") || strings.HasSuffix(route, "/return") {
			continue
		}
		t.Run(route, func(t *testing.T) {
			never := s.as(ravi).ask(route, "chk_NEVERWASTHERE").want(http.StatusNotFound)
			never.problem(checkouthttp.CodeNotFound)
			odd := s.as(ravi).ask(route, "..%2F%00").want(http.StatusNotFound)
			for _, id := range []string{open.ID, paid.ID} {
				before, err := s.store.All()
				s.check(err)
				theirs := s.as(ravi).ask(route, id).want(http.StatusNotFound)
				if !bytes.Equal(theirs.body, never.body) || !bytes.Equal(theirs.body, odd.body) {
					t.Errorf("the answers differ:\n%s\n%s\n%s", theirs.body, never.body, odd.body)
				}
				s.nobody().ask(route, id).want(http.StatusUnauthorized).problem(checkouthttp.CodeUnauthenticated)
				s.staff().ask(route, id).want(http.StatusUnauthorized).problem(checkouthttp.CodeUnauthenticated)
				s.unchanged(before)
			}
		})
	}
}

// Operations on one's own cart and checkout need somebody to own them.
func TestNobodyHasNoCart(t *testing.T) {
	s := newShop(t)
	for _, route := range []string{"GET /cart", "POST /cart/changes", "POST /cart/acknowledge", "POST /cart/recover", "POST /checkouts", "GET /checkouts/current"} {
		s.nobody().ask(route, "").want(http.StatusUnauthorized).problem(checkouthttp.CodeUnauthenticated)
		s.as("an owner with spaces").ask(route, "").want(http.StatusUnauthorized)
	}
	s.nobody().get("/payment-methods").want(http.StatusOK)
}
