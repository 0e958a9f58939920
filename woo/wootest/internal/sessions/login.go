package sessions

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// loginLife is how long a browser that did not ask to be remembered stays
// signed in (wp_set_auth_cookie).
const loginLife = 48 * time.Hour

// setCookie writes a cookie as PHP's setcookie does: no SameSite, and Secure
// over TLS only.
func setCookie(h http.Header, name, value, attributes string) {
	h.Add("Set-Cookie", name+"="+url.QueryEscape(value)+attributes)
}

// HandSession sets WooCommerce's session cookie, a guest's or a user's.
func HandSession(s *site.Site, h http.Header, id string, secure bool) {
	if (&site.Session{ID: id}).UserID() == 0 {
		h.Add("Set-Cookie", SessionCookie(s, id))
		return
	}
	now := s.Now()
	until := now.Add(site.UserSessionLife)
	value := strings.Join([]string{id, wp.Itoa(until.Unix()), wp.Itoa(now.Add(24 * time.Hour).Unix())}, "|")
	setCookie(h, storeCookie(s), value+"|"+cookieChecksum(value), "; expires="+cookieTime(until)+"; Max-Age="+
		strconv.Itoa(int(site.UserSessionLife/time.Second))+"; path=/"+secureAttribute(secure)+"; HttpOnly")
}

func cookieTime(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

func secureAttribute(secure bool) string {
	if secure {
		return "; secure"
	}
	return ""
}

// cookieText is the value of a request's cookie.
func cookieText(req *wire.Request, name string) string {
	c, err := (&http.Request{Header: req.Header}).Cookie(name)
	if err != nil {
		return ""
	}
	text, err := url.QueryUnescape(c.Value)
	if err != nil {
		return ""
	}
	return text
}

// BrowserSession is the session of a browser: that of the user who is signed
// in there, else the guest's that its cookie names.
func BrowserSession(s *site.Site, st *site.State, req *wire.Request) string {
	if user := CookieUser(s, st, req); user != 0 {
		return wp.Itoa(user)
	}
	return CookieSession(s, req)
}

// cookieHash is COOKIEHASH, the end of every cookie's name.
func cookieHash(s *site.Site) string {
	return strings.TrimPrefix(storeCookie(s), "wp_woocommerce_session_")
}

// LoginCookies sign the browser in: everything of an earlier sign-in is wiped
// first, in WordPress' own order.
func LoginCookies(s *site.Site, h http.Header, u *site.User, secure bool) {
	wipeLogin(s, h)
	hash, until := cookieHash(s), s.Now().Add(loginLife).Unix()
	token := wp.RandomText(43)
	auth := "wordpress_"
	if secure {
		auth = "wordpress_sec_"
	}
	value := loginValue(s, u.Username, until, token, "auth")
	for _, path := range []string{"/wp-content/plugins", "/wp-admin"} {
		setCookie(h, auth+hash, value, "; path="+path+secureAttribute(secure)+"; HttpOnly")
	}
	setCookie(h, "wordpress_logged_in_"+hash, loginValue(s, u.Username, until, token, "logged_in"), "; path=/"+secureAttribute(secure)+"; HttpOnly")
}

func loginValue(s *site.Site, login string, until int64, token, scheme string) string {
	mac := hmac.New(sha256.New, append([]byte("login:"+scheme+":"), s.Secret...))
	body := login + "|" + wp.Itoa(until) + "|" + token
	mac.Write([]byte(body))
	return body + "|" + hex.EncodeToString(mac.Sum(nil))
}

// CookieUser is who a browser is signed in as, 0 for nobody.
func CookieUser(s *site.Site, st *site.State, req *wire.Request) int64 {
	value := cookieText(req, "wordpress_logged_in_"+cookieHash(s))
	fields := strings.Split(value, "|")
	if len(fields) != 4 {
		return 0
	}
	until, err := strconv.ParseInt(fields[1], 10, 64)
	u := st.UserByLogin(fields[0])
	if err != nil || u == nil || s.Now().Unix() > until ||
		!hmac.Equal([]byte(value), []byte(loginValue(s, fields[0], until, fields[2], "logged_in"))) {
		return 0
	}
	return u.ID
}

// wipeLogin is wp_clear_auth_cookie: every cookie twice where WordPress and the
// site share their path.
func wipeLogin(s *site.Site, h http.Header) {
	hash, past := cookieHash(s), s.Now().AddDate(-1, 0, 0)
	for _, c := range []struct {
		name, path string
		times      int
	}{
		{"wordpress_" + hash, "/wp-admin", 1}, {"wordpress_sec_" + hash, "/wp-admin", 1},
		{"wordpress_" + hash, "/wp-content/plugins", 1}, {"wordpress_sec_" + hash, "/wp-content/plugins", 1},
		{"wordpress_logged_in_" + hash, "/", 2}, {"wp-settings-0", "/", 1}, {"wp-settings-time-0", "/", 1},
		{"wordpress_" + hash, "/", 2}, {"wordpress_sec_" + hash, "/", 2},
		{"wordpressuser_" + hash, "/", 1}, {"wordpresspass_" + hash, "/", 1}, {"wordpressuser_" + hash, "/", 1},
		{"wordpresspass_" + hash, "/", 1}, {"wp-postpass_" + hash, "/", 1},
	} {
		for range c.times {
			h.Add("Set-Cookie", c.name+"=%20; expires="+cookieTime(past)+"; Max-Age=0; path="+c.path)
		}
	}
}
