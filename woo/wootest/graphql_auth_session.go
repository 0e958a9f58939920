package wootest

// enterSession hands the request's session to a user who just signed in;
// WooGraphQL 0.21 waits for the next request.
func (g *gqlRequest) enterSession(user int64) {
	if !g.store.opts.OldGraphQL {
		g.visit.signIn(user)
	}
}

// sessionToken is a token for the request's session as it is now.
func (g *gqlRequest) sessionToken() string { return g.visit.token() }

// tokenFor is the session token on a user or customer: for the user alone.
func (g *gqlRequest) tokenFor(u *user) any {
	if g.who.signedIn() != u.ID {
		return nil
	}
	return g.sessionToken()
}
