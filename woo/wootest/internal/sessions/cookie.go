package sessions

import (
	"crypto/md5" // WordPress names its cookies with it; no secret depends on it
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// storeCookie is the name of the session cookie: it ends in a hash of the
// shop's address.
func storeCookie(s *site.Site) string {
	sum := md5.Sum([]byte(s.Shop.URL))
	return "wp_woocommerce_session_" + hex.EncodeToString(sum[:])
}

// SessionCookie is the Set-Cookie of a guest's session as WooCommerce 10 writes
// it: id, end, renewal and a checksum that keeps no secret.
func SessionCookie(s *site.Site, id string) string {
	ends := s.Now().Add(site.SessionLife)
	value := id + "|" + strconv.FormatInt(ends.Unix(), 10) + "|" + strconv.FormatInt(ends.Add(-site.SessionLife/2).Unix(), 10)
	value += "|" + cookieChecksum(value)
	return fmt.Sprintf("%s=%s; expires=%s; Max-Age=%d; path=/; HttpOnly", storeCookie(s), url.QueryEscape(value),
		ends.UTC().Format(http.TimeFormat), int(site.SessionLife/time.Second))
}

// cookieChecksum stands for wp_fast_hash: its form and its length. Like the
// real one it proves nothing: a guest's id is the secret.
func cookieChecksum(text string) string {
	sum := sha256.Sum256([]byte("wp_fast_hash_6.8+" + text))
	return "$generic$" + base64.RawURLEncoding.EncodeToString(sum[:30])
}

// CookieSession is the guest a request's session cookie names, or a new one. A
// cookie that was changed, has expired or names a user counts as none.
func CookieSession(s *site.Site, req *wire.Request) string {
	cookie, err := (&http.Request{Header: req.Header}).Cookie(storeCookie(s))
	if err != nil {
		return site.NewGuestID()
	}
	value, err := url.QueryUnescape(cookie.Value)
	text, checksum, ok := wp.CutLast(value, "|")
	parts := strings.Split(text, "|")
	if err != nil || !ok || checksum != cookieChecksum(text) || len(parts) != 3 || !strings.HasPrefix(parts[0], "t_") {
		return site.NewGuestID()
	}
	if ends, err := strconv.ParseInt(parts[1], 10, 64); err != nil || s.Now().After(time.Unix(ends, 0)) {
		return site.NewGuestID()
	}
	return parts[0]
}
