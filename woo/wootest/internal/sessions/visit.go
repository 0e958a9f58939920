package sessions

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/carts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// sessionHeader carries the session token: with "Session " before it in a
// request, without in an answer.
const sessionHeader = "woocommerce-session"

// Visit is what one GraphQL request holds of a session (WooGraphQL's
// QL_Session_Handler). It is used under the site's lock, by one request.
type Visit struct {
	store    *site.Site
	st       *site.State
	Issuer   string
	TokenErr error // cart fields and cart mutations fail with it
	id       customerID
	came     bool          // with a good token
	Session  *site.Session // the working copy
	Agent    string        // the caller's User-Agent
	cart     *carts.Basket // of sess, made when first needed
	Seen     *site.State   // the stock a checkout looks at: st, or what it was when the request began
	NewLogin *site.User    // signed in by a checkout: finish sets WordPress' cookies

	forgot  bool // finish takes the browser's session cookie away
	dirty   bool // finish saves the session
	issuing bool // finish answers a token
	Cookies bool // finish sets the cart's cookies
}

// Begin reads the session token of a request. Without a token, or with
// one that is not taken, a new session begins and a token is answered; a
// signed-in user's session is the user's own, and a guest's that comes along
// becomes it.
func Begin(s *site.Site, st *site.State, req *wire.Request, user int64) *Visit {
	v := &Visit{store: s, st: st, Seen: st, Issuer: s.BaseURL(req), Agent: req.Header.Get("User-Agent")}
	token := sessionTokenOf(s, req)
	if token != "" {
		v.id, v.TokenErr = customerOf(s, token, v.Issuer)
	}
	if v.came = token != "" && v.TokenErr == nil; v.came {
		st.TouchSession(v.id.text, s.Now())
		v.Session = st.Session(v.id.text, s.Now())
		if user != 0 {
			v.SignIn(user)
		}
		return v
	}
	v.id, v.issuing = customerID{text: site.NewGuestID()}, true
	if user != 0 {
		v.id = customerID{strconv.FormatInt(user, 10), true}
	}
	v.Session = st.Session(v.id.text, s.Now())
	return v
}

// SignIn makes the visit a user's, as QL_Session_Handler::init_session_token
// does when it runs again after a login: a guest's cart moves to the user, or
// the user's own is taken when the guest has none. A session that came without
// a token has nothing to move; the user's number is then a number in the token,
// and the next request with it gets another one with the number as text.
func (v *Visit) SignIn(user int64) {
	to := customerID{strconv.FormatInt(user, 10), !v.came}
	if v.id == to {
		return
	}
	if v.dirty {
		v.st.SaveSession(v.Session, v.store.Now())
	}
	v.Session = v.st.MoveSession(v.Session.ID, to.text, v.store.Now())
	v.id, v.dirty, v.issuing = to, true, true
}

// Token is a token for the visit's session as it is now.
func (v *Visit) Token() string { return mintSession(v.store, v.id, v.Issuer) }

// Changed notes that the session is to be saved; issue also answers a token,
// as every cart mutation that succeeds does.
func (v *Visit) Changed(issue bool) {
	v.dirty = true
	v.issuing = v.issuing || issue
}

// Forget drops the working copy (WC_Session_Handler::forget_session).
func (v *Visit) Forget() {
	v.id = customerID{text: site.NewGuestID()}
	v.Session, v.cart, v.dirty, v.forgot = &site.Session{ID: v.id.text}, nil, false, true
}

// Finish saves the session and sets the headers of the answer.
func (v *Visit) Finish(header http.Header) {
	if v.dirty {
		v.st.SaveSession(v.Session, v.store.Now())
	}
	if v.Cookies && len(v.Session.Items) > 0 {
		header.Add("Set-Cookie", "woocommerce_items_in_cart=1; path=/")
		header.Add("Set-Cookie", "woocommerce_cart_hash="+v.Session.Hash()+"; path=/")
	}
	if v.forgot {
		header.Add("Set-Cookie", storeCookie(v.store)+"=deleted; expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly")
	}
	if v.NewLogin != nil {
		LoginCookies(v.store, header, v.NewLogin, strings.HasPrefix(v.Issuer, "https:"))
	}
	if v.issuing {
		v.issueTokens(header)
	}
}

// Basket is the cart of the request: one, like PHP's WC()->cart, until
// somebody signs in.
func (v *Visit) Basket() *carts.Basket {
	if v.cart == nil || v.cart.Session != v.Session {
		b, dropped := carts.New(v.store, v.st, v.Session)
		v.cart, v.dirty = b, v.dirty || len(dropped) > 0
	}
	return v.cart
}
