package checkout_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/quote"
)

// TestPublicFailures replays, against this package, failures that other shops' trackers describe in public. Each is named
// by its thread; PUBLIC_FAILURES.md says what happened there, what holds here, and where those of gateways are replayed.
func TestPublicFailures(t *testing.T) {
	for name, replay := range map[string]func(*testing.T){
		"medusa#15527":                    failedRunRefundsNothing,
		"woocommerce#14541":               manyClicksOneOrder,
		"woocommerce#44273":               eightAfterTwo,
		"vendure#4930":                    stockGoesBetweenCheckAndClaim,
		"shopware#11245":                  couponsInOnePacket,
		"litemall#581":                    couponsInOnePacket,
		"saleor#544":                      couponsInOnePacket,
		"vendure#4660":                    usesInOnePacket,
		"woocommerce#62659":               sentAgain,
		"woocommerce-gateway-stripe#2339": refundRepliesLost,
		"macrozheng-mall#1003":            noNegativeTotal,
		"SimplCommerce#1110":              noOverflow,
		"newbee-mall#127":                 noNegativeQuantity,
	} {
		t.Run(name, replay)
	}
}

// soldOnce checks that the checkout is one good sale: one order, nothing refunded, no unit lost.
func (s *shop) soldOnce(r checkout.Record) {
	s.t.Helper()
	got := s.load(r.ID)
	if got.Status() != checkout.StatusOrdered || len(got.Refunds) != 0 || s.effective(r.Token) != 1 || len(s.orders.All()) != 1 {
		s.t.Errorf("%s, refunds %v, %d orders of which %d took effect", got.Status(), got.Refunds, len(s.orders.All()), s.effective(r.Token))
	}
	s.conserved()
}

// failedRunRefundsNothing has one process fail on the store while another completes the sale.
func failedRunRefundsNothing(t *testing.T) {
	m := &meddling{}
	s := newShop(t, func(c *checkout.Config) { c.Orders = slowOrders{c.Orders, m} })
	r := s.placed("guest:1", mug, 1)
	callback, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	other, err := checkout.New(s.config)
	s.check(err)
	m.hand = func() { // the first run has lost its lease, and fails after the second one is through
		s.clock.advance(61 * time.Second)
		s.check(errOf(other.AdvanceDue(t.Context(), 10)))
	}
	_, _ = s.ConfirmPayment(t.Context(), "guest:1", r.ID, callback)
	s.pass(10 * time.Minute)
	s.soldOnce(r)
}

// manyClicksOneOrder places from many tabs, each with a key of its own.
func manyClicksOneOrder(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodCOD)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			request := placeRequest(ready)
			request.Key = fmt.Sprintf("tab-%d", i)
			if _, err := s.Place(t.Context(), request); err != nil && !errors.Is(err, checkout.ErrUnavailable) {
				t.Errorf("tab %d: %v", i, err) // unavailable: another tab's call is under way
			}
		})
	}
	wg.Wait()
	s.pass(10 * time.Minute)
	s.soldOnce(ready)
}

