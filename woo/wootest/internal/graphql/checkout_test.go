package graphql_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

const (
	toRavi   = `billing:{firstName:"Ravi",lastName:"Iyer",address1:"14 Brigade Road",city:"Bengaluru",state:"KA",postcode:"560001",country:IN,email:"ravi@example.test",phone:"+919812345678"}`
	checkOut = `mutation{checkout(input:{paymentMethod:"cod",` + toRavi + `}){result order{orderNumber}}}`
)

// TestCheckoutStatuses: what becomes of an order by payment method.
func TestCheckoutStatuses(t *testing.T) {
	tests := map[string]struct {
		product     int
		input       string
		status      string
		paid        bool
		transaction string
		reduced     bool
		note        string
	}{
		"cash on delivery":   {16, `paymentMethod:"cod"`, "processing", false, "", true, "Payment to be made upon delivery. Order status changed from Pending payment to Processing."},
		"bank transfer":      {16, `paymentMethod:"bacs"`, "on-hold", false, "", true, "Awaiting BACS payment Order status changed from Pending payment to On hold."},
		"paid elsewhere":     {16, `paymentMethod:"bacs",isPaid:true,transactionId:"pay_1"`, "processing", true, "pay_1", true, "Order status changed from Pending payment to Processing."},
		"paid cash":          {16, `paymentMethod:"cod",isPaid:true`, "completed", true, "", true, "Order status changed from Pending payment to Completed."},
		"paid and virtual":   {30, `paymentMethod:"bacs",isPaid:true`, "processing", true, "", false, "Order status changed from Pending payment to Processing."},
		"nothing to send":    {31, `paymentMethod:"bacs",isPaid:true`, "completed", true, "", false, "Order status changed from Pending payment to Completed."},
		"unmanaged products": {17, `paymentMethod:"cod"`, "processing", false, "", false, "Payment to be made upon delivery. Order status changed from Pending payment to Processing."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			p := &storetest.Visitor{Store: s}
			p.Add(t, test.product, 2)
			p.Must(t, `mutation{checkout(input:{`+test.input+`,`+toRavi+`}){result}}`)
			o := onlyOrder(t, s)
			if o.Status != test.status || o.Paid.IsZero() == test.paid || o.TransactionID != test.transaction {
				t.Errorf("status %s, paid %v, transaction %q", o.Status, o.Paid, o.TransactionID)
			}
			if got := slices.Contains(o.Lines[0].ReducedStock, 2); got != test.reduced {
				t.Errorf("stock reduced: %v", o.Lines[0].ReducedStock)
			}
			if !slices.Contains(o.Notes, test.note) {
				t.Errorf("notes %q", o.Notes)
			}
			if got := p.Must(t, `{cart{isEmpty total appliedCoupons{code} chosenShippingMethods}}`); got != `{"cart":{"isEmpty":true,"total":"₹0.00","appliedCoupons":null,"chosenShippingMethods":[]}}` {
				t.Errorf("the cart afterwards: %s", got)
			}
		})
	}
}

func onlyOrder(t *testing.T, s *wootest.Store) wootest.Order {
	t.Helper()
	list := s.Orders()
	if len(list) != 1 {
		t.Fatalf("%d orders", len(list))
	}
	return list[0]
}

// TestCheckoutOrder: the order is the cart's, to the paisa, and REST shows it.
func TestCheckoutOrder(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 16, 2)
	p.Must(t, `mutation{addToCart(input:{productId:44,variationId:45,variation:[{attributeName:"engraving",attributeValue:"Name"}]}){cart{isEmpty}}}`)
	p.Add(t, 27, 3)
	p.Must(t, `mutation{applyCoupon(input:{code:"save10"}){cart{isEmpty}}}`)
	p.Must(t, `mutation{checkout(input:{paymentMethod:"cod",customerNote:"Ring twice",metaData:[{key:"utm",value:"x"}],`+toRavi+`}){result}}`)
	o := onlyOrder(t, s)
	lines, ships := decimal.Zero, o.ShippingTotal
	for _, l := range o.Lines {
		lines = lines.Add(l.Total.Round(2))
	}
	if sum := decimal.Sum(lines, ships, o.TotalTax).Sub(o.Total).Abs(); sum.GreaterThan(storetest.DecimalOf(t, "0.01")) {
		t.Errorf("%s of lines, %s of shipping and %s of tax are %s", lines, ships, o.TotalTax, o.Total)
	}
	status, body := storetest.REST(t, s, "GET", fmt.Sprintf("orders/%d", o.ID), "")
	if status != 200 || body["created_via"] != "checkout" || body["customer_note"] != "Ring twice" || body["total"] != o.Total.StringFixed(2) {
		t.Errorf("%d created via %v, note %v, total %v", status, body["created_via"], body["customer_note"], body["total"])
	}
	var metas []string
	for _, l := range body["line_items"].([]any) {
		for _, m := range l.(map[string]any)["meta_data"].([]any) {
			metas = append(metas, fmt.Sprint(m.(map[string]any)["key"], "=", m.(map[string]any)["value"]))
		}
	}
	want := []string{"_reduced_stock=2", "engraving=Name", "pa_size=s", "Backordered=3", "_reduced_stock=3"}
	if d := cmp.Diff(want, metas); d != "" {
		t.Errorf("metas of the lines (-want +got):\n%s", d)
	}
	if got := storetest.Stock(t, s, 27); got != -3 {
		t.Errorf("backordered stock is %d", got)
	}
}

