package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo/wootest"
)

// paidButStuck is a checkout whose money is in, and whose order WooCommerce would not take until nobody tried any more.
func paidButStuck(t *testing.T, shop *shop, server *httptest.Server) checkout.ID {
	t.Helper()
	if err := shop.store.Faults().Arm(wootest.Fault{Kind: wootest.RateLimited, Method: "POST", Path: "/wp-json/wc/v3/orders", Times: -1}); err != nil {
		t.Fatal(err)
	}
	asha := newShopper(t, server)
	asha.put(mug, "1")
	id := checkout.ID(idOfPage(asha.paid(asha.toReview(address())).says("Paid. Making your order")))
	r, err := shop.records.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Intents {
		r.Intents[i].Dead = true
	}
	commit(t, shop, r)
	return id
}

func commit(t *testing.T, shop *shop, r checkout.Record) {
	t.Helper()
	if _, err := shop.records.Commit(t.Context(), checkout.Change{Record: r}); err != nil {
		t.Fatal(err)
	}
}

// crowd opens newer checkouts than any there is.
func crowd(t *testing.T, shop *shop, n int) {
	t.Helper()
	for i := range n {
		at := time.Now().Add(time.Duration(i+1) * time.Minute)
		commit(t, shop, checkout.Record{ID: checkout.ID(fmt.Sprintf("chk_CROWD%02d", i)), Owner: "g:crowd", Policy: checkout.DefaultPolicy(), CreatedAt: at, UpdatedAt: at})
	}
}

// TestWhoWaitsForAPersonComesFirst: a stuck, paid checkout does not fall off the list behind newer ones.
func TestWhoWaitsForAPersonComesFirst(t *testing.T) {
	shop, server := open(t)
	id := paidButStuck(t, shop, server)
	at := time.Now()
	commit(t, shop, checkout.Record{ID: "chk_ALERT", Owner: "g:alert", Policy: checkout.DefaultPolicy(), CreatedAt: at, UpdatedAt: at, Alerts: []string{"two payments"}})
	crowd(t, shop, mostRows+5)
	counter := newShopper(t, server).get("/counter").
		says("One checkout cannot go on without you", "needs you", string(id), "two payments", "Not shown, because nothing waits for you in them: 7.")
	order := []string{string(id), "chk_ALERT", "chk_CROWD64", "chk_CROWD07"}
	for i := range order[1:] {
		if strings.Index(counter.body, order[i]) > strings.Index(counter.body, order[i+1]) {
			t.Errorf("%s stands after %s", order[i], order[i+1])
		}
	}
	counter.saysNot("chk_CROWD06")
}

func TestEveryStuckCheckoutIsListed(t *testing.T) {
	shop, server := open(t)
	for i := range mostRows + 3 {
		at := time.Now().Add(time.Duration(i) * time.Minute)
		commit(t, shop, checkout.Record{
			ID: checkout.ID(fmt.Sprintf("chk_STUCK%02d", i)), Owner: "g:stuck", Policy: checkout.DefaultPolicy(), CreatedAt: at, UpdatedAt: at,
			Intents: []checkout.Intent{{Effect: checkout.EffectRefund, Ref: "pay_1", Dead: true, Error: "no"}},
		})
	}
	newShopper(t, server).get("/counter").says("63 checkouts cannot go on without you", "chk_STUCK00", "chk_STUCK62").saysNot("not shown")
	crowd(t, shop, 1)
	newShopper(t, server).get("/counter").says("chk_STUCK00", "Not shown, because nothing waits for you in them: 1.").saysNot("chk_CROWD00")
}

