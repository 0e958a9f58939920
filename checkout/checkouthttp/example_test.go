package checkouthttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouthttp"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// A shop behind its API: a storefront puts a lamp into the cart, and asks for more than there are.
func Example() {
	lamp := cart.Item{
		Ref: cart.ItemRef{ProductID: 7}, Status: cart.StatusOK, Purchasable: true, Name: "Brass lamp", UnitPrice: decimal.NewFromInt(1200),
		Currency: pricing.INR, TaxStatus: "none", Virtual: true, Stock: cart.Stock{Item: "product:7", Managed: true, Quantity: 3, InStock: true},
	}
	stock, carts, catalog := memstore.NewStock(memstore.StockConfig{}), memstore.NewCarts(), memstore.NewCatalog(lamp)
	_ = stock.Receive(context.Background(), inventory.ProductItem(7).At(inventory.DefaultLocation), 3)
	rules, _ := memstore.NewRulebook(checkout.Rules{Settings: quote.Settings{Currency: pricing.INR, Decimals: 2}})
	service, err := checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(stock), Carts: carts, Catalog: catalog, Rules: rules, Reserver: stock, Orders: memstore.NewOrders(nil),
		Payments: []checkout.PaymentOption{{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	shelf, _ := cart.NewService(cart.Config{Store: carts, Catalog: catalog})
	api, err := checkouthttp.New(checkouthttp.Config{
		Service: service, Carts: shelf,
		// In a real shop: the identity that auth.Guests put into the request's context.
		Owner: func(*http.Request) (checkout.Owner, error) { return "guest:asha", nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(http.StripPrefix("/api", api))
	defer server.Close()

	for _, body := range []string{
		`{"op":"add","product_id":7,"quantity":2}`,
		`{"op":"add","product_id":7,"quantity":2}`,
		`{"op":"add","product_id":7,"quantity":1,"price":"1.00"}`,
	} {
		response, err := http.Post(server.URL+"/api/cart/changes", "application/json", strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		var answer struct {
			Subtotal, Code string
			Shortages      []checkouthttp.Shortage
			Errors         []checkouthttp.FieldError
		}
		_ = json.NewDecoder(response.Body).Decode(&answer)
		_ = response.Body.Close()
		fmt.Println(response.StatusCode, answer.Subtotal, answer.Code, answer.Shortages, answer.Errors)
	}
	// Output:
	// 200 2400  [] []
	// 409  out_of_stock [{product:7 4 3}] []
	// 400  invalid_body [] [{price is not a field that can be given}]
}
