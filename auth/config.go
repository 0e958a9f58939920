package auth

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// The names of the guest cookie. Browsers accept the first one only if it is Secure, has the path / and no domain
// (RFC 6265bis, section 4.1.3.2).
const (
	GuestCookie      = "__Host-ankkor-guest"
	GuestCookiePlain = "ankkor-guest" // with DangerouslyAllowPlainHTTP
)

// What is taken where [GuestConfig] says nothing, and the bounds of what it can say.
const (
	DefaultMaxAge = 30 * 24 * time.Hour
	MinKeyBytes   = 32
	MaxKeys       = 8

	minMaxAge = time.Minute
	maxMaxAge = 400 * 24 * time.Hour // RFC 6265bis: browsers cap a cookie's age there
)

// GuestConfig is what [NewGuests] needs.
type GuestConfig struct {
	// Keys are 1 to 8 secrets of at least 32 random bytes each: the first one seals, all of them open.
	Keys []Secret
	// MaxAge is how long a guest who does not come back is known, 30 days when 0. A guest who does come back is
	// given a new cookie once half of it is over.
	MaxAge time.Duration
	// Now is the clock, time.Now when nil.
	Now func() time.Time
	// TrustedOrigins are the origins ("https://www.example.in") besides the server's own whose pages may send
	// requests that change something; see [http.CrossOriginProtection.AddTrustedOrigin].
	TrustedOrigins []string
	// DangerouslyAllowPlainHTTP makes a cookie that also travels without TLS, under another name. For development
	// on a machine of one's own only: anybody on the way could take the cookie and act as the guest.
	DangerouslyAllowPlainHTTP bool
}

// NewGuests checks the configuration and reports all mistakes at once, each an [*InvalidError].
func NewGuests(c GuestConfig) (*Guests, error) {
	g := &Guests{now: c.Now, maxAge: c.MaxAge, name: GuestCookie, secure: !c.DangerouslyAllowPlainHTTP}
	if g.now == nil {
		g.now = time.Now
	}
	if g.maxAge == 0 {
		g.maxAge = DefaultMaxAge
	}
	if !g.secure {
		g.name = GuestCookiePlain
	}
	problems := checkKeys(c.Keys)
	if g.maxAge < minMaxAge || g.maxAge > maxMaxAge {
		problems = append(problems, &InvalidError{Field: "MaxAge", Reason: "is not within a minute and 400 days"})
	}
	crossOrigin, untrusted := protection(c.TrustedOrigins)
	g.crossOrigin = crossOrigin
	if err := errors.Join(append(problems, untrusted...)...); err != nil {
		return nil, err
	}
	var err error
	g.sealer, err = newSealer(c.Keys, g.name)
	return g, err
}

func checkKeys(keys []Secret) []error {
	var problems []error
	if len(keys) == 0 || len(keys) > MaxKeys {
		problems = append(problems, &InvalidError{Field: "Keys", Reason: fmt.Sprintf("are not 1 to %d", MaxKeys)})
	}
	for i, k := range keys {
		field := fmt.Sprintf("Keys[%d]", i)
		if k.Len() < MinKeyBytes {
			problems = append(problems, &InvalidError{field, fmt.Sprintf("is shorter than %d bytes", MinKeyBytes)})
		}
		for _, earlier := range keys[:i] {
			if k.Len() > 0 && k.Equal(earlier) {
				problems = append(problems, &InvalidError{field, "is given twice"})
			}
		}
	}
	return problems
}

func protection(origins []string) (*http.CrossOriginProtection, []error) {
	p := http.NewCrossOriginProtection()
	var problems []error
	for i, origin := range origins {
		if err := p.AddTrustedOrigin(origin); err != nil {
			field := fmt.Sprintf("TrustedOrigins[%d]", i)
			problems = append(problems, &InvalidError{field, `is not an origin such as "https://www.example.in"`})
		}
	}
	return p, problems
}
