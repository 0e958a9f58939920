package checkout

import (
	"context"
	"sync"
)

// looks lets callers who ask the same thing at the same time share an answer. A caller shares one whose question was put
// after the caller came, never an earlier one, which may have missed what the caller knows of. However many ask, two
// questions are put: the one under way and the next.
type looks struct {
	mu sync.Mutex
	at map[ID]*look
}

// look is what a checkout's callers share. There is one as long as somebody asks.
type look struct {
	turn    chan struct{} // holds a token while a question is under way
	callers int           // guarded by looks.mu
	begun   int           // questions put so far; guarded by looks.mu
	ended   int           // the last whose answer counts; for who has the turn
	err     error         // that answer; for who has the turn
}

// share answers with ask, or with what another caller's ask answered. An ask that ended because its caller gave up
// answers for nobody else.
func (l *looks) share(ctx context.Context, id ID, ask func() error) error {
	k, seen := l.join(id)
	defer l.leave(id, k)
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if k.ended > seen {
		return k.err
	}
	number := l.begin(k)
	err := ask()
	if ctx.Err() == nil {
		k.ended, k.err = number, err
	}
	return err
}

// join also says how many questions were put before this caller came.
func (l *looks) join(id ID) (k *look, seen int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == nil {
		l.at = map[ID]*look{}
	}
	k = l.at[id]
	if k == nil {
		k = &look{turn: make(chan struct{}, 1)}
		l.at[id] = k
	}
	k.callers++
	return k, k.begun
}

func (l *looks) begin(k *look) (number int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k.begun++
	return k.begun
}

func (l *looks) leave(id ID, k *look) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.callers--; k.callers == 0 {
		delete(l.at, id)
	}
}
