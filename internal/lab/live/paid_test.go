package live_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

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
var cutsUnlessTold = map[string]int{"wootest": 60, "live": 8}

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

// paidShop sells two pieces through Razorpay again and again, over a connection that is cut.
type paidShop struct {
	*shop
	scissors *scissors
	account  *razorpaytest.Server
	gateway  *razorpay.Client
	pieces   []piece
	to       checkout.Address
	sales    int64
}

// plenty is more than all sales take.
const plenty = 1_000_000

// openPaid opens one whose client speaks through the byte proxy.
func (s *shop) openPaid() *paidShop {
	s.Helper()
	p := &paidShop{shop: s, to: s.address(false)}
	line, err := proxy.Listen(hostOf(s.T, s.site.url))
	s.check(err)
	p.scissors = &scissors{RoundTripper: p.through(line)}
	line.Spoil(p.scissors.cutter.Fault)
	p.account, err = razorpaytest.New(razorpaytest.Config{KeyID: "rzp_test_paidcheckout01", KeySecret: gatewaySecret})
	s.check(err)
	p.gateway, err = razorpay.New(razorpay.Config{
		KeyID: "rzp_test_paidcheckout01", KeySecret: payment.NewSecret(gatewaySecret), HTTP: p.account.Client(), Capture: razorpay.CaptureManual,
	})
	s.check(err)
	p.client, err = woo.New(woo.Config{
		URL: s.site.url, GraphQLURL: s.site.graphql, Key: s.site.key, Secret: woo.NewSecret(s.site.secret),
		HTTP: &http.Client{Transport: p.scissors}, Timeout: time.Minute,
	})
	s.check(err)
	p.pieces = []piece{s.simple("mug", mugPrice, "gst-12", 1), s.simple("tea", "33.33", "gst-5", 3)}
	for _, piece := range p.pieces {
		s.keeper.setStock(piece, plenty)
	}
	s.Cleanup(p.sweep)
	return p
}

const gatewaySecret = "a secret of this trial, long enough"

// through is a transport whose connections go over the line.
func (p *paidShop) through(line *proxy.Proxy) http.RoundTripper {
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, line.Addr())
	}}
	p.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := line.Close(); err != nil {
			p.Error(err)
		}
	})
	return transport
}

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
			t.Run(x.name, func(t *testing.T) {
				length, began, cuts := p.sale(t, x, whole), time.Now(), 0
				step := stride(t, s.site.name, length)
				for n := 0; n < length && !t.Failed(); n += step {
					passed := p.sale(t, x, n)
					if passed != n && n < length-slack {
						t.Errorf("cut after %d bytes: %d of about %d came through", n, passed, length)
					}
					cuts++
				}
				t.Logf("%d sales in %s, a reply of %d bytes cut every %d bytes", cuts, time.Since(began).Round(time.Second), length, step)
			})
		}
		p.booked(t)
	})
}

// slack is how many bytes shorter than the first a reply may be: a number in it has fewer digits.
const slack = 16

// sale sells once, with the reply to an exchange cut after n bytes, and returns how many bytes of it came through.
func (p *paidShop) sale(t *testing.T, x spoilt, n int) (passed int) {
	t.Helper()
	where := fmt.Sprintf("%s cut after %d bytes", x.name, n)
	c := p.till()
	p.sales++
	p.scissors.arm(x, n)
	sold := p.pay(t, c, cart.Owner(fmt.Sprintf("guest:%s-%d", p.mark, p.sales)))
	passed, cut, taken := p.scissors.done()
	if !taken || cut && n == whole || !cut && n != whole && passed > n {
		t.Fatalf("%s: taken %v, cut %v, %d bytes passed", where, taken, cut, passed)
	}
	c.pass(t, time.Hour) // whatever comes afterwards must undo nothing
	sold, err := c.Get(t.Context(), sold.Owner, sold.ID)
	if err != nil || sold.Status() != checkout.StatusOrdered || len(sold.Alerts) > 0 || sold.Stuck() || len(sold.Refunds) > 0 {
		t.Fatalf("%s: %v, %s, alerts %q, refunds %v, timeline %v", where, err, sold, sold.Alerts, sold.Refunds, sold.Timeline)
	}
	p.oneOrder(t, where, sold)
	p.onePayment(t, where, sold)
	return passed
}

// till is a counter of its own for one sale, with the shop's prices.
func (p *paidShop) till() *counter {
	return p.openTill(checkout.NewLocalQuoter(p.client, nil), func(c *checkout.Config) {
		c.Payments = []checkout.PaymentOption{{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: p.gateway, Verifier: p.gateway}}
	})
}

