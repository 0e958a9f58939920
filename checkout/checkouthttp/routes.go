package checkouthttp

import (
	_ "embed"
	"encoding/json"
)

// OpenAPI returns the API's contract, an OpenAPI 3.1 document in JSON.
func OpenAPI() []byte { return []byte(contract) }

//go:embed openapi.json
var contract string

// routes are the operations of this API, as the configuration has them.
func (a *API) routes() []route {
	list := append(a.cartRoutes(), a.shopperRoutes()...)
	if a.config.Recovery != nil {
		list = append(list, route{"POST", "/cart/recover", shopper, a.recoverCart})
	}
	if a.config.Operator != nil {
		list = append(list, a.operatorRoutes()...)
	}
	return append(list, route{"GET", "/openapi.json", anybody, func(*request) (reply, error) { return ok(json.RawMessage(contract)) }})
}

func (a *API) cartRoutes() []route {
	return []route{
		{"GET", "/cart", shopper, a.viewCart},
		{"POST", "/cart/changes", shopper, a.changeCart},
		{"POST", "/cart/acknowledge", shopper, a.acknowledgeCart},
	}
}

func (a *API) shopperRoutes() []route {
	return []route{
		{"GET", "/payment-methods", anybody, a.paymentMethods},
		{"POST", "/checkouts", shopper, a.start},
		{"GET", "/checkouts/current", shopper, a.current},
		{"GET", "/checkouts/{id}", shopper, a.get},
		{"PUT", "/checkouts/{id}/addresses", shopper, a.setAddresses},
		{"GET", "/checkouts/{id}/shipping-rates", shopper, a.shippingRates},
		{"PUT", "/checkouts/{id}/shipping-rate", shopper, a.chooseShipping},
		{"GET", "/checkouts/{id}/payment-methods", shopper, a.paymentChoices},
		{"PUT", "/checkouts/{id}/payment-method", shopper, a.choosePayment},
		{"POST", "/checkouts/{id}/quote", shopper, a.requote},
		{"POST", "/checkouts/{id}/place", shopper, a.once(a.place)},
		{"POST", "/checkouts/{id}/payment", shopper, a.confirm},
		{"POST", "/checkouts/{id}/cancel", shopper, a.cancel},
	}
}

// returnRoute is the one that is open to another origin's form.
const returnRoute = "POST /checkouts/{id}/return"
