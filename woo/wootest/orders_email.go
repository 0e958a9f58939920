package wootest

// borrowEmail is WC_Order::maybe_set_user_billing_email: an order without a
// billing e-mail takes its customer's.
func (st *state) borrowEmail(o *order) {
	if u := st.users[o.customerID]; u != nil && o.billing.Email == "" {
		o.billing.Email = u.Email
	}
}
