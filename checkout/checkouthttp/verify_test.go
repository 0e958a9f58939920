package checkouthttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
)

// triple is what a page sends after a payment.
type triple struct {
	Order     string `json:"razorpay_order_id"`
	Payment   string `json:"razorpay_payment_id"`
	Signature string `json:"razorpay_signature"`
}

func (p triple) body(t testing.TB) string {
	t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// tripleOf pays at the gateway.
func (c caller) tripleOf(v view) triple {
	c.t.Helper()
	p, err := c.gateway.Pay(v.Gateway.OrderID)
	c.check(err)
	return triple{p.OrderID, p.PaymentID, p.Signature}
}

// quickly sends a request without holding it and its answer against the contract, which takes longer than both.
func (c caller) quickly(target, body string) (status int) {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, target, strings.NewReader(body))
	r.Header = c.header.Clone()
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	c.api.ServeHTTP(w, r)
	return w.Code
}

// signed is what the gateway's key says of any two texts, as of a payment link or a subscription.
func signed(t testing.TB, first, second string) string {
	t.Helper()
	signer, err := payment.NewSigner(payment.NewSecret("rzp_test_secret_0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	return signer.Sign(first, second)
}

// What proves no payment of this checkout. Each is refused in the same words, the gateway is not asked, and nothing
// changes; afterwards the genuine one still counts.
func TestPaymentRefuses(t *testing.T) {
	s := newShop(t)
	c, other := s.as(asha), s.as(ravi)
	mine, theirs := c.placed("1"), other.placed("2")
	genuine, another := c.tripleOf(mine), other.tripleOf(theirs)
	with := func(change func(*triple)) triple {
		p := genuine
		change(&p)
		return p
	}
	resigned := func(order, pay string) triple { return triple{order, pay, signed(t, order, pay)} }
	tests := map[string]triple{
		"a bit of the signature":                     with(func(p *triple) { p.Signature = flip(p.Signature) }),
		"63 characters":                              with(func(p *triple) { p.Signature = p.Signature[1:] }),
		"65 characters":                              with(func(p *triple) { p.Signature += "0" }),
		"no hex":                                     with(func(p *triple) { p.Signature = strings.Repeat("z", 64) }),
		"capitals":                                   with(func(p *triple) { p.Signature = strings.ToUpper(p.Signature) }),
		"60 kB of signature":                         with(func(p *triple) { p.Signature = strings.Repeat("0", 60_000) }),
		"NUL after the signature":                    with(func(p *triple) { p.Signature += "\x00" }),
		"another customer's triple":                  another,
		"their payment, my order":                    with(func(p *triple) { p.Payment, p.Signature = another.Payment, another.Signature }),
		"my payment, their order":                    with(func(p *triple) { p.Order = another.Order }),
		"signed right, over their order":             resigned(another.Order, genuine.Payment),
		"signed right, over an order that never was": resigned("order_NEVERWASTHERE0", genuine.Payment),
		"a payment link's":                           resigned("plink_IH3cNucfVEgV68|TSsd1989|paid", genuine.Payment),
		"a payment link's, in the name of my order":  {mine.Gateway.OrderID, genuine.Payment, signed(t, "plink_IH3cNucfVEgV68|TSsd1989|paid", genuine.Payment)},
		"a subscription's":                           resigned(genuine.Payment, "sub_ID6MOhgkcoHj9I"),
		"a short payment id, signed right":           resigned(mine.Gateway.OrderID, "pay_short"),
		"a path for a payment id, signed right":      resigned(mine.Gateway.OrderID, "pay_../../../../refunds"),
		"a line feed after the payment id":           resigned(mine.Gateway.OrderID, genuine.Payment+"\n"),
		"an endless payment id, signed right":        resigned(mine.Gateway.OrderID, "pay_"+strings.Repeat("A", 50_000)),
		"the two ids, swapped":                       resigned(genuine.Payment, genuine.Order),
	}
	want := c.post("/checkouts/"+mine.ID+"/payment", tests["63 characters"].body(t)).want(http.StatusUnprocessableEntity)
	before := s.world()
	for name, p := range tests {
		t.Run(name, func(t *testing.T) {
			a := c.post("/checkouts/"+mine.ID+"/payment", p.body(t)).want(http.StatusUnprocessableEntity)
			if a.problem(checkouthttp.CodePaymentMismatch); !bytes.Equal(a.body, want.body) {
				t.Errorf("%s\nis told from\n%s", a.body, want.body)
			}
			s.still(before)
		})
	}
	c.post("/checkouts/"+mine.ID+"/payment", `{"razorpay_order_id":"a","razorpay_payment_id":"b","razorpay_signature":"`+strings.Repeat("0", 1<<20)+`"}`).problem(checkouthttp.CodeTooLarge)
	c.post("/checkouts/"+mine.ID+"/payment", `{"razorpay_order_id":"a","razorpay_payment_id":"b","razorpay_signature":""}`).problem(checkouthttp.CodeInvalidBody)
	s.still(before)
	if paid := c.post("/checkouts/"+mine.ID+"/payment", genuine.body(t)).want(http.StatusOK).checkout(); paid.Status != checkout.StatusOrdered {
		t.Errorf("the genuine one: %s", paid.Status)
	}
}

// A signature proves neither that money came nor how much: the gateway does. What it does not know is no payment.
func TestPaymentIsWhatTheGatewaySays(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.placed("1")
	made := triple{v.Gateway.OrderID, "pay_NOBODYMADEIT00", signed(t, v.Gateway.OrderID, "pay_NOBODYMADEIT00")}
	if now := c.post("/checkouts/"+v.ID+"/payment", made.body(t)).want(http.StatusOK).checkout(); now.Status != checkout.StatusPendingPayment {
		t.Errorf("nobody paid, and it is %s", now.Status)
	}
	if len(s.orders.All()) != 0 {
		t.Error("there is an order")
	}
}

// A thousand forged callbacks ask the gateway nothing; a thousand copies of a genuine one at the same moment share its
// answer, and those that come later find it given.
func TestAThousandVerifies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		c := s.as(asha)
		v := c.placed("1")
		genuine := c.tripleOf(v)
		forged := genuine
		forged.Signature = flip(forged.Signature)
		asked := func() int { return s.gateway.Calls(fakegateway.OpPayments) }
		at, before := "/checkouts/"+v.ID+"/payment", asked()
		for range 1000 {
			if status := c.quickly(at, forged.body(t)); status != http.StatusUnprocessableEntity {
				t.Fatalf("forged: HTTP %d", status)
			}
		}
		if asked() != before {
			t.Errorf("forged callbacks asked %d times", asked()-before)
		}
		s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPayments, Kind: fakegateway.Slow, Delay: time.Second, Times: 1000}))
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() {
				if status := c.quickly(at, genuine.body(t)); status != http.StatusOK {
					t.Errorf("genuine: HTTP %d", status)
				}
			})
		}
		wg.Wait()
		if n := asked() - before; n > 2 { // the one under way, and one for those who came meanwhile
			t.Errorf("a thousand at once asked %d times", n)
		}
		before = asked()
		for range 100 {
			if status := c.quickly(at, genuine.body(t)); status != http.StatusOK {
				t.Fatalf("again: HTTP %d", status)
			}
		}
		if asked() != before || len(s.orders.All()) != 1 {
			t.Errorf("a hundred more asked %d times; %d orders", asked()-before, len(s.orders.All()))
		}
	})
}

