package rest

import "strings"

// Customer is a registered customer.
type Customer struct {
	ID         int64   `json:"id"`
	Email      string  `json:"email"`
	Username   string  `json:"username"`
	FirstName  string  `json:"first_name"`
	LastName   string  `json:"last_name"`
	Role       string  `json:"role"`
	Billing    Address `json:"billing"`
	Shipping   Address `json:"shipping"`
	Paying     bool    `json:"is_paying_customer"` // has a paid order
	AvatarURL  string  `json:"avatar_url"`
	CreatedAt  Time    `json:"date_created_gmt"`
	ModifiedAt Time    `json:"date_modified_gmt"`
	Meta       []Meta  `json:"meta_data"`
}

// CustomerChange is what is written of a customer; nil stays as it is.
type CustomerChange struct {
	Email *string `json:"email,omitempty"`
	// Username cannot be changed later; the store makes one of the e-mail.
	Username *string `json:"username,omitempty"`
	// Password is needed for a new customer unless the shop's setting makes one.
	Password  *string  `json:"password,omitempty"`
	FirstName *string  `json:"first_name,omitempty"`
	LastName  *string  `json:"last_name,omitempty"`
	Billing   *Address `json:"billing,omitempty"`
	Shipping  *Address `json:"shipping,omitempty"`
	Meta      []Meta   `json:"meta_data,omitzero"`
}

func (c CustomerChange) check() error {
	if c.Email != nil && !strings.Contains(*c.Email, "@") {
		return invalid("email", "must be an e-mail address")
	}
	return nil
}

func (c CustomerChange) ignored(Customer) error { return nil }

// String leaves the password out.
func (c CustomerChange) String() string { return "rest.CustomerChange" }

// GoString leaves the password out.
func (c CustomerChange) GoString() string { return c.String() }
