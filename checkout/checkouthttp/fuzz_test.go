package checkouthttp_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// FuzzBody: whatever is read is what encoding/json reads too, in the exact fields; whatever is refused is named without
// being repeated.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"name":"a","count":1}`, `{"name":"a","count":1.0}`, `{"name":"a","count":1e2}`, `{"name":null,"count":1}`, `{"NAME":"a","count":1}`,
		`{"name":"a","count":1,"count":2}`, `{"name":"a","count":9223372036854775808}`, `[]`, ``, `{"name":"\ud800","count":-0}`,
		strings.Repeat(`{"name":`, 40), `{"name":"a","count":1}{}`, `{"` + strings.Repeat("x", 40) + `":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		name, count, err := checkouthttp.ParseBody(data)
		if err != nil {
			if checkouthttp.CodeOf(err) != checkouthttp.CodeInvalidBody {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		var want struct {
			Name  *string `json:"name"`
			Count *int64  `json:"count"`
		}
		if err := json.Unmarshal(data, &want); err != nil || want.Name == nil || want.Count == nil {
			t.Fatalf("%q is read, but not by encoding/json: %v", data, err)
		}
		if *want.Name != name || *want.Count != count {
			t.Errorf("%q is read as %q, %d", data, name, count)
		}
	})
}

// FuzzRequests: no body makes the API fail, or answer outside of its contract.
func FuzzRequests(f *testing.F) {
	for i, seed := range []string{`{"op":"add","product_id":11,"quantity":1}`, home, `{"rate":"a"}`, `{"method":"cod"}`, `{"quote_hash":"a"}`, `{"reason":""}`} {
		f.Add(uint8(i), seed)
	}
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		c := newShop(t).as(asha)
		v := c.started("1")
		at := "/checkouts/" + v.ID
		targets := []string{"POST /cart/changes", "PUT " + at + "/addresses", "PUT " + at + "/shipping-rate", "PUT " + at + "/payment-method", "POST " + at + "/place", "POST " + at + "/cancel"}
		method, path, _ := strings.Cut(targets[int(which)%len(targets)], " ")
		if a := c.with("Idempotency-Key", "fuzz").send(method, path, body); a.status >= 500 {
			t.Errorf("%s %s %q: %d %s", method, path, body, a.status, a.body)
		}
	})
}
