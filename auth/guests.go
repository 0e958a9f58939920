package auth

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"
)

// clockSkew is how far ahead another server's clock may be.
const clockSkew = 5 * time.Minute

// Guests knows guests by their cookie. It keeps nothing in memory, is safe for concurrent use, and any server with
// the same keys knows the same guests.
//
// It can tell who holds a cookie, not end one: a cookie that was taken from a browser is good until it expires.
type Guests struct {
	sealer      *sealer
	crossOrigin *http.CrossOriginProtection
	name        string
	secure      bool
	maxAge      time.Duration
	now         func() time.Time
}

// Identify returns the guest whose cookie the request carries. Without one the error is [ErrNoIdentity]; with one that
// cannot be accepted, or more than one, it is a [*CookieError]. It changes nothing.
func (g *Guests) Identify(r *http.Request) (Identity, error) {
	known, err := g.read(r)
	if err != nil {
		return Identity{}, err
	}
	return known.identity(), nil
}

// Ensure returns who is asking: the identity in the request's context if there is one (see [NewContext]), else the
// guest of the request's cookie, else a new guest, whose cookie it sets on the response. It also renews a cookie
// that is half over or sealed with an old key. Call it before the response is written; called again for the same
// response it returns the same guest.
//
// A response with a cookie must not be kept for others, so Cache-Control becomes "no-store" with it. The error is that
// of a context that has ended; then nothing is set. Two requests of a new browser at the same time get two
// guests, of which the browser keeps one.
func (g *Guests) Ensure(w http.ResponseWriter, r *http.Request) (Identity, error) {
	if id, ok := FromContext(r.Context()); ok {
		return id, nil
	}
	if err := r.Context().Err(); err != nil {
		return Identity{}, fmt.Errorf("auth: ensure identity: %w", err)
	}
	if made, ok := g.madeNow(w); ok {
		return made.identity(), nil
	}
	known, err := g.read(r)
	if err != nil {
		return g.make(w, newGuestID())
	}
	if known.stale || g.now().Sub(known.issued) > g.maxAge/2 {
		return g.make(w, known.id)
	}
	return known.identity(), nil
}

// Rotate gives the browser a new guest identity and returns it. What the old one owned stays with the old one: move it
// first. For the moment in which somebody's rights change, other than by signing in, where Forget is enough.
func (g *Guests) Rotate(w http.ResponseWriter) (Identity, error) { return g.make(w, newGuestID()) }

// Forget takes the cookie away from the browser: after signing in, or because somebody asks to be forgotten.
func (g *Guests) Forget(w http.ResponseWriter) {
	c := g.cookie("") //nolint:gosec // Secure unless DangerouslyAllowPlainHTTP
	c.MaxAge = -1
	g.set(w, c)
}

// read opens the one cookie of the request.
func (g *Guests) read(r *http.Request) (guest, error) {
	cookies := r.CookiesNamed(g.name)
	if len(cookies) == 0 {
		return guest{}, ErrNoIdentity
	}
	if len(cookies) > 1 || cookies[0].Quoted {
		return guest{}, &CookieError{Name: g.name}
	}
	return g.accept(cookies[0].Value)
}

// accept opens a sealed guest whose time is now.
func (g *Guests) accept(value string) (guest, error) {
	known, err := g.sealer.open(value)
	if err != nil {
		return guest{}, &CookieError{Name: g.name}
	}
	if age := g.now().Sub(known.issued); age > g.maxAge || age < -clockSkew {
		return guest{}, &CookieError{Name: g.name}
	}
	return known, nil
}

func (g *Guests) make(w http.ResponseWriter, id string) (Identity, error) {
	made := guest{id: id, issued: g.now()}
	value, err := g.sealer.seal(made)
	if err != nil {
		return Identity{}, err
	}
	g.set(w, g.cookie(value))
	return made.identity(), nil
}

func (g *Guests) cookie(value string) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure unless DangerouslyAllowPlainHTTP
		Name: g.name, Value: value, Path: "/", MaxAge: int(g.maxAge / time.Second),
		HttpOnly: true, Secure: g.secure, SameSite: http.SameSiteLaxMode,
	}
}

// set puts the cookie on the response, in place of one that was put there before.
func (g *Guests) set(w http.ResponseWriter, c *http.Cookie) {
	others, _ := g.split(w)
	w.Header()["Set-Cookie"] = append(others, c.String())
	w.Header().Set("Cache-Control", "no-store")
}

// madeNow returns the guest whose cookie is on the response already.
func (g *Guests) madeNow(w http.ResponseWriter) (guest, bool) {
	_, mine := g.split(w)
	if mine == nil {
		return guest{}, false
	}
	made, err := g.accept(mine.Value)
	return made, err == nil
}

// split returns the other cookies of the response, and the guest cookie.
func (g *Guests) split(w http.ResponseWriter) (others []string, mine *http.Cookie) {
	for _, line := range w.Header()["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == g.name {
			mine = c
			continue
		}
		others = append(others, line)
	}
	return others, mine
}

func (k guest) identity() Identity { return Identity{Kind: Guest, Subject: k.id} }

func newGuestID() string {
	id := make([]byte, guestIDBytes)
	rand.Read(id) // never fails
	return hex.EncodeToString(id)
}
