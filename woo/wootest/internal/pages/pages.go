package pages

import (
	"cmp"
	"html"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/sessions"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/storeapi"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Front are the shop's own site, as far as a browser meets it that was sent
// there by a headless shop.
type Front struct {
	*site.Site
	StoreAPI *storeapi.API
}

// Serve answers a page; false is for what is none.
func (s *Front) Serve(req *wire.Request) (wire.Reply, bool) {
	path := "/" + strings.Trim(req.Path, "/") + "/"
	if s.Options.TransferURLs && path == "/transfer-session/" {
		return s.transfer(req), true
	}
	for _, p := range sitePages() {
		if p.path == path {
			return s.page(req, p), true
		}
	}
	return wire.Reply{}, false
}

// sitePage is one page of the site.
type sitePage struct {
	path, title string
	id          string // of the post
	shows       string // a block of the page, by which a test knows it
}

func sitePages() []sitePage {
	return []sitePage{
		{"/cart/", "Cart", "7", "wp-block-woocommerce-cart"},
		{"/checkout/", "Checkout", "8", "wp-block-woocommerce-checkout"},
		{"/my-account/", "My account", "9", "woocommerce-MyAccount-content"},
	}
}

// transfer is WooGraphQL's Protected_Router: it gives the browser the session
// that a URL names and, when that is a user's, signs the browser in. The URL
// works any number of times until its nonce or the session's client id expires.
// What does not fit goes home without a cookie.
func (s *Front) transfer(req *wire.Request) wire.Reply {
	s.Lock()
	defer s.Unlock()
	st, id := s.State, req.Query.Get("session_id")
	for _, d := range sessions.Doors() {
		nonce := req.Query.Get(d.Param)
		if nonce == "" {
			continue
		}
		sess := st.Session(id, s.Now())
		target := strings.Replace(d.Target, "{site}", s.BaseURL(req), 1)
		if user := sessions.CookieUser(s.Site, st, req); user != 0 && user == sess.UserID() {
			return redirect(http.Header{}, target)
		}
		if id == "" || !sessions.GoodNonce(s.Site, nonce, d.Action+id, sessions.ClientID(sess, s.Now())) {
			break
		}
		h := http.Header{}
		if u := st.Users[sess.UserID()]; u != nil {
			sessions.LoginCookies(s.Site, h, u, req.Secure)
		}
		sessions.HandSession(s.Site, h, id, req.Secure)
		return redirect(h, target)
	}
	return redirect(http.Header{}, s.BaseURL(req))
}

func redirect(h http.Header, target string) wire.Reply {
	h.Set("Content-Type", "text/html; charset=UTF-8")
	h.Set("X-Redirect-By", "WordPress")
	h.Set("Location", target)
	return wire.Reply{Status: http.StatusFound, Header: h}
}

// page is a page of the shop for a browser with its cookies, or for somebody
// with a bearer: that renders as the user and sets no sign-in cookie. The
// markup is a placeholder: who is asked for a page sees the block, whose it is
// and what is in the cart.
func (s *Front) page(req *wire.Request, p sitePage) wire.Reply {
	if p.path == "/checkout/" {
		s.hydrate(req)
	}
	s.Lock()
	defer s.Unlock()
	st := s.State
	who := accounts.WhoIs(s.Site, st, req)
	user := cmp.Or(who.SignedIn(), sessions.CookieUser(s.Site, st, req))
	h := pageHeader(s.Site, req, p, user)
	id := sessions.BrowserSession(s.Site, st, req)
	if who.User != nil {
		id = wp.Itoa(user)
		defer sessions.HandSession(s.Site, h, id, req.Secure)
	}
	sess := st.Session(id, s.Now())
	if len(sess.Items) > 0 {
		h.Add("Set-Cookie", "woocommerce_items_in_cart=1; path=/")
		h.Add("Set-Cookie", "woocommerce_cart_hash="+sess.Hash()+"; path=/")
	}
	return wire.Reply{Status: http.StatusOK, Header: h, Body: []byte(pageBody(s.Site, st, p, st.Users[user], sess))}
}

// hydrate is what the checkout block does while the page is made: it asks the
// Store API for the checkout, which leaves a draft order.
func (s *Front) hydrate(req *wire.Request) {
	s.Lock()
	nonce := storeapi.CartNonce(s.Site, cmp.Or(accounts.WhoIs(s.Site, s.State, req).SignedIn(), sessions.CookieUser(s.Site, s.State, req)), 0)
	s.Unlock()
	inner := *req
	inner.Header = req.Header.Clone()
	inner.Header.Set("Nonce", nonce)
	inner.Method, inner.Path, inner.RawQuery, inner.Query, inner.Body = http.MethodGet, wire.StoreRoot+"/checkout", "", nil, nil
	_ = s.StoreAPI.Serve(&inner) // an empty cart is refused there, and no matter here
}

func pageHeader(s *site.Site, req *wire.Request, p sitePage, user int64) http.Header {
	h, site := http.Header{}, s.BaseURL(req)
	h.Set("Content-Type", "text/html; charset=UTF-8")
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Content-Security-Policy", "frame-ancestors 'self';")
	if user != 0 {
		accounts.NoCache(h)
	} else if p.path != "/my-account/" {
		h.Set("Expires", "Wed, 11 Jan 1984 05:00:00 GMT")
		h.Set("Cache-Control", "no-cache, must-revalidate, max-age=0, private")
	}
	h.Add("Link", "<"+site+`/wp-json/>; rel="https://api.w.org/"`)
	h.Add("Link", "<"+site+"/wp-json/wp/v2/pages/"+p.id+`>; rel="alternate"; title="JSON"; type="application/json"`)
	h.Add("Link", "<"+site+"/?p="+p.id+">; rel=shortlink")
	return h
}

func pageBody(s *site.Site, st *site.State, p sitePage, u *site.User, sess *site.Session) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"en-US\">\n<head>\n\t<meta charset=\"UTF-8\" />\n<title>" + p.title + " &#8211; " +
		html.EscapeString(s.Shop.Title) + "</title>\n</head>\n")
	class, shows := "woocommerce-page", p.shows
	if u != nil {
		class += " logged-in"
	} else if p.path == "/my-account/" {
		shows = "woocommerce-form-login"
	}
	b.WriteString("<body class=\"" + class + "\">\n<div class=\"" + shows + "\">\n")
	if u != nil {
		b.WriteString("<p>Hello <strong>" + html.EscapeString(u.Display) + "</strong></p>\n")
	}
	for _, item := range sess.Items {
		if p := item.Product(st); p != nil {
			b.WriteString("<p class=\"cart_item\">" + html.EscapeString(st.FullName(p)) + " &times; " + wp.Itoa(item.Quantity) + "</p>\n")
		}
	}
	b.WriteString("</div>\n</body>\n</html>\n")
	return b.String()
}
