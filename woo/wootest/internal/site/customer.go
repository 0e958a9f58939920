package site

import (
	"strconv"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// Customer is a registered customer.
type Customer struct {
	ID           int64           `json:"id"`
	DateCreated  shop.Time       `json:"date_created_gmt"`
	DateModified shop.Time       `json:"date_modified_gmt"`
	Email        string          `json:"email"`
	FirstName    string          `json:"first_name"`
	LastName     string          `json:"last_name"`
	Role         string          `json:"role"`
	Username     string          `json:"username"`
	Billing      Address         `json:"billing"`
	Shipping     Address         `json:"shipping"`
	Paying       bool            `json:"is_paying_customer"`
	Avatar       string          `json:"avatar_url"`
	Meta         []shop.MetaData `json:"meta_data"`
}

// accountCustomer is what a session without a row knows of its customer: the
// account's addresses when the session is a user's.
func (st *State) accountCustomer(session string) SessionCustomer {
	id, err := strconv.ParseInt(session, 10, 64)
	u := st.Users[id]
	if err != nil || u == nil {
		return SessionCustomer{}
	}
	return SessionCustomer{Billing: u.Billing, Shipping: u.Shipping}
}