// Money that cannot become an order goes back; its callback, sent over and over, does not ask the gateway each time.
func TestAShortPaymentVerifiedOverAndOver(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.placed("1")
	s.check(s.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.AnswerShort, By: 100}))
	short := c.tripleOf(v)
	before := s.gateway.Calls(fakegateway.OpPayments)
	for range 300 {
		if status := c.quickly("/checkouts/"+v.ID+"/payment", short.body(t)); status != http.StatusOK {
			t.Fatalf("HTTP %d", status)
		}
	}
	if n := s.gateway.Calls(fakegateway.OpPayments) - before; n > 5 {
		t.Errorf("the gateway was asked %d times", n)
	}
	if n := s.gateway.Calls(fakegateway.OpRefund); n > 1 || len(s.orders.All()) != 0 {
		t.Errorf("%d refunds, %d orders", n, len(s.orders.All()))
	}
}

// What went back stays back, whoever confirms it again.
func TestVerifyAfterARefund(t *testing.T) {
	s := newShop(t)
	c := s.as(asha)
	v := c.placed("1")
	c.post("/checkouts/"+v.ID+"/cancel", `{}`).want(http.StatusOK)
	late := c.tripleOf(v) // in a window that had been left open
	c.post("/checkouts/"+v.ID+"/payment", late.body(t)).want(http.StatusOK)
	for range 20 {
		s.pass(time.Minute)
		_, err := s.service.AdvanceDue(t.Context(), 10)
		s.check(err)
		if now := c.post("/checkouts/"+v.ID+"/payment", late.body(t)).want(http.StatusOK).checkout(); now.Status != checkout.StatusRefunded {
			t.Fatalf("confirmed again, it is %s", now.Status)
		}
	}
	if n := s.gateway.Calls(fakegateway.OpRefund); n != 1 || len(s.orders.All()) != 0 {
		t.Errorf("%d refunds, %d orders", n, len(s.orders.All()))
	}
}
