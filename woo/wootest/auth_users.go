package wootest

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
)

// The WordPress roles this store knows.
const (
	roleAdmin    = "administrator"
	roleManager  = "shop_manager"
	roleCustomer = "customer"
)

// user is a WordPress account; its customer part is what WooCommerce's REST
// API shows of it.
type user struct {
	customer
	display    string // display_name
	password   []byte // a MAC under a key that dies with the process, nil: nobody can sign in
	secret     string // graphql_jwt_auth_secret
	revoked    bool   // graphql_jwt_auth_secret_revoked
	resetMAC   []byte // of the key in the last reset mail
	resetUntil time.Time
}

// account is an entry of users.json: a customer as REST writes it, with what
// REST never shows.
type account struct {
	customer
	Display  string `json:"display_name"`
	Password string `json:"password"`
}

// loadUsers reads customers.json and users.json; an entry of the second with
// the id of a customer adds to it.
func (st *state) loadUsers(l *shop.Loader, key []byte) {
	var customers, accounts []json.RawMessage
	l.Read("customers.json", &customers)
	l.Read("users.json", &accounts)
	for _, raw := range append(customers, accounts...) {
		var a struct {
			ID int64 `json:"id"`
		}
		l.Decode(raw, &a)
		u := &user{}
		if old := st.users[a.ID]; old != nil {
			u = old
		}
		l.Decode(raw, &u.customer)
		var extra account
		l.Decode(raw, &extra)
		u.display = cmp.Or(extra.Display, u.display, strings.TrimSpace(u.FirstName+" "+u.LastName), u.Username)
		u.setPassword(extra.Password, key)
		st.users[a.ID] = u
		st.nextUser = max(st.nextUser, a.ID)
	}
}

// setPassword keeps a MAC of the password; "" changes nothing.
func (u *user) setPassword(password string, key []byte) {
	if password != "" {
		u.password = passwordMAC(password, key)
	}
}

func passwordMAC(password string, key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("password:" + password))
	return mac.Sum(nil)
}

// knows says whether password is the user's.
func (u *user) knows(password string, key []byte) bool {
	return len(u.password) > 0 && hmac.Equal(u.password, passwordMAC(password, key))
}

// isStaff says whether the user may work on orders, products and other
// people's customers (edit_shop_orders, manage_woocommerce).
func (u *user) isStaff() bool {
	return u != nil && (u.Role == roleAdmin || u.Role == roleManager)
}

// editUser answers a copy of a user that is already in the map, nil for
// nobody.
func (st *state) editUser(id int64) *user {
	u, ok := st.users[id]
	if !ok {
		return nil
	}
	c := *u
	c.Meta = slices.Clone(u.Meta)
	st.users[id] = &c
	return &c
}

func (st *state) userID() int64 { st.nextUser++; return st.nextUser }

// userByLogin finds a user name; WordPress compares without regard to case.
func (st *state) userByLogin(login string) *user {
	return st.findUser(func(u *user) bool { return strings.EqualFold(u.Username, login) })
}

// userByEmail finds an address without regard to case.
func (st *state) userByEmail(email string) *user {
	return st.findUser(func(u *user) bool { return strings.EqualFold(u.Email, email) })
}

func (st *state) findUser(fits func(*user) bool) *user {
	for _, u := range st.users {
		if fits(u) {
			return u
		}
	}
	return nil
}

// usersByID are all users, oldest first.
func (st *state) usersByID() []*user {
	out := make([]*user, 0, len(st.users))
	for _, u := range st.users {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b *user) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// customer is the customer part of a user, nil for nobody.
func (st *state) customer(id int64) *customer {
	if u := st.users[id]; u != nil {
		return &u.customer
	}
	return nil
}
