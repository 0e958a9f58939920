package wootest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// cartTokenSchema are the fields the setting adds.
const cartTokenSchema = `
extend type LoginPayload { cartToken: String }
extend type Customer { cartToken: String }`

// withoutSessionTokens takes the fields for tokens that are not issued out of
// the schema.
func withoutSessionTokens(schema *ast.Schema) {
	for _, name := range []string{"LoginPayload", "Customer"} {
		if def := schema.Types[name]; def != nil {
			def.Fields = slices.DeleteFunc(def.Fields, func(f *ast.FieldDefinition) bool { return f.Name == "sessionToken" })
		}
	}
}

// sessionTokenOf is the token a GraphQL request names its session with: a
// Cart-Token comes first where it is taken.
func (s *site) sessionTokenOf(req *request) string {
	if token := req.header.Get("Cart-Token"); token != "" && s.opts.CartTokens {
		return token
	}
	return req.header.Get(sessionHeader)
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

// cartTokenFor is the Cart-Token on a user or customer: for the user alone.
func (g *gqlRequest) cartTokenFor(u *user) any {
	if g.who.signedIn() != u.ID {
		return nil
	}
	return g.visit.cartToken()
}
