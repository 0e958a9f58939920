package simulate_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/internal/lab/copies"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// world is one simulated shop and everything around it.
type world struct {
	*scheduler
	rare     rare
	policy   checkout.Policy
	faults   int  // in a hundred touches
	healed   bool // faults have stopped for good
	ending   bool
	workers  []*task
	acting   map[string]int // webhooks that are acted on, by gateway order
	placing  map[checkout.ID]int
	keeps    bool                // orders are followed after they took effect
	restocks bool                // what comes back is sold again
	courier  bool                // parcels are booked by the shop itself, not by staff
	cash     *checkout.CashTerms // nil is cash on delivery without terms
	network  warehouse.Network   // the zero one is a single place
	// capturedAt is when a payment was captured, without its checkout's doing.
	capturedAt map[string]time.Time

	books   *memstore.Stock // where stock is decided
	shelf   *memstore.Stock // where it is reserved, and forgotten
	records *copies.Reader
	catalog *memstore.Catalog
	carts   *memstore.Carts
	rules   *memstore.Rulebook
	inbox   *memstore.Inbox
	gateway *fakegateway.Gateway
	woo     *woo
	mail    mail
	parcels parcels
	stream  stream

	processes []*process
	watch     *watch
	sabotage  sabotage
	shoppers  int // still under way
	thrift    int // how many shoppers in a hundred use the coupon
}

// goods are what the shop sells: a few pieces each, so that shoppers meet at the last one.
var goods = []cart.ItemRef{{ProductID: 11}, {ProductID: 12}, {ProductID: 13}}

const coupon = "festive"

func keyOf(ref cart.ItemRef) inventory.Key {
	return inventory.ProductItem(ref.ProductID).At(inventory.DefaultLocation)
}

var couponKey = inventory.CouponItem(coupon).At(inventory.DefaultLocation)

// newWorld opens a shop. The test's random bytes, those of ids, have to come from the seed, too.
func newWorld(t *testing.T, seed uint64, verbose bool, s sabotage) *world {
	t.Helper()
	w := &world{scheduler: newScheduler(seed, verbose), rare: rare{}, sabotage: s, acting: map[string]int{}, placing: map[checkout.ID]int{}, capturedAt: map[string]time.Time{}}
	w.stream.seen, w.parcels.booked = map[checkout.ID]int64{}, map[checkout.ID][]checkout.Shipment{}
	w.faults = draw(w.scheduler, 0, 2, 5, 10, 20)
	w.policy, w.thrift = w.newPolicy(), draw(w.scheduler, 20, 50, 100)
	w.keeps, w.restocks, w.cash, w.network = w.chance(50), w.chance(50), w.newTerms(), w.newNetwork()
	w.courier = !w.keeps || w.chance(60)
	w.stockUp(t)
	var err error
	w.carts, w.records, w.inbox = memstore.NewCarts(), copies.NewReader(memstore.NewCheckouts(w.books)), memstore.NewInbox(w.now)
	w.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: w.now})
	must(t, err)
	w.rules, err = memstore.NewRulebook(w.newRules())
	must(t, err)
	w.watch = newWatch(w)
	for n := range 2 {
		w.processes = append(w.processes, nil)
		w.boot(n)
	}
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newPolicy draws the choices of a shop.
func (w *world) newPolicy() checkout.Policy {
	p := checkout.DefaultPolicy()
	p.OrderTiming = draw(w.scheduler, checkout.OrderAfterPayment, checkout.OrderAfterPayment, checkout.OrderBeforePayment)
	p.MaxAttempts = draw(w.scheduler, 4, 12, 1440)
	p.LatePayments = draw(w.scheduler, 3*time.Hour, 3*time.Hour, 6*24*time.Hour)
	p.AbandonAfter = draw(w.scheduler, 20*time.Minute, time.Hour)
	return p
}

// newTerms draws what a shop asks of those who pay to the courier.
func (w *world) newTerms() *checkout.CashTerms {
	terms := &checkout.CashTerms{Currency: pricing.INR, Rules: checkout.CashRules{MaxReturned: 1}}
	switch draw(w.scheduler, "none", "terms", "part", "part") {
	case "none":
		return nil
	case "part":
		terms.Prepayment = payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(8000)}
	}
	return terms
}

// newNetwork draws where a shop sends from.
func (w *world) newNetwork() warehouse.Network {
	if w.chance(60) {
		return warehouse.Network{}
	}
	return warehouse.Network{
		Warehouses: []warehouse.Warehouse{
			{Location: "delhi", State: "DL", PIN: "110001", Priority: 1}, {Location: "bengaluru", State: "KA", PIN: "560034", Priority: 2},
		},
		Chooser: draw[warehouse.Chooser](w.scheduler, nil, warehouse.Nearest{}, warehouse.FewestParcels{}),
		Split:   draw(w.scheduler, inventory.SplitPolicy(""), inventory.SplitForbidden),
	}
}

