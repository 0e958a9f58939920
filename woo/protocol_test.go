package woo_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// TestExactlyOneOrderTakesEffect places orders while the store and the network
// misbehave at random, as a checkout does: look, create once, look again, trash
// the twins, complete one. Each round is a seed and can be run alone.
func TestExactlyOneOrderTakesEffect(t *testing.T) {
	rounds := uint64(100)
	if testing.Short() {
		rounds = 20
	}
	store, client := openStore(t, wootest.Config{})
	if err := store.SetStock(16, int64(rounds)); err != nil {
		t.Fatal(err)
	}
	for seed := range rounds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			if err := store.Faults().Arm(mishaps(random)...); err != nil {
				t.Fatal(err)
			}
			before := stockOf(t, store, 16)
			req := mugOrder()
			req.Token = fmt.Sprintf("tok_protocol_%04d", seed)
			placeOrder(t, store, client, req, random.IntN(2) == 0)
			store.Faults().Clear()
			store.Faults().Settle()
			checkOneOrder(t, store, req.Token, before)
		})
	}
}

// mishaps are up to four faults for the calls of one order.
func mishaps(random *rand.Rand) []wootest.Fault {
	kinds := []wootest.FaultKind{
		wootest.CutBefore, wootest.CutAfter, wootest.BadGateway, wootest.HTML, wootest.Truncated,
		wootest.LateEffect, wootest.RateLimited, wootest.Unavailable, wootest.StaleRead,
	}
	methods := []string{"POST", "PUT", "GET", "DELETE"}
	var faults []wootest.Fault
	for range random.IntN(5) {
		f := wootest.Fault{Kind: kinds[random.IntN(len(kinds))], Method: methods[random.IntN(len(methods))], Skip: random.IntN(3), Times: 1 + random.IntN(2)}
		switch f.Kind {
		case wootest.StaleRead:
			f.Method = "GET"
		case wootest.LateEffect:
			f.Reads = 1000
			if f.Method == "GET" {
				f.Method = "POST"
			}
		}
		faults = append(faults, f)
	}
	return faults
}

// placeOrder is the protocol, driven by what the client says and nothing else.
// A failed attempt waits until the store cannot be working on it any more.
func placeOrder(t *testing.T, store *wootest.Store, client *woo.Client, req checkout.OrderRequest, prepaid bool) {
	t.Helper()
	how := checkout.Completion{Status: "processing", PaymentMethod: "cod"}
	if prepaid {
		how = checkout.Completion{Paid: true, TransactionID: "pay_" + req.Token}
	}
	for range 40 {
		done, err := attempt(t, client, req, how)
		if done {
			return
		}
		if err != nil && errors.Is(err, checkout.ErrRefused) {
			t.Fatalf("refused: %v", err)
		}
		store.Faults().Settle()
	}
	t.Fatal("not done after 40 attempts")
}

// attempt does the one thing there is to do now.
func attempt(t *testing.T, client *woo.Client, req checkout.OrderRequest, how checkout.Completion) (done bool, err error) {
	found, err := client.FindOrder(t.Context(), req.Token)
	if err != nil {
		return false, err
	}
	var live []checkout.StoreOrder
	for _, o := range found {
		if !o.Trashed() {
			live = append(live, o)
		}
	}
	if len(live) == 0 {
		_, err := client.CreatePending(t.Context(), req)
		return false, err
	}
	for _, twin := range live[1:] {
		if _, err := client.Cancel(t.Context(), twin.ID); err != nil {
			return false, err
		}
	}
	o, err := client.Complete(t.Context(), live[0].ID, how)
	return err == nil && o.Effective(), err
}

// checkOneOrder looks into the store itself.
func checkOneOrder(t *testing.T, store *wootest.Store, token string, before int64) {
	t.Helper()
	effective, pending := 0, 0
	for _, o := range store.Orders() {
		mine := o.TransactionID == token
		for _, m := range o.Meta {
			mine = mine || m.Key == woo.TokenMetaKey && m.Value == token
		}
		if !mine {
			continue
		}
		switch o.Status {
		case "processing", "completed", "on-hold":
			effective++
			if len(o.Lines[0].ReducedStock) != 1 {
				t.Errorf("stock reduced %v", o.Lines[0].ReducedStock)
			}
		case "pending":
			pending++ // a twin that turned up after the last look
		case "trash":
		default:
			t.Errorf("order %d is %s", o.ID, o.Status)
		}
	}
	if effective != 1 || pending > 1 {
		t.Errorf("%d orders took effect, %d are pending", effective, pending)
	}
	if after := stockOf(t, store, 16); after != before-1 {
		t.Errorf("stock went from %d to %d", before, after)
	}
}
