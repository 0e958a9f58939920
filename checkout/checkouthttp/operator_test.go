package checkouthttp_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/inventory"
)

// staffView is what tests look at of a checkout as staff see it.
type staffView struct {
	Status   checkout.Status
	Stuck    bool
	Next     struct{ Effect, Why string }
	Attempts []struct {
		Effect  string
		GivenUp bool `json:"given_up"`
	}
	Refunds  []struct{ Amount struct{ Amount string } }
	Timeline []checkout.TimelineEntry
}

func (a answer) staffView() (v staffView) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatal(err)
	}
	return v
}

func (v staffView) did(actor, what string) bool {
	for _, e := range v.Timeline {
		if e.Actor == actor && e.What == what {
			return true
		}
	}
	return false
}

// Each operation of staff, asked by a shopper, by nobody, and by staff about a checkout that never was.
func TestOnlyStaffOperate(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).paid("1")
	before, err := s.store.All()
	s.check(err)
	seen := 0
	for _, route := range s.api.Routes() {
		if !strings.Contains(route, "/operator/") {
			continue
		}
		seen++
		t.Run(route, func(*testing.T) {
			for _, c := range []caller{s.as(asha), s.as(ravi), s.nobody()} {
				for _, id := range []string{v.ID, "chk_NEVERWASTHERE"} {
					c.ask(route, id).want(http.StatusForbidden).problem(checkouthttp.CodeForbidden)
				}
			}
			if strings.Contains(route, "{id}") {
				s.staff().ask(route, "chk_NEVERWASTHERE").want(http.StatusNotFound).problem(checkouthttp.CodeNotFound)
			}
			if !strings.HasPrefix(route, "GET") {
				s.staff().with("Sec-Fetch-Site", "cross-site").ask(route, v.ID).problem(checkouthttp.CodeCrossOrigin)
			}
			s.unchanged(before)
		})
	}
	if seen < 9 {
		t.Errorf("%d operations of staff", seen)
	}
	none := newShop(t, func(_ *checkout.Config, h *checkouthttp.Config) { h.Operator = nil })
	for _, route := range none.api.Routes() {
		if strings.Contains(route, "/operator/") {
			t.Errorf("%s is open to staff whom nobody can name", route)
		}
	}
}

// What staff see of a checkout names nobody.
func TestExplain(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).placed("1")
	a := s.staff().get("/operator/checkouts/" + v.ID).want(http.StatusOK)
	if e := a.staffView(); e.Status != checkout.StatusPendingPayment || e.Next.Effect != "wait" || e.Next.Why == "" || !e.did("shopper", "placed") {
		t.Errorf("%s", a.body)
	}
	for _, personal := range []string{"Asha", "asha", "MG Road", "98450"} {
		if strings.Contains(string(a.body), personal) {
			t.Errorf("%q is in %s", personal, a.body)
		}
	}
}

// A payment nobody told us of, found by an operator.
func TestRecheck(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).placed("1")
	if _, err := s.gateway.Pay(v.Gateway.OrderID); err != nil {
		t.Fatal(err)
	}
	if e := s.staff().post("/operator/checkouts/"+v.ID+"/recheck", `{}`).want(http.StatusOK).staffView(); e.Status != checkout.StatusOrdered {
		t.Errorf("%+v", e)
	}
}

// A refund that the gateway refuses is stuck, is listed, and goes through when tried again.
func TestStuckAndRetry(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).paid("1")
	at := "/operator/checkouts/" + v.ID
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpRefund, Kind: fakegateway.Refuse}))
	refund := func() answer {
		return s.staff().with("Idempotency-Key", "broken-1").post(at+"/refunds", `{"amount_minor":10000,"currency":"INR","reason":"broken"}`)
	}
	refund().want(http.StatusConflict).problem(checkouthttp.CodeRefused)
	if list := s.staff().get("/operator/stuck?limit=5").want(http.StatusOK); !strings.Contains(string(list.body), v.ID) {
		t.Errorf("not listed: %s", list.body)
	}
	e := s.staff().post(at+"/retry", `{}`).want(http.StatusOK).staffView()
	if e.Stuck || len(e.Refunds) != 1 || e.Refunds[0].Amount.Amount != "100.00" || !e.did("meera", "retried") || !e.did("meera", "refund asked for") {
		t.Errorf("%+v", e)
	}
	if again := refund().want(http.StatusOK).staffView(); len(again.Refunds) != 1 {
		t.Errorf("the same key refunds twice: %+v", again.Refunds)
	}
}

func TestRefundRefuses(t *testing.T) {
	s := newShop(t)
	v := s.as(asha).paid("1") // ₹548
	before, err := s.store.All()
	s.check(err)
	for name, tt := range map[string]struct {
		body string
		code checkouthttp.Code
	}{
		"a fraction":         {`{"amount_minor":1.5,"currency":"INR","reason":"r"}`, checkouthttp.CodeInvalidBody},
		"an exponent":        {`{"amount_minor":1e2,"currency":"INR","reason":"r"}`, checkouthttp.CodeInvalidBody},
		"a text":             {`{"amount_minor":"100","currency":"INR","reason":"r"}`, checkouthttp.CodeInvalidBody},
		"beyond all numbers": {`{"amount_minor":9223372036854775808,"currency":"INR","reason":"r"}`, checkouthttp.CodeInvalidBody},
		"no amount":          {`{"currency":"INR","reason":"r"}`, checkouthttp.CodeInvalidBody},
		"no currency":        {`{"amount_minor":1,"reason":"r"}`, checkouthttp.CodeInvalidBody},
		"a small currency":   {`{"amount_minor":1,"currency":"inr","reason":"r"}`, checkouthttp.CodeInvalidBody},
		"no reason":          {`{"amount_minor":1,"currency":"INR"}`, checkouthttp.CodeInvalidBody},
		"nothing":            {`{"amount_minor":0,"currency":"INR","reason":"r"}`, checkouthttp.CodeInvalid},
		"less than nothing":  {`{"amount_minor":-1,"currency":"INR","reason":"r"}`, checkouthttp.CodeInvalid},
		"a paisa too much":   {`{"amount_minor":54801,"currency":"INR","reason":"r"}`, checkouthttp.CodeInvalid},
		"dollars":            {`{"amount_minor":1,"currency":"USD","reason":"r"}`, checkouthttp.CodeInvalid},
	} {
		t.Run(name, func(*testing.T) {
			s.staff().with("Idempotency-Key", "k").post("/operator/checkouts/"+v.ID+"/refunds", tt.body).problem(tt.code)
			s.unchanged(before)
		})
	}
	s.staff().post("/operator/checkouts/"+v.ID+"/refunds", `{"amount_minor":1,"currency":"INR","reason":"r"}`).problem(checkouthttp.CodeKeyRequired)
}