// receive puts new pieces on the shelves, of one place or of all.
func (w *world) receive(t *testing.T, ref cart.ItemRef, pieces int64) {
	t.Helper()
	if len(w.network.Warehouses) == 0 {
		must(t, w.books.Receive(t.Context(), keyOf(ref), pieces))
		return
	}
	first := w.rng.Int64N(pieces + 1)
	for n, part := range []int64{first, pieces - first} {
		if part > 0 {
			must(t, w.books.Receive(t.Context(), inventory.Key{Item: keyOf(ref).Item, Location: w.network.Warehouses[n].Location}, part))
		}
	}
}

// stockUp fills catalogue, books and the store of record.
func (w *world) stockUp(t *testing.T) {
	t.Helper()
	w.books, w.shelf = memstore.NewStock(memstore.StockConfig{Now: w.now}), memstore.NewStock(memstore.StockConfig{Now: w.now})
	w.catalog, w.woo = memstore.NewCatalog(), newWoo(w)
	for _, ref := range goods {
		pieces := int64(1 + w.rng.IntN(8))
		w.woo.stock[ref.ProductID] = pieces
		w.receive(t, ref, pieces)
		w.catalog.Put(cart.Item{
			Ref: ref, Status: cart.StatusOK, Purchasable: true, Name: fmt.Sprint("thing ", ref.ProductID),
			UnitPrice: decimal.NewFromInt(100 * (ref.ProductID - 10)), Currency: pricing.INR,
			Stock: cart.Stock{Item: string(keyOf(ref).Item), Managed: true, Quantity: 1000, InStock: true},
		})
	}
}

// newRules is a store that ships for ₹49 and gives a coupon away a few times.
func (w *world) newRules() checkout.Rules {
	return checkout.Rules{
		Settings: quote.Settings{Currency: pricing.INR, Decimals: 2}, Countries: []string{"IN"},
		Zones: shipping.FlatWithFreeThreshold(decimal.NewFromInt(49), decimal.NewFromInt(999)), HideRatesWhenFree: true,
		Coupons: map[string]quote.Coupon{coupon: {
			ID: 1, Code: coupon, Type: quote.PercentCoupon, Amount: decimal.NewFromInt(10), UsageLimit: int64(1 + w.rng.IntN(3)),
		}},
	}
}

// boot starts a process in the place of one that has ended, with a clock of its own.
func (w *world) boot(n int) {
	skew := time.Duration(w.rng.IntN(4001)-2000) * time.Millisecond
	p := &process{name: fmt.Sprint("replica ", n+1)}
	gateway := gatewayPort{w, w.gateway}
	var wooOrders checkout.OrderCreator = ordersPort{w}
	if w.keeps {
		wooOrders = keeperPort{ordersPort{w}}
	}
	var courier checkout.Shipper
	if w.courier {
		courier = parcelPort{w}
	}
	shop, err := checkout.New(checkout.Config{
		Store: storePort{w}, Carts: cartPort{w}, Catalog: catalogPort{w}, Rules: w.rules, Reserver: shelfPort{w},
		Orders: wooOrders, CashHistory: w.records, Warehouses: w.network, Stock: sourcePort{w}, Notifier: mailPort{w}, Publisher: streamPort{w}, Shipper: courier,
		Policy: w.policy, Now: func() time.Time { return w.now().Add(skew) },
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: gateway, Verifier: w.gateway},
			{Method: payment.MethodCOD, Title: "Cash", Gateway: payment.CashOnDelivery{}, Cash: w.cash},
		},
	})
	if err != nil {
		panic(err)
	}
	p.shop = shop
	w.processes[n] = p
	w.employ(p)
}

// end drops a process. Another one takes its place after a while.
func (w *world) end(p *process) {
	if p.dead {
		return
	}
	p.dead = true
	for n := range w.processes {
		if w.processes[n] == p {
			w.start("supervisor", nil, w.within(20*time.Second), func(context.Context) { w.boot(n) })
		}
	}
}

// by is a process that answers requests now; nil if there is none.
func (w *world) by() *process {
	first := w.rng.IntN(len(w.processes))
	for n := range w.processes {
		if p := w.processes[(first+n)%len(w.processes)]; !p.dead {
			return p
		}
	}
	return nil
}

// ask performs one request of somebody at a process that answers.
func (w *world) ask(ctx context.Context, what string, request func(context.Context, *checkout.Service) error) error {
	t, p := who(ctx), w.by()
	if p == nil {
		w.sleep(ctx, time.Second)
		return errAway
	}
	before := t.process
	t.process = p
	err := request(ctx, p.shop)
	t.process = before
	w.sleep(ctx, 0)
	w.note(ctx, what, "answered"+outcome(err))
	return err
}
