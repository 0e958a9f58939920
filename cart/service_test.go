package cart_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
)

func TestNewServiceReportsEveryMistake(t *testing.T) {
	_, err := cart.NewService(cart.Config{Attempts: -1, Limits: cart.Limits{MaxLines: -1}})
	if !errors.Is(err, cart.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
	for _, field := range []string{"Store", "Catalog", "Attempts", "Limits.MaxLines"} {
		if !strings.Contains(err.Error(), field+" ") {
			t.Errorf("%s is not reported in:\n%v", field, err)
		}
	}
}

func TestAnOwnerWithoutACartHasAnEmptyOne(t *testing.T) {
	s := newShop(t)
	v := s.view(guest)
	if !v.Cart.IsEmpty() || v.Cart.Version != 0 || v.Cart.Owner != guest || !v.Subtotal.IsZero() || v.Currency != "" {
		t.Errorf("view %+v", v)
	}
	if _, err := s.Remove(t.Context(), guest, "nothing"); err != nil {
		t.Errorf("Remove: %v", err)
	}
	if _, err := s.Clear(t.Context(), guest); err != nil {
		t.Errorf("Clear: %v", err)
	}
	if _, err := s.Acknowledge(t.Context(), guest); err != nil {
		t.Errorf("Acknowledge: %v", err)
	}
	if s.stored(guest).Version != 0 {
		t.Error("looking at a cart stored one")
	}
}

func TestEveryMethodOfTheService(t *testing.T) {
	s, ctx := newShop(t), t.Context()
	steps := []struct {
		name string
		do   func() (cart.View, error)
		want map[int64]int64
	}{
		{"Add", func() (cart.View, error) { return s.Add(ctx, guest, product(1), 2) }, map[int64]int64{1: 2}},
		{"Add again", func() (cart.View, error) { return s.Add(ctx, guest, product(1), 3) }, map[int64]int64{1: 5}},
		{"Add another", func() (cart.View, error) { return s.Add(ctx, guest, product(2), 1) }, map[int64]int64{1: 5, 2: 1}},
		{"SetQuantity", func() (cart.View, error) { return s.SetQuantity(ctx, guest, product(1).Key(), 1) }, map[int64]int64{1: 1, 2: 1}},
		{"ApplyCoupon", func() (cart.View, error) { return s.ApplyCoupon(ctx, guest, "Diwali") }, map[int64]int64{1: 1, 2: 1}},
		{"SetNote", func() (cart.View, error) { return s.SetNote(ctx, guest, "ring twice") }, map[int64]int64{1: 1, 2: 1}},
		{"Remove", func() (cart.View, error) { return s.Remove(ctx, guest, product(1).Key()) }, map[int64]int64{2: 1}},
		{"RemoveCoupon", func() (cart.View, error) { return s.RemoveCoupon(ctx, guest, "DIWALI") }, map[int64]int64{2: 1}},
		{"Clear", func() (cart.View, error) { return s.Clear(ctx, guest) }, map[int64]int64{}},
	}
	for i, step := range steps {
		v, err := step.do()
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		wantQuantities(t, v.Cart, step.want)
		if v.Cart.Version != int64(i+1) || !cmp.Equal(v.Cart, s.stored(guest)) {
			t.Errorf("%s: version %d, stored %+v, shown %+v", step.name, v.Cart.Version, s.stored(guest), v.Cart)
		}
		if step.name == "SetNote" && (v.Cart.Note != "ring twice" || !cmp.Equal(v.Cart.Coupons, []string{"diwali"})) {
			t.Errorf("coupons %v, note %q", v.Cart.Coupons, v.Cart.Note)
		}
	}
	if c := s.stored(guest); c.ID == "" || c.Note != "" || !c.UpdatedAt.Equal(start) {
		t.Errorf("stored %+v", c)
	}
}

func TestWhatTheServiceRefuses(t *testing.T) {
	tests := map[string]struct {
		before []cart.Change
		change cart.Change
		want   error
		field  string
	}{
		"gone":                         {nil, add(product(99), 1), cart.ErrNotForSale, ""},
		"not purchasable":              {nil, add(product(4), 1), cart.ErrNotForSale, ""},
		"without price":                {nil, add(product(5), 1), cart.ErrNotForSale, ""},
		"parent without its variation": {nil, add(product(8), 1), cart.ErrNotForSale, ""},
		"sold out":                     {nil, add(product(7), 1), cart.ErrInsufficientStock, ""},
		"more than there is":           {nil, add(product(2), 6), cart.ErrInsufficientStock, ""},
		"more than there is, in sum":   {[]cart.Change{add(product(2), 3)}, add(product(2), 3), cart.ErrInsufficientStock, ""},
		"set more than there is":       {[]cart.Change{add(product(2), 3)}, set(product(2).Key(), 6), cart.ErrInsufficientStock, ""},
		"the last pieces, shared":      {[]cart.Change{add(variation(81), 4)}, add(variation(82), 3), cart.ErrInsufficientStock, ""},
		"shared by custom data":        {[]cart.Change{add(product(2), 4)}, add(cart.ItemRef{ProductID: 2, Data: texts{"a": "b"}}, 2), cart.ErrInsufficientStock, ""},
		"sold individually, two":       {nil, add(product(3), 2), cart.ErrInvalid, "quantity"},
		"sold individually, again":     {[]cart.Change{add(product(3), 1)}, add(product(3), 1), cart.ErrInvalid, "quantity"},
		"sold individually, set":       {[]cart.Change{add(product(3), 1)}, set(product(3).Key(), 2), cart.ErrInvalid, "quantity"},
		"no such line":                 {[]cart.Change{add(product(1), 1)}, set(product(2).Key(), 1), cart.ErrLineNotFound, ""},
		"quantity 0":                   {nil, add(product(1), 0), cart.ErrInvalid, "quantity"},
		"quantity largest":             {[]cart.Change{add(product(1), 1)}, add(product(1), math.MaxInt64), cart.ErrInvalid, "quantity"},
		"line 201":                     {nil, cart.Change{Op: cart.OpAdd}, cart.ErrInvalid, "product_id"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			s.do(guest, tt.before...)
			before := s.stored(guest)
			_, err := s.Do(t.Context(), guest, tt.change)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if tt.field != "" {
				wantInvalid(t, err, tt.field)
			}
			if diff := cmp.Diff(before, s.stored(guest)); diff != "" {
				t.Errorf("a refused change was written:\n%s", diff)
			}
		})
	}
}

