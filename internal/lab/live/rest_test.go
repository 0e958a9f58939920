package live_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

func restAmount(s string) *rest.Amount { return new(rest.AmountOf(decimal.RequireFromString(s))) }

// TestRESTCatalogue makes, prices, counts, lists and removes a product, its
// variations and batches of them.
func TestRESTCatalogue(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		shop, ctx, sku := rest.New(s.client), t.Context(), "REST-"+s.mark
		begun := time.Now().Add(-time.Minute)
		made, err := shop.Products().Create(ctx, rest.ProductChange{
			Name: new("Diya " + s.mark), GoodsChange: rest.GoodsChange{SKU: new(sku), RegularPrice: restAmount("33.33"), ManageStock: new(true), StockQuantity: new(int64(5))},
		})
		s.check(err)
		t.Cleanup(func() { s.check(shop.Products().Delete(afterwards(t), made.ID)) })
		sale := rest.GoodsChange{SalePrice: restAmount("30"), SaleTo: &rest.Time{Time: time.Now().Add(time.Hour)}}
		p, err := shop.Products().Update(ctx, made.ID, rest.ProductChange{GoodsChange: sale})
		if err != nil || p.Price.String() != "30" || !p.OnSale || p.SaleTo.IsZero() || p.StockQuantity.String() != "5" || p.Managed != rest.ByItself {
			t.Errorf("%+v, %v", p.Goods, err)
		}
		p, err = shop.Products().Update(ctx, made.ID, rest.ProductChange{GoodsChange: rest.GoodsChange{SalePrice: &rest.Amount{}, SaleTo: &rest.Time{}, ManageStock: new(false)}})
		if err != nil || p.OnSale || !p.SaleTo.IsZero() || p.SalePrice.Valid || p.Managed != rest.Unmanaged {
			t.Errorf("the sale is over: %+v, %v", p.Goods, err)
		}
		_, err = shop.Products().Update(ctx, made.ID, rest.ProductChange{GoodsChange: rest.GoodsChange{StockQuantity: new(int64(9))}})
		if !errors.Is(err, rest.ErrIgnored) {
			t.Errorf("counted although nobody counts: %v", err)
		}
		found, err := shop.Products().Collect(ctx, rest.Query{SKU: []string{sku}})
		if err != nil || len(found) != 1 || found[0].ID != made.ID {
			t.Errorf("found %d, %v", len(found), err)
		}
		changed, err := shop.Products().Collect(ctx, rest.Query{ModifiedFrom: begun})
		if err != nil || !slices.ContainsFunc(changed, func(p rest.Product) bool { return p.ID == made.ID }) {
			t.Errorf("changed since: %d, %v", len(changed), err)
		}
		if none, err := shop.Products().Collect(ctx, rest.Query{ModifiedFrom: time.Now().Add(time.Hour)}); err != nil || len(none) != 0 {
			t.Errorf("changed in an hour: %d, %v", len(none), err)
		}
	})
}

// TestRESTStock sets what is counted and tells what is not.
func TestRESTStock(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		g := s.stockGoods()
		shop := rest.New(s.client)
		got, err := shop.SetStock(t.Context(), []rest.Count{
			{Product: g.mug.ref.ProductID, Quantity: 7}, {Product: g.kurtaID, Variation: g.kurtaOwn.ref.VariationID, Quantity: 3},
			{Product: g.kurtaID, Variation: g.kurta.ref.VariationID, Quantity: 9}, {Product: 99_999_999, Quantity: 1},
		})
		s.check(err)
		for i, want := range []error{nil, nil, rest.ErrIgnored, woo.ErrNotFound} {
			if !errors.Is(got[i].Err, want) {
				t.Errorf("%+v, want %v", got[i], want)
			}
		}
		if mug, kurta := s.keeper.stock(g.mug), s.keeper.stock(g.kurtaOwn); mug != 7 || kurta != 3 {
			t.Errorf("the shelf has %d and %d", mug, kurta)
		}
	})
}

// TestRESTPeopleAndCoupons: made, found, changed, refused and removed.
func TestRESTPeopleAndCoupons(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		shop, ctx := rest.New(s.client), t.Context()
		email := "rest-" + s.mark + "@example.test"
		u, err := shop.Customers().Create(ctx, rest.CustomerChange{Email: &email, Password: new("s3cret-" + s.mark), Billing: &rest.Address{City: "Chennai", State: "TN", Country: "IN", Email: email}})
		s.check(err)
		t.Cleanup(func() { s.check(shop.Customers().Delete(afterwards(t), u.ID)) })
		if _, err := shop.Customers().Create(ctx, rest.CustomerChange{Email: &email, Password: new("x")}); !errors.Is(err, woo.ErrRefused) {
			t.Errorf("twice: %v", err)
		}
		found, err := shop.Customers().Collect(ctx, rest.Query{Email: email})
		if err != nil || len(found) != 1 || found[0].Billing.City != "Chennai" || found[0].CreatedAt.IsZero() {
			t.Errorf("%+v, %v", found, err)
		}
		until := rest.Time{Time: time.Date(2030, 12, 31, 18, 29, 59, 0, time.UTC)}
		k, err := shop.Coupons().Create(ctx, rest.CouponChange{Code: new("REST-" + s.mark), Type: new("percent"), Amount: restAmount("10"), ExpiresAt: &until, UsageLimit: new(int64(3))})
		s.check(err)
		t.Cleanup(func() { s.check(shop.Coupons().Delete(afterwards(t), k.ID)) })
		if k.Code != "rest-"+s.mark || !k.ExpiresAt.Equal(until.Time) || k.UsageLimit != 3 || k.Amount.String() != "10.00" {
			t.Errorf("%+v", k)
		}
		k, err = shop.Coupons().Update(ctx, k.ID, rest.CouponChange{ExpiresAt: &rest.Time{}, UsageLimit: new(int64(0))})
		if err != nil || !k.ExpiresAt.IsZero() || k.UsageLimit != 0 {
			t.Errorf("%+v, %v", k, err)
		}
		if _, err := shop.Coupons().Update(ctx, k.ID, rest.CouponChange{Amount: restAmount("150")}); !errors.Is(err, woo.ErrRefused) {
			t.Errorf("more than all: %v", err)
		}
	})
}

