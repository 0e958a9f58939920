package checkouthttp

import (
	"cmp"
	"slices"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// checkoutForm is a checkout as its shopper sees it.
type checkoutForm struct {
	ID            checkout.ID       `json:"id"`
	Status        checkout.Status   `json:"status"`
	CreatedAt     time.Time         `json:"created_at"`
	UpdatedAt     time.Time         `json:"updated_at"`
	Lines         []lineForm        `json:"lines"`
	Coupons       []string          `json:"coupons,omitempty"`
	Billing       *checkout.Address `json:"billing,omitempty"`
	Shipping      *checkout.Address `json:"shipping,omitempty"`
	Note          string            `json:"note,omitempty"`
	ShippingRate  string            `json:"shipping_rate,omitempty"`
	PaymentMethod payment.Method    `json:"payment_method,omitempty"`
	Quote         *quote.Quote      `json:"quote,omitempty"`
	QuoteHash     string            `json:"quote_hash,omitempty"`
	HeldUntil     *time.Time        `json:"held_until,omitempty"` // stock is held until then, before placing
	PlacedAt      *time.Time        `json:"placed_at,omitempty"`
	PayBy         *time.Time        `json:"pay_by,omitempty"`
	PayNow        *pricing.Money    `json:"pay_now,omitempty"`
	PayOnDelivery *pricing.Money    `json:"pay_on_delivery,omitempty"`
	Gateway       *gatewayForm      `json:"gateway,omitempty"`
	OrderNumber   string            `json:"order_number,omitempty"`
	Shipment      *shipmentForm     `json:"shipment,omitempty"`
	DeliveredAt   *time.Time        `json:"delivered_at,omitempty"`
	Refunds       []refundForm      `json:"refunds,omitempty"`
}

type lineForm struct {
	Key      cart.LineKey `json:"key"`
	Ref      cart.ItemRef `json:"item"`
	Name     string       `json:"name"`
	Quantity int64        `json:"quantity"`
}

// gatewayForm is what the gateway's window is opened with.
type gatewayForm struct {
	OrderID string        `json:"order_id"`
	Amount  pricing.Money `json:"amount"`
	Minor   int64         `json:"amount_minor"` // in paise
	// Method is whose window it is: another one than was chosen for what is prepaid of a cash order.
	Method payment.Method `json:"method"`
}

type shipmentForm struct {
	Carrier     string     `json:"carrier,omitempty"`
	Tracking    string     `json:"tracking,omitempty"`
	TrackingURL string     `json:"tracking_url,omitempty"`
	At          *time.Time `json:"at,omitempty"`
}

type refundForm struct {
	Amount pricing.Money `json:"amount"`
	At     time.Time     `json:"at"`
}

type startedForm struct {
	Checkout checkoutForm  `json:"checkout"`
	Dropped  []droppedForm `json:"dropped"`
}

type droppedForm struct {
	Name     string          `json:"name"`
	Ref      cart.ItemRef    `json:"item"`
	Quantity int64           `json:"quantity"`
	Reason   cart.ItemStatus `json:"reason"`
}

type addressedForm struct {
	Checkout checkoutForm `json:"checkout"`
	Notices  []FieldError `json:"notices"`
}

type ratesForm struct {
	Needed bool            `json:"needed"`
	Rates  []shipping.Rate `json:"rates"`
}

type methodsForm struct {
	Methods []methodForm `json:"methods"`
}

type methodForm struct {
	Method payment.Method `json:"method"`
	Title  string         `json:"title"`
	Key    string         `json:"key,omitempty"` // public
	Window bool           `json:"window"`        // paid in a gateway's window, whose callback is confirmed
}

// show is a checkout without what is the shop's own: tokens, attempts, alerts, the reasons staff gave.
func show(r checkout.Record) checkoutForm {
	f := checkoutForm{
		ID: r.ID, Status: r.Status(), CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Lines: []lineForm{},
		Coupons: r.Coupons, Billing: given(r.Billing), Shipping: given(r.Shipping), Note: r.CustomerNote,
		ShippingRate: r.ShippingRate, PaymentMethod: r.PaymentMethod, Quote: shownQuote(r.Quote), QuoteHash: r.QuoteHash,
		DeliveredAt: given(r.DeliveredAt),
	}
	for _, l := range r.Lines {
		f.Lines = append(f.Lines, lineForm{Key: l.Line.Key, Ref: l.Line.Ref, Name: l.Item.Name, Quantity: l.Line.Quantity})
	}
	f.showPayment(r)
	if r.Order != nil {
		f.OrderNumber = r.Order.Number
	}
	if sh := r.Shipment; sh != nil {
		f.Shipment = &shipmentForm{Carrier: sh.Carrier, Tracking: sh.Tracking, TrackingURL: sh.TrackingURL, At: given(sh.At)}
	}
	for _, refund := range r.Refunds {
		f.Refunds = append(f.Refunds, refundForm{Amount: refund.Amount, At: refund.At})
	}
	return f
}

func (f *checkoutForm) showPayment(r checkout.Record) {
	if held := r.Reservation; r.Placed == nil && held != nil && !held.Released {
		f.HeldUntil = given(held.ExpiresAt)
	}
	plan := r.Plan
	if p := r.Placed; p != nil {
		f.PlacedAt, f.PayBy, plan = given(p.At), given(p.PayBy), p.Plan
	}
	f.PayNow, f.PayOnDelivery = some(plan.Online), some(plan.OnDelivery)
	payable := f.Status == checkout.StatusPendingPayment
	if g := r.Gateway; g != nil && payable && g.Status != payment.OrderDueOnDelivery {
		f.Gateway = &gatewayForm{OrderID: g.ID, Amount: g.Amount, Minor: g.Amount.Minor(), Method: cmp.Or(plan.Through, r.PaymentMethod)}
	}
}

// given is a pointer to a value that says something, else nil.
func given[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// shownQuote is the quote without how it was computed.
func shownQuote(q *quote.Quote) *quote.Quote {
	if q == nil {
		return nil
	}
	shown := *q
	shown.Trace = nil
	return &shown
}

func dropped(lines []checkout.DroppedLine) []droppedForm {
	list := slices.Grow([]droppedForm{}, len(lines))
	for _, l := range lines {
		list = append(list, droppedForm{Name: l.Name, Ref: l.Line.Ref, Quantity: l.Line.Quantity, Reason: l.Status})
	}
	return list
}
