package graphql

import (
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// authMutations are signing in, registering and passwords.
func (g *request) authMutations() map[string]mutation {
	return map[string]mutation{
		"login": g.login, "refreshJwtAuthToken": g.refreshToken, "registerCustomer": g.registerCustomer, "registerUser": g.registerUser,
		"sendPasswordResetEmail": g.sendReset, "resetUserPassword": g.resetPassword,
	}
}

// login is WPGraphQL JWT Authentication's mutation. The rest of the request
// runs as the user, and a guest's session becomes the user's.
func (g *request) login(in map[string]any) (map[string]any, error) {
	u, refused := g.authenticate(accounts.CleanLogin(argText(in, "username")), strings.TrimSpace(argText(in, "password")))
	if refused != "" {
		return nil, wire.UserError(wp.EscHTML(refused))
	}
	if u.Revoked {
		return nil, accounts.ErrTokenRevoked
	}
	u = g.signIn(u)
	now := g.site.Now()
	return map[string]any{
		"authToken": accounts.MintBearer(g.site, u, g.who.Issuer, now), "refreshToken": accounts.MintRefresh(g.site, u, g.who.Issuer, now),
		"user": g.userNode(u), "customer": g.accountNode(u), "sessionToken": g.sessionToken(), "cartToken": g.visit.CartToken(),
	}, nil
}

// authenticate is wp_authenticate: a user name, then an e-mail address. What it
// answers about a refusal holds markup, and tells an unknown user from a wrong
// password.
func (g *request) authenticate(name, password string) (u *site.User, refused string) {
	const wrong = `<strong>Error:</strong> The password you entered for the %s <strong>%s</strong> is incorrect. ` +
		`<a href="%s/my-account/lost-password/">Lost your password?</a>`
	if name == "" {
		return nil, "<strong>Error:</strong> The username field is empty."
	}
	if password == "" {
		return nil, "<strong>Error:</strong> The password field is empty."
	}
	kind := "username"
	if u = g.state.UserByLogin(name); u == nil && wp.IsEmail(name) {
		kind, u = "email address", g.state.UserByEmail(name)
	}
	switch {
	case u != nil && u.Knows(password, g.site.Secret):
		return u, ""
	case u != nil:
		return nil, fmt.Sprintf(wrong, kind, wp.EscHTML(name), g.who.Issuer)
	case wp.IsEmail(name):
		return nil, "Unknown email address. Check again or try your username."
	}
	return nil, "<strong>Error:</strong> The username <strong>" + wp.EscHTML(name) + "</strong> is not registered on this site. " +
		"If you are unsure of your username, try your email address instead."
}

// signIn makes the rest of the request the user's (wp_set_current_user), who
// is given a secret if there was none, and hands the session over.
func (g *request) signIn(u *site.User) *site.User {
	if u.Secret == "" {
		u = g.state.EditUser(u.ID)
		u.Secret = accounts.NewUserSecret()
	}
	g.who.User = u
	g.enterSession(u.ID)
	return u
}

// refreshToken trades a refresh token for a bearer; a bearer that still holds
// does as well. Nothing is rotated.
func (g *request) refreshToken(in map[string]any) (map[string]any, error) {
	id, status, err := accounts.ReadBearer(g.site, g.state, argText(in, "jwtRefreshToken"), g.who.Issuer)
	u := g.state.Users[id]
	if err != nil || u == nil {
		g.who.Status = status
		return nil, wire.UserError("The provided refresh token is invalid")
	}
	if u.Revoked {
		return nil, accounts.ErrTokenRevoked
	}
	return map[string]any{"authToken": accounts.MintBearer(g.site, u, g.who.Issuer, g.site.Now())}, nil
}

// registerCustomer makes an account and, with authenticate, signs it in.
// Without that the account is made all the same, while the tokens in the
// payload are errors, the customer's fields null and the status 400.
func (g *request) registerCustomer(in map[string]any) (map[string]any, error) {
	email, password := argText(in, "email"), argText(in, "password")
	switch {
	case email == "":
		return nil, wire.UserError("Please provide a valid email address.")
	case password == "" && !g.site.Shop.Yes("woocommerce_registration_generate_password"):
		return nil, wire.UserError("A password was not provided and WooCommerce does not automatically generate one for you.")
	case !wp.IsEmail(email):
		return nil, wire.UserError("The email address you are trying to use is invalid")
	}
	u, err := accounts.NewCustomer(g.site, g.state, email, argText(in, "username"), password, func(u *site.User) { fillAccount(u, in) })
	if err != nil {
		return nil, err
	}
	if in["authenticate"] == true && g.who.User == nil {
		u = g.signIn(u)
	}
	viewer := any(&node{kind: "User", fields: refusingAll(g.schema.Types["User"])})
	if g.who.SignedIn() == u.ID {
		viewer = g.userNode(u)
	}
	tokens := g.withTokens(map[string]any{}, u)
	return map[string]any{
		"authToken": tokens["jwtAuthToken"], "refreshToken": tokens["jwtRefreshToken"], "customer": g.accountNode(u), "viewer": viewer,
	}, nil
}

// fillAccount sets what an input says about a user.
func fillAccount(u *site.User, in map[string]any) {
	for name, into := range map[string]*string{
		"firstName": &u.FirstName, "lastName": &u.LastName, "displayName": &u.Display, "email": &u.Email,
	} {
		if text, ok := in[name].(string); ok {
			*into = text
		}
	}
	if billing, ok := in["billing"].(map[string]any); ok {
		u.Billing = addressInput(u.Billing, billing)
	}
	if in["shippingSameAsBilling"] == true {
		u.Shipping = u.Billing
		u.Shipping.Email = ""
	} else if shipping, ok := in["shipping"].(map[string]any); ok {
		u.Shipping = addressInput(u.Shipping, shipping)
		u.Shipping.Email = ""
	}
	if list, ok := in["metaData"].([]any); ok {
		u.Meta = takeMeta(u.Meta, list, func() int64 { return 0 })
	}
}

// registerUser: WordPress lets nobody register by itself (users_can_register).
func (g *request) registerUser(map[string]any) (map[string]any, error) {
	return nil, wire.UserError("User registration is currently not allowed.")
}

// updateAccount is updateCustomer for somebody who is signed in, or for a
// customer who is named. Only the back office changes other people.
func (g *request) updateAccount(in map[string]any) (map[string]any, error) {
	const forbidden = wire.UserError("You do not have the appropriate capabilities to perform this action")
	id := g.who.SignedIn()
	if argText(in, "id") != "" {
		if id = anyID(in["id"]); id == 0 {
			return nil, wire.UserError("The user ID passed is invalid")
		}
	}
	if g.state.Users[id] == nil {
		return nil, wire.UserError("A user could not be updated with the provided ID")
	}
	if id != g.who.SignedIn() && !g.who.User.IsStaff() {
		return nil, forbidden
	}
	if in["roles"] != nil && (g.who.User == nil || g.who.User.Role != site.RoleAdmin) {
		return nil, forbidden
	}
	email := argText(in, "email")
	if other := g.state.UserByEmail(email); email != "" && other != nil && other.ID != id {
		return nil, wire.UserError("Sorry, that email address is already used!")
	}
	if email != "" && !wp.IsEmail(email) {
		return nil, wire.UserError("The email address you are trying to use is invalid")
	}
	u := g.state.EditUser(id)
	fillAccount(u, in)
	u.SetPassword(argText(in, "password"), g.site.Secret)
	u.DateModified.Time = g.site.Now().UTC()
	if g.who.SignedIn() == id {
		g.who.User = u
	}
	g.site.Emit(g.state, "customer.updated", id)
	tokens := g.withTokens(map[string]any{}, u)
	return map[string]any{
		"customer": g.accountNode(u), "authToken": tokens["jwtAuthToken"], "refreshToken": tokens["jwtRefreshToken"],
	}, nil
}
