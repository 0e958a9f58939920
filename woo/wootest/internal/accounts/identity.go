package accounts

import (
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// Identity is who a request comes from by its Authorization header (the
// determine_current_user filter of WPGraphQL JWT Authentication).
type Identity struct {
	User   *site.User // nil for nobody, and for the token of a deleted user
	Issuer string
	bearer bool  // a token was sent and taken
	Broken error // a token was sent and not taken
	Status int   // what the refusal makes of the answer's status, 0 for nothing
}

// WhoIs reads the bearer of a request; the caller holds the store's lock.
// Another scheme than Bearer counts as no header at all.
func WhoIs(s *site.Site, st *site.State, req *wire.Request) Identity {
	who := Identity{Issuer: s.BaseURL(req)}
	token, ok := bearerOf(req.Header.Get("Authorization"))
	if !ok {
		return who
	}
	id, status, err := ReadBearer(s, st, token, who.Issuer)
	if err != nil {
		who.Broken, who.Status = err, status
		return who
	}
	who.bearer, who.User = true, st.Users[id]
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

// SignedIn is the id of the user, 0 for nobody.
func (who Identity) SignedIn() int64 {
	if who.User == nil {
		return 0
	}
	return who.User.ID
}

// NoCache sets what WordPress adds to every answer to somebody it knows.
func NoCache(h http.Header) {
	h.Set("Expires", "Wed, 11 Jan 1984 05:00:00 GMT")
	h.Set("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private")
}

// IdentityHeaders adds what an answer says about who was recognised; mutations
// that sign somebody in have run by then.
func IdentityHeaders(s *site.Site, st *site.State, req *wire.Request, who Identity, h http.Header) {
	if who.User != nil {
		NoCache(h)
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
		h["X-JWT-Auth"] = []string{MintBearer(s, u, issuer, now)}
	}
	if u := ownerOf(s, st, bearer, issuer); u != nil && !u.Revoked {
		h["X-JWT-Refresh"] = []string{MintRefresh(s, u, issuer, now)}
	}
}

// ownerOf is the user a token belongs to, nil when it is not taken.
func ownerOf(s *site.Site, st *site.State, token, issuer string) *site.User {
	if token == "" {
		return nil
	}
	id, _, err := ReadBearer(s, st, token, issuer)
	if err != nil {
		return nil
	}
	return st.Users[id]
}
