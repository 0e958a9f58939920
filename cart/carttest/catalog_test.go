package carttest_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/cart/carttest"
	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// known are the items of the sound catalogue.
func known() []cart.Item {
	tea := cart.Item{
		Ref: cart.ItemRef{ProductID: 101}, Status: cart.StatusOK, Purchasable: true, Name: "Assam tea",
		UnitPrice: decimal.RequireFromString("499"), Currency: pricing.INR, CategoryIDs: []int64{3, 4},
		Stock: cart.Stock{Item: "product:101", Managed: true, Quantity: 5, InStock: true},
	}
	shirt := cart.Item{
		Ref: cart.ItemRef{ProductID: 120, VariationID: 123}, Status: cart.StatusOK, Purchasable: true, ParentID: 120,
		Name: "Shirt, L", UnitPrice: decimal.RequireFromString("1299.00"), Currency: pricing.INR, CategoryIDs: []int64{5},
	}
	bag := cart.Item{Ref: cart.ItemRef{ProductID: 77}, Status: cart.StatusNoPrice, Name: "Bag", Currency: pricing.INR}
	return []cart.Item{tea, shirt, bag}
}

// answer is a sound catalogue's answer, which the faults below work on.
func answer(refs []cart.ItemRef) []cart.Item {
	items := make([]cart.Item, 0, len(refs))
	for _, ref := range refs {
		item := cart.Item{Ref: ref, Status: cart.StatusGone}
		for _, k := range known() {
			if k.Ref.ProductID == ref.ProductID && k.Ref.VariationID == ref.VariationID {
				item = k
				item.Ref = ref
			}
		}
		items = append(items, item)
	}
	return items
}

// catalogue is made of a function.
type catalogue func(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error)

func (c catalogue) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	return c(ctx, refs)
}

// sound is a catalogue that answers, or says that the context has ended.
func sound(change func(items []cart.Item) []cart.Item) func() catalogue {
	return func() catalogue {
		return func(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return change(answer(refs)), nil
		}
	}
}

func unchanged(items []cart.Item) []cart.Item { return items }

func runCatalog(t *testing.T, fresh func() catalogue) {
	carttest.RunCatalog(t, func(testing.TB) carttest.CatalogHarness {
		return carttest.CatalogHarness{
			Catalog: fresh(), Known: known(), Gone: []cart.ItemRef{{ProductID: 404}, {ProductID: 120, VariationID: 404}},
		}
	})
}

func TestASoundCatalogPasses(t *testing.T) { runCatalog(t, sound(unchanged)) }

func TestRunCatalogRejects(t *testing.T) {
	for name, tt := range catalogFaults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, tt.promise, func(t *testing.T) { runCatalog(t, tt.fresh) })
		})
	}
}

// catalogFault is a fault and the promise it breaks.
type catalogFault struct {
	promise string
	fresh   func() catalogue
}

func catalogFaults() map[string]catalogFault {
	return map[string]catalogFault{
		"sorts":                   {"items come in the order of the refs", sound(sorts)},
		"answers each once":       {"a ref asked for twice is answered twice", sound(once)},
		"leaves out what is gone": {"what does not exist is gone", sound(leavesOut)},
		"fails for what is gone":  {"what does not exist is gone", func() catalogue { return failsForGone }},
		"one gone, all gone":      {"what is gone disturbs no other", sound(allGone)},
		"a wrong price":           {"an item is what the store has", sound(wrongPrice)},
		"a forgotten status":      {"every item has a status", sound(noStatus)},
		"its own ref":             {"the ref in the answer is the one asked for", sound(ownRef)},
		"the price from the ref":  {"nothing else in an item comes from the ref", sound(priceFromRef)},
		"a hundred at most":       {"a full cart is one call", sound(func(i []cart.Item) []cart.Item { return i[:min(len(i), 100)] })},
		"sorts the refs":          {"the refs are left alone", func() catalogue { return sortsRefs }},
		"one list for all":        {"answers share no memory", sharedList},
		"refuses no refs":         {"no refs are no items", func() catalogue { return refusesNone }},
		"does not look at ctx":    {"an ended context is an error", func() catalogue { return answersAlways }},
		"one answer at a time":    {"callers at the same time get their own answers", mixesUp},
	}
}

func sorts(items []cart.Item) []cart.Item {
	slices.SortStableFunc(items, func(a, b cart.Item) int { return int(a.Ref.ProductID - b.Ref.ProductID) })
	return items
}

func once(items []cart.Item) []cart.Item {
	return slices.CompactFunc(items, func(a, b cart.Item) bool { return a.Ref.Equal(b.Ref) })
}

func leavesOut(items []cart.Item) []cart.Item {
	return slices.DeleteFunc(items, func(i cart.Item) bool { return i.Status == cart.StatusGone })
}

func failsForGone(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	items := answer(refs)
	if len(leavesOut(slices.Clone(items))) != len(items) {
		return nil, errors.New("no such product")
	}
	return items, ctx.Err()
}

func allGone(items []cart.Item) []cart.Item {
	if len(leavesOut(slices.Clone(items))) != len(items) {
		for i := range items {
			items[i] = cart.Item{Ref: items[i].Ref, Status: cart.StatusGone}
		}
	}
	return items
}

func wrongPrice(items []cart.Item) []cart.Item {
	for i := range items {
		items[i].UnitPrice = items[i].UnitPrice.Truncate(0).Add(decimal.New(1, -2))
	}
	return items
}

func noStatus(items []cart.Item) []cart.Item {
	for i := range items {
		if items[i].Status == cart.StatusNoPrice {
			items[i].Status = ""
		}
	}
	return items
}

func ownRef(items []cart.Item) []cart.Item {
	for i := range items {
		items[i].Ref.Attributes, items[i].Ref.Data = nil, nil
	}
	return items
}

func priceFromRef(items []cart.Item) []cart.Item {
	for i := range items {
		if price, ok := items[i].Ref.Data["price"]; ok {
			items[i].UnitPrice = decimal.RequireFromString(price)
		}
	}
	return items
}

func sortsRefs(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	items := answer(refs)
	slices.SortFunc(refs, func(a, b cart.ItemRef) int { return int(a.ProductID - b.ProductID) })
	return items, ctx.Err()
}

// sharedList hands out its own list of categories.
func sharedList() catalogue {
	mine := known()
	return func(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
		items := answer(refs)
		for i := range items {
			if items[i].Ref.ProductID == 101 {
				items[i].CategoryIDs = mine[0].CategoryIDs
			}
		}
		return items, ctx.Err()
	}
}

func refusesNone(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	if len(refs) == 0 {
		return nil, errors.New("nothing was asked for")
	}
	return answer(refs), ctx.Err()
}

func answersAlways(_ context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	return answer(refs), nil
}

// mixesUp hands every caller the answer to whoever asked last.
func mixesUp() catalogue {
	var mu sync.Mutex
	var last []cart.Item
	return func(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
		mine := answer(refs)
		if len(mine) != 1 {
			return mine, ctx.Err()
		}
		mu.Lock()
		defer mu.Unlock()
		theirs := last
		last = mine
		if theirs == nil {
			return mine, ctx.Err()
		}
		return theirs, ctx.Err()
	}
}
