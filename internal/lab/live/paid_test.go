package live_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/adapters/razorpay"
	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/proxy"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
)

// whole is where no reply is cut.
const whole = -1

// cutsUnlessTold is how many places a reply is cut at: at each store a few, since a cut is a whole paid checkout.
var cutsUnlessTold = map[string]int{"wootest": 60, "live": 3}

// stride is how many bytes lie between two cuts of a reply. ANKKOR_CUTS says it, "all" being every byte.
func stride(t *testing.T, store string, length int) int {
	t.Helper()
	switch text := os.Getenv("ANKKOR_CUTS"); text {
	case "":
		return max(1, length/cutsUnlessTold[store])
	case "all":
		return 1
	default:
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatal("ANKKOR_CUTS is neither a number of bytes nor all")
		}
		return n
	}
}

// places are where a reply is cut, the last byte among them.
func places(length, step int) (at []int) {
	for n := 0; n < length-1; n += step {
		at = append(at, n)
	}
	return append(at, length-1)
}

// spoilt is a request whose reply is cut.
type spoilt struct{ name, method, path string }

// scissors is a transport that cuts the reply to one exchange, of one connection.
type scissors struct {
	http.RoundTripper
	cutter proxy.Cutter

	mu    sync.Mutex
	next  *spoilt
	at    int
	taken bool
}

// arm has the next such reply cut after n bytes.
func (s *scissors) arm(x spoilt, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next, s.at, s.taken = &x, n, false
}

// done says what became of the reply, and whether it was asked for at all.
func (s *scissors) done() (passed int, cut, taken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = nil
	passed, cut = s.cutter.Disarm()
	return passed, cut, s.taken
}

// RoundTrip implements http.RoundTripper: the cutter is armed when there is a connection, and disarmed by the next request.
func (s *scissors) RoundTrip(r *http.Request) (*http.Response, error) {
	s.cutter.Disarm()
	if at, wanted := s.take(r); wanted {
		arm := func(httptrace.GotConnInfo) { s.cutter.Arm(at) }
		r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: arm}))
	}
	return s.RoundTripper.RoundTrip(r)
}

func (s *scissors) take(r *http.Request) (at int, wanted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil || r.Method != s.next.method || !strings.Contains(r.URL.Path, s.next.path) {
		return 0, false
	}
	s.next, s.taken = nil, true
	return s.at, true
}

// paidShop sells two pieces through Razorpay again and again.
type paidShop struct {
	*shop
	account *razorpaytest.Server
	gateway *razorpay.Client
	rules   checkout.Rulebook
	pieces  []piece
	to      checkout.Address

	sales atomic.Int64
}

// plenty is more than all sales take.
const plenty = 1_000_000

const gatewayKey, gatewaySecret = "rzp_test_paidcheckout01", "a secret of this trial, long enough"

func (s *shop) openPaid() *paidShop {
	s.Helper()
	p := &paidShop{shop: s, to: s.address(false)}
	rules, err := s.client.Rules(s.Context())
	s.check(err)
	p.rules, err = memstore.NewRulebook(rules) // nobody changes them meanwhile
	s.check(err)
	p.account, err = razorpaytest.New(razorpaytest.Config{KeyID: gatewayKey, KeySecret: gatewaySecret})
	s.check(err)
	p.gateway, err = razorpay.New(razorpay.Config{
		KeyID: gatewayKey, KeySecret: payment.NewSecret(gatewaySecret), HTTP: p.account.Client(), Capture: razorpay.CaptureManual,
	})
	s.check(err)
	p.pieces = []piece{s.simple("mug", mugPrice, "gst-12", 1), s.simple("tea", "33.33", "gst-5", 3)}
	for _, piece := range p.pieces {
		s.keeper.setStock(piece, plenty)
	}
	s.Cleanup(p.sweep)
	return p
}

// lane is a client of the shop whose connection is cut: it sells one thing after another.
type lane struct {
	*paidShop
	t        *testing.T
	scissors *scissors
	client   *woo.Client
	keeper   *keeper
}

