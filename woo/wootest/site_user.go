package wootest

import "strconv"

// customer is a registered customer.
type customer struct {
	ID           int64      `json:"id"`
	DateCreated  wpTime     `json:"date_created_gmt"`
	DateModified wpTime     `json:"date_modified_gmt"`
	Email        string     `json:"email"`
	FirstName    string     `json:"first_name"`
	LastName     string     `json:"last_name"`
	Role         string     `json:"role"`
	Username     string     `json:"username"`
	Billing      address    `json:"billing"`
	Shipping     address    `json:"shipping"`
	Paying       bool       `json:"is_paying_customer"`
	Avatar       string     `json:"avatar_url"`
	Meta         []metaData `json:"meta_data"`
}

// accountCustomer is what a session without a row knows of its customer: the
// account's addresses when the session is a user's.
func (st *state) accountCustomer(session string) sessionCustomer {
	id, err := strconv.ParseInt(session, 10, 64)
	u := st.users[id]
	if err != nil || u == nil {
		return sessionCustomer{}
	}
	return sessionCustomer{billing: u.Billing, shipping: u.Shipping}
}
