package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo"
)

// Session is one shopper's cart. Its calls are made one after the other,
// whoever makes them; sessions do not wait for each other. It is safe for
// concurrent use and starts no goroutine.
//
// A Session lives as long as a request of the storefront, or longer. What
// outlives it is the token: keep [Session.Token] in the shopper's cookie and
// [Resume] with it.
type Session struct {
	door    Door
	options Options
	turn    chan struct{} // holds one element while nobody is at it

	mu    sync.Mutex
	token woo.Secret
	lost  *LostError
}

// Options of a session. The zero value is ready to use.
type Options struct {
	// Rules are what addresses are checked against: countries, states. Without
	// them only their form is checked.
	Rules checkout.Rulebook
	// Pincodes fill in what an Indian PIN implies; may be nil.
	Pincodes checkout.PincodeDirectory
}

// New is a session with an empty cart. Nothing is sent before its first call.
func New(door Door, options Options) *Session {
	s := &Session{door: door, options: options, turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s
}

// Resume is a session with the cart that a token leads to. A text that cannot
// be a token is a *LostError; whether the store still knows the cart is found
// out by the first call.
func Resume(door Door, token woo.Secret, options Options) (*Session, error) {
	if _, ok := readClaims(token); !ok {
		return nil, &LostError{How: Rejected}
	}
	s := New(door, options)
	s.token = token
	return s, nil
}

// Token is what the cart can be resumed with, zero before the first call. It
// changes from call to call; older ones stay good until they expire. Whoever
// has it has the cart, with the addresses in it: treat it as a password.
func (s *Session) Token() woo.Secret {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// Expires is when the store forgets the cart if nothing is done to it until
// then, by the store's clock; zero before the first call.
func (s *Session) Expires() time.Time {
	known, _ := readClaims(s.Token())
	return known.expires()
}

// String says nothing about the cart.
func (s *Session) String() string { return "session.Session" }

// GoString keeps %#v from the token.
func (s *Session) GoString() string { return s.String() }

// Cart reads the cart.
func (s *Session) Cart(ctx context.Context) (Cart, error) {
	return s.alone(ctx, func(token woo.Secret) (Reply, error) { return s.door.Read(ctx, token) })
}

// Add puts pieces of an item into the cart.
func (s *Session) Add(ctx context.Context, item AddItem) (Cart, error) { return s.change(ctx, item) }

// SetQuantity changes the line of a key; 0 removes it.
func (s *Session) SetQuantity(ctx context.Context, key string, quantity int64) (Cart, error) {
	return s.change(ctx, SetQuantity{key, quantity})
}

// Remove takes the line of a key out.
func (s *Session) Remove(ctx context.Context, key string) (Cart, error) {
	return s.change(ctx, RemoveLine{key})
}

// Clear takes all lines out, and the coupons with them.
func (s *Session) Clear(ctx context.Context) (Cart, error) { return s.change(ctx, Clear{}) }

// ApplyCoupon enters a coupon. One that does not apply is refused with the
// store's reason.
func (s *Session) ApplyCoupon(ctx context.Context, code string) (Cart, error) {
	return s.change(ctx, ApplyCoupon{code})
}

// RemoveCoupon takes a coupon out.
func (s *Session) RemoveCoupon(ctx context.Context, code string) (Cart, error) {
	return s.change(ctx, RemoveCoupon{code})
}

// change checks a change and makes it.
func (s *Session) change(ctx context.Context, c Change) (Cart, error) {
	if err := c.check(); err != nil {
		return Cart{}, err
	}
	return s.alone(ctx, func(token woo.Secret) (Reply, error) { return s.do(ctx, token, c) })
}

// do makes a change, in a cart that has a token: without one a lost reply would
// leave a cart that nobody can read again.
func (s *Session) do(ctx context.Context, token woo.Secret, c Change) (Reply, error) {
	if token.IsZero() {
		opened, err := s.door.Read(ctx, token)
		if err != nil {
			return Reply{}, err
		}
		if token, err = s.adopt(token, opened.Token); err != nil {
			return Reply{}, err
		}
	}
	if token.IsZero() {
		return Reply{}, &woo.Error{Kind: woo.Unavailable, Op: "start cart", Message: "the store gave no session token", Cause: woo.ErrBadAnswer}
	}
	return s.door.Do(ctx, token, c)
}

// alone waits for the session's turn, calls, and keeps the token that came.
func (s *Session) alone(ctx context.Context, call func(woo.Secret) (Reply, error)) (Cart, error) {
	if err := s.enter(ctx); err != nil {
		return Cart{}, err
	}
	defer s.leave()
	token, lost := s.state()
	if lost != nil {
		return Cart{}, lost
	}
	reply, err := call(token)
	if err == nil {
		token, _ = s.state()
		_, err = s.adopt(token, reply.Token)
	}
	if err != nil {
		return Cart{}, s.noteLoss(err)
	}
	return reply.Cart, nil
}

func (s *Session) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Session) leave() { s.turn <- struct{}{} }

func (s *Session) state() (woo.Secret, *LostError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token, s.lost
}

// adopt takes the token of a successful answer: none leaves the old one, and
// one of somebody else's cart means that ours is gone.
func (s *Session) adopt(old, sent woo.Secret) (woo.Secret, error) {
	if sent.IsZero() {
		return old, nil
	}
	now, ok := readClaims(sent)
	if !ok { // nothing that could be sent back
		return old, nil
	}
	if before, known := readClaims(old); known && before.holder() != now.holder() {
		return old, &LostError{How: Replaced}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = sent
	return sent, nil
}

// noteLoss remembers that the cart is gone, so that no further call starts a
// new one in its place.
func (s *Session) noteLoss(err error) error {
	var lost *LostError
	if errors.As(err, &lost) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lost = lost
	}
	return err
}
