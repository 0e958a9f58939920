package checkout_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/adjust"
)

// cashShop is a shop that sells for cash on these terms.
func cashShop(t *testing.T, terms checkout.CashTerms, change ...func(*checkout.Config)) *shop {
	t.Helper()
	terms.Currency = pricing.INR
	return newShop(t, append(change, func(c *checkout.Config) { c.Payments[1].Cash = &terms })...)
}

// deposit asks for ₹99 by Razorpay.
func deposit(p ...func(*payment.Prepayment)) payment.Prepayment {
	asked := payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(9900)}
	for _, change := range p {
		change(&asked)
	}
	return asked
}

// fortyRupees is a fee that is taxed at 12 %.
var fortyRupees = adjust.CashOnDelivery{Name: "Cash on delivery", Amount: decimal.NewFromInt(40), Taxable: true, TaxClass: "gst-12"}

// adds checks that a plan is the total, to the paisa.
func (s *shop) adds(r checkout.Record) {
	s.t.Helper()
	for name, plan := range map[string]checkout.Plan{"shown": r.Plan, "placed": r.Placed.Plan} {
		sum, err := plan.Total()
		if err != nil || !sum.Equal(r.Quote.Totals.Total) {
			s.t.Errorf("the plan %s adds up to %s (%v), the total is %s", name, sum, err, r.Quote.Totals.Total)
		}
	}
}

func TestCashFeeIsPartOfTheQuote(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Fee: fortyRupees})
	s.fill("guest:1", mug, 1)
	online := s.ready("guest:1", payment.MethodRazorpay)
	r, err := s.ChoosePayment(t.Context(), "guest:1", online.ID, payment.MethodCOD)
	s.check(err)
	if len(r.Quote.Fees) != 1 || r.Quote.Totals.FeeTotal.Amount() != "40.00" || r.Quote.Totals.FeeTax.Amount() != "4.80" {
		t.Fatalf("fees %+v", r.Quote.Fees)
	}
	more, err := r.Quote.Totals.Total.Sub(online.Quote.Totals.Total)
	if err != nil || more.Amount() != "44.80" || r.QuoteHash == online.QuoteHash {
		t.Fatalf("%s more, hash %s after %s", more, r.QuoteHash, online.QuoteHash)
	}
	// who agreed to the total without the fee has not agreed to this one
	stale := placeRequest(r)
	stale.QuoteHash = online.QuoteHash
	if _, err := s.Place(t.Context(), stale); !errors.Is(err, checkout.ErrQuoteChanged) {
		t.Fatalf("placed with the hash of another total: %v", err)
	}
	placed := s.place(r)
	s.adds(placed)
	if o := s.orders.All()[0]; !o.Total.Equal(placed.Quote.Totals.Total) || !placed.DueOnDelivery().Equal(o.Total) {
		t.Errorf("order %s, due %s, quoted %s", o.Total, placed.DueOnDelivery(), placed.Quote.Totals.Total)
	}
	back, err := s.ChoosePayment(t.Context(), "guest:1", online.ID, payment.MethodRazorpay)
	if !errors.Is(err, checkout.ErrPlaced) {
		t.Fatalf("%+v, %v", back.Status(), err)
	}
}

func TestCashFeeGoesAwayWithTheMethod(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Fee: fortyRupees, Prepayment: deposit()})
	s.fill("guest:1", mug, 1)
	cash := s.ready("guest:1", payment.MethodCOD)
	online, err := s.ChoosePayment(t.Context(), "guest:1", cash.ID, payment.MethodRazorpay)
	s.check(err)
	if len(online.Quote.Fees) != 0 || online.Plan.Prepaid() || !online.Plan.Online.Equal(online.Quote.Totals.Total) {
		t.Fatalf("fees %+v, plan %+v", online.Quote.Fees, online.Plan)
	}
}

