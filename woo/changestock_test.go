package woo_test

import (
	"errors"
	"testing"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

func TestAdjustStock(t *testing.T) {
	store, client := openStore(t, wootest.Config{TLS: true})
	changes := woo.NewChanges(client)
	for item, id := range map[inventory.Item]int64{"product:16": 16, "variation:43": 43} {
		if err := store.SetStock(id, 9); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct{ by, want int64 }{{-3, 6}, {4, 10}, {-12, -2}} {
			got, err := changes.AdjustStock(t.Context(), item, step.by)
			if err != nil || got != step.want || stockOf(t, store, id) != step.want {
				t.Errorf("%s by %+d: %d, %v; the store has %d, want %d", item, step.by, got, err, stockOf(t, store, id), step.want)
			}
		}
	}
	for item, want := range map[inventory.Item]error{
		"product:31": woo.ErrRefused, "variation:40": woo.ErrRefused, "coupon:diwali": woo.ErrRefused, "product:99999": woo.ErrNotFound,
	} {
		if _, err := changes.AdjustStock(t.Context(), item, 1); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", item, err, want)
		}
	}
}

// An adjustment whose answer is lost counts once, and the error says that it may have.
func TestAdjustStockIsSentOnce(t *testing.T) {
	store, client := openStore(t, wootest.Config{TLS: true})
	if err := store.SetStock(16, 9); err != nil {
		t.Fatal(err)
	}
	if err := store.Faults().Arm(wootest.Fault{Kind: wootest.CutAfter, Method: "PUT", Path: "/wp-json/wc/v3/products/16"}); err != nil {
		t.Fatal(err)
	}
	if _, err := woo.NewChanges(client).AdjustStock(t.Context(), "product:16", -3); !errors.Is(err, woo.ErrUnknown) {
		t.Errorf("got %v, want ErrUnknown", err)
	}
	if n := stockOf(t, store, 16); n != 6 {
		t.Errorf("the store has %d, want 6", n)
	}
}
