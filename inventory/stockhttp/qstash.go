package stockhttp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Of QStash's signatures (docs: howto/signature).
const (
	signatureHeader = "Upstash-Signature"
	messageHeader   = "Upstash-Message-Id"
	issuer          = "Upstash"
	// skew is what the two clocks may differ by.
	skew = 5 * time.Second
	// lifetime is the longest a signature may be good for.
	lifetime = 10 * time.Minute
)

// QStashConfig says which messages are genuine. CurrentKey, URL, Once and Work are
// required.
type QStashConfig struct {
	// CurrentKey and NextKey are QStash's signing keys. Both are accepted, so that
	// they can be rotated.
	CurrentKey, NextKey Secret
	// URL is the destination as it was published, to the letter: what the outside
	// calls this handler, not what a proxy makes of it.
	URL string
	// Once is shared by the replicas that the URL may reach.
	Once Once
	// Lease is how long the work of one message is waited for; 0 means 15 minutes.
	Lease time.Duration
	Work  Work
	Now   func() time.Time // nil means time.Now
	Log   *slog.Logger     // nil means slog.Default
}

// QStash is a handler that starts the work for messages signed by Upstash QStash.
// The signature is a JWT (HS256) over the destination, a lifetime and the body's
// hash; all are verified, with either key. A signature is taken once, since each
// attempt of QStash has its own: the message's id is not signed, so whoever recorded
// a request could send it again under another. A message is acted on once. It answers
// 204 when the work is done, or was done for this message before; 401 without saying
// why; 405; 413; and 503 when the work failed or is in hand elsewhere, after which
// QStash sends the message again.
func QStash(c QStashConfig) (http.Handler, error) {
	keys := []Secret{c.CurrentKey}
	if c.NextKey.Reveal() != "" {
		keys = append(keys, c.NextKey)
	}
	u, err := url.Parse(c.URL)
	err = errors.Join(checkSecrets("CurrentKey, NextKey", keys), missing("Work", c.Work == nil), missing("Once", c.Once == nil),
		missing("an absolute URL", err != nil || u.Scheme == "" || u.Host == ""), checkLease(&c.Lease))
	if err != nil {
		return nil, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &qstash{config: c, keys: keys}, nil
}

type qstash struct {
	config QStashConfig
	keys   []Secret
}

// signed are the claims of a signature.
type signed struct {
	jwt.RegisteredClaims
	Body string `json:"body"`
}

// ServeHTTP takes one message.
func (q *qstash) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !posted(w, r) {
		return
	}
	body, ok := bounded(w, r)
	if !ok {
		return
	}
	id := r.Header.Get(messageHeader)
	claims, ok := q.genuine(r.Header.Values(signatureHeader), body)
	if !ok || id == "" || len(id) > maxMessage {
		refuse(w)
		return
	}
	g := guarded{q.config.Once, q.config.Lease, q.config.Work, q.config.Log}
	first, _, err := g.once.Begin(r.Context(), "signature/"+hashed(claims.ID), lifetime+2*skew)
	switch {
	case err != nil:
		g.complain(r, "a signature cannot be looked up", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
	case !first:
		refuse(w)
	default:
		g.attend(w, r, "message/"+hashed(id))
	}
}

// genuine says whether one of the keys signed this body for us, just now.
func (q *qstash) genuine(signatures []string, body []byte) (signed, bool) {
	if len(signatures) != 1 || len(signatures[0]) > 8192 {
		return signed{}, false
	}
	for _, key := range q.keys {
		if claims, ok := q.verify(signatures[0], key, body); ok {
			return claims, true
		}
	}
	return signed{}, false
}

func (q *qstash) verify(token string, key Secret, body []byte) (claims signed, ok bool) {
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return []byte(key.Reveal()), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer), jwt.WithSubject(q.config.URL),
		jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(skew), jwt.WithTimeFunc(q.config.Now))
	if err != nil || claims.IssuedAt == nil || claims.ID == "" || claims.ExpiresAt.Sub(claims.IssuedAt.Time) > lifetime {
		return signed{}, false
	}
	hash := sha256.Sum256(body)
	want := base64.RawURLEncoding.EncodeToString(hash[:])
	return claims, subtle.ConstantTimeCompare([]byte(strings.TrimRight(claims.Body, "=")), []byte(want)) == 1
}
