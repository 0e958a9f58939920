package site

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// SessionLife is how long a guest's session lives after it was last used,
// userSessionLife a signed-in customer's (WC_Session_Handler::set_session_expiration).
const (
	SessionLife     = 48 * time.Hour
	UserSessionLife = 7 * 24 * time.Hour
)

// Session is a row of WooCommerce's session table: a shopper's cart and what
// was asked about the shopper so far.
//
// It is read and written under the site's lock, and rows are never changed in
// place. A request takes a working copy with State.Session, works on it and puts
// it back with State.SaveSession, as a PHP request loads its session when it begins and
// writes it when it ends. Two copies taken before either is put back are two
// requests that overlap: the later one wins, and that is how two checkouts make
// two orders of one cart.
type Session struct {
	ID      string // customer id: "t_" and 30 hex digits for a guest, else the user's id
	expires time.Time

	Items   []CartItem // in the order they were added
	Removed []CartItem // what restore brings back
	Coupons []string   // codes in lower case, as applied
	Totals  *CartTotals

	Customer SessionCustomer
	owner    string   // the id customer was read or said for
	Chosen   []string // chosen_shipping_methods: a rate id per package
	Offered  []string // rate ids the first package offered last time
	Payment  string   // chosen_payment_method
	Awaiting int64    // order_awaiting_payment
	Draft    int64    // store_api_draft_order
	Values   []SessionValue
}

// SessionValue is a key that a client or plugin keeps in the session.
type SessionValue struct{ Key, Value string }

// Clone is a working copy: changing it leaves the row.
func (s *Session) Clone() *Session {
	c := *s
	c.Items, c.Removed, c.Coupons = slices.Clone(s.Items), slices.Clone(s.Removed), slices.Clone(s.Coupons)
	c.Chosen, c.Offered, c.Values = slices.Clone(s.Chosen), slices.Clone(s.Offered), slices.Clone(s.Values)
	return &c
}

// Value answers a key of the session, "" when it is not set.
func (s *Session) Value(key string) string {
	for _, v := range s.Values {
		if v.Key == key {
			return v.Value
		}
	}
	return ""
}

// SetValue sets a key of the session, in its place when it is there.
func (s *Session) SetValue(key, value string) {
	i := slices.IndexFunc(s.Values, func(v SessionValue) bool { return v.Key == key })
	if i < 0 {
		s.Values = append(s.Values, SessionValue{key, value})
		return
	}
	s.Values[i].Value = value
}

// UserID is the customer the session belongs to, 0 for a guest.
func (s *Session) UserID() int64 {
	n, err := strconv.ParseInt(s.ID, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// NewGuestID is WC_Session_Handler::generate_customer_id.
func NewGuestID() string { return "t_" + hex.EncodeToString(wp.RandomBytes(15)) }

// Session answers a working copy of a session. One that has no row, or whose
// row has expired, is empty: WooCommerce believes a valid token whatever its
// table says.
func (st *State) Session(id string, now time.Time) *Session {
	found := &Session{ID: id}
	if row, ok := st.sessions[id]; ok && now.Before(row.expires) {
		found = row.Clone()
	}
	return st.withAccount(found)
}

// withAccount gives a user's session the addresses of the account, unless they
// were said in that very session (WC_Customer_Data_Store_Session::read).
func (st *State) withAccount(s *Session) *Session {
	u := st.Users[s.UserID()]
	if u == nil || s.owner == s.ID {
		return s
	}
	s.Customer, s.owner = st.accountCustomer(s.ID), s.ID
	s.Customer.Billing.Email = cmp.Or(s.Customer.Billing.Email, u.Email)
	return s
}

// SaveSession puts a working copy back; it stays the store's from here on.
func (st *State) SaveSession(s *Session, now time.Time) {
	s.expires, s.Customer.Settled = now.Add(LifeOf(s.ID)), false
	st.sessions[s.ID] = s
}

// TouchSession makes a row live on from now, as every request with its token
// does.
func (st *State) TouchSession(id string, now time.Time) {
	if row, ok := st.sessions[id]; ok && now.Before(row.expires) {
		next := row.Clone()
		next.expires = now.Add(LifeOf(id))
		st.sessions[id] = next
	}
}

// LifeOf is how long a session is kept after a request: a user's longer than a guest's.
func LifeOf(id string) time.Duration {
	if _, err := strconv.ParseInt(id, 10, 64); err == nil {
		return UserSessionLife
	}
	return SessionLife
}

// hasSession says whether a session has a row.
func (st *State) hasSession(id string) bool { return st.sessions[id] != nil }

// MoveSession makes a guest's session the user's, as signing in with the
// guest's token does, and answers the user's working copy, not yet saved. With
// WooGraphQL's default (keep_new_fallback_old) the guest's data replaces the
// user's unless the guest has none; the guest's row is gone.
func (st *State) MoveSession(guest, user string, now time.Time) *Session {
	moved := st.Session(guest, now)
	if !st.hasSession(guest) {
		moved = st.Session(user, now)
	}
	delete(st.sessions, guest)
	moved.ID = user
	return st.withAccount(moved)
}