// TestARetryThatFailsAgain: staff see the counter with the reason, and can try once more.
func TestARetryThatFailsAgain(t *testing.T) {
	shop, server := open(t)
	id := string(paidButStuck(t, shop, server))
	staff := newShopper(t, server)
	counter := staff.get("/counter")
	again := staff.submit(counter, "/counter/"+id+"/retry", nil).want(http.StatusConflict, "/counter/").
		says("Behind the counter", "Trying again did not work:", "rate limited", "create order failed")
	staff.get(again.path).want(http.StatusOK, "/counter") // reloading what the button was answered with
	shop.store.Faults().Clear()
	staff.post("/counter/"+id+"/retry", nil)
	r, err := shop.records.Load(t.Context(), checkout.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	if r.Stuck() {
		t.Error("it is still given up")
	}
	staff.post("/counter/chk_nobodys/retry", nil).want(http.StatusNotFound, "/counter/")
}

// TestWorkThatIsRefused: what cannot be is refused at the counter, with the reason, and changes nothing.
func TestWorkThatIsRefused(t *testing.T) {
	shop, server := open(t)
	staff := newShopper(t, server)
	item := "product:" + count(mugID(t, shop))
	for _, quantity := range []string{"-1", "1.5", "", "9999999999999999", "9223372036854775807", "99999999999999999999"} {
		staff.post("/counter/stock", url.Values{"item": {item}, "quantity": {quantity}}).
			want(http.StatusUnprocessableEntity, "/counter/stock").says("Behind the counter", "A count is a whole number from 0 to")
	}
	if stock, err := shop.store.Stock(mugID(t, shop)); err != nil || stock.Quantity != 10 {
		t.Errorf("WooCommerce has %d mugs (%v), want 10", stock.Quantity, err)
	}
	asha := newShopper(t, server)
	asha.put(mug, "1")
	id := idOfPage(asha.toReview(address()))
	staff.post("/counter/"+id+"/ship", url.Values{"tracking": {"X"}}).want(http.StatusUnprocessableEntity, "/counter/").says("Marking it as sent was refused: checkout: shipment")
	staff.post("/counter/"+id+"/deliver", nil).want(http.StatusUnprocessableEntity, "/counter/").says("Marking it as delivered was refused")
}

// TestNoticesAreWrittenDown: what a real shop would mail can be seen, at the level the shop starts with, and names nobody.
func TestNoticesAreWrittenDown(t *testing.T) {
	var lines bytes.Buffer
	log := newLog(&lines)
	for want, n := range map[string]checkout.Notice{
		"notice=order_confirmed order=1001": {Kind: checkout.NoticeOrderConfirmed, Record: checkout.Record{Order: &checkout.OrderFact{Number: "1001"}}},
		"notice=refunded order=none":        {Kind: checkout.NoticeRefunded},
	} {
		lines.Reset()
		n.Record.Billing = checkout.Address{FirstName: "Asha", Email: "asha@example.in", Phone: "+919845012345"}
		if err := (logNotices{log}).Notify(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		if got := lines.String(); !strings.Contains(got, want) || strings.Contains(got, "Asha") || strings.Contains(got, "example.in") || strings.Contains(got, "98450") {
			t.Errorf("written down: %s", got)
		}
	}
}

// loud starts a shop whose log the test reads.
func loud(t *testing.T) (*shopper, *bytes.Buffer) {
	t.Helper()
	shop, err := openShop(t.Context(), time.Second, keys{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(shop.close)
	var lines bytes.Buffer
	handler, err := newServer(shop, newLog(&lines))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newShopper(t, server), &lines
}

// TestGivingUp: what cannot become an order is refunded and its stock is free again; the shopper is told.
func TestGivingUp(t *testing.T) {
	shop, server := open(t)
	id := paidButStuck(t, shop, server)
	shop.store.Faults().Clear()
	staff := newShopper(t, server)
	counter := staff.get("/counter").says("Try again", "Give up and refund")
	staff.submit(counter, "/counter/"+string(id)+"/give-up", nil).want(http.StatusOK, "/counter").
		says("refunded", "Every piece accounted for").saysNot("Give up and refund").saysNot("cannot go on without you")
	r, err := shop.records.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Refunds) != 1 || !r.Refunds[0].Amount.Equal(r.Quote.Totals.Total) || len(shop.store.Orders()) != 0 {
		t.Errorf("refunds %v, %d orders; want the whole amount back and no order", r.Refunds, len(shop.store.Orders()))
	}
	staff.get("/products/" + mug).says("In stock")
	staff.post("/counter/chk_nobodys/give-up", nil).want(http.StatusNotFound, "/counter/")

	ravi := newShopper(t, server)
	ravi.put(mug, "1")
	bought := idOfPage(ravi.paid(ravi.toReview(address())))
	staff.post("/counter/"+bought+"/give-up", nil).want(http.StatusUnprocessableEntity, "/counter/").says("Giving up was refused", "took effect")
}

// TestTheCashArrives: the store's order counts as paid once the courier has handed over what was due, and not before.
func TestTheCashArrives(t *testing.T) {
	shop, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	id := idOfPage(asha.places(asha.pays(asha.toReview(address()), "cod")).says("Thank you, it is ordered"))
	asha.get("/counter").saysNot("The courier handed over")
	asha.post("/counter/"+id+"/ship", url.Values{"tracking": {"EX123456789IN"}}).want(http.StatusOK, "/counter")
	owed := asha.post("/counter/"+id+"/deliver", nil).want(http.StatusOK, "/counter").says("The courier handed over ₹593.88")
	if placed := onlyOrder(t, shop); !placed.Paid.IsZero() {
		t.Fatalf("paid %v before anybody had the money", placed.Paid)
	}
	for range 2 { // pressed twice
		asha.post("/counter/"+id+"/cash", nil).want(http.StatusOK, "/counter").saysNot("The courier handed over")
	}
	if placed := onlyOrder(t, shop); placed.Paid.IsZero() || placed.Status != "completed" {
		t.Errorf("the store's order is %s, paid %v", placed.Status, placed.Paid)
	}
	if records, err := shop.records.All(); err != nil || len(records[0].Remittances) != 1 || len(records[0].Alerts) > 0 {
		t.Errorf("%v, %v", records[0].Remittances, err)
	}
	if form := owed.form("/counter/" + id + "/cash"); len(form) != 0 {
		t.Errorf("the form asks for an amount: %v", form)
	}
	asha.post("/counter/chk_NOBODY/cash", nil).want(http.StatusNotFound, "/counter")
}

// TestNoCashForWhatWasPaid: nothing is handed over for an order that was paid online.
func TestNoCashForWhatWasPaid(t *testing.T) {
	_, server := open(t)
	asha := newShopper(t, server)
	asha.put(mug, "1")
	id := idOfPage(asha.paid(asha.toReview(address())).says("Thank you, it is ordered"))
	asha.post("/counter/"+id+"/cash", nil).want(http.StatusUnprocessableEntity, "/counter").says("Noting the cash was refused")
}