// pay goes from the cart to the paid order. Who pays is told that it was paid, whatever became of the order.
func (p *paidShop) pay(t *testing.T, c *counter, owner cart.Owner) checkout.Record {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, piece := range p.pieces {
		_, err := c.carts.Add(ctx, owner, piece.ref, piece.quantity)
		must(err)
	}
	started, err := c.Start(ctx, checkout.StartRequest{Owner: owner})
	must(err)
	id := started.Record.ID
	_, err = c.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: p.to})
	must(err)
	ready, err := c.ChoosePayment(ctx, owner, id, payment.MethodRazorpay)
	must(err)
	placed, err := c.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: "key-" + string(id), QuoteHash: ready.QuoteHash})
	must(err)
	callback, err := p.account.Pay(placed.Gateway.ID)
	must(err)
	_, err = c.ConfirmPayment(ctx, owner, id, payment.Callback(callback))
	must(err)
	return p.ordered(t, c, placed)
}

// ordered lets time pass until the order is in effect.
func (p *paidShop) ordered(t *testing.T, c *counter, r checkout.Record) checkout.Record {
	t.Helper()
	for range 60 {
		got, err := c.Get(t.Context(), r.Owner, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Status() == checkout.StatusOrdered {
			return got
		}
		c.pass(t, 30*time.Second)
	}
	t.Fatalf("no order within half an hour of %s", r)
	return r
}

// oneOrder reads the order back: by its token there is one, in effect, and it is the quote.
func (p *paidShop) oneOrder(t *testing.T, where string, sold checkout.Record) {
	t.Helper()
	found := p.find(t, sold.Token)
	if len(found) != 1 || !found[0].Effective() || !found[0].Paid() || found[0].ID != sold.Order.ID {
		t.Fatalf("%s: %d orders carry the token: %+v", where, len(found), found)
	}
	o := found[0]
	if !o.Total.Equal(sold.Quote.Totals.Total) || o.TransactionID != sold.Payments.Bound() {
		t.Errorf("%s: the order is over %s and %s, the quote over %s, the payment %s", where, o.Total, o.TransactionID, sold.Quote.Totals.Total, sold.Payments.Bound())
	}
	for i, l := range o.Lines {
		if l.Reduced != p.pieces[i].quantity {
			t.Errorf("%s: line %d took %d off the shelf, want %d", where, i, l.Reduced, p.pieces[i].quantity)
		}
	}
	compareSale(t, p.shop, *sold.Quote, o.ID)
}

// onePayment looks behind Razorpay's counter.
func (p *paidShop) onePayment(t *testing.T, where string, sold checkout.Record) {
	t.Helper()
	if made := p.account.Orders(sold.Token); len(made) != 1 || made[0].ID != sold.Gateway.ID || made[0].Status != "paid" {
		t.Fatalf("%s: orders at Razorpay %+v", where, made)
	}
	all := p.account.Payments(sold.Gateway.ID)
	if len(all) != 1 || !all[0].Captured || all[0].Status != "captured" || all[0].AmountRefunded != 0 || all[0].ID != sold.Payments.Bound() {
		t.Fatalf("%s: payments %+v", where, all)
	}
	if paid, quoted := decimal.New(all[0].Amount, -2), sold.Quote.Totals.Total.Decimal(); !paid.Equal(quoted) {
		t.Errorf("%s: %s was taken, %s quoted", where, paid, quoted)
	}
	if n := len(p.account.Refunds(all[0].ID)); n > 0 || p.account.Calls(razorpaytest.OpRefund) > 0 {
		t.Errorf("%s: %d refunds, asked for %d times", where, n, p.account.Calls(razorpaytest.OpRefund))
	}
}

// booked looks at everything together: as many orders as sales, and the shelf down by them.
func (p *paidShop) booked(t *testing.T) {
	t.Helper()
	if n := int64(len(p.orders(t.Context(), 1+int(p.sales/100)))); n != p.sales {
		t.Errorf("%d orders of %d sales", n, p.sales)
	}
	for _, piece := range p.pieces {
		if left, want := p.keeper.stock(piece), plenty-p.sales*piece.quantity; left != want {
			t.Errorf("%s: %d on the shelf after %d sales, want %d", piece.sku, left, p.sales, want)
		}
	}
}

// orders are the orders of the first piece, wanted or not, on so many pages.
func (p *paidShop) orders(ctx context.Context, pages int) (ids []int64) {
	p.Helper()
	for _, status := range []string{"any", "trash"} {
		for page := 1; page <= pages; page++ {
			var found []struct{ ID int64 }
			path := fmt.Sprintf("orders?product=%d&status=%s&per_page=100&page=%d&_fields=id", p.pieces[0].ref.ProductID, status, page)
			p.keeper.ask(ctx, http.MethodGet, path, nil, &found)
			for _, o := range found {
				ids = append(ids, o.ID)
			}
		}
	}
	return ids
}

// sweep takes the orders away for good: there are too many for the trash.
func (p *paidShop) sweep() {
	for range 1 + p.sales/100 {
		ids := p.orders(afterwards(p.T), 1)
		for chunk := range slices.Chunk(ids, 25) {
			p.keeper.ask(afterwards(p.T), http.MethodPost, "orders/batch", map[string]any{"delete": chunk}, nil)
		}
	}
	if left := p.orders(afterwards(p.T), 1); len(left) > 0 {
		p.Errorf("orders are left behind: %v", left)
	}
}
