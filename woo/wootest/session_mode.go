package wootest

import (
	"encoding/json"
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// sessionTokenOf is the token a GraphQL request names its session with: a
// Cart-Token comes first where it is taken.
func (s *site) sessionTokenOf(req *wire.Request) string {
	if token := req.Header.Get("Cart-Token"); token != "" && s.opts.CartTokens {
		return token
	}
	return req.Header.Get(sessionHeader)
}

// issueTokens sets the tokens of an answer.
func (v *visit) issueTokens(header http.Header) {
	if v.store.opts.SessionTokens {
		header[sessionHeader] = []string{v.token()}
	}
	if v.store.opts.CartTokens {
		header.Set("Cart-Token", v.cartToken())
	}
}

// cartToken is the Cart-Token of WooGraphQL: it lives as long as the session,
// and a user's id is a number in it.
func (v *visit) cartToken() string {
	now := v.store.now()
	var id any = v.id.text
	if v.sess.userID() != 0 {
		id = json.Number(v.id.text)
	}
	return v.store.signStoreToken(id, now.Add(lifeOf(v.id.text)), now)
}
