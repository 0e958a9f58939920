package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
	"github.com/ankkor/ankkor/payment"
)

// The three places of the tests: the shop's own in Delhi first, though most shoppers are in Karnataka.
var (
	delhi     = warehouse.Warehouse{Location: "delhi", State: "DL", PIN: "110001", Priority: 1}
	bengaluru = warehouse.Warehouse{Location: "bengaluru", State: "KA", PIN: "560001", Priority: 2}
	cuttack   = warehouse.Warehouse{Location: "cuttack", State: "OR", Priority: 3}
)

// threePlaces is a shop with three warehouses and what they have of mugs and saris.
func threePlaces(t *testing.T, chooser warehouse.Chooser, mugs, saris [3]int64, change ...func(*checkout.Config)) *shop {
	t.Helper()
	s := newShop(t, func(c *checkout.Config) {
		c.Warehouses = warehouse.Network{Warehouses: []warehouse.Warehouse{delhi, bengaluru, cuttack}, Chooser: chooser}
		for _, f := range change {
			f(c)
		}
	})
	for i, at := range []inventory.Location{"delhi", "bengaluru", "cuttack"} {
		for item, n := range map[inventory.Item]int64{inventory.Item(mug.Stock.Item): mugs[i], inventory.Item(sari.Stock.Item): saris[i]} {
			if n > 0 {
				s.check(s.stock.Receive(t.Context(), item.At(at), n))
			}
		}
	}
	return s
}

// at is an item's level at a place; the zero Level if it was never told.
func (s *shop) at(item cart.Item, place inventory.Location) inventory.Level {
	s.t.Helper()
	levels, err := s.stock.Levels(s.t.Context(), []inventory.Item{inventory.Item(item.Stock.Item)})
	s.check(err)
	for _, l := range levels {
		if l.Key.Location == place {
			return l
		}
	}
	return inventory.Level{}
}

// everywhere checks that no piece appeared or vanished at any place.
func (s *shop) everywhere() {
	s.t.Helper()
	entries, err := s.stock.Entries(s.t.Context(), inventory.LedgerQuery{})
	s.check(err)
	levels, err := s.stock.Levels(s.t.Context(), []inventory.Item{inventory.Item(mug.Stock.Item), inventory.Item(sari.Stock.Item)})
	s.check(err)
	for _, l := range levels {
		s.check(inventory.Conserved(entries, l))
		if l.Oversold() != 0 {
			s.t.Errorf("%s: %d allocated, %d on hand", l.Key, l.Allocated, l.OnHand)
		}
	}
}

// odisha is an address whose state WooCommerce once called OR.
func odisha() checkout.Address {
	a := asha()
	a.City, a.State, a.Postcode = "Bhubaneswar", "OD", "751001"
	return a
}

// parcels are the places a record's stock comes from.
func parcels(r checkout.Record) (names []inventory.Location) {
	for _, p := range r.Parcels() {
		names = append(names, p.Location)
	}
	return names
}

// TestAnAddressMovesTheHold reserves by priority as long as nobody knows where the parcel goes, then near the address, and
// leaves nothing behind.
func TestAnAddressMovesTheHold(t *testing.T) {
	s := threePlaces(t, warehouse.Nearest{}, [3]int64{4, 4, 4}, [3]int64{})
	s.fill("guest:1", mug, 2)
	started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	if got := s.at(mug, "delhi").Reserved; got != 2 {
		t.Fatalf("%d reserved in Delhi before there is an address", got)
	}
	for _, step := range []struct {
		to    checkout.Address
		place inventory.Location
	}{{asha(), "bengaluru"}, {odisha(), "cuttack"}, {asha(), "bengaluru"}, {asha(), "bengaluru"}} {
		set, err := s.SetAddresses(t.Context(), "guest:1", started.Record.ID, checkout.Addresses{Billing: asha(), Shipping: step.to})
		s.check(err)
		if held := set.Record.Reservation.Held; len(held) != 1 || held[0].Key.Location != step.place {
			t.Fatalf("to %s: %+v", step.to.City, held)
		}
		for _, l := range []inventory.Location{"delhi", "bengaluru", "cuttack"} {
			want := int64(0)
			if l == step.place {
				want = 2
			}
			if got := s.at(mug, l).Reserved; got != want {
				t.Errorf("to %s: %d reserved in %s, want %d", step.to.City, got, l, want)
			}
		}
	}
	r, err := s.ChoosePayment(t.Context(), "guest:1", started.Record.ID, payment.MethodRazorpay)
	s.check(err)
	paid := s.pay(s.place(r))
	if got := s.at(mug, "bengaluru"); !slices.Equal(parcels(paid), []inventory.Location{"bengaluru"}) || got.Sold != 2 || got.Reserved != 0 {
		t.Fatalf("%v, %+v", parcels(paid), got)
	}
	if other := s.at(mug, inventory.DefaultLocation); other.Sold != 0 || other.OnHand != 10 {
		t.Fatalf("a place that is not in the network gave: %+v", other)
	}
	s.everywhere()
}

