package sessions

import (
	"encoding/json"
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// sessionTokenOf is the token a GraphQL request names its session with: a
// Cart-Token comes first where it is taken.
func sessionTokenOf(s *site.Site, req *wire.Request) string {
	if token := req.Header.Get("Cart-Token"); token != "" && s.Options.CartTokens {
		return token
	}
	return req.Header.Get(sessionHeader)
}

// issueTokens sets the tokens of an answer.
func (v *Visit) issueTokens(header http.Header) {
	if v.store.Options.SessionTokens {
		header[sessionHeader] = []string{v.Token()}
	}
	if v.store.Options.CartTokens {
		header.Set("Cart-Token", v.CartToken())
	}
}

// CartToken is the Cart-Token of WooGraphQL: it lives as long as the session,
// and a user's id is a number in it.
func (v *Visit) CartToken() string {
	now := v.store.Now()
	var id any = v.id.text
	if v.Session.UserID() != 0 {
		id = json.Number(v.id.text)
	}
	return cartTokenUntil(v.store, id, now.Add(site.LifeOf(v.id.text)), now)
}
