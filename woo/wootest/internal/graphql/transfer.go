package graphql

import (
	"encoding/hex"
	"strconv"

	"github.com/ankkor/ankkor/woo/wootest/internal/sessions"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// transferSchema are the fields WooGraphQL adds with "User Session
// transferring URLs" on; when it is off they do not exist.
const transferSchema = `extend type Customer {
  cartUrl: String
  cartNonce: String
  checkoutUrl: String
  checkoutNonce: String
  accountUrl: String
  accountNonce: String
  addPaymentMethodUrl: String
  addPaymentMethodNonce: String
}`

// schemaAdditions is what the settings add to the schema.
func schemaAdditions(s *site.Site) []string {
	var out []string
	if s.Options.TransferURLs {
		out = append(out, transferSchema)
	}
	if s.Options.CartTokens {
		out = append(out, cartTokenSchema)
	}
	return out
}

// ensureClientID makes one when needed and keeps it in the session.
func (g *request) ensureClientID() string {
	sess, now := g.visit.Session, g.site.Now()
	if id := sessions.ClientID(sess, now); id != "" {
		return id
	}
	id := hex.EncodeToString(wp.RandomBytes(7))[:13] // uniqid()
	sess.SetValue("client_session_id", id)
	sess.SetValue("client_session_id_expiration", strconv.FormatInt(now.Add(sessions.ClientSessionLife).Unix(), 10))
	g.visit.Changed(false)
	return id
}

// addTransferFields adds the URLs of a session to a customer: null for anybody
// whose session it is not, and some of them for guests.
func (g *request) addTransferFields(fields map[string]any, sessionID string) {
	if !g.site.Options.TransferURLs {
		return
	}
	for _, d := range sessions.Doors() {
		nonce := func() any {
			if d.Users && g.who.User == nil || g.who.User != nil && sessionID != wp.Itoa(g.who.SignedIn()) {
				return nil
			}
			return sessions.TransferNonce(g.site, d.Action+sessionID, g.ensureClientID(), sessions.Tick(g.site))
		}
		fields[d.Field+"Nonce"] = resolver(func(map[string]any) (any, error) { return nonce(), nil })
		fields[d.Field+"Url"] = resolver(func(map[string]any) (any, error) {
			text, ok := nonce().(string)
			if !ok {
				return nil, nil
			}
			return g.who.Issuer + "/transfer-session?session_id=" + sessionID + "&" + d.Param + "=" + text, nil
		})
	}
}
