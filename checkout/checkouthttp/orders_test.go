package checkouthttp_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// orderView is what tests look at of a checkout's order.
type orderView struct {
	Status checkout.Status
	Lines  []struct {
		Key      string
		Quantity int64
	}
	Store struct {
		Status  string
		Refunds []struct {
			Amount struct{ Amount string }
			ByHand bool `json:"by_hand"`
		}
	}
	Returns []struct{ Lines []checkout.ReturnLine }
	History []checkout.Transition
}

func (a answer) orderView() (v orderView) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatal(err)
	}
	return v
}

// Staff give one of two mugs back before the parcel leaves, send the other, take it back, and return the rest of the money.
func TestOperateAnOrder(t *testing.T) {
	s := newShop(t)
	at := "/operator/checkouts/" + s.as(asha).paid("2").ID
	mug := s.staff().get(at).want(http.StatusOK).orderView().Lines[0]
	if mug.Quantity != 2 {
		t.Fatalf("%+v", mug)
	}
	do := func(path, key, body string) orderView {
		return s.staff().with("Idempotency-Key", key).post(at+path, body).want(http.StatusOK).orderView()
	}
	for range 2 {
		v := do("/refunds", "one", fmt.Sprintf(`{"currency":"INR","reason":"one is enough","restock":true,"lines":[{"key":%q,"quantity":1}]}`, mug.Key))
		if len(v.Store.Refunds) != 1 || v.Store.Refunds[0].Amount.Amount != "499.00" || v.Store.Refunds[0].ByHand {
			t.Fatalf("%+v", v.Store)
		}
	}
	if v := do("/processing", "-", `{}`); v.Status != checkout.StatusProcessing {
		t.Errorf("%s", v.Status)
	}
	if v := do("/shipment", "-", `{"carrier":"India Post"}`); v.Store.Status != "completed" {
		t.Errorf("%+v", v.Store)
	}
	v := do("/returns", "back", fmt.Sprintf(`{"reason":"too small","lines":[{"key":%q,"quantity":1,"restock":true}]}`, mug.Key))
	if v.Status != checkout.StatusReturned || len(v.Returns) != 1 || len(v.Store.Refunds) != 2 {
		t.Errorf("%s, %+v", v.Status, v)
	}
	do("/refunds", "two", fmt.Sprintf(`{"currency":"INR","reason":"too small","amount_minor":49900,"lines":[{"key":%q,"quantity":0,"amount_minor":49900}]}`, mug.Key))
	last := s.staff().get(at).want(http.StatusOK).orderView()
	for i, want := range []checkout.Status{"pending_payment", "paid", "ordered", "processing", "shipped", "returned"} {
		if i >= len(last.History) || last.History[i].To != want || last.History[i].Actor == "" {
			t.Fatalf("history %+v", last.History)
		}
	}
}

func TestCancelAnOrder(t *testing.T) {
	s := newShop(t)
	at := "/operator/checkouts/" + s.as(asha).paid("1").ID
	s.staff().post(at+"/cancellation", `{}`).problem(checkouthttp.CodeInvalidBody)
	v := s.staff().post(at+"/cancellation", `{"reason":"sold elsewhere"}`).want(http.StatusOK).orderView()
	if v.Status != checkout.StatusCancelled || v.Store.Status != "cancelled" {
		t.Errorf("%+v", v)
	}
	s.staff().post(at+"/shipment", `{"carrier":"India Post"}`).problem(checkouthttp.CodeInvalid)
	unpaid := "/operator/checkouts/" + s.as(ravi).placed("1").ID
	s.staff().post(unpaid+"/cancellation", `{"reason":"r"}`).problem(checkouthttp.CodeInvalid)
	s.staff().post(unpaid+"/processing", `{}`).problem(checkouthttp.CodeInvalid)
}

func TestOrderBodiesRefused(t *testing.T) {
	s := newShop(t)
	at := "/operator/checkouts/" + s.as(asha).paid("1").ID
	before, err := s.store.All()
	s.check(err)
	many := "["
	for range 200 {
		many += `{"key":"k","quantity":1},`
	}
	many += `{"key":"k","quantity":1}]`
	for path, bodies := range map[string][]string{
		"/refunds": {
			`{"currency":"INR","reason":"r","lines":{}}`, `{"currency":"INR","reason":"r","lines":[1]}`, `{"currency":"INR","reason":"r","lines":[{}]}`,
			`{"currency":"INR","reason":"r","lines":[{"key":"k","quantity":"1"}]}`, `{"currency":"INR","reason":"r","lines":[{"key":"k","quantity":1,"price":2}]}`,
			`{"currency":"INR","reason":"r","lines":[{"key":"k","quantity":1.5}]}`, `{"currency":"INR","reason":"r","amount_minor":1,"restock":"false"}`,
			`{"currency":"INR","reason":"r","amount_minor":1,"by_hand":1}`, `{"reason":"r","lines":[{"key":"k","quantity":1}]}`,
			`{"currency":"ZZZ","reason":"r","amount_minor":1}`, `{"currency":"INR","reason":"r","lines":` + many + `}`,
		},
		"/returns": {
			`{}`, `{"reason":"r","lines":[{"key":"k"}]}`, `{"reason":"r","lines":[{"key":"","quantity":1}]}`, `{"reason":"r","restock":"yes"}`,
			`{"reason":"r","lines":[{"key":"k","quantity":9223372036854775808}]}`, `{"reason":"r","colour":"red"}`, `{"reason":"r","lines":` + many + `}`,
		},
	} {
		for _, body := range bodies {
			s.staff().with("Idempotency-Key", "k").post(at+path, body).problem(checkouthttp.CodeInvalidBody)
		}
		s.staff().post(at+path, `{"currency":"INR","reason":"r","amount_minor":1}`).problem(checkouthttp.CodeKeyRequired)
	}
	s.staff().with("Idempotency-Key", "k").post(at+"/returns", `{"reason":"not shipped"}`).problem(checkouthttp.CodeInvalid)
	s.unchanged(before)
}
