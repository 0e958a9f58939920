package checkout

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reseed"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"github.com/ankkor/ankkor/payment"
)

// PaymentOption is one way to pay that the shop offers.
type PaymentOption struct {
	Method  payment.Method // also WooCommerce's payment_method
	Title   string         // what the shopper and the order read
	Gateway payment.Gateway
	// Verifier checks what the shopper's browser brings back; nil for a method without a payment window.
	Verifier payment.PaymentVerifier
	// Cash are the terms of a method that is paid to the courier, optional: without them everybody may, and nothing is
	// charged or asked for beforehand.
	Cash *CashTerms
}

// Config is what a Service is made of. Optional parts may be nil.
type Config struct {
	Store    Store
	Carts    cart.Store
	Catalog  cart.Catalog
	Rules    Rulebook
	Reserver inventory.Reserver
	Orders   OrderCreator
	Payments []PaymentOption // in the order they are offered

	Quoter    Quoter                // optional: LocalQuoter on Rules
	Stock     inventory.StockSource // optional: told to the Reserver when it does not know an item
	Pincodes  PincodeDirectory      // optional
	Shipper   Shipper               // optional: otherwise staff say what was shipped
	Notifier  Notifier              // optional
	Publisher Publisher             // optional

	Observer Observer         // optional: told of every effect on the outside
	Policy   Policy           // zero fields take DefaultPolicy's values
	Now      func() time.Time // optional: time.Now; see Policy.Settle for how far replicas may differ
	Log      *slog.Logger     // optional: discarded

	// CashHistory says how customers' earlier cash orders ended, optional: CashRules bound by it only where it is set.
	CashHistory CashHistory

	// Reseed is how often Run looks whether a Reserver that may forget, Redis, still knows what it was told, and teaches it
	// again; see CheckReserver. The zero Pace is every second.
	Reseed reseed.Pace

	// Warehouses are the places the shop sends from, optional: without them everything is in inventory.DefaultLocation.
	// Stock is reserved where Warehouses.Choose says for the shipping address, and Record.Allocated keeps which location
	// gives what.
	Warehouses warehouse.Network
}

// Service is the journey from cart to shipped order. All rules of it are here; stores and outside systems are ports.
//
// It is safe for concurrent use and keeps nothing in memory that another replica would need.
type Service struct {
	config Config
	steps  map[EffectKind]step
	looks  looks         // at the gateway
	guard  *reseed.Guard // nil where there is nothing to guard
}

// New checks the configuration and returns a Service, or one error that lists everything missing.
func New(c Config) (*Service, error) {
	if err := c.missing(); err != nil {
		return nil, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Quoter == nil {
		c.Quoter = NewLocalQuoter(c.Rules, nil)
	}
	c.Policy = c.Policy.withDefaults()
	c.Policy.Notify = c.Notifier != nil
	c.Policy.Ship = c.Shipper != nil
	_, c.Policy.KeepOrders = c.Orders.(OrderKeeper)
	if err := c.Policy.validate(); err != nil {
		return nil, err
	}
	c.Payments = slices.Clone(c.Payments)
	c.Warehouses = canonicalWarehouses(c.Warehouses)
	guard, err := c.guard()
	if err != nil {
		return nil, err
	}
	s := &Service{config: c, guard: guard}
	s.steps = s.table()
	return s, nil
}

func (c Config) missing() error {
	var errs []error
	need := func(ok bool, name string) {
		if !ok {
			errs = append(errs, fmt.Errorf("checkout: Config.%s is required", name))
		}
	}
	need(c.Store != nil, "Store")
	need(c.Carts != nil, "Carts")
	need(c.Catalog != nil, "Catalog")
	need(c.Rules != nil, "Rules")
	need(c.Reserver != nil, "Reserver")
	need(c.Orders != nil, "Orders")
	need(len(c.Payments) > 0, "Payments")
	for i, p := range c.Payments {
		need(p.Method != "" && p.Gateway != nil, fmt.Sprintf("Payments[%d].Method and Gateway", i))
		if slices.ContainsFunc(c.Payments[:i], func(o PaymentOption) bool { return o.Method == p.Method }) {
			errs = append(errs, fmt.Errorf("checkout: Config.Payments has %q twice", p.Method))
		}
		if err := p.Cash.validate(c.Payments); err != nil {
			errs = append(errs, fmt.Errorf("checkout: Config.Payments[%d].Cash: %w", i, err))
		}
	}
	if err := c.Warehouses.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("checkout: Config.Warehouses: %w", err))
	}
	return errors.Join(errs...)
}

// PaymentOptions returns the ways to pay that are offered, in order.
func (s *Service) PaymentOptions() []PaymentOption { return slices.Clone(s.config.Payments) }

// option returns the way to pay with that name.
func (s *Service) option(m payment.Method) (PaymentOption, bool) {
	i := slices.IndexFunc(s.config.Payments, func(p PaymentOption) bool { return p.Method == m })
	if i < 0 {
		return PaymentOption{}, false
	}
	return s.config.Payments[i], true
}

// Get returns the owner's checkout. Somebody else's is ErrNotFound.
func (s *Service) Get(ctx context.Context, owner Owner, id ID) (Record, error) {
	r, err := s.config.Store.Load(ctx, id)
	if err != nil {
		return Record{}, err
	}
	if r.Owner != owner {
		return Record{}, ErrNotFound
	}
	return r, nil
}

// Current returns the owner's open or unpaid checkout, or ErrNotFound.
func (s *Service) Current(ctx context.Context, owner Owner) (Record, error) {
	id, err := s.config.Store.Find(ctx, openRef(owner))
	if err != nil {
		return Record{}, err
	}
	return s.Get(ctx, owner, id)
}

func openRef(owner Owner) Ref { return Ref{Kind: RefOpen, Value: string(owner)} }
