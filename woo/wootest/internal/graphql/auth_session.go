package graphql

import (
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/vektah/gqlparser/v2/ast"
)

// enterSession hands the request's session to a user who just signed in;
// WooGraphQL 0.21 waits for the next request.
func (g *request) enterSession(user int64) {
	if !g.site.Options.OldGraphQL {
		g.visit.SignIn(user)
	}
}

// sessionToken is a token for the request's session as it is now.
func (g *request) sessionToken() string { return g.visit.Token() }

// tokenFor is the session token on a user or customer: for the user alone.
func (g *request) tokenFor(u *site.User) any {
	if g.who.SignedIn() != u.ID {
		return nil
	}
	return g.sessionToken()
}

// refusingAll are root fields under a bearer that is not taken: every one
// fails, whatever it is, and the reason stays in the store's log.
func refusingAll(def *ast.Definition) map[string]any {
	refuse := resolver(func(map[string]any) (any, error) { return nil, errInternal })
	fields := map[string]any{}
	for _, f := range def.Fields {
		fields[f.Name] = refuse
	}
	return fields
}