func TestRefusalsCarryTheFacts(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(variation(81), 4))
	_, err := s.Add(t.Context(), guest, variation(82), 3)
	var short *cart.StockError
	if !errors.As(err, &short) || short.Want != 7 || short.Have != 6 || !short.Ref.Equal(variation(82)) {
		t.Errorf("got %v, want a *StockError: want 7, have 6", err)
	}
	_, err = s.Add(t.Context(), guest, product(5), 1)
	var closed *cart.NotForSaleError
	if !errors.As(err, &closed) || closed.Status != cart.StatusNoPrice {
		t.Errorf("got %v, want a *NotForSaleError: no price", err)
	}
	if _, err = s.Add(t.Context(), guest, product(99), 1); !errors.As(err, &closed) || closed.Status != cart.StatusGone {
		t.Errorf("got %v, want a *NotForSaleError: gone", err)
	}
}

func TestBackordersAreNotLimited(t *testing.T) {
	s := newShop(t)
	v := s.do(guest, add(product(6), 500))
	if len(v.Notices) != 0 || v.Subtotal.String() != "49950" {
		t.Errorf("notices %+v, subtotal %s", v.Notices, v.Subtotal)
	}
}

// When stock fell below what a line asks for, taking less is allowed even if it is still too much.
func TestFewerPiecesAreAlwaysAllowed(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(2), 5))
	s.catalog.SetStock("product:2", 1)
	v := s.do(guest, set(product(2).Key(), 3))
	if len(v.Notices) != 1 || v.Notices[0].Have != 1 {
		t.Errorf("notices %+v", v.Notices)
	}
	if _, err := s.SetQuantity(t.Context(), guest, product(2).Key(), 4); !errors.Is(err, cart.ErrInsufficientStock) {
		t.Errorf("more pieces: %v, want ErrInsufficientStock", err)
	}
}