// TestCheckoutAddresses: the order's addresses and where it was taxed.
func TestCheckoutAddresses(t *testing.T) {
	tests := map[string]struct {
		before, input     string
		billing, shipping wootest.Address
		tax               string
	}{
		"none": {"", ``, wootest.Address{Country: "IN"}, wootest.Address{Country: "IN"}, "CGST"},
		"billing decides the tax, and is not copied": {"", `,billing:{state:"KA",city:"B"}`,
			wootest.Address{Country: "IN", State: "KA", City: "B"}, wootest.Address{Country: "IN"}, "IGST"},
		"shipping is taken whatever the flag says": {"", `,billing:{state:"KA"},shipping:{state:"MH",firstName:"X",phone:"1"},shipToDifferentAddress:false`,
			wootest.Address{Country: "IN", State: "KA"}, wootest.Address{Country: "IN", State: "MH", FirstName: "X"}, "CGST"},
		"the session's shipping address decides the tax and stays there": {`mutation{updateCustomer(input:{shipping:{country:IN,state:"KA",city:"Y"}}){customer{id}}}`, ``,
			wootest.Address{Country: "IN"}, wootest.Address{Country: "IN"}, "IGST"},
		"a country the shop does not sell to": {"", `,billing:{country:US,state:"CA"}`, wootest.Address{Country: "US", State: "CA"}, wootest.Address{Country: "IN"}, "IGST"},
		"a state nobody knows":                {"", `,billing:{state:"Karnataka"}`, wootest.Address{Country: "IN", State: "Karnataka"}, wootest.Address{Country: "IN"}, "IGST"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			p := &storetest.Visitor{Store: s}
			p.Add(t, 17, 1)
			if test.before != "" {
				p.Must(t, test.before)
			}
			got := p.Must(t, `mutation{checkout(input:{paymentMethod:"cod"`+test.input+`}){order{taxLines{nodes{label}}}}}`)
			o := onlyOrder(t, s)
			if o.Billing != test.billing || o.Shipping != test.shipping {
				t.Errorf("billing %+v\nshipping %+v", o.Billing, o.Shipping)
			}
			if !strings.Contains(got, `"`+test.tax+`"`) {
				t.Errorf("tax lines %s, want %s", got, test.tax)
			}
		})
	}
}

// TestCheckoutRefusals: what a checkout does look at. Nothing is sold, and what
// was said stays in the session.
func TestCheckoutRefusals(t *testing.T) {
	const none = `Sorry, we do not have enough "Masala Chai Mug" in stock to fulfill your order (10 available). We apologize for any inconvenience caused.`
	tests := map[string]struct{ before, input, want string }{
		"no method":       {"", ``, "Invalid payment method."},
		"unknown method":  {"", `paymentMethod:"nope"`, "Invalid payment method."},
		"disabled method": {"", `paymentMethod:"cheque"`, "Invalid payment method."},
		"bad e-mail":      {"", `paymentMethod:"cod",billing:{email:"nope"}`, "Invalid billing email address"},
		"too many":        {`mutation{updateItemQuantities(input:{items:[{key:"` + mugKey + `",quantity:99}]}){cart{isEmpty}}}`, `paymentMethod:"cod"`, none},
		"two complaints":  {`mutation{updateItemQuantities(input:{items:[{key:"` + mugKey + `",quantity:99}]}){cart{isEmpty}}}`, `paymentMethod:"x"`, none + " Invalid payment method."},
		"ship nowhere":    {"", `paymentMethod:"cod",shipping:{country:US,state:"CA"}`, "Unfortunately, we do not ship to the US. Please enter an alternative shipping address."},
		"registered e-mail": {"", `paymentMethod:"cod",billing:{email:"priya@example.test"},account:{username:"priya3",password:"x"}`,
			"An account is already registered with priya@example.test. Please log in or use a different email address."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			p := &storetest.Visitor{Store: s}
			p.Add(t, 16, 2)
			if test.before != "" {
				p.Must(t, test.before)
			}
			_, errs := p.Ask(t, `mutation{checkout(input:{`+test.input+`}){result}}`)
			if len(errs) != 1 || errs[0] != test.want {
				t.Errorf("%q, want %q", errs, test.want)
			}
			if n := len(s.Orders()); n != 0 || storetest.Stock(t, s, 16) != 10 {
				t.Errorf("%d orders, %d mugs", n, storetest.Stock(t, s, 16))
			}
			if got := p.Must(t, `{cart{isEmpty}}`); got != `{"cart":{"isEmpty":false}}` {
				t.Errorf("the cart is gone: %s", got)
			}
		})
	}
}

