package checkouthttp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// comeBack posts a form as the gateway's page makes the browser do: from its origin, without the shop's cookies.
func (s *shop) comeBack(id string, form url.Values) answer {
	s.t.Helper()
	return s.nobody().post2("/checkouts/"+id+"/return", form.Encode())
}

func (c caller) post2(target, form string) answer {
	c.t.Helper()
	c.header = http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"}, "Origin": {"https://api.razorpay.com"}, "Sec-Fetch-Site": {"cross-site"},
	}
	return c.post(target, form)
}

func (s *shop) signed(v view) url.Values {
	s.t.Helper()
	callback, err := s.gateway.Pay(v.Gateway.OrderID)
	s.check(err)
	return url.Values{
		"razorpay_order_id": {callback.OrderID}, "razorpay_payment_id": {callback.PaymentID}, "razorpay_signature": {callback.Signature},
	}
}

func TestReturn(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).placed("1")
	a := s.comeBack(v.ID, s.signed(v)).want(http.StatusSeeOther)
	if to := a.header.Get("Location"); to != "/orders/"+v.ID {
		t.Errorf("sent to %q", to)
	}
	if now := s.as(asha).get("/checkouts/" + v.ID).checkout(); now.Status != checkout.StatusOrdered {
		t.Errorf("%+v", now)
	}
	s.comeBack(v.ID, s.signed(s.as(ravi).placed("1"))).want(http.StatusSeeOther) // again, with another's payment
}

// Whatever is brought back, the answer is the same redirect, and without a genuine signature nothing happens.
func TestReturnBelievesNobody(t *testing.T) {
	s := newShop(t)
	v, other := s.as(asha).placed("1"), s.as(ravi).placed("2")
	genuine, another := s.signed(v), s.signed(other)
	with := func(name, value string) url.Values {
		form := url.Values{}
		for k, list := range genuine {
			form[k] = list
		}
		form[name] = []string{value}
		return form
	}
	twice := with("razorpay_signature", "")
	twice["razorpay_signature"] = []string{genuine.Get("razorpay_signature"), genuine.Get("razorpay_signature")}
	before, err := s.store.All()
	s.check(err)
	for name, form := range map[string]url.Values{
		"nothing":                   {},
		"a failed payment":          {"error[code]": {"BAD_REQUEST_ERROR"}, "error[metadata]": {`{"order_id":"x"}`}},
		"another checkout's":        another,
		"a signature one bit off":   with("razorpay_signature", flip(genuine.Get("razorpay_signature"))),
		"63 characters":             with("razorpay_signature", genuine.Get("razorpay_signature")[1:]),
		"no signature":              with("razorpay_signature", ""),
		"two signatures":            twice,
		"a signature of 10 kB":      with("razorpay_signature", strings.Repeat("a", 10_000)),
		"a payment link's form":     with("razorpay_order_id", "plink_x|ref|paid"),
		"another order in the form": with("razorpay_order_id", another.Get("razorpay_order_id")),
	} {
		t.Run(name, func(t *testing.T) {
			a := s.comeBack(v.ID, form).want(http.StatusSeeOther)
			if to := a.header.Get("Location"); to != "/orders/"+v.ID {
				t.Errorf("sent to %q", to)
			}
			s.unchanged(before)
		})
	}
	a := s.comeBack("chk_NEVERWAS", genuine).want(http.StatusSeeOther)
	if to := a.header.Get("Location"); to != "/orders/chk_NEVERWAS" {
		t.Errorf("a checkout that never was is told apart: %q", to)
	}
}

// flip changes one bit of the first hexadecimal digit.
func flip(signature string) string {
	digits := "0123456789abcdef"
	return string(digits[strings.IndexByte(digits, signature[0])^1]) + signature[1:]
}

func TestReturnTakesOnlyForms(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).placed("1")
	at := "/checkouts/" + v.ID + "/return"
	s.nobody().post(at, `{}`).problem(checkouthttp.CodeMediaType)
	s.nobody().post2(at, "a="+strings.Repeat("x", checkouthttp.MaxBody)).problem(checkouthttp.CodeTooLarge)
	s.nobody().post2(at, "a=%zz").problem(checkouthttp.CodeInvalidBody)
	s.nobody().post2("/checkouts/..%2F..%2Fevil/return", "a=b").problem(checkouthttp.CodeNotFound)
	s.nobody().get(at).want(http.StatusMethodNotAllowed)

	none := newShop(t, func(_ *checkout.Config, h *checkouthttp.Config) { h.ReturnTo = nil })
	none.nobody().post2("/checkouts/chk_1/return", "a=b").problem(checkouthttp.CodeNotFound)
}

// The handler works where a host mounts it: outside of what refuses other origins, under the API's prefix.
func TestReturnMountedOutside(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).placed("1")
	mux := http.NewServeMux()
	mux.Handle("/api/", http.NewCrossOriginProtection().Handler(http.StripPrefix("/api", s.api)))
	mux.Handle("POST /api/checkouts/{id}/return", s.api.Return())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/checkouts/"+v.ID+"/return", strings.NewReader(s.signed(v).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://api.razorpay.com")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if now := s.as(asha).get("/checkouts/" + v.ID).checkout(); now.Status != checkout.StatusOrdered {
		t.Errorf("%+v", now)
	}
}
