package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
)

// seedCommand fills an empty database with the stock that the store has, so that no shopper waits for it. What is known
// already stays as it is: `reconcile` brings it in step.
func seedCommand(ctx context.Context, args []string, env func(string) string, out, logTo io.Writer) error {
	var demo bool
	define := func(set *flag.FlagSet) {
		set.BoolVar(&demo, "demo", false, "make three products and a coupon in the store first; never in a shop that is open")
	}
	if err := flags("seed", args, logTo, define); err != nil {
		return err
	}
	return atWork(ctx, env, logTo, func(s *shop) error {
		if demo {
			if err := s.makeDemo(ctx, out); err != nil {
				return err
			}
		}
		items, err := s.counted(ctx)
		if err != nil {
			return err
		}
		for from := 0; from < len(items); from += inventory.MaxBatch {
			if err := s.checkout.LearnStock(ctx, items[from:min(len(items), from+inventory.MaxBatch)]); err != nil {
				return err
			}
		}
		fmt.Fprintf(out, "the stock of %d items is known\n", len(items))
		return nil
	})
}

// counted lists everything whose pieces the store counts.
func (s *shop) counted(ctx context.Context) ([]inventory.Item, error) {
	var items []inventory.Item
	seen := map[inventory.Item]bool{}
	add := func(stock woo.Stock) {
		if stock.Managed && !seen[stock.Item] {
			seen[stock.Item] = true
			items = append(items, stock.Item)
		}
	}
	for p, err := range s.woo.Products(ctx, woo.ProductFilter{Hidden: true, Variations: true}) {
		if err != nil {
			return nil, err
		}
		add(p.Stock)
		for _, v := range p.Variations {
			add(v.Stock)
		}
	}
	return items, nil
}

// demoGoods are what -demo makes, known by their SKU.
func demoGoods() map[string]rest.ProductChange {
	goods := map[string]rest.ProductChange{}
	for _, g := range []struct {
		sku, name, price string
		pieces           int64
	}{
		{"ANKKOR-DEMO-1", "Demo brass lamp", "1299.00", 100},
		{"ANKKOR-DEMO-2", "Demo cotton scarf", "749.00", 20},
		{"ANKKOR-DEMO-3", "Demo last piece", "4999.00", 1},
	} {
		goods[g.sku] = rest.ProductChange{Name: &g.name, GoodsChange: rest.GoodsChange{
			SKU: &g.sku, RegularPrice: new(rest.AmountOf(decimal.RequireFromString(g.price))), ManageStock: new(true), StockQuantity: &g.pieces,
		}}
	}
	return goods
}

const demoCoupon = "ankkor-demo-10"

// makeDemo makes the demo's products and its coupon, unless they are there.
func (s *shop) makeDemo(ctx context.Context, out io.Writer) error {
	back := rest.New(s.woo)
	for sku, change := range demoGoods() {
		found, err := s.woo.ProductBySKU(ctx, sku)
		if err == nil {
			fmt.Fprintf(out, "product %d is %s already\n", found.ID, sku)
			continue
		}
		made, err := back.Products().Create(ctx, change)
		if err != nil {
			return fmt.Errorf("making %s: %w", sku, err)
		}
		fmt.Fprintf(out, "product %d is %s\n", made.ID, sku)
	}
	for _, err := range back.Coupons().All(ctx, rest.Query{Code: demoCoupon}) {
		return err // it is there, or nobody can say
	}
	_, err := back.Coupons().Create(ctx, rest.CouponChange{
		Code: new(demoCoupon), Type: new("percent"), Amount: new(rest.AmountOf(decimal.NewFromInt(10))),
	})
	return err
}