// eightAfterTwo is eight buyers in the same moment, after two pieces that cannot be ordered in.
func eightAfterTwo(t *testing.T) {
	s := newShop(t)
	ready := make([]checkout.Record, 8)
	for i := range ready {
		owner := cart.Owner(fmt.Sprintf("guest:%d", i))
		s.fill(owner, mug, 1)
		ready[i] = s.ready(owner, payment.MethodCOD)
	}
	s.clock.advance(16 * time.Minute) // holds expire, so that nothing but the claim decides
	s.restock(mug, cart.Stock{Item: mug.Stock.Item, Managed: true, Quantity: 2, InStock: true})
	s.check(errOf(s.stock.Move(t.Context(), inventory.Move{
		Kind: inventory.Adjust, Ref: "count", Lines: []inventory.Held{{Key: keyOf(mug), Quantity: -8}}, Reason: "counted", Actor: "meera",
	})))
	var sold, out atomic.Int64
	var wg sync.WaitGroup
	for _, r := range ready {
		wg.Go(func() {
			switch _, err := s.Place(t.Context(), placeRequest(r)); {
			case err == nil:
				sold.Add(1)
			case errors.Is(err, checkout.ErrOutOfStock):
				out.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.pass(10 * time.Minute)
	if sold.Load() != 2 || out.Load() != 6 || len(s.orders.All()) != 2 {
		t.Errorf("%d sold, %d told so, %d orders", sold.Load(), out.Load(), len(s.orders.All()))
	}
	s.conserved()
}

// stockGoesBetweenCheckAndClaim sells the last pieces elsewhere after they were checked for this order.
func stockGoesBetweenCheckAndClaim(t *testing.T) {
	s, m := onCommit(t, placing)
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.clock.advance(16 * time.Minute) // the hold expires
	m.hand = func() {
		s.check(errOf(s.stock.Move(t.Context(), inventory.Move{
			Kind: inventory.Adjust, Ref: "count", Lines: []inventory.Held{{Key: keyOf(mug), Quantity: -s.level(mug).OnHand}},
		})))
	}
	if _, err := s.Place(t.Context(), placeRequest(ready)); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Errorf("placed after the last piece was sold: %v", err)
	}
	s.conserved()
}

// couponsInOnePacket sends 64 requests that were let go at the same moment after a coupon's last use.
func couponsInOnePacket(t *testing.T) {
	s := withCoupon(t, 1)
	s.check(s.stock.Receive(t.Context(), keyOf(mug), 100))
	ready := make([]checkout.Record, 64)
	for i := range ready {
		ready[i] = s.couponed(cart.Owner(fmt.Sprintf("guest:%d", i)))
	}
	var used atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	for _, r := range ready {
		wg.Go(func() {
			<-start
			if _, err := s.Place(t.Context(), placeRequest(r)); err == nil {
				used.Add(1)
			} else if !errors.Is(err, checkout.ErrCouponSpent) {
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	if got := s.uses(); used.Load() != 1 || got.Allocated != 1 {
		t.Errorf("used %d times, claimed %+v", used.Load(), got)
	}
}

// creationWithoutAKey loses the reply to every second call that makes or completes the order.
func creationWithoutAKey(t *testing.T) {
	s := newShop(t)
	s.orders.after = []error{checkout.ErrUnknown, nil, checkout.ErrUnknown, nil, checkout.ErrUnknown}
	r := s.placed("guest:1", mug, 1)
	_, err := s.gateway.Pay(r.Gateway.ID)
	s.check(err)
	s.pass(time.Hour)
	s.soldOnce(r)
}

// refundRepliesLost refunds over a connection that breaks each time: the key is made once, and kept.
func refundRepliesLost(t *testing.T) {
	s := newShop(t)
	r := s.placed("guest:1", mug, 1)
	s.check(errOf(s.Cancel(t.Context(), "guest:1", r.ID, "")))
	s.check(s.gateway.Plant(
		fakegateway.Fault{Op: fakegateway.OpRefund, Kind: fakegateway.LoseReply, Times: 2},
		fakegateway.Fault{Op: fakegateway.OpFindRefund, Kind: fakegateway.Unavailable, Times: 2},
	))
	_, err := s.gateway.Pay(r.Gateway.ID) // in a window that had been left open
	s.check(err)
	s.pass(6 * time.Hour)
	got := s.load(r.ID)
	paid := got.Payments.Payments()
	if len(paid) != 1 || len(s.gateway.Refunds(paid[0].ID)) != 1 || got.Status() != checkout.StatusRefunded {
		t.Errorf("%s: payments %v, refunds at the gateway %v", got.Status(), paid, s.gateway.Refunds(paid[0].ID))
	}
	if s.effective(r.Token) != 0 {
		t.Error("refunded, and an order took effect")
	}
}

// noNegativeTotal takes more off than there is, five times.
func noNegativeTotal(t *testing.T) {
	s := newShop(t)
	rules := karnataka()
	rules.Coupons = map[string]quote.Coupon{"all": {ID: 1, Code: "all", Type: quote.FixedCartCoupon, Amount: decimal.NewFromInt(1_000_000)}}
	s.check(s.rules.Set(rules))
	for i := range 5 {
		owner := cart.Owner(fmt.Sprintf("guest:%d", i))
		s.fill(owner, mug, 1)
		s.check(errOf(s.carts.ApplyCoupon(t.Context(), owner, "all")))
		if total := s.ready(owner, payment.MethodRazorpay).Quote.Totals.Total; total.Minor() < 0 {
			t.Errorf("the total is %s", total)
		}
	}
}

// noOverflow asks for so many that quantity times price leaves every integer.
func noOverflow(t *testing.T) {
	s := newShop(t)
	for _, quantity := range []int64{math.MaxInt32, math.MaxInt32 + 1, math.MaxInt64/125000 + 1, math.MaxInt64} {
		if _, err := s.carts.Add(t.Context(), "guest:1", sari.Ref, quantity); !errors.Is(err, cart.ErrInvalid) && !errors.Is(err, cart.ErrInsufficientStock) {
			t.Errorf("%d saris: %v", quantity, err)
		}
	}
	if _, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"}); !errors.Is(err, checkout.ErrEmptyCart) {
		t.Errorf("what was refused is in the cart: %v", err)
	}
}

func noNegativeQuantity(t *testing.T) {
	s := newShop(t)
	before := s.level(mug)
	for _, quantity := range []int64{-1, -5, math.MinInt64} {
		if _, err := s.carts.Add(t.Context(), "guest:1", mug.Ref, quantity); !errors.Is(err, cart.ErrInvalid) {
			t.Errorf("%d mugs: %v", quantity, err)
		}
		_, err := s.stock.Reserve(t.Context(), inventory.ReserveRequest{
			ID: "r", Owner: "guest:1", Lines: []inventory.Line{{Item: keyOf(mug).Item, Quantity: quantity}}, TTL: time.Minute,
		})
		if !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("reserving %d mugs: %v", quantity, err)
		}
	}
	if after := s.level(mug); after != before {
		t.Errorf("the stock was %+v and is %+v", before, after)
	}
}

// TestPublicFailuresAreReplayed holds the table to the tests: each test it names is there.
func TestPublicFailuresAreReplayed(t *testing.T) {
	page, err := os.ReadFile("PUBLIC_FAILURES.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/]+) (Test[A-Za-z0-9]+)(?:/([A-Za-z#0-9-]+))?`").FindAllStringSubmatch(string(page), -1)
	if len(named) < 20 {
		t.Fatalf("the table names %d tests", len(named))
	}
	for _, n := range named {
		if !hasTest(t, filepath.Join("..", n[1]), n[2], n[3]) {
			t.Errorf("%s has no %s with %q in it", n[1], n[2], n[3])
		}
	}
}

// hasTest reports whether a folder's tests have a function of the name, and anywhere a text that names the case.
func hasTest(t *testing.T, folder, function, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == function && strings.Contains(string(source), text) {
				found = true
			}
		}
	}
	return found
}