func (p *paidShop) openLane(t *testing.T) *lane {
	t.Helper()
	cable, err := proxy.Listen(hostOf(t, p.site.url))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, cable.Addr())
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := cable.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &lane{paidShop: p, t: t, keeper: newKeeper(t, p.site), scissors: &scissors{RoundTripper: transport}}
	cable.Spoil(l.scissors.cutter.Fault)
	l.client, err = woo.New(woo.Config{
		URL: p.site.url, GraphQLURL: p.site.graphql, Key: p.site.key, Secret: woo.NewSecret(p.site.secret),
		HTTP: &http.Client{Transport: l.scissors}, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// lanes is how many lanes there are; as many sell at a time as go test -parallel allows.
const lanes = 4

// TestPaidCheckoutCutAtEveryByte takes a paid checkout from the cart to the order, through Razorpay, once for each place
// at which the reply to the order's creation or completion breaks off. However little came back: one order takes effect
// and equals the quote, the money is taken once, nothing is given back, and the shelf is down by what was sold.
func TestPaidCheckoutCutAtEveryByte(t *testing.T) {
	exchanges := []spoilt{
		{"creation", http.MethodPost, "/wc/v3/orders"},
		{"completion", http.MethodPut, "/wc/v3/orders/"},
	}
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		p := s.openPaid()
		for _, x := range exchanges {
			t.Run(x.name, func(t *testing.T) { p.cutEverywhere(t, x) })
		}
		p.booked(t)
	})
}

// slack is how many bytes shorter than the first a reply may be: a number in it has fewer digits.
const slack = 16

// cutEverywhere sells once undisturbed, to see how long the reply is, and then once for each cut, the lanes taking turns.
func (p *paidShop) cutEverywhere(t *testing.T, x spoilt) {
	t.Helper()
	length, began := p.openLane(t).sale(x, whole), time.Now()
	step := stride(t, p.site.name, length)
	at := places(length, step)
	var cuts atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d sales in %s, a reply of %d bytes cut every %d bytes", cuts.Load(), time.Since(began).Round(time.Second), length, step)
	})
	for i := range lanes {
		t.Run(fmt.Sprint("lane ", i), func(t *testing.T) {
			t.Parallel()
			l := p.openLane(t)
			for k := i; k < len(at); k += lanes {
				l.inTime(at[k])
				if passed := l.sale(x, at[k]); passed != at[k] && at[k] < length-slack {
					t.Errorf("cut after %d bytes: %d of about %d came through", at[k], passed, length)
				}
				cuts.Add(1)
			}
		})
	}
}

// inTime ends the test while there is time to tidy up.
func (l *lane) inTime(n int) {
	l.t.Helper()
	if end, ok := l.t.Deadline(); ok && time.Until(end) < 90*time.Second {
		l.t.Fatalf("no time left to cut after %d bytes: give go test a longer -timeout, or a greater stride in ANKKOR_CUTS", n)
	}
}

// sale sells once, with the reply to an exchange cut after n bytes, and returns how many bytes of it came through.
func (l *lane) sale(x spoilt, n int) (passed int) {
	l.t.Helper()
	where := fmt.Sprintf("%s cut after %d bytes", x.name, n)
	c := l.till()
	l.scissors.arm(x, n)
	sold := l.ordered(where, c, l.pay(c, cart.Owner("guest:"+rand.Text())))
	passed, cut, taken := l.scissors.done()
	if !taken || cut && n == whole || !cut && n != whole && passed > n {
		l.t.Fatalf("%s: taken %v, cut %v, %d bytes passed", where, taken, cut, passed)
	}
	c.pass(l.t, time.Hour) // whatever comes afterwards must undo nothing
	sold, err := c.Get(l.t.Context(), sold.Owner, sold.ID)
	if err != nil || sold.Status() != checkout.StatusOrdered || len(sold.Alerts) > 0 || sold.Stuck() || len(sold.Refunds) > 0 {
		l.t.Fatalf("%s: %v, %s, alerts %q, refunds %v, timeline %v", where, err, sold, sold.Alerts, sold.Refunds, sold.Timeline)
	}
	l.onePayment(where, sold)
	l.oneOrder(where, sold)
	l.sales.Add(1)
	return passed
}

// till is a counter of its own for one sale, with the shop's prices.
func (l *lane) till() *counter {
	mine := *l.shop
	mine.T, mine.client, mine.keeper = l.t, l.client, l.keeper
	return mine.openTill(checkout.NewLocalQuoter(l.rules, nil), func(c *checkout.Config) {
		c.Rules = l.rules
		c.Payments = []checkout.PaymentOption{{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: l.gateway, Verifier: l.gateway}}
	})
}

// pay goes from the cart to the paid order. Who pays is told that it was paid, whatever became of the order.
func (l *lane) pay(c *counter, owner cart.Owner) checkout.Record {
	l.t.Helper()
	ctx := l.t.Context()
	must := func(err error) {
		l.t.Helper()
		if err != nil {
			l.t.Fatal(err)
		}
	}
	for _, piece := range l.pieces {
		_, err := c.carts.Add(ctx, owner, piece.ref, piece.quantity)
		must(err)
	}
	started, err := c.Start(ctx, checkout.StartRequest{Owner: owner})
	must(err)
	id := started.Record.ID
	_, err = c.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: l.to})
	must(err)
	ready, err := c.ChoosePayment(ctx, owner, id, payment.MethodRazorpay)
	must(err)
	placed, err := c.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: "key-" + string(id), QuoteHash: ready.QuoteHash})
	must(err)
	callback, err := l.account.Pay(placed.Gateway.ID)
	must(err)
	_, err = c.ConfirmPayment(ctx, owner, id, payment.Callback(callback))
	must(err)
	return placed
}

