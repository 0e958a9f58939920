package wootest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// newCustomer is wc_create_new_customer: an account with the role customer.
// Errors are WooCommerce's own words. The names an input gives are filled in
// before a user name is made of them.
func (s *site) newCustomer(st *state, email, login, password string, fill func(*user)) (*user, error) {
	if !wp.IsEmail(email) {
		return nil, wire.UserError("Please provide a valid email address.")
	}
	if st.userByEmail(email) != nil {
		return nil, wire.UserError("An account is already registered with " + wp.EscHTML(email) + ". Please log in or use a different email address.")
	}
	u := &user{secret: ""}
	fill(u)
	if login == "" {
		login = st.freeLogin(u, email)
	}
	if st.userByLogin(login) != nil {
		return nil, wire.UserError("An account is already registered with that username. Please choose another.")
	}
	u.ID, u.Username, u.Email, u.Role = st.userID(), login, email, roleCustomer
	u.DateCreated.Time, u.DateModified.Time = s.now().UTC(), s.now().UTC()
	u.display = cmp.Or(u.display, strings.TrimSpace(u.FirstName+" "+u.LastName), login)
	if password == "" {
		password = wp.RandomText(24)
	}
	u.setPassword(password, s.secret)
	st.users[u.ID] = u
	s.emit(st, "customer.created", u.ID)
	return u, nil
}

// freeLogin is wc_create_new_customer_username: the names joined by a dot, or
// what is before the @, with a number when somebody has that.
func (st *state) freeLogin(u *user, email string) string {
	parts := slices.DeleteFunc([]string{u.FirstName, u.LastName}, func(s string) bool { return s == "" })
	base := strings.ToLower(strings.Join(parts, "."))
	if base == "" {
		base, _, _ = strings.Cut(strings.ToLower(email), "@")
	}
	login := base
	for n := 1; st.userByLogin(login) != nil; n++ {
		login = base + "-" + strconv.Itoa(n)
	}
	return login
}

// cleanLogin is sanitize_user as far as it matters: no markup, no spaces around.
func cleanLogin(name string) string { return strings.TrimSpace(wp.WithoutTags(name)) }