func TestCashFeeByPercentage(t *testing.T) {
	fee := adjust.CashOnDelivery{Name: "COD", Percent: decimal.RequireFromString("2.5"), Most: decimal.NewFromInt(60), FreeFrom: decimal.NewFromInt(5000)}
	s := cashShop(t, checkout.CashTerms{Fee: fee})
	for quantity, want := range map[int64]string{1: "13.85", 3: "37.43", 5: "60.00", 10: "60.00"} {
		owner := cart.Owner(fmt.Sprint("guest:", quantity))
		s.fill(owner, mug, quantity)
		if r := s.ready(owner, payment.MethodCOD); r.Quote.Totals.FeeTotal.Amount() != want {
			t.Errorf("%d mugs, %s without the fee: %s", quantity, r.Quote.Totals.Subtotal, r.Quote.Totals.FeeTotal)
		}
		s.check(errOf(s.Cancel(t.Context(), owner, s.current(owner), "")))
	}
	s.fill("guest:rich", sari, 1)
	if r := s.ready("guest:rich", payment.MethodCOD); len(r.Quote.Fees) != 0 {
		t.Errorf("fees %+v on %s", r.Quote.Fees, r.Quote.Totals.Total)
	}
}

func (s *shop) current(owner cart.Owner) checkout.ID {
	s.t.Helper()
	r, err := s.Current(s.t.Context(), owner)
	s.check(err)
	return r.ID
}

// TestPrepayment takes a part online: the order takes effect when it has come, and is not paid.
func TestPrepayment(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Fee: fortyRupees, Prepayment: deposit()})
	s.fill("guest:1", mug, 2)
	ready := s.ready("guest:1", payment.MethodCOD)
	if ready.Plan.Online.Amount() != "99.00" || !ready.Plan.Prepaid() || ready.QuoteHash == ready.Quote.Hash() {
		t.Fatalf("plan %+v, hash %s", ready.Plan, ready.QuoteHash)
	}
	placed := s.place(ready)
	s.adds(placed)
	if placed.Status() != checkout.StatusPendingPayment || placed.Gateway == nil || placed.Gateway.Amount.Amount() != "99.00" {
		t.Fatalf("%s, gateway order %+v", placed.Status(), placed.Gateway)
	}
	if orders := s.orders.All(); len(orders) != 0 {
		t.Fatalf("an order before the prepayment: %+v", orders)
	}
	paid := s.pay(placed)
	s.adds(paid)
	order := s.orders.All()[0]
	want, err := paid.Quote.Totals.Total.Sub(pricing.Paise(9900))
	s.check(err)
	switch {
	case paid.Status() != checkout.StatusOrdered:
		t.Fatalf("%s, alerts %v", paid.Status(), paid.Alerts)
	case order.Status != "processing" || order.Paid() || order.TransactionID != paid.Payments.Bound():
		t.Errorf("order %+v", order)
	case !order.Total.Equal(paid.Quote.Totals.Total) || !paid.DueOnDelivery().Equal(want) || !paid.Owed().Equal(want):
		t.Errorf("total %s, due %s, owed %s, want %s", order.Total, paid.DueOnDelivery(), paid.Owed(), want)
	}
	req, _ := s.orders.Request(order.ID)
	if req.PaymentMethod != "cod" || req.PaymentMethodTitle != "Cash on delivery (₹99.00 online, ₹998.67 on delivery)" ||
		req.Meta[checkout.MetaPrepaid] != "99.00" || req.Meta[checkout.MetaDueOnDelivery] != want.Amount() {
		t.Errorf("%q, meta %v, due %s", req.PaymentMethodTitle, req.Meta, want)
	}
	s.check(errOf(s.AdvanceDue(t.Context(), 10)))
	if notes := s.orders.Notes(order.ID); len(notes) != 1 || !strings.Contains(notes[0], "₹998.67. Paid online: ₹99.00 (razorpay "+paid.Payments.Bound()) {
		t.Errorf("notes %q", notes)
	}
	if !slices.ContainsFunc(paid.Timeline, func(e checkout.TimelineEntry) bool {
		return e.What == "placed" && strings.Contains(e.Detail, "₹99.00 online, ₹998.67 on delivery")
	}) {
		t.Errorf("timeline %+v", paid.Timeline)
	}
	s.conserved()
}