// Released checkouts give their stock back, placed or not.
func TestRelease(t *testing.T) {
	s := newShop(t)
	placed, open := s.as(asha).placed("4"), s.as(ravi).started("6")
	for _, v := range []view{placed, open} {
		at := "/operator/checkouts/" + v.ID + "/release"
		s.staff().post(at, `{}`).problem(checkouthttp.CodeInvalidBody)
		s.staff().post(at, `{"reason":"two\nlines"}`).problem(checkouthttp.CodeInvalid)
		if e := s.staff().post(at, `{"reason":"no courier goes there"}`).want(http.StatusOK).staffView(); e.Status != checkout.StatusCancelled || !e.did("meera", "released") && !e.did("meera", "given up") {
			t.Errorf("%+v", e)
		}
	}
	levels, err := s.service.Levels(t.Context(), inventory.ProductItem(11))
	s.check(err)
	if levels[0].Available() != 10 {
		t.Errorf("level %+v", levels[0])
	}
	sold := s.as("guest:lakshmi").paid("1")
	s.staff().post("/operator/checkouts/"+sold.ID+"/release", `{"reason":"x"}`).problem(checkouthttp.CodeInvalid)
}

func TestShipAndDeliver(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	unpaid := "/operator/checkouts/" + s.as(ravi).placed("1").ID
	at := "/operator/checkouts/" + c.paid("1").ID
	s.staff().post(unpaid+"/shipment", `{"carrier":"India Post"}`).problem(checkouthttp.CodeInvalid)
	s.staff().post(at+"/delivery", `{}`).problem(checkouthttp.CodeInvalid)
	for _, link := range []string{"javascript:alert(1)", "http://track.example", "https:", "//track.example"} {
		s.staff().post(at+"/shipment", `{"carrier":"India Post","tracking_url":"`+link+`"}`).problem(checkouthttp.CodeInvalidBody)
	}
	body := `{"carrier":"India Post","tracking":"EX123456789IN","tracking_url":"https://www.indiapost.gov.in/"}`
	if e := s.staff().post(at+"/shipment", body).want(http.StatusOK).staffView(); e.Status != checkout.StatusShipped || !e.did("meera", "shipped") {
		t.Errorf("%+v", e)
	}
	if e := s.staff().post(at+"/delivery", `{}`).want(http.StatusOK).staffView(); e.Status != checkout.StatusDelivered {
		t.Errorf("%+v", e)
	}
	if page := string(c.get("/checkouts/" + strings.TrimPrefix(at, "/operator/checkouts/")).want(http.StatusOK).body); !strings.Contains(page, "EX123456789IN") {
		t.Errorf("the shopper does not see the parcel: %s", page)
	}
}

func TestDashboard(t *testing.T) {
	s := newShop(t, func(_ *checkout.Config, h *checkouthttp.Config) {
		h.Now = func() time.Time { return time.Date(2026, 11, 8, 20, 0, 0, 0, time.UTC) } // the 9th in India
	})
	s.as(asha).paid("2")
	s.as(ravi).placed("4")
	type board struct {
		From    time.Time
		Orders  int
		Revenue []struct{ Amount string }
		Pending int
		Low     []struct {
			Item      string
			Available int
		} `json:"low_stock"`
	}
	read := func(query string) (b board) {
		a := s.staff().get("/operator/dashboard" + query).want(http.StatusOK)
		s.check(json.Unmarshal(a.body, &b))
		return b
	}
	if today := read(""); today.From.Format(time.DateOnly) != "2026-11-09" || today.Orders != 0 || today.Pending != 1 {
		t.Errorf("today %+v", today)
	}
	day := read("?day=2026-11-08&low=4") // sold at 18:00 UTC, 23:30 in India
	if day.Orders != 1 || day.Revenue[0].Amount != "1047.00" || len(day.Low) != 1 || day.Low[0].Available != 4 {
		t.Errorf("the 8th: %+v", day)
	}
	if read("?low=3").Low == nil || len(read("?low=3").Low) != 0 {
		t.Error("four are fewer than three")
	}
	for _, query := range []string{"?day=yesterday", "?day=2026-02-30", "?low=-1", "?low=1.5", "?low=99999999999999999999"} {
		s.staff().get("/operator/dashboard" + query).want(http.StatusBadRequest).problem(checkouthttp.CodeInvalidBody)
	}
	s.staff().get("/operator/stuck?limit=501").problem(checkouthttp.CodeInvalidBody)
	bare := newShop(t, func(c *checkout.Config, _ *checkouthttp.Config) { c.Store = struct{ checkout.Store }{c.Store} })
	bare.staff().get("/operator/dashboard").problem(checkouthttp.CodeNotImplemented)
}
