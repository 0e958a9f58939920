package razorpaytest

import (
	"encoding/json"
	"slices"
	"time"
)

// smallestRupees is the least that Razorpay takes in rupees, in paise.
const smallestRupees = 100

// order is Razorpay's order and every attempt to pay it, oldest first.
type order struct {
	Order
	attempts     []*payment
	autoCapture  bool
	manualExpiry time.Duration
}

// Order is Razorpay's order as it tells it.
type Order struct {
	ID         string  `json:"id"`
	Entity     string  `json:"entity"`
	Amount     int64   `json:"amount"`
	AmountPaid int64   `json:"amount_paid"`
	AmountDue  int64   `json:"amount_due"`
	Currency   string  `json:"currency"`
	Receipt    *string `json:"receipt"`
	OfferID    *string `json:"offer_id"`
	Status     string  `json:"status"` // created, attempted, paid
	Attempts   int     `json:"attempts"`
	Notes      notes   `json:"notes"`
	CreatedAt  int64   `json:"created_at"`
}

func (s *Server) createOrder(c call) reply {
	if no := c.only("amount", "currency", "receipt", "notes", "partial_payment", "payment", "payment_capture"); no != nil {
		return *no
	}
	amount, no := c.integer("amount")
	if no != nil {
		return *no
	}
	pairs, no := c.notes()
	if no != nil {
		return *no
	}
	switch currency, receipt := c.text("currency"), c.text("receipt"); {
	case len(currency) != 3:
		return bad("The currency should be a 3 letter ISO code", "currency")
	case amount < 1 || currency == "INR" && amount < smallestRupees:
		return bad("Order amount less than minimum amount allowed", "amount")
	case len(receipt) > 40:
		return bad("The receipt may not be greater than 40 characters.", "receipt")
	}
	if c.fault.Kind == DuplicateOrder {
		s.addOrder(c, amount, pairs)
	}
	return done(s.addOrder(c, amount, pairs).Order)
}

func (s *Server) addOrder(c call, amount int64, pairs notes) *order {
	o := &order{Order: Order{
		ID: s.newID("order_"), Entity: "order", Amount: amount, AmountDue: amount, Currency: c.text("currency"),
		Status: "created", Notes: pairs, CreatedAt: s.now(),
	}}
	if receipt := c.text("receipt"); receipt != "" {
		o.Receipt = &receipt
	}
	o.autoCapture, o.manualExpiry = s.captureSetting(c)
	s.orders[o.ID] = o
	s.sequence = append(s.sequence, o)
	return o
}

// captureSetting is what the order says of captures, else the account.
func (s *Server) captureSetting(c call) (auto bool, expiry time.Duration) {
	auto, expiry = s.config.AutoCapture, s.config.ManualExpiry
	switch string(c.body["payment_capture"]) {
	case "1", "true":
		auto = true
	case "0", "false":
		auto = false
	}
	var setting struct {
		Capture string `json:"capture"`
		Options struct {
			ManualExpiry int `json:"manual_expiry_period"` // minutes
		} `json:"capture_options"`
	}
	if json.Unmarshal(c.body["payment"], &setting) == nil && setting.Capture != "" {
		auto = setting.Capture == "automatic"
	}
	if setting.Options.ManualExpiry > 0 {
		expiry = time.Duration(setting.Options.ManualExpiry) * time.Minute
	}
	return auto, expiry
}

func (s *Server) listOrders(c call) reply {
	var found []Order
	newest := len(s.sequence) - 1
	for i, o := range s.sequence {
		if c.fault.Kind == StaleList && i == newest {
			continue
		}
		if want := c.query.Get("receipt"); want == "" || o.Receipt != nil && *o.Receipt == want {
			s.settle(o)
			found = append(found, o.Order)
		}
	}
	return page(c, found)
}

func (s *Server) readOrder(c call) reply {
	o, ok := s.orders[c.id]
	if !ok {
		return unknownID()
	}
	s.settle(o)
	return done(o.Order)
}

func (s *Server) orderPayments(c call) reply {
	o, ok := s.orders[c.id]
	if !ok {
		return unknownID()
	}
	s.settle(o)
	var told []Payment
	for _, p := range o.attempts {
		told = append(told, p.Payment)
	}
	return page(c, told)
}

// Orders returns the orders made for a receipt, oldest first: a test's look behind the counter.
func (s *Server) Orders(receipt string) []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Order
	for _, o := range s.sequence {
		if o.Receipt != nil && *o.Receipt == receipt {
			s.settle(o)
			found = append(found, o.Order)
		}
	}
	return slices.Clip(found)
}

func (s *Server) now() int64 { return s.config.Now().Unix() }
