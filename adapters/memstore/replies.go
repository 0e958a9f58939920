package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout/replies"
)

var (
	_ replies.Store  = (*Replies)(nil)
	_ replies.Eraser = (*Replies)(nil)
)

// Replies keeps answers in memory. It is safe for concurrent use.
type Replies struct {
	now func() time.Time

	mu      sync.Mutex
	byKey   map[replyKey]*answer
	claims  int64
	cleaned time.Time
}

type replyKey struct{ scope, key string }

// answer is a request with what became of it: a claim until the reply is there.
type answer struct {
	request replies.Request
	token   string
	reply   *replies.Reply
	until   time.Time // of the claim, then of the reply
}

// NewReplies returns an empty store. A nil clock is time.Now.
func NewReplies(now func() time.Time) *Replies {
	if now == nil {
		now = time.Now
	}
	return &Replies{now: now, byKey: map[replyKey]*answer{}}
}

// Begin implements [replies.Store].
func (s *Replies) Begin(ctx context.Context, r replies.Request, lease time.Duration) (*replies.Reply, replies.Claim, error) {
	if err := cmp.Or(ctx.Err(), r.Validate(), replies.CheckLease(lease)); err != nil {
		return nil, replies.Claim{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.forget(now)
	key := replyKey{r.Scope, r.Key}
	switch a := s.byKey[key]; {
	case a == nil || !now.Before(a.until):
	case a.request.Fingerprint != r.Fingerprint:
		return nil, replies.Claim{}, replies.ErrReused
	case a.reply == nil:
		return nil, replies.Claim{}, replies.ErrBusy
	default:
		return &replies.Reply{Status: a.reply.Status, Body: slices.Clone(a.reply.Body)}, replies.Claim{}, nil
	}
	s.claims++
	token := strconv.FormatInt(s.claims, 10)
	s.byKey[key] = &answer{request: r, token: token, until: now.Add(lease)}
	return nil, replies.Claim{Scope: r.Scope, Key: r.Key, Token: token}, nil
}

// forget drops, at most once an hour, what is over.
func (s *Replies) forget(now time.Time) {
	if now.Sub(s.cleaned) < time.Hour {
		return
	}
	s.cleaned = now
	maps.DeleteFunc(s.byKey, func(_ replyKey, a *answer) bool { return !now.Before(a.until) })
}

// Keep implements [replies.Store].
func (s *Replies) Keep(ctx context.Context, c replies.Claim, r replies.Reply) error {
	if err := cmp.Or(ctx.Err(), r.Validate()); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.byKey[replyKey{c.Scope, c.Key}]
	if a == nil || a.token != c.Token {
		return replies.ErrLost
	}
	if a.reply == nil {
		a.reply, a.until = &replies.Reply{Status: r.Status, Body: slices.Clone(r.Body)}, s.now().Add(replies.KeptFor)
	}
	return nil
}

// Drop implements [replies.Store].
func (s *Replies) Drop(ctx context.Context, c replies.Claim) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := replyKey{c.Scope, c.Key}
	if a := s.byKey[key]; a != nil && a.token == c.Token && a.reply == nil {
		delete(s.byKey, key)
	}
	return nil
}

// EraseAbout implements [replies.Eraser].
func (s *Replies) EraseAbout(ctx context.Context, about string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.byKey, func(_ replyKey, a *answer) bool { return about != "" && a.request.About == about })
	return nil
}
