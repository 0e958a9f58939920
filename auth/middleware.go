package auth

import (
	"context"
	"net/http"
)

// contextKey is the type of this package's context keys.
type contextKey struct{}

// NewContext returns a context that says who is asking. A host's own sign-in puts a [NewCustomer] there, in a
// middleware around that of [Guests], which then leaves the request alone.
func NewContext(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, id)
}

// FromContext returns who is asking. There is nobody in the context of a request that only reads and carries no
// acceptable cookie: such a visitor has no cart and no checkout.
func FromContext(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(contextKey{}).(Identity)
	return id, ok && !id.IsZero()
}

// Middleware puts the guest into the context of each request, for [FromContext].
//
// A request that may change something (any method but GET, HEAD, OPTIONS and TRACE) is refused with 403 when a browser
// sends it on behalf of another origin ([http.CrossOriginProtection]: by Sec-Fetch-Site, else by Origin), and
// otherwise always has an identity: a new guest where there was none, or none acceptable. A request that only
// reads sets no cookie on a newcomer, so pages stay cacheable; a guest it already knows is renewed in time.
//
// Servers that call (webhooks) send neither header and pass; they need no identity and are better left outside.
func (g *Guests) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := g.crossOrigin.Check(r); err != nil {
			http.Error(w, "cross-origin request refused", http.StatusForbidden)
			return
		}
		id, err := g.resolve(w, r)
		if err != nil {
			http.Error(w, "request ended", http.StatusServiceUnavailable)
			return
		}
		if !id.IsZero() {
			r = r.WithContext(NewContext(r.Context(), id))
		}
		next.ServeHTTP(w, r)
	})
}

// resolve is Ensure, but makes no guest for a request that only reads.
func (g *Guests) resolve(w http.ResponseWriter, r *http.Request) (Identity, error) {
	if _, known := FromContext(r.Context()); !known && reads(r.Method) && !g.knows(r) {
		return Identity{}, nil
	}
	return g.Ensure(w, r)
}

func (g *Guests) knows(r *http.Request) bool {
	_, err := g.read(r)
	return err == nil
}

func reads(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}
