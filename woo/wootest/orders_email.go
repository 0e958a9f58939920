package wootest

import "github.com/ankkor/ankkor/woo/wootest/internal/site"

// borrowEmail is WC_Order::maybe_set_user_billing_email: an order without a
// billing e-mail takes its customer's.
func borrowEmail(st *site.State, o *site.Order) {
	if u := st.Users[o.CustomerID]; u != nil && o.Billing.Email == "" {
		o.Billing.Email = u.Email
	}
}
