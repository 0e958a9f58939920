package auth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/ankkor/ankkor/auth"
)

// A server that knows its guests: the second request carries the cookie of the first.
func ExampleGuests_Middleware() {
	guests, err := auth.NewGuests(auth.GuestConfig{
		Keys: []auth.Secret{auth.NewSecret("at least 32 random bytes, from a vault")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var owners []string
	shop := guests.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		who, _ := auth.FromContext(r.Context())
		owners = append(owners, who.Owner()) // cart.Owner(who.Owner())
	}))

	first := httptest.NewRecorder()
	shop.ServeHTTP(first, httptest.NewRequest("POST", "/cart", nil))
	cookie := first.Result().Cookies()[0]

	second := httptest.NewRequest("GET", "/cart", nil)
	second.AddCookie(cookie)
	shop.ServeHTTP(httptest.NewRecorder(), second)

	fmt.Println(cookie.Name, "the same owner:", owners[0] == owners[1])
	// Output: __Host-ankkor-guest the same owner: true
}

// Signing in: what the guest had becomes the customer's, and the guest's identity ends.
func ExampleGuests_Forget() {
	guests, err := auth.NewGuests(auth.GuestConfig{
		Keys: []auth.Secret{auth.NewSecret("at least 32 random bytes, from a vault")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	signIn := func(w http.ResponseWriter, r *http.Request) {
		customer, err := auth.NewCustomer("42") // after checking the password
		if err != nil {
			http.Error(w, "sign-in failed", http.StatusUnauthorized)
			return
		}
		if _, err := guests.Identify(r); err == nil {
			fmt.Println("merge the guest's cart into that of", customer.Owner())
		}
		guests.Forget(w)
	}

	visit := httptest.NewRecorder()
	if _, err := guests.Ensure(visit, httptest.NewRequest("POST", "/cart", nil)); err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest("POST", "/sign-in", nil)
	r.AddCookie(visit.Result().Cookies()[0])
	w := httptest.NewRecorder()
	signIn(w, r)
	fmt.Println("cookie is taken away:", w.Result().Cookies()[0].MaxAge < 0)
	// Output:
	// merge the guest's cart into that of customer:42
	// cookie is taken away: true
}

func ExampleParseOwner() {
	id, err := auth.ParseOwner("customer:42")
	fmt.Println(id.Kind, id.Subject, err)
	_, err = auth.ParseOwner("admin:1")
	fmt.Println(err)
	// Output:
	// customer 42 <nil>
	// auth: invalid: owner is neither a guest nor a customer
}