// TestAStateOfTwoNames is one state, whichever name the warehouse or the store uses.
func TestAStateOfTwoNames(t *testing.T) {
	for _, names := range [][2]string{{"OR", "OD"}, {"OD", "OR"}} {
		s := threePlaces(t, warehouse.Nearest{}, [3]int64{4, 4, 4}, [3]int64{}, func(c *checkout.Config) {
			rules := karnataka()
			rules.States["IN"] = []checkout.State{{Code: "KA", Name: "Karnataka"}, {Code: names[1], Name: "Odisha"}}
			book, err := memstore.NewRulebook(rules)
			if err != nil {
				t.Fatal(err)
			}
			c.Rules = book
			c.Warehouses.Warehouses[2].State = names[0]
		})
		s.fill("guest:1", mug, 1)
		started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
		s.check(err)
		to := odisha()
		to.State = names[1]
		set, err := s.SetAddresses(t.Context(), "guest:1", started.Record.ID, checkout.Addresses{Billing: to})
		s.check(err)
		if held := set.Record.Reservation.Held; len(held) != 1 || held[0].Key.Location != "cuttack" {
			t.Errorf("a warehouse in %s for %s: %+v", names[0], names[1], held)
		}
	}
}

// noted remembers what it was asked to ship.
type noted struct{ parcels []warehouse.Parcel }

func (n *noted) Ship(_ context.Context, r checkout.Record) (checkout.Shipment, error) {
	n.parcels = r.Parcels()
	return checkout.Shipment{ID: "1", Carrier: "India Post", Tracking: "EB1IN"}, nil
}

func (n *noted) FindShipment(context.Context, checkout.Record) (checkout.Shipment, error) {
	return checkout.Shipment{}, checkout.ErrNotFound
}

// TestFulfilmentSeesTheParcels: the nearest place lacks the sari, so all comes from the one that has both.
func TestFulfilmentSeesTheParcels(t *testing.T) {
	shipper := &noted{}
	s := threePlaces(t, warehouse.FewestParcels{Then: warehouse.Nearest{}}, [3]int64{4, 4, 0}, [3]int64{1, 0, 1},
		func(c *checkout.Config) { c.Shipper = shipper })
	s.fill("guest:1", mug, 2)
	s.fill("guest:1", sari, 1)
	r := s.pay(s.place(s.ready("guest:1", payment.MethodRazorpay)))
	s.pass(time.Hour)
	if len(shipper.parcels) != 1 || shipper.parcels[0].Location != "delhi" || len(shipper.parcels[0].Lines) != 2 {
		t.Fatalf("%+v", shipper.parcels)
	}
	if got := s.load(r.ID); got.Shipment == nil || s.at(mug, "delhi").Shipped != 2 || s.at(sari, "delhi").Shipped != 1 {
		t.Fatalf("%+v", s.at(mug, "delhi"))
	}
	s.everywhere()
}

