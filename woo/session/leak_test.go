package session_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

// TestNothingShowsATokenOrAnAddress prints everything the package hands out,
// and every way a call can fail, with every verb.
func TestNothingShowsATokenOrAnAddress(t *testing.T) {
	with := graphToken("t_canary1f3c9e51", 0)
	canaries := []string{with.Reveal(), "t_canary1f3c9e51", "wc_order_canary", "Canary Lane"}
	address := bengaluru
	address.Address1 = "Canary Lane"

	var shown []any
	for _, a := range []answer{
		{body: recorded(t, "graphql/expired.json")}, {status: 502, body: `<html>`}, {body: `{"data":{"cart":` + oneLineCart1 + `}}`}, {status: 500, body: ``},
		{body: recorded(t, "graphql/sold-out.json")}, {token: graphToken("t_2", 0), body: recorded(t, "graphql/read.json")},
	} {
		script := newScript(t, a)
		s := resume(t, script.graphQL(), with)
		c, err := s.Cart(t.Context())
		_, addErr := s.Add(t.Context(), mug(1))
		_, customerErr := s.SetCustomer(t.Context(), address, checkout.Address{})
		o := order(1)
		o.Billing = address
		_, orderErr := s.Checkout(t.Context(), o)
		shown = append(shown, s, struct{ S *session.Session }{s}, c, err, addErr, customerErr, orderErr, s.Token())
	}
	shown = append(shown,
		session.Placed{OrderID: 1, Key: woo.NewSecret("wc_order_canary"), Redirect: woo.NewSecret("https://x/?key=wc_order_canary"), Token: with},
		session.Reply{Token: with}, &session.LostError{How: session.Expired}, &session.UnknownOrderError{Cause: woo.ErrUnknown},
	)
	var out strings.Builder
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	for _, v := range shown {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
			fmt.Fprintf(&out, verb, v)
		}
		logger.Info("shown", "value", v)
		text, _ := json.Marshal(v)
		out.Write(text)
	}
	for _, canary := range canaries {
		for _, form := range []string{canary, fmt.Sprintf("%x", canary)} {
			if i := strings.Index(out.String(), form); i >= 0 {
				t.Errorf("%q is shown: …%s…", form, out.String()[max(i-80, 0):min(i+80, out.Len())])
			}
		}
	}
}