// ordered lets time pass until the order is in effect.
func (l *lane) ordered(where string, c *counter, r checkout.Record) checkout.Record {
	l.t.Helper()
	for range 60 {
		var err error
		if r, err = c.Get(l.t.Context(), r.Owner, r.ID); err != nil {
			l.t.Fatal(err)
		}
		if r.Status() == checkout.StatusOrdered {
			return r
		}
		c.pass(l.t, 30*time.Second)
	}
	l.t.Fatalf("%s: no order within half an hour: %s, alerts %q, timeline %v", where, r, r.Alerts, r.Timeline)
	return r
}

// oneOrder reads the order back: it is in effect, and it is the quote.
func (l *lane) oneOrder(where string, sold checkout.Record) {
	l.t.Helper()
	o, err := l.client.Order(l.t.Context(), sold.Order.ID)
	if err != nil || !o.Effective() || !o.Paid() || o.Token != sold.Token {
		l.t.Fatalf("%s: %+v, %v", where, o, err)
	}
	if !o.Total.Equal(sold.Quote.Totals.Total) || o.TransactionID != sold.Payments.Bound() {
		l.t.Errorf("%s: the order is over %s and %s, the quote over %s, the payment %s", where, o.Total, o.TransactionID, sold.Quote.Totals.Total, sold.Payments.Bound())
	}
	for i, line := range o.Lines {
		if line.Reduced != l.pieces[i].quantity {
			l.t.Errorf("%s: line %d took %d off the shelf, want %d", where, i, line.Reduced, l.pieces[i].quantity)
		}
	}
	compare(l.t, *sold.Quote, l.keeper.order(o.ID))
	l.keeper.forget(l.t.Context(), o.ID)
}

// onePayment looks behind Razorpay's counter.
func (l *lane) onePayment(where string, sold checkout.Record) {
	l.t.Helper()
	if made := l.account.Orders(sold.Token); len(made) != 1 || made[0].ID != sold.Gateway.ID || made[0].Status != "paid" {
		l.t.Fatalf("%s: orders at Razorpay %+v", where, made)
	}
	all := l.account.Payments(sold.Gateway.ID)
	if len(all) != 1 || !all[0].Captured || all[0].Status != "captured" || all[0].AmountRefunded != 0 || all[0].ID != sold.Payments.Bound() {
		l.t.Fatalf("%s: payments %+v", where, all)
	}
	if paid, quoted := decimal.New(all[0].Amount, -2), sold.Quote.Totals.Total.Decimal(); !paid.Equal(quoted) {
		l.t.Errorf("%s: %s was taken, %s quoted", where, paid, quoted)
	}
	if n := len(l.account.Refunds(all[0].ID)); n > 0 || l.account.Calls(razorpaytest.OpRefund) > 0 {
		l.t.Errorf("%s: %d refunds, asked for %d times", where, n, l.account.Calls(razorpaytest.OpRefund))
	}
}

// booked looks at everything together: no order is there but those of the sales, which are gone, and the shelf is down by
// these.
func (p *paidShop) booked(t *testing.T) {
	t.Helper()
	if stray := p.orders(t.Context()); len(stray) > 0 {
		t.Errorf("orders of no sale: %v", stray)
	}
	for _, piece := range p.pieces {
		if left, want := p.keeper.stock(piece), plenty-p.sales.Load()*piece.quantity; left != want {
			t.Errorf("%s: %d on the shelf after %d sales, want %d", piece.sku, left, p.sales.Load(), want)
		}
	}
}

// orders are orders of the first piece, wanted or not.
func (p *paidShop) orders(ctx context.Context) (ids []int64) {
	p.Helper()
	for _, status := range []string{"any", "trash"} {
		var found []struct{ ID int64 }
		path := fmt.Sprintf("orders?product=%d&status=%s&per_page=100", p.pieces[0].ref.ProductID, status)
		p.keeper.ask(ctx, http.MethodGet, path, nil, &found)
		for _, o := range found {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// forget takes an order away for good, stock as it is: there are too many for the trash.
func (k *keeper) forget(ctx context.Context, id int64) {
	k.t.Helper()
	k.ask(ctx, http.MethodDelete, fmt.Sprint("orders/", id, "?force=true"), nil, nil)
}

// sweep takes away what a failed test left.
func (p *paidShop) sweep() {
	ctx := afterwards(p.T)
	for _, id := range p.orders(ctx) {
		p.keeper.forget(ctx, id)
	}
}