// TestPrepaymentNotPaid gives the order up like any other.
func TestPrepaymentNotPaid(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Prepayment: deposit()})
	s.fill("guest:1", mug, 2)
	placed := s.place(s.ready("guest:1", payment.MethodCOD))
	s.pass(2 * placed.Policy.PaymentWindow)
	r := s.load(placed.ID)
	if r.Status() != checkout.StatusCancelled || !r.Owed().IsZero() || len(s.orders.All()) != 0 {
		t.Fatalf("%s, owed %s, orders %+v", r.Status(), r.Owed(), s.orders.All())
	}
	if got := s.level(mug); got.OnHand != 10 || got.Allocated != 0 {
		t.Errorf("stock %+v", got)
	}
	late, err := s.gateway.Pay(placed.Gateway.ID)
	s.check(err)
	r, err = s.ConfirmPayment(t.Context(), "guest:1", placed.ID, late)
	if err != nil || r.Status() != checkout.StatusOrdered || s.orders.All()[0].Paid() {
		t.Fatalf("paid late: %s, %v", r.Status(), err)
	}
}

// TestPrepaymentIsRefundable: staff can give the prepayment back, and no more than it.
func TestPrepaymentIsRefundable(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Prepayment: deposit()})
	s.fill("guest:1", mug, 1)
	paid := s.pay(s.place(s.ready("guest:1", payment.MethodCOD)))
	ask := checkout.RefundRequest{ID: paid.ID, Key: "a-key", Amount: paid.Quote.Totals.Total, Reason: "goodwill", Actor: "meera"}
	if _, err := s.Refund(t.Context(), ask); !errors.Is(err, checkout.ErrInvalid) {
		t.Fatalf("more than was prepaid: %v", err)
	}
	ask.Amount = pricing.Paise(9900)
	r, err := s.Refund(t.Context(), ask)
	if err != nil || len(r.Refunds) != 1 || !r.Refunds[0].Amount.Equal(pricing.Paise(9900)) {
		t.Fatalf("%+v, %v", r.Refunds, err)
	}
}

// TestTheGatewayDecides what is due on delivery, not the name of the method.
func TestTheGatewayDecides(t *testing.T) {
	s := newShop(t, func(c *checkout.Config) {
		c.Payments = []checkout.PaymentOption{
			{Method: "cod", Title: "Pay now, oddly named", Gateway: c.Payments[0].Gateway, Verifier: c.Payments[0].Verifier},
			{Method: "courier", Title: "Pay the courier", Gateway: payment.CashOnDelivery{}},
			{Method: "quiet", Title: "A gateway that does not say so before", Gateway: struct{ payment.Gateway }{payment.CashOnDelivery{}}},
		}
	})
	for method, due := range map[payment.Method]bool{"cod": false, "courier": true, "quiet": true} {
		owner := cart.Owner("guest:" + string(method))
		s.fill(owner, mug, 1)
		placed := s.place(s.ready(owner, method))
		s.adds(placed)
		if placed.DueOnDelivery().IsZero() == due || placed.Placed.Plan.Online.IsZero() != due {
			t.Errorf("%s: plan %+v", method, placed.Placed.Plan)
		}
		if ordered := placed.Status() == checkout.StatusOrdered; ordered != due {
			t.Errorf("%s: %s", method, placed.Status())
		}
	}
}

// TestNobodyPaysNowWhatWasDueOnDelivery: terms for cash with a gateway that takes money are not what the shopper agreed to.
func TestNobodyPaysNowWhatWasDueOnDelivery(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{}, func(c *checkout.Config) { c.Payments[1].Gateway = c.Payments[0].Gateway })
	s.fill("guest:1", mug, 1)
	r, err := s.Place(t.Context(), placeRequest(s.ready("guest:1", payment.MethodCOD)))
	if !errors.Is(err, checkout.ErrClosed) || r.Status() != checkout.StatusCancelled || r.Gateway != nil {
		t.Fatalf("%s, %v", r.Status(), err)
	}
}

