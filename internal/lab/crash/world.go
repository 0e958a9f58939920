package crash

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/checkout/pincode"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// directory is read once for all worlds.
var directory = sync.OnceValues(pincode.New)

// network is where a World with several warehouses sends from.
func network() warehouse.Network {
	return warehouse.Network{
		Warehouses: []warehouse.Warehouse{
			{Location: "mumbai", State: "MH", PIN: "400001", Priority: 1}, {Location: "bengaluru", State: "KA", PIN: "560034", Priority: 2},
		},
		Chooser: warehouse.Nearest{},
	}
}

// World is a shop in which nobody has bought anything: its ports as they are, and a hand on everything behind them. It
// has Pieces of Item.
type World struct {
	Coupon  string // good for one order
	Config  checkout.Config
	Inbox   inbox.Inbox
	Bank    Bank
	Books   Books
	Post    *Post
	Advance func(time.Duration) // moves the clock of every part
	Overlap func()              // lets the next two completions of an order overlap; may be nil
	Forget  func()              // takes everything from the Reserver; nil where it forgets nothing
	// Look and Sold are what the store of record has: a token's orders, and the pieces it took from stock for orders.
	Look func(ctx context.Context, token string) ([]checkout.StoreOrder, error)
	Sold func() (int64, error)
}

// What is sold in every World.
const (
	Pieces  = 10
	Product = 16
)

// Item is what is sold.
func Item() inventory.Item { return inventory.ProductItem(Product) }

// PaymentsThrough are the ways to pay in a World: through a gateway, or to the courier with ₹100 through it beforehand.
func PaymentsThrough(g payment.Gateway, v payment.PaymentVerifier) []checkout.PaymentOption {
	return []checkout.PaymentOption{
		{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: g, Verifier: v},
		{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}, Cash: &checkout.CashTerms{
			Currency: pricing.INR, Rules: checkout.CashRules{MaxReturned: 1},
			Prepayment: payment.Prepayment{Through: payment.MethodRazorpay, Fixed: pricing.Paise(10000)},
		}},
	}
}

// Bank is the gateway's other side.
type Bank interface {
	Customers
	Webhooks
}

// Customers pay. Every method is safe to call at any time; an order that takes no payment is an error.
type Customers interface {
	// Pay pays an order, captured by the gateway.
	Pay(orderID string) (payment.Callback, error)
	// Authorize pays an order and leaves the capture to the shop.
	Authorize(orderID string) (payment.Callback, error)
	// Orders are the gateway's orders for a receipt.
	Orders(receipt string) []string
}

// Webhooks tell the shop.
type Webhooks interface {
	// Listen has webhooks put into the inbox from now on.
	Listen(box inbox.Inbox) error
	// Deliver sends what is due, in any order. What is not accepted is sent again later.
	Deliver(ctx context.Context)
	// Replay makes everything that ever happened due again, byte for byte as it was.
	Replay()
	// Dispatcher lets a service act on what is in the inbox.
	Dispatcher(box inbox.Inbox, s *checkout.Service) (*inbox.Dispatcher, error)
}

// Books are those of the store that decides what is sold.
type Books interface {
	inventory.Levels
	inventory.Mover
	inventory.Ledger
}

// staleHold is longer than any hold, lease or settling time of DefaultPolicy, and shorter than its payment window.
const staleHold = 16 * time.Minute

// instrumented are the world's ports as a process sees them: every call is a point.
func (w *World) instrumented(p *Points, process int, committed func(checkout.Record)) (checkout.Config, error) {
	c := w.Config
	deciding, err := w.deciding()
	if err != nil {
		return c, err
	}
	c.Store = store{deciding, p, levels{deciding, p, "Store"}, committed}
	if c.Reserver, err = newReserver(c.Reserver, p); err != nil {
		return c, err
	}
	if c.Orders, err = newOrders(c.Orders, p, w.Overlap); err != nil {
		return c, err
	}
	if c.CashHistory != nil {
		c.CashHistory = cashHistory{c.CashHistory, p}
	}
	if c.Quoter == nil {
		c.Quoter = checkout.NewLocalQuoter(c.Rules, nil)
	}
	pins, err := directory()
	if err != nil {
		return c, err
	}
	if c.Warehouses.Chooser != nil {
		c.Warehouses.Chooser = chooser{c.Warehouses.Chooser, p}
	}
	c.Quoter, c.Pincodes = quoter{c.Quoter, p}, pincodes{pins, p}
	c.Carts, c.Catalog, c.Rules = cartsBeside{carts{c.Carts, p}, deciding}, catalog{c.Catalog, p}, rules{c.Rules, p}
	c.Stock, c.Notifier = source{c.Stock, p}, notifier{c.Notifier, p}
	c.Publisher, c.Shipper = publisher{c.Publisher, p}, shipper{c.Shipper, p}
	c.Payments = append([]checkout.PaymentOption(nil), c.Payments...)
	for i, option := range c.Payments {
		if _, ok := option.Gateway.(payment.Refunder); ok {
			c.Payments[i].Gateway = gateway{option.Gateway, p}
			c.Payments[i].Verifier = verifier{option.Verifier, p, process}
		}
	}
	return c, nil
}

// deciding is the store, which has to do all that a Service may ask of one.
func (w *World) deciding() (Deciding, error) {
	d, ok := w.Config.Store.(Deciding)
	if !ok {
		return nil, fmt.Errorf("crash: %T is no Deciding", w.Config.Store)
	}
	return d, nil
}

// watched is the store as it is, but that committed is told of every record.
func (w *World) watched(committed func(checkout.Record)) (checkout.Store, error) {
	d, err := w.deciding()
	sound := newPoints(nil)
	sound.close()
	return store{d, sound, levels{d, sound, "Store"}, committed}, err
}

// fill puts pieces into a shopper's cart, and a coupon if one is named.
func (w *World) fill(ctx context.Context, owner cart.Owner, pieces int64, coupon string) error {
	s, err := cart.NewService(cart.Config{Store: w.Config.Carts, Catalog: w.Config.Catalog, Now: w.Config.Now})
	if err != nil {
		return err
	}
	if _, err = s.Add(ctx, owner, cart.ItemRef{ProductID: Product}, pieces); err != nil || coupon == "" {
		return err
	}
	_, err = s.ApplyCoupon(ctx, owner, coupon)
	return err
}

// buyOut takes what nobody has claimed away, as a shop's own counter does.
func (w *World) buyOut(ctx context.Context) error {
	level, err := w.level(ctx, Item())
	if err != nil || level.Available() == 0 {
		return err
	}
	_, err = w.Books.Move(ctx, inventory.Move{
		Kind: inventory.Adjust, Ref: "counter", Lines: []inventory.Held{{Key: level.Key, Quantity: -level.Available()}},
	})
	return err
}

// send takes pieces from one warehouse to another, as its people do.
func (w *World) send(ctx context.Context, from, to inventory.Location, pieces int64) error {
	told, _ := w.Config.Reserver.(inventory.Levels)
	_, err := warehouse.NewStockroom(w.Books, told).Transfer(ctx, warehouse.Transfer{
		ID: "lorry-1", From: from, To: to, Lines: []inventory.Line{{Item: Item(), Quantity: pieces}}, Actor: "meera",
	})
	return err
}

// level is what the deciding store knows of an item that lies in one place.
func (w *World) level(ctx context.Context, item inventory.Item) (inventory.Level, error) {
	known, err := w.Books.Levels(ctx, []inventory.Item{item})
	if err != nil || len(known) == 0 {
		return inventory.Level{Key: item.At(inventory.DefaultLocation)}, err
	}
	return known[0], nil
}