// TestCheckoutSoldOut: stock that went while the cart was filled.
func TestCheckoutSoldOut(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 20, 1)
	if err := s.SetStock(20, 0); err != nil {
		t.Fatal(err)
	}
	_, errs := p.Ask(t, checkOut)
	if want := `Sorry, "22k Gold Necklace" is not in stock. Please edit your cart and try again. We apologize for any inconvenience caused.`; len(errs) != 1 || errs[0] != want {
		t.Errorf("%q", errs)
	}
}

// TestCheckoutTwice: one after the other the second finds the cart empty; side
// by side both make an order.
func TestCheckoutTwice(t *testing.T) {
	t.Run("in turn", func(t *testing.T) {
		s, _ := storetest.NewStore(t, nil)
		p := &storetest.Visitor{Store: s}
		p.Add(t, 17, 1)
		p.Must(t, checkOut)
		if _, errs := p.Ask(t, checkOut); !slices.Equal(errs, []string{"Sorry, no session found."}) {
			t.Errorf("%q", errs)
		}
		onlyOrder(t, s)
	})
	t.Run("side by side", func(t *testing.T) {
		s, _ := storetest.NewStore(t, nil)
		p := &storetest.Visitor{Store: s}
		p.Add(t, 17, 1)
		storetest.Arm(t, s, wootest.Fault{Kind: wootest.Overlap, Operation: "checkout", Delay: waitLong})
		inParallel(t, 2, func(int) *storetest.Visitor { return &storetest.Visitor{Store: s, Token: p.Token} })
		if n := len(s.Orders()); n != 2 {
			t.Errorf("%d orders of one cart", n)
		}
	})
}

// inParallel checks out with several visitors at once and answers how many
// were sold something.
func inParallel(t *testing.T, n int, of func(int) *storetest.Visitor) int {
	t.Helper()
	var wg sync.WaitGroup
	sold := make([]bool, n)
	for i := range n {
		wg.Go(func() {
			data, _, err := of(i).Try(checkOut)
			if err != nil {
				t.Error(err)
			}
			sold[i] = strings.Contains(data, `"success"`)
		})
	}
	wg.Wait()
	count := 0
	for _, ok := range sold {
		if ok {
			count++
		}
	}
	return count
}

// TestOversell: checkouts of different sessions that overlap sell the same
// pieces, and the stock goes below zero; one by one they do not.
func TestOversell(t *testing.T) {
	for name, fault := range map[string]*wootest.Fault{
		"one by one":   nil,
		"side by side": {Kind: wootest.Overlap, Operation: "checkout", Times: 5, Delay: waitLong},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			var buyers []*storetest.Visitor
			for range 5 {
				p := &storetest.Visitor{Store: s}
				p.Add(t, 20, 1)
				buyers = append(buyers, p)
			}
			wantSold, wantStock := 2, int64(0)
			if fault != nil {
				storetest.Arm(t, s, *fault)
				wantSold, wantStock = 5, -3
			}
			if sold := inParallel(t, 5, func(i int) *storetest.Visitor { return buyers[i] }); sold != wantSold || storetest.Stock(t, s, 20) != wantStock {
				t.Errorf("sold %d of 2, %d left", sold, storetest.Stock(t, s, 20))
			}
		})
	}
}

// TestCheckoutWindow: a checkout stays in its window while others are served,
// sells what it saw when it began, and ends with the store at the latest.
func TestCheckoutWindow(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.CheckoutWindow = waitLong })
	p := &storetest.Visitor{Store: s}
	p.Add(t, 17, 1)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.Slow, Operation: "checkout"}) // says that the request has come
	var wg sync.WaitGroup
	wg.Go(func() {
		if data, errs, err := (&storetest.Visitor{Store: s, Token: p.Token}).Try(checkOut); !strings.Contains(data, `"success"`) {
			t.Error(data, errs, err)
		}
	})
	if err := s.Faults().Await(t.Context(), wootest.Slow, 1); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		(&storetest.Visitor{Store: s}).Add(t, 17, 1)
	}
	if n := len(s.Orders()); n != 0 {
		t.Errorf("%d orders within the window", n)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	onlyOrder(t, s)
}