// TestCashTermsChangeWhileTheShopperReads: another prepayment is another agreement.
func TestCashTermsChangeWhileTheShopperReads(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Prepayment: deposit()})
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodCOD)
	terms := *s.config.Payments[1].Cash
	terms.Prepayment.Fixed = pricing.Paise(19900)
	s.reopenShop(func(c *checkout.Config) {
		c.Payments = slices.Clone(c.Payments)
		c.Payments[1].Cash = &terms
	})
	var changed *checkout.QuoteChangedError
	_, err := s.Place(t.Context(), placeRequest(ready))
	if !errors.As(err, &changed) || changed.Plan.Online.Amount() != "199.00" || !changed.Difference.Empty() {
		t.Fatalf("%v", err)
	}
	again := placeRequest(ready)
	again.QuoteHash = changed.Hash
	placed, err := s.Place(t.Context(), again)
	if err != nil || placed.Gateway.Amount.Amount() != "199.00" {
		t.Fatalf("%+v, %v", placed.Gateway, err)
	}
}

// TestCashOrderIsNoted: the order says what WooCommerce's own gateway would have it say.
func TestCashOrderIsNoted(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	placed := s.place(s.ready("guest:1", payment.MethodCOD))
	if o := s.orders.All()[0]; o.Paid() || o.Status != "processing" {
		t.Fatalf("order %+v", o)
	}
	s.check(errOf(s.AdvanceDue(t.Context(), 10)))
	s.check(errOf(s.AdvanceDue(t.Context(), 10)))
	if notes := s.orders.Notes(placed.Order.ID); !slices.Equal(notes, []string{"Payment to be made upon delivery."}) {
		t.Fatalf("notes %q", notes)
	}
	if req, _ := s.orders.Request(placed.Order.ID); len(req.Meta) != 0 || req.PaymentMethodTitle != "Cash on delivery" {
		t.Errorf("%q, meta %v", req.PaymentMethodTitle, req.Meta)
	}
}

// TestCashOrderIsNotedOnce although the reply is lost, or the store is away at first.
func TestCashOrderIsNotedOnce(t *testing.T) {
	for name, plan := range map[string]func(*faultyOrders){
		"the reply is lost":     func(o *faultyOrders) { o.after = []error{checkout.ErrUnknown} },
		"lost before it is out": func(o *faultyOrders) { o.before = []error{checkout.ErrUnknown} },
		"the store is away":     func(o *faultyOrders) { o.before = []error{checkout.ErrUnavailable, checkout.ErrUnavailable} },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.fill("guest:1", mug, 1)
			placed := s.place(s.ready("guest:1", payment.MethodCOD))
			plan(s.orders)
			s.pass(10 * time.Minute)
			if notes := s.orders.Notes(placed.Order.ID); len(notes) != 1 || s.load(placed.ID).Order.NotedAt.IsZero() {
				t.Errorf("notes %q", notes)
			}
		})
	}
}

// TestPrepaymentOfAnOrderMadeFirst: where the store's own verdict is wanted before money moves.
func TestPrepaymentOfAnOrderMadeFirst(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Fee: fortyRupees, Prepayment: deposit()}, func(c *checkout.Config) { c.Policy.OrderTiming = checkout.OrderBeforePayment })
	s.fill("guest:1", mug, 2)
	placed := s.place(s.ready("guest:1", payment.MethodCOD))
	if o := s.orders.All()[0]; o.Status != "pending" || o.Paid() || placed.Gateway.Amount.Amount() != "99.00" {
		t.Fatalf("order %+v, gateway %+v", o, placed.Gateway)
	}
	paid := s.pay(placed)
	if o := s.orders.All()[0]; o.Status != "processing" || o.Paid() || o.TransactionID != paid.Payments.Bound() || len(s.orders.All()) != 1 {
		t.Errorf("order %+v", o)
	}
	s.adds(paid)
}

