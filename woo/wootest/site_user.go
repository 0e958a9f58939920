package wootest

import (
	"strconv"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// customer is a registered customer.
type customer struct {
	ID           int64           `json:"id"`
	DateCreated  shop.Time       `json:"date_created_gmt"`
	DateModified shop.Time       `json:"date_modified_gmt"`
	Email        string          `json:"email"`
	FirstName    string          `json:"first_name"`
	LastName     string          `json:"last_name"`
	Role         string          `json:"role"`
	Username     string          `json:"username"`
	Billing      address         `json:"billing"`
	Shipping     address         `json:"shipping"`
	Paying       bool            `json:"is_paying_customer"`
	Avatar       string          `json:"avatar_url"`
	Meta         []shop.MetaData `json:"meta_data"`
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