// TestCheckoutCoupon: a coupon counts as used once the order is made.
func TestCheckoutCoupon(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for i, want := range []string{"", "Usage limit for coupon &quot;once&quot; has been reached. Please try again after some time, or contact us for help."} {
		p := &storetest.Visitor{Store: s}
		p.Add(t, 16, 1)
		_, errs := p.Ask(t, `mutation{applyCoupon(input:{code:"once"}){cart{isEmpty}}}`)
		if strings.Join(errs, "|") != want {
			t.Errorf("shopper %d: %q", i, errs)
		}
		if want == "" {
			p.Must(t, checkOut)
		}
	}
	if o := onlyOrder(t, s); o.DiscountTotal.StringFixed(2) != "22.28" {
		t.Errorf("discount %s", o.DiscountTotal)
	}
}

// TestGuestReadsOrder: a guest sees the order that was just made when its
// e-mail is the session's, and otherwise only a part of it.
func TestGuestReadsOrder(t *testing.T) {
	tests := map[string]struct{ input, want string }{
		"with an e-mail": {`paymentMethod:"cod",billing:{email:"a@example.test"}`, `{"checkout":{"order":{"databaseId":154,"orderNumber":"154"}}}`},
		"without":        {`paymentMethod:"cod"`, `{"checkout":{"order":{"databaseId":null,"orderNumber":"154"}}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			p := &storetest.Visitor{Store: s}
			p.Add(t, 17, 1)
			if got := p.Must(t, `mutation{checkout(input:{`+test.input+`}){order{databaseId orderNumber}}}`); got != test.want {
				t.Errorf("got %s", got)
			}
			if _, errs := p.Ask(t, `{order(id:"154",idType:DATABASE_ID){id}}`); !slices.Equal(errs, []string{"Not authorized to access this order"}) {
				t.Errorf("read back: %q", errs)
			}
		})
	}
}

// TestCheckoutFaults: replies lost before and after, and effects that come
// late, on one operation of GraphQL only.
func TestCheckoutFaults(t *testing.T) {
	tests := map[wootest.FaultKind]struct {
		orders int
		late   int // orders after a query has looked
	}{
		wootest.CutBefore:   {0, 0},
		wootest.Unavailable: {0, 0},
		wootest.CutAfter:    {1, 1},
		wootest.BadGateway:  {1, 1},
		wootest.HTML:        {1, 1},
		wootest.Truncated:   {1, 1},
		wootest.LateEffect:  {0, 1},
	}
	for kind, want := range tests {
		t.Run(string(kind), func(t *testing.T) {
			s, _ := storetest.NewStore(t, nil)
			p := &storetest.Visitor{Store: s}
			storetest.Arm(t, s, wootest.Fault{Kind: kind, Operation: "checkout"})
			p.Add(t, 17, 1)
			if _, _, err := p.Try(checkOut); err == nil {
				t.Error("the fault did not show")
			}
			if n := len(s.Orders()); n != want.orders {
				t.Errorf("%d orders", n)
			}
			p.Must(t, `{cart{isEmpty}}`)
			if n := len(s.Orders()); n != want.late {
				t.Errorf("%d orders after a look at the cart", n)
			}
			empty := fmt.Sprintf(`{"cart":{"isEmpty":%t}}`, want.late > 0)
			if got := p.Must(t, `{cart{isEmpty}}`); got != empty {
				t.Errorf("cart %s, want %s", got, empty)
			}
		})
	}
}

// TestStaleCart: a stale read shows the cart before the last mutation.
func TestStaleCart(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	p := &storetest.Visitor{Store: s}
	p.Add(t, 17, 1)
	p.Add(t, 17, 1)
	storetest.Arm(t, s, wootest.Fault{Kind: wootest.StaleRead, Operation: "cart"})
	for _, want := range []string{`{"cart":{"contents":{"itemCount":1}}}`, `{"cart":{"contents":{"itemCount":2}}}`} {
		if got := p.Must(t, `{cart{contents{itemCount}}}`); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestCheckoutWebhooks: an order made by a checkout is announced like any
// other.
func TestCheckoutWebhooks(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for _, topic := range []string{"order.created", "order.updated", "product.updated"} {
		if status, body := storetest.REST(t, s, "POST", "webhooks", `{"topic":"`+topic+`","delivery_url":"http://127.0.0.1:1/","secret":"s"}`); status != 201 {
			t.Fatal(body)
		}
	}
	before := s.PendingWebhooks()
	p := &storetest.Visitor{Store: s}
	p.Add(t, 16, 1)
	p.Must(t, checkOut)
	if due := s.PendingWebhooks() - before; due != 3 {
		t.Errorf("%d deliveries are due", due)
	}
}
