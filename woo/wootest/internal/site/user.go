package site

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
	RoleAdmin    = "administrator"
	RoleManager  = "shop_manager"
	RoleCustomer = "customer"
)

// User is a WordPress account; its customer part is what WooCommerce's REST
// API shows of it.
type User struct {
	Customer
	Display    string // display_name
	password   []byte // a MAC under a key that dies with the process, nil: nobody can sign in
	Secret     string // graphql_jwt_auth_secret
	Revoked    bool   // graphql_jwt_auth_secret_revoked
	ResetMAC   []byte // of the key in the last reset mail
	ResetUntil time.Time
}

// account is an entry of users.json: a customer as REST writes it, with what
// REST never shows.
type account struct {
	Customer
	Display  string `json:"display_name"`
	Password string `json:"password"`
}

// loadUsers reads customers.json and users.json; an entry of the second with
// the id of a customer adds to it.
func (st *State) loadUsers(l *shop.Loader, key []byte) {
	var customers, accounts []json.RawMessage
	l.Read("customers.json", &customers)
	l.Read("users.json", &accounts)
	for _, raw := range append(customers, accounts...) {
		var a struct {
			ID int64 `json:"id"`
		}
		l.Decode(raw, &a)
		u := &User{}
		if old := st.Users[a.ID]; old != nil {
			u = old
		}
		l.Decode(raw, &u.Customer)
		var extra account
		l.Decode(raw, &extra)
		u.Display = cmp.Or(extra.Display, u.Display, strings.TrimSpace(u.FirstName+" "+u.LastName), u.Username)
		u.SetPassword(extra.Password, key)
		st.Users[a.ID] = u
		st.nextUser = max(st.nextUser, a.ID)
	}
}

// SetPassword keeps a MAC of the password; "" changes nothing.
func (u *User) SetPassword(password string, key []byte) {
	if password != "" {
		u.password = passwordMAC(password, key)
	}
}

func passwordMAC(password string, key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("password:" + password))
	return mac.Sum(nil)
}

// Knows says whether password is the user's.
func (u *User) Knows(password string, key []byte) bool {
	return len(u.password) > 0 && hmac.Equal(u.password, passwordMAC(password, key))
}

// IsStaff says whether the user may work on orders, products and other
// people's customers (edit_shop_orders, manage_woocommerce).
func (u *User) IsStaff() bool {
	return u != nil && (u.Role == RoleAdmin || u.Role == RoleManager)
}

// EditUser answers a copy of a user that is already in the map, nil for
// nobody.
func (st *State) EditUser(id int64) *User {
	u, ok := st.Users[id]
	if !ok {
		return nil
	}
	c := *u
	c.Meta = slices.Clone(u.Meta)
	st.Users[id] = &c
	return &c
}

// UserID is the next id of an account.
func (st *State) UserID() int64 { st.nextUser++; return st.nextUser }

// UserByLogin finds a user name; WordPress compares without regard to case.
func (st *State) UserByLogin(login string) *User {
	return st.findUser(func(u *User) bool { return strings.EqualFold(u.Username, login) })
}

// UserByEmail finds an address without regard to case.
func (st *State) UserByEmail(email string) *User {
	return st.findUser(func(u *User) bool { return strings.EqualFold(u.Email, email) })
}

func (st *State) findUser(fits func(*User) bool) *User {
	for _, u := range st.Users {
		if fits(u) {
			return u
		}
	}
	return nil
}

// UsersByID are all users, oldest first.
func (st *State) UsersByID() []*User {
	out := make([]*User, 0, len(st.Users))
	for _, u := range st.Users {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b *User) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// Customer is the customer part of a user, nil for nobody.
func (st *State) Customer(id int64) *Customer {
	if u := st.Users[id]; u != nil {
		return &u.Customer
	}
	return nil
}