// TestTheLastPieces go to as many shoppers as there are pieces, wherever they are, and to nobody else.
func TestTheLastPieces(t *testing.T) {
	for name, chooser := range map[string]warehouse.Chooser{
		"priority": warehouse.Priority{}, "nearest": warehouse.Nearest{}, "fewest parcels": warehouse.FewestParcels{},
	} {
		t.Run(name, func(t *testing.T) {
			s := threePlaces(t, chooser, [3]int64{1, 2, 1}, [3]int64{})
			s.check(errOf(s.stock.Move(t.Context(), inventory.Move{
				Kind: inventory.Adjust, Lines: []inventory.Held{{Key: keyOf(mug), Quantity: -10}},
			})))
			const shoppers = 12
			owners := make([]cart.Owner, shoppers)
			for i := range owners {
				owners[i] = cart.Owner(fmt.Sprintf("guest:%d", i))
				s.fill(owners[i], mug, 1)
			}
			errs := make([]error, shoppers)
			var wg sync.WaitGroup
			for i, owner := range owners {
				wg.Go(func() { errs[i] = s.buy(owner) })
			}
			wg.Wait()
			bought := 0
			for _, err := range errs {
				if err == nil {
					bought++
				} else if !errors.Is(err, checkout.ErrOutOfStock) {
					t.Errorf("%v", err)
				}
			}
			if bought != 4 {
				t.Errorf("%d bought one of four", bought)
			}
			s.everywhere()
		})
	}
}

// buy goes from the cart to a placed order.
func (s *shop) buy(owner cart.Owner) error {
	ctx := s.t.Context()
	started, err := s.Start(ctx, checkout.StartRequest{Owner: owner})
	if err != nil {
		return err
	}
	id := started.Record.ID
	if _, err := s.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: asha()}); err != nil {
		return err
	}
	r, err := s.ChoosePayment(ctx, owner, id, payment.MethodRazorpay)
	if err != nil {
		return err
	}
	_, err = s.Place(ctx, placeRequest(r))
	return err
}

// took lets somebody else take pieces at a place, whatever is reserved there.
func (s *shop) took(item cart.Item, place inventory.Location, n int64) {
	s.t.Helper()
	key := inventory.Item(item.Stock.Item).At(place)
	s.check(errOf(s.stock.Move(s.t.Context(), inventory.Move{
		Kind: inventory.Allocate, Ref: "chk_other", Lines: []inventory.Held{{Key: key, Quantity: n}},
	})))
}

// TestPlacingFindsAnotherPlace: the place that admitted the shopper has nothing left for the claim that counts.
func TestPlacingFindsAnotherPlace(t *testing.T) {
	s := threePlaces(t, warehouse.Nearest{}, [3]int64{0, 2, 2}, [3]int64{})
	s.fill("guest:1", mug, 2)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	s.took(mug, "bengaluru", 2)
	placed := s.place(ready)
	if got := s.at(mug, "bengaluru"); !slices.Equal(parcels(placed), []inventory.Location{"cuttack"}) || got.Reserved != 0 {
		t.Fatalf("%v, %+v", parcels(placed), got)
	}
	s.fill("guest:2", mug, 1)
	if err := s.buy("guest:2"); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Fatalf("nothing is left anywhere: %v", err)
	}
	s.everywhere()
}

// TestALatePaymentFindsAnotherPlace, after the pieces it had were sold to somebody else.
func TestALatePaymentFindsAnotherPlace(t *testing.T) {
	s := threePlaces(t, warehouse.Nearest{}, [3]int64{0, 2, 2}, [3]int64{})
	r := s.placed("guest:1", mug, 2)
	s.pass(31 * time.Minute)
	s.took(mug, "bengaluru", 1)
	s.check(errOf(s.gateway.Pay(r.Gateway.ID)))
	s.pass(time.Hour)
	if got := s.load(r.ID); got.Status() != checkout.StatusOrdered || !slices.Equal(parcels(got), []inventory.Location{"cuttack"}) {
		t.Fatalf("%s from %v", got.Status(), parcels(got))
	}
	s.everywhere()
}

