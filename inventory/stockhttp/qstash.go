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
	// retriesFor is how long QStash repeats a message at most.
	retriesFor = 7 * 24 * time.Hour
	maxMessage = 200
)

// QStashConfig says which messages are genuine. CurrentKey, URL, Once and Work are
// required.
type QStashConfig struct {
	// CurrentKey and NextKey are QStash's signing keys. Both are accepted, so that
	// they can be rotated.
	CurrentKey, NextKey Secret
	// URL is the destination as it was published, to the letter: what the outside
	// calls this handler, not what a proxy makes of it.
	URL  string
	Once Once
	Work Work
	Now  func() time.Time // nil means time.Now
	Log  *slog.Logger     // nil means slog.Default
}

// QStash is a handler that starts the work for messages signed by Upstash QStash.
// The signature is a JWT (HS256) over the destination, a lifetime and the body's
// hash; all are verified, with either key, and one message is acted on once. It
// answers 204 when the work is done, or was done for this message before; 401
// without saying why; 405; 413; and 503 when the work failed, after which QStash
// sends the message again.
func QStash(c QStashConfig) (http.Handler, error) {
	keys := []Secret{c.CurrentKey}
	if c.NextKey.Reveal() != "" {
		keys = append(keys, c.NextKey)
	}
	u, err := url.Parse(c.URL)
	err = errors.Join(checkSecrets("CurrentKey, NextKey", keys), missing("Work", c.Work == nil), missing("Once", c.Once == nil),
		missing("an absolute URL", err != nil || u.Scheme == "" || u.Host == ""))
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
	if !q.genuine(r.Header.Values(signatureHeader), body) || id == "" || len(id) > maxMessage {
		refuse(w)
		return
	}
	first, err := q.config.Once.First(r.Context(), id, q.config.Now().Add(retriesFor))
	switch {
	case err != nil:
		http.Error(w, "try again", http.StatusServiceUnavailable)
	case !first:
		w.WriteHeader(http.StatusNoContent)
	case !run(w, r, q.config.Work, q.config.Log):
		_ = q.config.Once.Forget(r.Context(), id) // else the retry finds it done; sweeps come again anyway
	}
}

// genuine says whether one of the keys signed this body for us, just now.
func (q *qstash) genuine(signatures []string, body []byte) bool {
	if len(signatures) != 1 || len(signatures[0]) > 8192 {
		return false
	}
	for _, key := range q.keys {
		if q.verify(signatures[0], key, body) {
			return true
		}
	}
	return false
}

func (q *qstash) verify(token string, key Secret, body []byte) bool {
	var claims signed
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return []byte(key.Reveal()), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer), jwt.WithSubject(q.config.URL),
		jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(skew), jwt.WithTimeFunc(q.config.Now))
	if err != nil || claims.IssuedAt == nil || claims.ID == "" || claims.ExpiresAt.Sub(claims.IssuedAt.Time) > lifetime {
		return false
	}
	hash := sha256.Sum256(body)
	want := base64.RawURLEncoding.EncodeToString(hash[:])
	return subtle.ConstantTimeCompare([]byte(strings.TrimRight(claims.Body, "=")), []byte(want)) == 1
}
