package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/payment"
)

// apiCaller sends a shopper's requests to the shop's API.
type apiCaller struct {
	*testing.T
	api   *checkouthttp.API
	owner checkout.Owner
}

// openAPI puts a till behind its API, for one shopper.
func openAPI(t *testing.T, c *counter, owner checkout.Owner) *apiCaller {
	t.Helper()
	api, err := checkouthttp.New(checkouthttp.Config{
		Service: c.Service, Carts: c.carts, Owner: func(*http.Request) (checkout.Owner, error) { return owner, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return &apiCaller{t, api, owner}
}

func (a *apiCaller) send(method, path string, body, into any, want int) {
	a.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		a.Fatal(err)
	}
	r := httptest.NewRequestWithContext(a.Context(), method, path, strings.NewReader(string(sent)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "key-"+path)
	w := httptest.NewRecorder()
	a.api.ServeHTTP(w, r)
	if w.Code != want {
		a.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); into != nil && err != nil {
		a.Fatal(err)
	}
}

// TestSaleOverHTTP sells through the JSON API: the order that the keeper reads is the quote that the shopper agreed to.
func TestSaleOverHTTP(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		for _, method := range []payment.Method{payment.MethodRazorpay, payment.MethodCOD} {
			t.Run(string(method), func(t *testing.T) {
				c := s.openTill(checkout.NewLocalQuoter(s.client, nil))
				a := openAPI(t, c, checkout.Owner(fmt.Sprint("guest:", s.mark, "-", method)))
				id := a.buy(c, g.all()[:3], method, s.address(true))
				c.pass(t, 5*time.Minute)
				sold, err := c.Get(t.Context(), a.owner, id)
				if err != nil {
					t.Fatal(err)
				}
				if sold.Status() != checkout.StatusOrdered || len(sold.Alerts) > 0 {
					t.Fatalf("%s, alerts %v", sold, sold.Alerts)
				}
				compareSale(t, s, *sold.Quote, sold.Order.ID)
			})
		}
	})
}

// buy goes from the cart to the paid order.
func (a *apiCaller) buy(c *counter, pieces []piece, method payment.Method, home checkout.Address) checkout.ID {
	a.Helper()
	for _, p := range pieces {
		change := map[string]any{"op": "add", "product_id": p.ref.ProductID, "variation_id": p.ref.VariationID, "quantity": 1}
		a.send("POST", "/cart/changes", change, nil, 200)
	}
	var started struct{ Checkout struct{ ID checkout.ID } }
	a.send("POST", "/checkouts", struct{}{}, &started, 201)
	id := started.Checkout.ID
	at := "/checkouts/" + string(id)
	a.send("PUT", at+"/addresses", map[string]any{"billing": home}, nil, 200)
	var v struct {
		QuoteHash string `json:"quote_hash"`
		Gateway   struct {
			OrderID string `json:"order_id"`
		}
	}
	a.send("PUT", at+"/payment-method", map[string]any{"method": method}, &v, 200)
	record, err := c.Get(a.Context(), a.owner, id)
	if err != nil {
		a.Fatal(err)
	}
	a.Cleanup(func() { c.shop.clearAll(record.Token) })
	a.send("POST", at+"/place", map[string]any{"quote_hash": v.QuoteHash}, &v, 200)
	if method == payment.MethodRazorpay {
		signed, err := c.gateway.Pay(v.Gateway.OrderID)
		if err != nil {
			a.Fatal(err)
		}
		a.send("POST", at+"/payment", signed, nil, 200)
	}
	return id
}
