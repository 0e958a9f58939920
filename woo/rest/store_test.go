package rest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
	"github.com/ankkor/ankkor/woo/wootest"
)

// openStore starts a store with its own catalogue.
func openStore(t testing.TB) (*wootest.Store, *rest.Client) {
	t.Helper()
	store, err := wootest.New(wootest.Config{TLS: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := woo.New(woo.Config{
		URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), HTTP: store.HTTPClient(),
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return store, rest.New(client)
}

// TestEverythingIsRead: every resource of a whole store, page by page.
func TestEverythingIsRead(t *testing.T) {
	_, shop := openStore(t)
	ctx, all := t.Context(), rest.Query{}
	products, err := shop.Products().Collect(ctx, all)
	check(t, err)
	seen := map[int64]bool{}
	for _, p := range products {
		if seen[p.ID] || p.ID == 0 || p.Name == "" || p.ModifiedAt.IsZero() {
			t.Errorf("%+v", p)
		}
		seen[p.ID] = true
	}
	if len(products) < 20 || !slices.IsSortedFunc(products, func(a, b rest.Product) int { return int(a.ID - b.ID) }) {
		t.Errorf("%d products, or not in order", len(products))
	}
	counts := map[string]func() (int, error){
		"variations": func() (int, error) { v, err := shop.Variations(37).Collect(ctx, all); return len(v), err },
		"all variations": func() (int, error) {
			v, err := shop.AllVariations().Collect(ctx, all)
			return len(v), err
		},
		"countries":  func() (int, error) { v, err := shop.Countries(ctx); return len(v), err },
		"customers":  func() (int, error) { v, err := shop.Customers().Collect(ctx, all); return len(v), err },
		"coupons":    func() (int, error) { v, err := shop.Coupons().Collect(ctx, all); return len(v), err },
		"rates":      func() (int, error) { v, err := shop.TaxRates().Collect(ctx, all); return len(v), err },
		"classes":    func() (int, error) { v, err := shop.TaxClasses(ctx); return len(v), err },
		"zones":      func() (int, error) { v, err := shop.Zones().Collect(ctx, all); return len(v), err },
		"methods":    func() (int, error) { v, err := shop.ZoneMethods(1).Collect(ctx, all); return len(v), err },
		"places":     func() (int, error) { v, err := shop.Places(ctx, 1); return len(v), err },
		"gateways":   func() (int, error) { v, err := shop.Gateways(ctx); return len(v), err },
		"settings":   func() (int, error) { v, err := shop.Settings(ctx, "general"); return len(v), err },
		"categories": func() (int, error) { v, err := shop.Categories().Collect(ctx, all); return len(v), err },
		"states":     func() (int, error) { v, err := shop.Country(ctx, "IN"); return len(v.States), err },
		"version":    func() (int, error) { v, err := shop.Status(ctx); return len(v.Environment.Version), err },
	}
	for name, count := range counts {
		if n, err := count(); err != nil || n == 0 {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
}

// TestOrderAndRefund: an order by hand, a note, and a refund that puts a piece
// back; one that is too much is refused, not unknown.
func TestOrderAndRefund(t *testing.T) {
	store, shop := openStore(t)
	ctx := t.Context()
	before, err := store.Stock(16)
	check(t, err)
	o, err := shop.Orders().Create(ctx, rest.OrderChange{
		PaymentMethod: new("cod"), SetPaid: true, Billing: &rest.Address{FirstName: "Ravi", City: "Bengaluru", State: "KA", Country: "IN"},
		Lines: []rest.LineChange{{ProductID: 16, Quantity: new(int64(2)), Total: new(amount("891.071428")), Subtotal: new(amount("891.071428"))}},
	})
	check(t, err)
	if o.PaidAt.IsZero() || o.Total.String() != "998.00" || o.Billing.City != "Bengaluru" || o.Lines[0].Quantity.String() != "2" {
		t.Fatalf("%+v", o)
	}
	if _, err := shop.Notes(o.ID).Create(ctx, rest.NoteChange{Text: "packed"}); err != nil {
		t.Fatal(err)
	}
	notes, err := shop.Notes(o.ID).Collect(ctx, rest.Query{})
	if err != nil || !slices.ContainsFunc(notes, func(n rest.Note) bool { return n.Text == "packed" && !n.ForCustomer }) {
		t.Errorf("%+v, %v", notes, err)
	}
	r, err := shop.Refund(ctx, o.ID, rest.RefundChange{Amount: amount("499"), Restock: true, Lines: []rest.RefundPart{{Line: o.Lines[0].ID, Quantity: 1, Total: amount("445.54"), Taxes: []rest.RefundPartTax{{Rate: o.Lines[0].Taxes[0].RateID, Total: amount("53.46")}}}}})
	if err != nil || r.Amount.String() != "499.00" {
		t.Errorf("%+v, %v", r, err)
	}
	if now, _ := store.Stock(16); now.Quantity != before.Quantity-1 {
		t.Errorf("stock %d of %d", now.Quantity, before.Quantity)
	}
	_, err = shop.Refund(ctx, o.ID, rest.RefundChange{Amount: amount("5000")})
	checkKind(t, err, woo.Refused)
	if all, err := shop.Refunds(o.ID).Collect(ctx, rest.Query{}); err != nil || len(all) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if list, err := shop.Orders().Collect(ctx, rest.Query{ModifiedFrom: o.CreatedAt.Time}); err != nil || len(list) != 1 {
		t.Errorf("changed since: %d, %v", len(list), err)
	}
	if list, err := shop.Orders().Collect(ctx, rest.Query{ModifiedFrom: time.Now().Add(time.Minute)}); err != nil || len(list) != 0 {
		t.Errorf("changed in the future: %d, %v", len(list), err)
	}
}

// TestStockOfAStore: what is counted is set, what is not is told.
func TestStockOfAStore(t *testing.T) {
	store, shop := openStore(t)
	got, err := shop.SetStock(t.Context(), []rest.Count{
		{Product: 16, Quantity: 7}, {Product: 37, Variation: 38, Quantity: 3}, {Product: 37, Variation: 40, Quantity: 9}, {Product: 17, Quantity: 9}, {Product: 999999, Quantity: 1},
	})
	check(t, err)
	for i, want := range []error{nil, nil, rest.ErrIgnored, rest.ErrIgnored, woo.ErrNotFound} {
		if !errors.Is(got[i].Err, want) {
			t.Errorf("%+v, want %v", got[i], want)
		}
	}
	if mug, _ := store.Stock(16); mug.Quantity != 7 {
		t.Errorf("%+v", mug)
	}
}

// TestPeopleAndCoupons are made, found, changed and removed.
func TestPeopleAndCoupons(t *testing.T) {
	_, shop := openStore(t)
	ctx := t.Context()
	u, err := shop.Customers().Create(ctx, rest.CustomerChange{Email: new("meena@example.test"), Password: new("s3cret-enough"), FirstName: new("Meena"), Billing: &rest.Address{City: "Chennai", State: "TN", Country: "IN", Email: "meena@example.test"}})
	check(t, err)
	u, err = shop.Customers().Update(ctx, u.ID, rest.CustomerChange{Shipping: &rest.Address{City: "Madurai"}})
	if err != nil || u.Shipping.City != "Madurai" || u.Billing.City != "Chennai" {
		t.Errorf("%+v, %v", u, err)
	}
	if found, err := shop.Customers().Collect(ctx, rest.Query{Email: "meena@example.test"}); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
	_, err = shop.Customers().Create(ctx, rest.CustomerChange{Email: new("meena@example.test"), Password: new("x")})
	checkKind(t, err, woo.Refused)
	check(t, shop.Customers().Delete(ctx, u.ID))
	_, err = shop.Customers().Get(ctx, u.ID)
	checkKind(t, err, woo.NotFound)

	until := rest.Time{Time: time.Date(2026, 12, 31, 18, 29, 59, 0, time.UTC)}
	k, err := shop.Coupons().Create(ctx, rest.CouponChange{Code: new("Pongal"), Type: new("percent"), Amount: new(amount("10")), ExpiresAt: &until, UsageLimit: new(int64(3)), Emails: []string{"*@example.test"}})
	if err != nil || k.Code != "pongal" || !k.ExpiresAt.Equal(until.Time) || k.UsageLimit != 3 {
		t.Errorf("%+v, %v", k, err)
	}
	k, err = shop.Coupons().Update(ctx, k.ID, rest.CouponChange{ExpiresAt: &rest.Time{}, UsageLimit: new(int64(0))})
	if err != nil || !k.ExpiresAt.IsZero() || k.UsageLimit != 0 {
		t.Errorf("%+v, %v", k, err)
	}
	check(t, shop.Coupons().Trash(ctx, k.ID))
	check(t, shop.Coupons().Trash(ctx, k.ID))
	check(t, shop.Coupons().Delete(ctx, k.ID))
}

// TestWebhooksOfAStore: one that the store switched off is switched on again.
func TestWebhooksOfAStore(t *testing.T) {
	_, shop := openStore(t)
	ctx := t.Context()
	hook, err := shop.Webhooks().Create(ctx, rest.WebhookChange{Name: new("stock"), Topic: new("product.updated"), DeliveryURL: new("https://shop.example/hook"), Secret: new(woo.NewSecret("whsec-0123456789"))})
	check(t, err)
	off, err := shop.Webhooks().Update(ctx, hook.ID, rest.WebhookChange{Status: new("disabled")})
	if err != nil || off.Status != "disabled" {
		t.Errorf("%+v, %v", off, err)
	}
	on, err := shop.Enable(ctx, hook.ID)
	if err != nil || on.Status != "active" || on.Topic != "product.updated" {
		t.Errorf("%+v, %v", on, err)
	}
	check(t, shop.Webhooks().Delete(ctx, hook.ID))
	if all, err := shop.Webhooks().Collect(ctx, rest.Query{}); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

// TestCatalogueByBatch: made, changed and removed, each with its outcome.
func TestCatalogueByBatch(t *testing.T) {
	_, shop := openStore(t)
	ctx := t.Context()
	var b rest.Batch[rest.ProductChange]
	for i := range 3 {
		p := rest.ProductChange{Name: new(fmt.Sprint("Diya ", i)), GoodsChange: rest.GoodsChange{SKU: new(fmt.Sprint("DIYA-", i)), RegularPrice: new(amount("33.33")), ManageStock: new(true), StockQuantity: new(int64(5))}}
		b.Create = append(b.Create, p)
	}
	b.Create = append(b.Create, rest.ProductChange{Name: new("again"), GoodsChange: rest.GoodsChange{SKU: new("DIYA-0")}})
	done, err := shop.Products().Batch(ctx, b)
	check(t, err)
	var refused *rest.ItemError
	if !errors.As(done.Created[3].Err, &refused) || refused.Code != "product_invalid_sku" {
		t.Errorf("%+v", done.Created[3])
	}
	next := rest.Batch[rest.ProductChange]{Delete: []int64{done.Created[2].ID, 999999}}
	next.Update = append(next.Update, rest.ItemChange[rest.ProductChange]{ID: done.Created[0].ID, Change: rest.ProductChange{GoodsChange: rest.GoodsChange{SalePrice: new(amount("30"))}}})
	then, err := shop.Products().Batch(ctx, next)
	check(t, err)
	if p := then.Updated[0].Value; !p.OnSale || p.Price.String() != "30" || !errors.Is(then.Deleted[1].Err, woo.ErrNotFound) {
		t.Errorf("%+v, %+v", p, then.Deleted)
	}
}
