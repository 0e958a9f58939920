package accounts

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// NewCustomer is wc_create_new_customer: an account with the role customer.
// Errors are WooCommerce's own words. The names an input gives are filled in
// before a user name is made of them.
func NewCustomer(s *site.Site, st *site.State, email, login, password string, fill func(*site.User)) (*site.User, error) {
	if !wp.IsEmail(email) {
		return nil, wire.UserError("Please provide a valid email address.")
	}
	if st.UserByEmail(email) != nil {
		return nil, wire.UserError("An account is already registered with " + wp.EscHTML(email) + ". Please log in or use a different email address.")
	}
	u := &site.User{Secret: ""}
	fill(u)
	if login == "" {
		login = freeLogin(st, u, email)
	}
	if st.UserByLogin(login) != nil {
		return nil, wire.UserError("An account is already registered with that username. Please choose another.")
	}
	u.ID, u.Username, u.Email, u.Role = st.UserID(), login, email, site.RoleCustomer
	u.DateCreated.Time, u.DateModified.Time = s.Now().UTC(), s.Now().UTC()
	u.Display = cmp.Or(u.Display, strings.TrimSpace(u.FirstName+" "+u.LastName), login)
	if password == "" {
		password = wp.RandomText(24)
	}
	u.SetPassword(password, s.Secret)
	st.Users[u.ID] = u
	s.Emit(st, "customer.created", u.ID)
	return u, nil
}

// freeLogin is wc_create_new_customer_username: the names joined by a dot, or
// what is before the @, with a number when somebody has that.
func freeLogin(st *site.State, u *site.User, email string) string {
	parts := slices.DeleteFunc([]string{u.FirstName, u.LastName}, func(s string) bool { return s == "" })
	base := strings.ToLower(strings.Join(parts, "."))
	if base == "" {
		base, _, _ = strings.Cut(strings.ToLower(email), "@")
	}
	login := base
	for n := 1; st.UserByLogin(login) != nil; n++ {
		login = base + "-" + strconv.Itoa(n)
	}
	return login
}

// CleanLogin is sanitize_user as far as it matters: no markup, no spaces around.
func CleanLogin(name string) string { return strings.TrimSpace(wp.WithoutTags(name)) }