// TestRESTOrderAndRefund: an order by hand, a note, a refund that puts a piece
// back, and one that is refused.
func TestRESTOrderAndRefund(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		g := s.stockGoods()
		shop, ctx := rest.New(s.client), t.Context()
		before := s.keeper.stock(g.mug)
		o, err := shop.Orders().Create(ctx, rest.OrderChange{
			PaymentMethod: new("bacs"), SetPaid: true, Billing: &rest.Address{FirstName: "Ravi", City: "Bengaluru", State: "KA", Country: "IN", Email: "ravi@example.test"},
			Lines: []rest.LineChange{{ProductID: g.mug.ref.ProductID, Quantity: new(int64(2))}},
		})
		s.check(err)
		t.Cleanup(func() { s.keeper.clear(o.ID) })
		if o.PaidAt.IsZero() || s.keeper.stock(g.mug) != before-2 {
			t.Errorf("%+v, stock %d", o, s.keeper.stock(g.mug))
		}
		_, err = shop.Notes(o.ID).Create(ctx, rest.NoteChange{Text: "packed " + s.mark})
		s.check(err)
		notes, err := shop.Notes(o.ID).Collect(ctx, rest.Query{})
		if err != nil || !slices.ContainsFunc(notes, func(n rest.Note) bool { return n.Text == "packed "+s.mark }) {
			t.Errorf("%d notes, %v", len(notes), err)
		}
		line := o.Lines[0]
		r, err := shop.Refund(ctx, o.ID, rest.RefundChange{Amount: *restAmount("100"), Reason: "chipped", Restock: true, Lines: []rest.RefundPart{{Line: line.ID, Quantity: 1, Total: *restAmount("100")}}})
		if err != nil || r.Amount.String() != "100.00" || r.ByGateway || s.keeper.stock(g.mug) != before-1 {
			t.Errorf("%+v, %v, stock %d", r, err, s.keeper.stock(g.mug))
		}
		if _, err := shop.Refund(ctx, o.ID, rest.RefundChange{Amount: *restAmount("99999")}); !errors.Is(err, woo.ErrRefused) || errors.Is(err, woo.ErrUnknown) {
			t.Errorf("too much: %v", err)
		}
		if all, err := shop.Refunds(o.ID).Collect(ctx, rest.Query{}); err != nil || len(all) != 1 {
			t.Errorf("%d refunds, %v", len(all), err)
		}
	})
}

// TestRESTShop reads what a shop is made of.
func TestRESTShop(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		shop, ctx, all := rest.New(s.client), t.Context(), rest.Query{}
		counts := map[string]func() (int, error){
			"products": func() (int, error) { v, err := shop.Products().Collect(ctx, all); return len(v), err },
			"orders": func() (int, error) {
				_, err := shop.Orders().Collect(ctx, rest.Query{CreatedFrom: time.Now().Add(-time.Minute)})
				return 1, err
			},
			"customers": func() (int, error) {
				v, err := shop.Customers().Collect(ctx, rest.Query{Role: "all"})
				return len(v), err
			},
			"coupons":  func() (int, error) { v, err := shop.Coupons().Collect(ctx, all); return len(v), err },
			"rates":    func() (int, error) { v, err := shop.TaxRates().Collect(ctx, all); return len(v), err },
			"classes":  func() (int, error) { v, err := shop.TaxClasses(ctx); return len(v), err },
			"zones":    func() (int, error) { v, err := shop.Zones().Collect(ctx, all); return len(v), err },
			"methods":  func() (int, error) { v, err := shop.ZoneMethods(1).Collect(ctx, all); return len(v), err },
			"places":   func() (int, error) { v, err := shop.Places(ctx, 1); return len(v), err },
			"gateways": func() (int, error) { v, err := shop.Gateways(ctx); return len(v), err },
			"general":  func() (int, error) { v, err := shop.Settings(ctx, "general"); return len(v), err },
			"tax":      func() (int, error) { v, err := shop.Settings(ctx, "tax"); return len(v), err },
			"states":   func() (int, error) { v, err := shop.Country(ctx, "IN"); return len(v.States), err },
			"version":  func() (int, error) { v, err := shop.Status(ctx); return len(v.Environment.Version), err },
		}
		for name, count := range counts {
			if n, err := count(); err != nil || n == 0 {
				t.Error(fmt.Sprint(name, ": "), n, err)
			}
		}
	})
}
