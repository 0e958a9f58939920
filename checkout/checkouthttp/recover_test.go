package checkouthttp_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
)

// The link of an abandoned checkout fills the cart of whoever follows it, and opens nothing else.
func TestRecoverCart(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.ready("3", payment.MethodRazorpay)
	s.pass(2 * time.Hour)
	_, err := s.service.AdvanceDue(t.Context(), 10)
	s.check(err)
	c.post("/cart/changes", `{"op":"clear"}`).want(http.StatusOK)
	record, err := s.store.Load(t.Context(), checkout.ID(v.ID))
	s.check(err)
	token := s.recovery.Token(record)

	other := s.as("guest:her-phone")
	for _, follow := range []caller{c, other, other} {
		a := follow.post("/cart/recover", `{"token":"`+token+`"}`).want(http.StatusOK)
		if !strings.Contains(string(a.body), `"quantity":3`) || strings.Contains(string(a.body), "asha") {
			t.Errorf("%s", a.body)
		}
	}
	other.get("/checkouts/" + v.ID).want(http.StatusNotFound)
	for _, bad := range []string{token + "x", "x" + token, "a.b.c", strings.Repeat("a", 1000), `<script>`} {
		a := other.post("/cart/recover", `{"token":"`+bad+`"}`)
		if a.problem(checkouthttp.CodeRecovery); strings.Contains(string(a.body), "script") {
			t.Errorf("repeated: %s", a.body)
		}
	}
	other.post("/cart/recover", `{"token":""}`).problem(checkouthttp.CodeInvalidBody)
	s.pass(8 * 24 * time.Hour)
	other.post("/cart/recover", `{"token":"`+token+`"}`).problem(checkouthttp.CodeRecovery)
}
