package wootest

import (
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// identity is who a request comes from by its Authorization header (the
// determine_current_user filter of WPGraphQL JWT Authentication).
type identity struct {
	user   *site.User // nil for nobody, and for the token of a deleted user
	issuer string
	bearer bool  // a token was sent and taken
	broken error // a token was sent and not taken
	status int   // what the refusal makes of the answer's status, 0 for nothing
}

// whoIs reads the bearer of a request; the caller holds the store's lock.
// Another scheme than Bearer counts as no header at all.
func whoIs(s *site.Site, st *site.State, req *wire.Request) identity {
	who := identity{issuer: s.BaseURL(req)}
	token, ok := bearerOf(req.Header.Get("Authorization"))
	if !ok {
		return who
	}
	id, status, err := readAuth(s, st, token, who.issuer)
	if err != nil {
		who.broken, who.status = err, status
		return who
	}
	who.bearer, who.user = true, st.Users[id]
	return who
}

// bearerOf is sscanf($header, 'Bearer %s').
func bearerOf(header string) (string, bool) {
	rest, ok := strings.CutPrefix(header, "Bearer ")
	fields := strings.Fields(rest)
	if !ok || len(fields) == 0 {
		return "", false
	}
	return fields[0], true
}

// signedIn is the id of the user, 0 for nobody.
func (who identity) signedIn() int64 {
	if who.user == nil {
		return 0
	}
	return who.user.ID
}

// noCache sets what WordPress adds to every answer to somebody it knows.
func noCache(h http.Header) {
	h.Set("Expires", "Wed, 11 Jan 1984 05:00:00 GMT")
	h.Set("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private")
}

// identityHeaders adds what an answer says about who was recognised; mutations
// that sign somebody in have run by then.
func identityHeaders(s *site.Site, st *site.State, req *wire.Request, who identity, h http.Header) {
	if who.user != nil {
		noCache(h)
		h["Last-Modified"] = []string{""}
	}
	tokenHeaders(s, st, req, h)
}

// tokenHeaders adds X-JWT-Auth and X-JWT-Refresh, over TLS only. A token in
// Refresh-Authorization, without any prefix, is worth a new bearer; so is the
// bearer itself when that header is missing, and it is worth a refresh token.
func tokenHeaders(s *site.Site, st *site.State, req *wire.Request, h http.Header) {
	if !req.Secure {
		return
	}
	issuer, now := s.BaseURL(req), s.Now()
	bearer, _ := bearerOf(req.Header.Get("Authorization"))
	token := strings.TrimSpace(req.Header.Get("Refresh-Authorization"))
	if token == "" {
		token = bearer
	}
	if u := ownerOf(s, st, token, issuer); u != nil && !u.Revoked {
		h["X-JWT-Auth"] = []string{mintAuth(s, u, issuer, now)}
	}
	if u := ownerOf(s, st, bearer, issuer); u != nil && !u.Revoked {
		h["X-JWT-Refresh"] = []string{mintRefresh(s, u, issuer, now)}
	}
}

// ownerOf is the user a token belongs to, nil when it is not taken.
func ownerOf(s *site.Site, st *site.State, token, issuer string) *site.User {
	if token == "" {
		return nil
	}
	id, _, err := readAuth(s, st, token, issuer)
	if err != nil {
		return nil
	}
	return st.Users[id]
}
