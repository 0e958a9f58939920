package memstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
)

var (
	_ inbox.Inbox       = (*Inbox)(nil)
	_ inbox.DeadLetters = (*Inbox)(nil)
)

// Inbox keeps messages in memory: durable as long as the process lives. It is safe for concurrent use. Keys are
// forgotten [inbox.KeptFor] after their message was acted on.
type Inbox struct {
	now func() time.Time

	mu      sync.Mutex
	byKey   map[inboxKey]*letter
	claims  int64
	cleaned time.Time
}

type inboxKey struct{ source, key string }

// letter is a message with where it stands.
type letter struct {
	inbox.Message
	state    inbox.State // "" while it waits or is claimed
	due      time.Time
	attempts int
	token    string // of the last claim
	how      inbox.Outcome
	forget   time.Time
}

// NewInbox returns an empty inbox. A nil clock is time.Now.
func NewInbox(now func() time.Time) *Inbox {
	if now == nil {
		now = time.Now
	}
	return &Inbox{now: now, byKey: map[inboxKey]*letter{}}
}

// Put implements [inbox.Inbox].
func (b *Inbox) Put(ctx context.Context, m inbox.Message) (bool, error) {
	if err := cmp.Or(ctx.Err(), m.Validate()); err != nil {
		return false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget()
	key := inboxKey{m.Source, m.Key}
	if b.byKey[key] != nil {
		return false, nil
	}
	m.Body = slices.Clone(m.Body)
	b.byKey[key] = &letter{Message: m, due: b.now()}
	return true, nil
}

// forget drops, at most once an hour, the keys whose time is over.
func (b *Inbox) forget() {
	now := b.now()
	if now.Sub(b.cleaned) < time.Hour {
		return
	}
	b.cleaned = now
	maps.DeleteFunc(b.byKey, func(_ inboxKey, l *letter) bool { return l.state == inbox.ActedOn && now.After(l.forget) })
}

// Claim implements [inbox.Inbox].
func (b *Inbox) Claim(ctx context.Context, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
	if err := cmp.Or(ctx.Err(), inbox.CheckClaim(source, limit, lease)); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	due := b.list(source, func(l *letter) bool { return l.state == "" && !l.due.After(now) })
	claims := []inbox.Claim{}
	for _, l := range due[:min(limit, len(due))] {
		b.claims++
		l.attempts, l.due, l.token, l.how = l.attempts+1, now.Add(lease), strconv.FormatInt(b.claims, 10), inbox.Outcome{}
		claims = append(claims, inbox.Claim{Message: l.copied(), Attempt: l.attempts, Token: l.token})
	}
	return claims, nil
}

// list answers the letters of a source that fit, the longest waiting first.
func (b *Inbox) list(source string, fits func(*letter) bool) []*letter {
	var found []*letter
	for key, l := range b.byKey {
		if key.source == source && fits(l) {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(x, y *letter) int {
		return cmp.Or(x.due.Compare(y.due), x.ReceivedAt.Compare(y.ReceivedAt), cmp.Compare(x.Key, y.Key))
	})
	return found
}

func (l *letter) copied() inbox.Message {
	m := l.Message
	m.Body = slices.Clone(m.Body)
	return m
}

// Finish implements [inbox.Inbox].
func (b *Inbox) Finish(ctx context.Context, c inbox.Claim, how inbox.Outcome) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.byKey[inboxKey{c.Source, c.Key}]
	switch {
	case l == nil || l.token != c.Token || c.Token == "":
		return inbox.ErrLost
	case l.how == how:
		return nil
	case l.how != inbox.Outcome{}:
		return inbox.ErrLost
	}
	l.end(how, b.now())
	return nil
}

// end puts an outcome into effect. What was acted on keeps its key alone.
func (l *letter) end(how inbox.Outcome, now time.Time) {
	l.how = how
	switch how.State {
	case inbox.ActedOn:
		l.state, l.Body, l.forget = inbox.ActedOn, nil, now.Add(inbox.KeptFor)
	case inbox.GivenUp:
		l.state = inbox.GivenUp
	case inbox.Retrying:
		l.due = now.Add(how.RetryIn)
	}
}

// Dead implements [inbox.DeadLetters].
func (b *Inbox) Dead(ctx context.Context, source string, limit int) ([]inbox.Letter, error) {
	if err := cmp.Or(ctx.Err(), inbox.CheckClaim(source, limit, time.Minute)); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	letters := []inbox.Letter{}
	for _, l := range b.list(source, func(l *letter) bool { return l.state == inbox.GivenUp }) {
		letters = append(letters, inbox.Letter{Message: l.copied(), Attempts: l.attempts, Reason: l.how.Reason})
	}
	slices.SortFunc(letters, func(x, y inbox.Letter) int {
		return cmp.Or(x.ReceivedAt.Compare(y.ReceivedAt), cmp.Compare(x.Key, y.Key))
	})
	return letters[:min(limit, len(letters))], nil
}

// Requeue implements [inbox.DeadLetters].
func (b *Inbox) Requeue(ctx context.Context, source, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.byKey[inboxKey{source, key}]
	if l == nil || l.state != inbox.GivenUp {
		return inbox.ErrNotFound
	}
	l.state, l.due, l.attempts, l.token, l.how = "", b.now(), 0, "", inbox.Outcome{}
	return nil
}
