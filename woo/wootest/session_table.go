package wootest

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// sessionLife is how long a guest's session lives after it was last used,
// userSessionLife a signed-in customer's (WC_Session_Handler::set_session_expiration).
const (
	sessionLife     = 48 * time.Hour
	userSessionLife = 7 * 24 * time.Hour
)

// session is a row of WooCommerce's session table: a shopper's cart and what
// was asked about the shopper so far.
//
// Lock discipline is the store's: a session is read and written under
// Store.mu. Rows in state.sessions are never changed in place. A request takes
// a working copy with state.session, works on it and puts it back with
// state.saveSession, as a PHP request loads its session when it begins and
// writes it when it ends. Two copies taken before either is put back are two
// requests that overlap: the later one wins, and that is how two checkouts make
// two orders of one cart.
type session struct {
	id      string // customer id: "t_" and 30 hex digits for a guest, else the user's id
	expires time.Time

	items   []cartItem // in the order they were added
	removed []cartItem // what restore brings back
	coupons []string   // codes in lower case, as applied
	totals  *cartTotals

	customer sessionCustomer
	owner    string   // the id customer was read or said for
	chosen   []string // chosen_shipping_methods: a rate id per package
	offered  []string // rate ids the first package offered last time
	payment  string   // chosen_payment_method
	awaiting int64    // order_awaiting_payment
	draft    int64    // store_api_draft_order
	values   []sessionValue
}

// sessionValue is a key that a client or plugin keeps in the session.
type sessionValue struct{ key, value string }

func (s *session) clone() *session {
	c := *s
	c.items, c.removed, c.coupons = slices.Clone(s.items), slices.Clone(s.removed), slices.Clone(s.coupons)
	c.chosen, c.offered, c.values = slices.Clone(s.chosen), slices.Clone(s.offered), slices.Clone(s.values)
	return &c
}

// value answers a key of the session, "" when it is not set.
func (s *session) value(key string) string {
	for _, v := range s.values {
		if v.key == key {
			return v.value
		}
	}
	return ""
}

// setValue sets a key of the session, in its place when it is there.
func (s *session) setValue(key, value string) {
	i := slices.IndexFunc(s.values, func(v sessionValue) bool { return v.key == key })
	if i < 0 {
		s.values = append(s.values, sessionValue{key, value})
		return
	}
	s.values[i].value = value
}

// userID is the customer the session belongs to, 0 for a guest.
func (s *session) userID() int64 {
	n, err := strconv.ParseInt(s.id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// newGuestID is WC_Session_Handler::generate_customer_id.
func newGuestID() string { return "t_" + hex.EncodeToString(wp.RandomBytes(15)) }

// session answers a working copy of a session. One that has no row, or whose
// row has expired, is empty: WooCommerce believes a valid token whatever its
// table says.
func (st *state) session(id string, now time.Time) *session {
	found := &session{id: id}
	if row, ok := st.sessions[id]; ok && now.Before(row.expires) {
		found = row.clone()
	}
	return st.withAccount(found)
}

// withAccount gives a user's session the addresses of the account, unless they
// were said in that very session (WC_Customer_Data_Store_Session::read).
func (st *state) withAccount(s *session) *session {
	u := st.users[s.userID()]
	if u == nil || s.owner == s.id {
		return s
	}
	s.customer, s.owner = st.accountCustomer(s.id), s.id
	s.customer.billing.Email = cmp.Or(s.customer.billing.Email, u.Email)
	return s
}

// saveSession puts a working copy back; it stays the store's from here on.
func (st *state) saveSession(s *session, now time.Time) {
	s.expires, s.customer.settled = now.Add(lifeOf(s.id)), false
	st.sessions[s.id] = s
}

// touchSession makes a row live on from now, as every request with its token
// does.
func (st *state) touchSession(id string, now time.Time) {
	if row, ok := st.sessions[id]; ok && now.Before(row.expires) {
		next := row.clone()
		next.expires = now.Add(lifeOf(id))
		st.sessions[id] = next
	}
}

func lifeOf(id string) time.Duration {
	if _, err := strconv.ParseInt(id, 10, 64); err == nil {
		return userSessionLife
	}
	return sessionLife
}

// hasSession says whether a session has a row.
func (st *state) hasSession(id string) bool { return st.sessions[id] != nil }

// moveSession makes a guest's session the user's, as signing in with the
// guest's token does, and answers the user's working copy, not yet saved. With
// WooGraphQL's default (keep_new_fallback_old) the guest's data replaces the
// user's unless the guest has none; the guest's row is gone.
func (st *state) moveSession(guest, user string, now time.Time) *session {
	moved := st.session(guest, now)
	if !st.hasSession(guest) {
		moved = st.session(user, now)
	}
	delete(st.sessions, guest)
	moved.id = user
	return st.withAccount(moved)
}
