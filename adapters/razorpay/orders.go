package razorpay

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// Ops as errors name them.
const (
	opCreateOrder = "create order"
	opFindOrder   = "find order"
	opPayments    = "read payments"
	opCapture     = "capture"
	opRefund      = "refund"
	opFindRefund  = "find refund"
)

// newOrder is the body of POST /v1/orders.
type newOrder struct {
	Amount   int64             `json:"amount"`
	Currency pricing.Currency  `json:"currency"`
	Receipt  string            `json:"receipt"`
	Notes    map[string]string `json:"notes,omitempty"`
	Payment  *captureSetting   `json:"payment,omitempty"`
}

type captureSetting struct {
	Capture Capture        `json:"capture"`
	Options captureOptions `json:"capture_options"`
}

type captureOptions struct {
	AutomaticExpiry int    `json:"automatic_expiry_period,omitempty"` // minutes
	ManualExpiry    int    `json:"manual_expiry_period"`              // minutes
	RefundSpeed     string `json:"refund_speed"`
}

// setting is how an order overrides the account's capture setting; nil where it does not.
func (c Capture) setting() *captureSetting {
	if c == CaptureAsConfigured {
		return nil
	}
	expiry := int(ManualExpiry / time.Minute)
	s := &captureSetting{Capture: c, Options: captureOptions{ManualExpiry: expiry, RefundSpeed: "normal"}}
	if c == CaptureAutomatic {
		s.Options.AutomaticExpiry = expiry
	}
	return s
}

// CreateOrder implements payment.Gateway: POST /v1/orders, once. Razorpay makes a second order for the same receipt, so
// whoever is not sure of an earlier call asks FindOrder before this one, as package checkout does.
func (c *Client) CreateOrder(ctx context.Context, r payment.OrderRequest) (payment.Order, error) {
	if err := checkOrder(r); err != nil {
		return payment.Order{}, err
	}
	var made orderEntity
	err := c.send(ctx, request{op: opCreateOrder, method: http.MethodPost, path: "/orders", body: newOrder{
		Amount: r.Amount.Minor(), Currency: r.Amount.Currency(), Receipt: r.Receipt, Notes: r.Notes, Payment: c.capture.setting(),
	}}, &made)
	if err != nil {
		return payment.Order{}, err
	}
	return made.order()
}

func checkOrder(r payment.OrderRequest) error {
	if err := r.Validate(); err != nil {
		return err
	}
	return checkCurrency(r.Amount)
}

// checkCurrency refuses what Razorpay would read as another amount: it writes all but three kinds of currencies with two
// decimals, and of three decimals wants the last to be nought.
func checkCurrency(m pricing.Money) error {
	switch m.Currency() {
	case "LYD", "UYI", "CLF", "UYW":
		return &payment.InvalidError{Field: "amount", Reason: "want a currency that Razorpay takes"}
	}
	if m.Currency().MinorDigits() == 3 && m.Minor()%10 != 0 {
		return &payment.InvalidError{Field: "amount", Reason: "want the third decimal to be 0"}
	}
	return nil
}

// FindOrder implements payment.Gateway: GET /v1/orders by receipt, every page of it. A receipt that no order can have is
// ErrNotFound without asking.
func (c *Client) FindOrder(ctx context.Context, receipt string) (payment.Order, error) {
	missing := &payment.NotFoundError{What: "order", ID: receipt}
	if (payment.OrderRequest{Receipt: receipt, Amount: pricing.Paise(100)}).Validate() != nil {
		return payment.Order{}, missing
	}
	found, err := list(ctx, c, request{op: opFindOrder, path: "/orders", query: url.Values{"receipt": {receipt}}},
		func(o orderEntity) string { return o.ID })
	if err != nil {
		return payment.Order{}, err
	}
	found = slices.DeleteFunc(found, func(o orderEntity) bool { return string(o.Receipt) != receipt })
	if len(found) == 0 {
		return payment.Order{}, missing
	}
	furthest := slices.MinFunc(found, func(a, b orderEntity) int {
		return cmp.Or(progress(b)-progress(a), cmp.Compare(a.CreatedAt, b.CreatedAt))
	})
	return furthest.order()
}

func progress(o orderEntity) int {
	return slices.Index([]string{"created", "attempted", "paid"}, strings.ToLower(o.Status))
}
