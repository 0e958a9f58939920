package graphql

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// resetLife is WordPress' password_reset_expiration.
const resetLife = 24 * time.Hour

// sendReset mails a key. It says success whoever was named, so that nobody
// learns who has an account.
func (g *request) sendReset(in map[string]any) (map[string]any, error) {
	name := strings.TrimSpace(argText(in, "username"))
	if name == "" {
		return nil, wire.UserError("Enter a username or email address.")
	}
	u := g.state.UserByLogin(name)
	if strings.Contains(name, "@") {
		u = g.state.UserByEmail(name)
	}
	if u != nil {
		key := wp.RandomText(20)
		u = g.state.EditUser(u.ID)
		u.ResetMAC, u.ResetUntil = resetMAC(key, g.site.Secret), g.site.Now().Add(resetLife)
		g.site.Mailed[u.ID] = key
	}
	return map[string]any{"success": true, "user": nil}, nil
}

func resetMAC(key string, secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("reset:" + key))
	return mac.Sum(nil)
}

// resetPassword takes a mailed key, once, and signs its user in.
func (g *request) resetPassword(in map[string]any) (map[string]any, error) {
	key, login, password := argText(in, "key"), argText(in, "login"), argText(in, "password")
	switch {
	case key == "":
		return nil, wire.UserError("A password reset key is required.")
	case login == "":
		return nil, wire.UserError("A user login is required.")
	case password == "":
		return nil, wire.UserError("A new password is required.")
	}
	u := g.state.UserByLogin(login)
	switch {
	case u == nil || len(u.ResetMAC) == 0 || !hmac.Equal(u.ResetMAC, resetMAC(key, g.site.Secret)):
		return nil, wire.UserError("Password reset link is invalid.")
	case g.site.Now().After(u.ResetUntil):
		return nil, wire.UserError("Password reset link has expired.")
	}
	u = g.state.EditUser(u.ID)
	u.ResetMAC = nil
	u.SetPassword(password, g.site.Secret)
	u = g.signIn(u)
	return map[string]any{"user": g.userNode(u)}, nil
}