// What is gone takes no stock from what is not.
func TestGoneLinesTakeNoStock(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(variation(81), 4))
	s.catalog.SetStatus(variation(81), cart.StatusGone)
	wantQuantities(t, s.do(guest, add(variation(82), 6)).Cart, map[int64]int64{8: 6})
}

func TestOwnersAreKeptApart(t *testing.T) {
	s := newShop(t)
	s.do(guest, add(product(1), 2))
	key := product(1).Key()
	if v := s.view(customer); !v.Cart.IsEmpty() {
		t.Errorf("another owner sees %+v", v.Cart)
	}
	if _, err := s.SetQuantity(t.Context(), customer, key, 1); !errors.Is(err, cart.ErrLineNotFound) {
		t.Errorf("another owner's line: %v, want ErrLineNotFound", err)
	}
	if _, err := s.Remove(t.Context(), customer, key); err != nil || s.stored(guest).IsEmpty() {
		t.Errorf("another owner removed the line (%v)", err)
	}
	for _, owner := range []cart.Owner{"", "a b", cart.Owner(strings.Repeat("x", 201))} {
		_, err := s.View(t.Context(), owner)
		wantInvalid(t, err, "owner")
		_, err = s.Add(t.Context(), owner, product(1), 1)
		wantInvalid(t, err, "owner")
	}
}

// A hundred simultaneous Adds are a hundred pieces; and a change that a hundred requests carry is made once.
func TestConcurrentAddsLoseNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		var group sync.WaitGroup
		for i := range 100 {
			group.Go(func() {
				if _, err := s.Add(t.Context(), guest, product(1), 1); err != nil {
					t.Error(err)
				}
			})
			if i%2 == 0 {
				group.Go(func() {
					if _, err := s.Do(t.Context(), guest, withID("once", add(product(2), 1))); err != nil {
						t.Error(err)
					}
				})
			}
		}
		group.Wait()
		wantQuantities(t, s.stored(guest), map[int64]int64{1: 100, 2: 1})
	})
}

// rival saves a change of its own before each save of the service.
type rival struct {
	*memstore.Carts
	left int
}

func (r *rival) Save(ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	if r.left > 0 {
		r.left--
		mine, err := r.Load(ctx, c.Owner)
		if err != nil {
			mine = cart.Cart{ID: "RIVAL", Owner: c.Owner}
		}
		next, err := cart.Apply(mine, add(product(2), 1), cart.Limits{})
		if err != nil {
			return cart.Cart{}, err
		}
		if _, err := r.Carts.Save(ctx, next, mine.Version); err != nil {
			return cart.Cart{}, err
		}
	}
	return r.Carts.Save(ctx, c, expected)
}

func TestALostRaceIsTriedAgainOnTheWinnersCart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		carts := memstore.NewCarts()
		s := shopOn(t, carts, &rival{carts, 4}, nil)
		v := s.do(guest, add(product(1), 1))
		wantQuantities(t, v.Cart, map[int64]int64{1: 1, 2: 4})
		if v.Cart.ID != "RIVAL" || v.Cart.Version != 5 {
			t.Errorf("cart %s, version %d, want the rival's, 5", v.Cart.ID, v.Cart.Version)
		}
	})
}

func TestAttemptsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		carts := memstore.NewCarts()
		store := &rival{carts, math.MaxInt}
		service, err := cart.NewService(cart.Config{Store: store, Catalog: memstore.NewCatalog(items()...), Attempts: 5})
		if err != nil {
			t.Fatal(err)
		}
		_, err = service.Add(t.Context(), guest, product(1), 1)
		var lost *cart.ConflictError
		if !errors.As(err, &lost) || lost.Current.Version != 5 || math.MaxInt-store.left != 5 {
			t.Errorf("got %v after %d attempts, want a conflict after 5", err, math.MaxInt-store.left)
		}
	})
}

func TestAnEndedContextWritesNothing(t *testing.T) {
	carts := memstore.NewCarts()
	store := &crashing{Store: carts}
	s := shopOn(t, carts, store, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Add(ctx, guest, product(1), 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Add: %v", err)
	}
	if _, _, err := s.Merge(ctx, guest, customer, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("Merge: %v", err)
	}
	if store.calls != 0 {
		t.Errorf("the store was called %d times", store.calls)
	}
}

// The service gives up waiting for other writers when its context ends.
func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		carts := memstore.NewCarts()
		s := shopOn(t, carts, cancelling{&rival{carts, math.MaxInt}, cancel}, nil)
		if _, err := s.Add(ctx, guest, product(1), 1); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	})
}

// cancelling ends the caller's context with each save.
type cancelling struct {
	cart.Store
	cancel func()
}

func (c cancelling) Save(ctx context.Context, next cart.Cart, expected int64) (cart.Cart, error) {
	defer c.cancel()
	return c.Store.Save(ctx, next, expected)
}

func TestABrokenCatalogueSellsNothing(t *testing.T) {
	down := errors.New("catalogue is down")
	good := items()[0]
	renamed, dollars, negative, unnamed := good, good, good, good
	renamed.Ref = product(2)
	dollars.Ref, dollars.Currency, dollars.Status, dollars.Purchasable = product(2), "USD", cart.StatusOK, true
	negative.UnitPrice = negative.UnitPrice.Neg()
	unnamed.Purchasable = true // but no status
	tests := map[string]struct {
		answer catalogFunc
		want   error
	}{
		"error":          {func([]cart.ItemRef) ([]cart.Item, error) { return nil, down }, down},
		"nothing":        {func([]cart.ItemRef) ([]cart.Item, error) { return nil, nil }, cart.ErrCatalog},
		"another item":   {func([]cart.ItemRef) ([]cart.Item, error) { return []cart.Item{renamed}, nil }, cart.ErrCatalog},
		"negative price": {func([]cart.ItemRef) ([]cart.Item, error) { return []cart.Item{negative}, nil }, cart.ErrCatalog},
		"no status":      {func([]cart.ItemRef) ([]cart.Item, error) { return []cart.Item{unnamed}, nil }, cart.ErrNotForSale},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := shopOn(t, memstore.NewCarts(), nil, tt.answer)
			if _, err := s.Add(t.Context(), guest, product(1), 1); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if s.stored(guest).Version != 0 {
				t.Error("a cart was written")
			}
		})
	}
	t.Run("two currencies", func(t *testing.T) {
		s := newShop(t)
		s.do(guest, add(product(1), 1), add(product(2), 1))
		s.catalog.Put(dollars)
		if _, err := s.View(t.Context(), guest); !errors.Is(err, cart.ErrCatalog) {
			t.Errorf("got %v, want ErrCatalog", err)
		}
	})
}

// All attempts of a change judge by one answer of the catalogue.
func TestTheCatalogueIsAskedOncePerItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		carts, asked := memstore.NewCarts(), 0
		known := memstore.NewCatalog(items()...)
		s := shopOn(t, carts, &rival{carts, 3}, catalogFunc(func(refs []cart.ItemRef) ([]cart.Item, error) {
			asked += len(refs)
			return known.Items(t.Context(), refs)
		}))
		s.do(guest, add(product(1), 1))
		if asked != 2 { // its own item, and the rival's
			t.Errorf("the catalogue was asked for %d items, want 2", asked)
		}
	})
}
