package sessions

import (
	"crypto/hmac"
	"crypto/md5" // WordPress' own choice for nonces; a stand-in's nonce guards nothing
	"encoding/hex"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// Door is one of the pages a transfer URL leads to.
type Door struct {
	Field  string // prefix of the GraphQL fields
	Param  string // name of the nonce in the URL
	Action string // what the nonce is for, before the session's id
	Target string // where the browser is sent
	Users  bool   // for signed-in users only
}

// Doors are tried in this order. The checkout's address is relative, because
// WooGraphQL asks for an endpoint of no page.
func Doors() []Door {
	return []Door{
		{"cart", "_wc_cart", "load-cart_", "{site}/cart/", false},
		{"checkout", "_wc_checkout", "load-checkout_", "/checkout/", false},
		{"account", "_wc_account", "load-account_", "{site}/my-account/", true},
		{"addPaymentMethod", "_wc_payment", "add-payment-method_", "{site}/my-account/add-payment-method/", true},
	}
}

// transferTick is half of WordPress' nonce_life: a nonce is good in its own tick
// and the next.
const transferTick = 12 * time.Hour

// ClientSessionLife is how long the random id that nonces are bound to lasts.
const ClientSessionLife = time.Hour

// TransferNonce is woographql_create_nonce: any number of uses until it
// expires.
func TransferNonce(s *site.Site, action, client string, tick int64) string {
	mac := hmac.New(md5.New, append([]byte("nonce:"), s.Secret...))
	mac.Write([]byte(strconv.FormatInt(tick, 10) + "|" + action + "|" + client))
	sum := hex.EncodeToString(mac.Sum(nil))
	return sum[len(sum)-12 : len(sum)-2]
}

// Tick is wp_nonce_tick: the half days since 1970, rounded up.
func Tick(s *site.Site) int64 {
	half := int64(transferTick / time.Second)
	return (s.Now().Unix() + half - 1) / half
}

// GoodNonce is woographql_verify_nonce.
func GoodNonce(s *site.Site, nonce, action, client string) bool {
	for _, tick := range []int64{Tick(s), Tick(s) - 1} {
		if client != "" && hmac.Equal([]byte(nonce), []byte(TransferNonce(s, action, client, tick))) {
			return true
		}
	}
	return false
}

// ClientID is the session's client_session_id, "" when there is none or it has
// expired (Transfer_Session_Handler::get_client_session_id).
func ClientID(s *site.Session, now time.Time) string {
	until, err := strconv.ParseInt(s.Value("client_session_id_expiration"), 10, 64)
	if err != nil || now.Unix() > until {
		return ""
	}
	return s.Value("client_session_id")
}
