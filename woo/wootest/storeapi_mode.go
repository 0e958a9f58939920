package wootest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// SessionTokens is WooGraphQL's setting "Session Token Type": the tokens a
// GraphQL request can name its session with, and those it is answered.
type SessionTokens string

// The kinds of tokens. A Cart-Token of the Store API, sent bare in the
// woocommerce-session header, is taken whatever the setting.
const (
	LegacyTokens SessionTokens = "legacy"    // woocommerce-session alone, the default
	StoreTokens  SessionTokens = "store-api" // Cart-Token alone
	BothTokens   SessionTokens = "both"
)

func (m SessionTokens) known() bool {
	return slices.Contains([]SessionTokens{"", LegacyTokens, StoreTokens, BothTokens}, m)
}

// cart says whether Cart-Tokens are taken and issued, session whether the
// others are issued.
func (m SessionTokens) cart() bool    { return m == StoreTokens || m == BothTokens }
func (m SessionTokens) session() bool { return m != StoreTokens }

// cartTokenSchema are the fields the setting adds.
const cartTokenSchema = `
extend type LoginPayload { cartToken: String }
extend type Customer { cartToken: String }`

// trim takes the fields for tokens that are not issued out of the schema.
func (m SessionTokens) trim(schema *ast.Schema) {
	for _, name := range []string{"LoginPayload", "Customer"} {
		if def := schema.Types[name]; def != nil && !m.session() {
			def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool { return f.Name == "sessionToken" })
		}
	}
}

// sessionTokenOf is the token a GraphQL request names its session with: a
// Cart-Token comes first where it is taken.
func (s *Store) sessionTokenOf(req *request) string {
	if token := req.header.Get("Cart-Token"); token != "" && s.cfg.SessionTokens.cart() {
		return token
	}
	return req.header.Get(sessionHeader)
}

// issueTokens sets the tokens of an answer.
func (v *visit) issueTokens(header http.Header) {
	if v.store.cfg.SessionTokens.session() {
		header[sessionHeader] = []string{v.token()}
	}
	if v.store.cfg.SessionTokens.cart() {
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

// cartTokenFor is the Cart-Token on a user or customer: for the user alone.
func (g *gqlRequest) cartTokenFor(u *user) any {
	if g.who.signedIn() != u.ID {
		return nil
	}
	return g.visit.cartToken()
}