// TestCashForFiles waits on hold, as with WooCommerce's own gateway: files are not handed out before they are paid for.
func TestCashForFiles(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Prepayment: deposit()})
	tapes := eBook
	tapes.Downloadable = true
	s.catalog.Put(tapes)
	s.fill("guest:1", mug, 1)
	s.fill("guest:1", eBook, 1)
	paid := s.pay(s.place(s.ready("guest:1", payment.MethodCOD)))
	if o := s.orders.All()[0]; o.Status != "on-hold" || o.Paid() || paid.Status() != checkout.StatusOrdered {
		t.Fatalf("%s, order %+v", paid.Status(), o)
	}
	settled, err := s.RecordRemittance(t.Context(), handedOver(paid, "UTR-1", paid.Owed()))
	if err != nil || !s.orders.All()[0].Paid() || settled.Order.Status != "completed" {
		t.Fatalf("%+v, %v", settled.Order, err)
	}
}

// TestPlansAreKept: a record and its plan are the same after they were stored.
func TestPlansAreKept(t *testing.T) {
	s := cashShop(t, checkout.CashTerms{Prepayment: deposit(func(p *payment.Prepayment) { p.OnReturn = payment.RefundOnReturn })})
	s.fill("guest:1", mug, 1)
	r := s.ready("guest:1", payment.MethodCOD)
	text, err := json.Marshal(r)
	s.check(err)
	var back checkout.Record
	s.check(json.Unmarshal(text, &back))
	if !back.Plan.Equal(r.Plan) || back.Plan.Through != payment.MethodRazorpay || back.Plan.OnReturn != payment.RefundOnReturn {
		t.Errorf("%+v became %+v", r.Plan, back.Plan)
	}
	if early, err := json.Marshal(checkout.Record{}); err != nil || strings.Contains(string(early), `"plan"`) {
		t.Errorf("%s, %v", early, err)
	}
}

func TestCashTermsAreChecked(t *testing.T) {
	dollar, err := pricing.New(100, pricing.USD)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*checkout.CashTerms){
		"Currency":             func(c *checkout.CashTerms) { c.Currency = "inr" },
		"a PIN that is none":   func(c *checkout.CashTerms) { c.Rules.DenyPINs = []string{"0"} },
		"letters for a PIN":    func(c *checkout.CashTerms) { c.Rules.AllowPINs = []string{"56x"} },
		"seven digits":         func(c *checkout.CashTerms) { c.Rules.AllowPINs = []string{"5600011"} },
		"an empty PIN":         func(c *checkout.CashTerms) { c.Rules.DenyPINs = []string{""} },
		"a state in small":     func(c *checkout.CashTerms) { c.Rules.DenyStates = []string{"ka"} },
		"MinTotal in dollars":  func(c *checkout.CashTerms) { c.Rules.MinTotal = dollar },
		"MaxTotal below zero":  func(c *checkout.CashTerms) { c.Rules.MaxTotal = pricing.Paise(-1) },
		"a range of nothing":   func(c *checkout.CashTerms) { c.Rules.MinTotal, c.Rules.MaxTotal = pricing.Paise(2), pricing.Paise(1) },
		"MaxReturned":          func(c *checkout.CashTerms) { c.Rules.MaxReturned = -1 },
		"MaxOpen":              func(c *checkout.CashTerms) { c.Rules.MaxOpen = -1 },
		"a fee below zero":     func(c *checkout.CashTerms) { c.Fee.Amount = decimal.NewFromInt(-1) },
		"a fee beyond numbers": func(c *checkout.CashTerms) { c.Fee.Amount = decimal.New(1, 1_000_000_000) },
		"nobody takes it": func(c *checkout.CashTerms) {
			c.Prepayment = payment.Prepayment{Through: "paytm", Fixed: pricing.Paise(1)}
		},
		"taken at the door": func(c *checkout.CashTerms) {
			c.Prepayment = payment.Prepayment{Through: "cod", Fixed: pricing.Paise(1)}
		},
		"no amount": func(c *checkout.CashTerms) { c.Prepayment = payment.Prepayment{Through: "razorpay"} },
	} {
		c := newShop(t).config
		terms := checkout.CashTerms{Currency: pricing.INR, Prepayment: deposit()}
		spoil(&terms)
		c.Payments[1].Cash = &terms
		if _, err := checkout.New(c); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

var _ checkout.CashBook = (*memstore.Orders)(nil)