// TestTheStoresNumberIsLearntOnce, at the place that absorbs it, and not beside pieces that are on a lorry.
func TestTheStoresNumberIsLearntOnce(t *testing.T) {
	front := newFront()
	s := newShop(t, func(c *checkout.Config) {
		c.Warehouses = warehouse.Network{Warehouses: []warehouse.Warehouse{delhi, bengaluru}, Absorbs: "bengaluru"}
		c.Reserver, c.Stock = front, source{}
	})
	s.fill("guest:1", mug, 2)
	started, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
	s.check(err)
	if held := started.Record.Reservation.Held; len(held) != 1 || held[0].Key.Location != "bengaluru" {
		t.Fatalf("%+v", held)
	}
	lorry := inventory.Level{Key: inventory.Item(sari.Stock.Item).At("transit"), OnHand: 10, Policy: inventory.Deny}
	s.check(front.SetLevels(t.Context(), []inventory.Level{lorry}))
	s.fill("guest:2", sari, 1)
	if _, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:2"}); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Fatalf("all saris are on a lorry: %v", err)
	}
}

// mapless is a chooser that cannot say.
type mapless struct{ answer []inventory.Location }

func (l mapless) Choose(context.Context, warehouse.Request) ([]inventory.Location, error) {
	if l.answer == nil {
		return nil, errors.New("the map is away")
	}
	return l.answer, nil
}

func TestAChooserThatFails(t *testing.T) {
	for name, answer := range map[string][]inventory.Location{"error": nil, "unknown": {"pune"}, "twice": {"delhi", "delhi"}} {
		s := threePlaces(t, mapless{answer}, [3]int64{1, 1, 1}, [3]int64{})
		s.fill("guest:1", mug, 1)
		_, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:1"})
		if err == nil || errors.Is(err, checkout.ErrOutOfStock) || s.at(mug, "delhi").Reserved != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatWasNotChosenIsAskedLast, so that a chooser which knows too little costs a parcel, not the sale.
func TestWhatWasNotChosenIsAskedLast(t *testing.T) {
	s := threePlaces(t, mapless{[]inventory.Location{"delhi"}}, [3]int64{1, 2, 0}, [3]int64{})
	r := s.placed("guest:1", mug, 3)
	if got := r.Parcels(); len(got) != 2 || got[0].Location != "delhi" || got[1].Location != "bengaluru" || got[1].Lines[0].Quantity != 2 {
		t.Fatalf("%+v", got)
	}
	s.everywhere()
}

// TestNoLineIsSplit where the shop forbids it.
func TestNoLineIsSplit(t *testing.T) {
	s := threePlaces(t, warehouse.FewestParcels{}, [3]int64{2, 2, 3}, [3]int64{}, func(c *checkout.Config) {
		c.Warehouses.Split = inventory.SplitForbidden
	})
	r := s.placed("guest:1", mug, 3)
	if !slices.Equal(parcels(r), []inventory.Location{"cuttack"}) {
		t.Fatalf("%v", parcels(r))
	}
	s.fill("guest:2", mug, 3)
	if err := s.buy("guest:2"); !errors.Is(err, checkout.ErrOutOfStock) {
		t.Fatalf("four are left, two in each of two places: %v", err)
	}
	s.everywhere()
}

// TestBadWarehouses are refused when the Service is made.
func TestBadWarehouses(t *testing.T) {
	c := newShop(t).config
	c.Warehouses = warehouse.Network{Warehouses: []warehouse.Warehouse{{Location: "new delhi"}}, Absorbs: "pune"}
	if _, err := checkout.New(c); !errors.Is(err, inventory.ErrInvalid) {
		t.Fatalf("%v", err)
	}
}

// TestACartsHoldStaysByName, since the cart's next change replaces it.
func TestACartsHoldStaysByName(t *testing.T) {
	s := threePlaces(t, warehouse.Nearest{}, [3]int64{4, 4, 4}, [3]int64{}, func(c *checkout.Config) {
		c.Policy.ReserveAt = checkout.ReserveAtCart
	})
	c, err := s.carts.Add(t.Context(), "guest:1", mug.Ref, 1)
	s.check(err)
	s.check(s.HoldCart(t.Context(), cart.Cart{}, c.Cart))
	r := s.ready("guest:1", payment.MethodRazorpay)
	if got := s.at(mug, "delhi").Reserved; got != 1 || s.at(mug, "bengaluru").Reserved != 0 {
		t.Fatalf("%d in Delhi, %+v", got, r.Reservation)
	}
}
