package checkouthttp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// Every typed error has its code, wrapped or not.
func TestCodes(t *testing.T) {
	tests := []struct {
		err  error
		want checkouthttp.Code
	}{
		{checkout.ErrNotFound, checkouthttp.CodeNotFound},
		{checkout.FieldErrors{{Field: "billing.city"}}, checkouthttp.CodeInvalid},
		{&checkout.InvalidError{Field: "rate"}, checkouthttp.CodeInvalid},
		{checkout.ErrEmptyCart, checkouthttp.CodeCartEmpty},
		{checkout.ErrCartChanged, checkouthttp.CodeCartChanged},
		{&checkout.QuoteChangedError{}, checkouthttp.CodeQuoteChanged},
		{fmt.Errorf("%w: %w", checkout.ErrOutOfStock, &inventory.ShortageError{}), checkouthttp.CodeOutOfStock},
		{checkout.ErrPlaced, checkouthttp.CodePlaced},
		{fmt.Errorf("%w: %w", checkout.ErrClosed, checkout.ErrUnavailable), checkouthttp.CodeClosed},
		{checkout.ErrKeyReused, checkouthttp.CodeKeyReused},
		{checkout.ErrPaymentMismatch, checkouthttp.CodePaymentMismatch},
		{checkout.ErrConflict, checkouthttp.CodeConflict},
		{&checkout.BoundError{}, checkouthttp.CodeConflict},
		{fmt.Errorf("asking: %w", checkout.ErrUnknown), checkouthttp.CodeOutcomeUnknown},
		{&checkout.RefusedError{Code: "x"}, checkouthttp.CodeRefused},
		{checkout.ErrUnavailable, checkouthttp.CodeUnavailable},
		{&checkout.CouponSpentError{Code: "diwali"}, checkouthttp.CodeCouponSpent},
		{&checkout.InProgressError{ID: "chk_1"}, checkouthttp.CodeInProgress},
		{&cart.InvalidError{Field: "quantity"}, checkouthttp.CodeInvalid},
		{cart.ErrLineNotFound, checkouthttp.CodeLineNotFound},
		{&cart.ConflictError{}, checkouthttp.CodeConflict},
		{&cart.NotForSaleError{}, checkouthttp.CodeNotForSale},
		{&cart.StockError{}, checkouthttp.CodeOutOfStock},
		{cart.ErrMoved, checkouthttp.CodeCartMoved},
		{cart.ErrCatalog, checkouthttp.CodeInternal},
		{&payment.RefusedError{}, checkouthttp.CodeRefused},
		{&payment.UnknownError{}, checkouthttp.CodeOutcomeUnknown},
		{&payment.UnavailableError{}, checkouthttp.CodeUnavailable},
		{context.DeadlineExceeded, checkouthttp.CodeUnavailable},
		{errors.New("a bug"), checkouthttp.CodeInternal},
	}
	for _, tt := range tests {
		if got := checkouthttp.CodeOf(fmt.Errorf("around it: %w", tt.err)); got != tt.want {
			t.Errorf("%T %v is %q, want %q", tt.err, tt.err, got, tt.want)
		}
	}
}

// A store that is away is a 503 that says when to come back, and whose cause only the log hears.
func TestUnavailable(t *testing.T) {
	var log bytes.Buffer
	away := &awayStore{}
	s := newShop(t, func(c *checkout.Config, h *checkouthttp.Config) {
		away.Store, c.Store = c.Store, away
		h.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	c := s.as(asha)
	v := c.ready("1", payment.MethodRazorpay)
	away.err = fmt.Errorf("%w: dial tcp 10.1.2.3:5432", checkout.ErrUnavailable)
	a := c.get("/checkouts/" + v.ID).want(http.StatusServiceUnavailable)
	a.problem(checkouthttp.CodeUnavailable)
	if a.header.Get("Retry-After") == "" || strings.Contains(string(a.body), "10.1.2.3") || !strings.Contains(log.String(), "10.1.2.3") {
		t.Errorf("answer %s, log %s", a.body, log.String())
	}
	away.err = errors.New("a bug with " + marked)
	a = c.get("/checkouts/" + v.ID).want(http.StatusInternalServerError)
	if a.problem(checkouthttp.CodeInternal); strings.Contains(string(a.body), marked) {
		t.Errorf("the cause gets out: %s", a.body)
	}
}

// awayStore is a store that can be away.
type awayStore struct {
	checkout.Store
	err error
}

func (s *awayStore) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	if s.err != nil {
		return checkout.Record{}, s.err
	}
	return s.Store.Load(ctx, id)
}

// A second cart, while an order waits for its payment.
func TestInProgress(t *testing.T) {
	c := newShop(t).as(asha)
	v := c.placed("1")
	c.post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).want(http.StatusOK)
	p := c.post("/checkouts", `{}`).want(http.StatusConflict).problem(checkouthttp.CodeInProgress)
	if string(p.Checkout) != v.ID || p.PayBy == nil {
		t.Errorf("%+v", p)
	}
}

func TestClosedAndPlaced(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	c.post("/checkouts", `{}`).problem(checkouthttp.CodeCartEmpty)
	v := c.placed("1")
	c.put("/checkouts/"+v.ID+"/payment-method", `{"method":"cod"}`).problem(checkouthttp.CodePlaced)
	c.post("/checkouts/"+v.ID+"/cancel", `{}`).want(http.StatusOK)
	c.place(v).problem(checkouthttp.CodeClosed)
	c.put("/checkouts/"+v.ID+"/payment-method", `{"method":"cod"}`).problem(checkouthttp.CodeClosed)
	other := s.as(ravi)
	w := other.ready("1", payment.MethodCOD)
	other.post("/cart/changes", `{"op":"add","product_id":11,"quantity":1}`).want(http.StatusOK)
	other.place(w).problem(checkouthttp.CodeCartChanged)
}

// What was refused is repeated by no log either.
func TestLogSaysNothingPersonal(t *testing.T) {
	var log bytes.Buffer
	s := newShop(t, func(c *checkout.Config, h *checkouthttp.Config) {
		h.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.Log = h.Log
	})
	c := s.as(asha)
	v := c.placed("1")
	c.post("/checkouts/"+v.ID+"/payment", `{"razorpay_order_id":"`+marked+`","razorpay_payment_id":"pay_x","razorpay_signature":"`+marked+`"}`)
	s.comeBack(v.ID, map[string][]string{"razorpay_signature": {marked}})
	s.pass(time.Hour)
	for _, personal := range []string{marked, "asha@example.in", "MG Road", "9845012345"} {
		if strings.Contains(log.String(), personal) {
			t.Errorf("the log has %q: %s", personal, log.String())
		}
	}
	if log.Len() == 0 {
		t.Error("the refused callback is nowhere noted")
	}
}

// A request that has ended changes nothing, whoever notices it first.
func TestEndedRequest(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.ready("1", payment.MethodCOD)
	before, err := s.store.All()
	s.check(err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body := `{"quote_hash":"` + v.QuoteHash + `"}`
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/checkouts/"+v.ID+"/place", strings.NewReader(body))
	r.Header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {"ended"}, "X-Test-Shopper": {asha}}
	c.do(r, body).problem(checkouthttp.CodeUnavailable)
	s.unchanged(before)
}
