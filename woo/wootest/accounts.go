package wootest

import (
	"fmt"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// RevokeTokens revokes a user's JWT secret, as a shop does when a token was
// lost: refresh tokens that were given out are refused from now on and no new
// token is issued. Bearers live on for their five minutes. It answers
// ErrNotFound for an unknown user name.
func (s *Store) RevokeTokens(login string) error {
	return s.site.Change(func(st *site.State) error {
		u := st.UserByLogin(login)
		if u == nil {
			return fmt.Errorf("user %q: %w", login, ErrNotFound)
		}
		st.EditUser(u.ID).Revoked = true
		return nil
	})
}

// BearerToken makes the token that signing in as the user at that moment would
// have given, so that a test has an expired one without waiting. Send it as
// "Authorization: Bearer <token>". It answers ErrNotFound for an unknown user
// name.
func (s *Store) BearerToken(login string, issued time.Time) (string, error) {
	s.site.Lock()
	defer s.site.Unlock()
	u := s.site.State.UserByLogin(login)
	if u == nil {
		return "", fmt.Errorf("user %q: %w", login, ErrNotFound)
	}
	return accounts.MintBearer(s.site, u, s.site.Shop.URL, issued), nil
}

// MailedResetKey is the key in the last password reset mail to a user, as the
// user would find it in the mailbox. It answers ErrNotFound when none was sent.
func (s *Store) MailedResetKey(login string) (string, error) {
	s.site.Lock()
	defer s.site.Unlock()
	if u := s.site.State.UserByLogin(login); u != nil && s.site.Mailed[u.ID] != "" {
		return s.site.Mailed[u.ID], nil
	}
	return "", fmt.Errorf("reset mail to %q: %w", login, ErrNotFound)
}
