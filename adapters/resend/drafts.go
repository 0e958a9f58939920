package resend

import (
	"bytes"
	"context"
	"maps"
	"sync"
	"time"
)

// Drafts keeps mails from when they were first written.
//
// Implementations are safe for concurrent use, by as many processes as send mail. pgstore.Drafts is one.
type Drafts interface {
	// Freeze keeps a mail under the key, unless there is one: then it is that one which is returned, unchanged, with when
	// it was written. A mail is kept for 24 hours at least; one that is forgotten sooner can become a second mail. It is
	// personal data. An error means that nothing may be sent now.
	Freeze(ctx context.Context, key string, body []byte, at time.Time) (kept []byte, written time.Time, err error)
}

// MemoryDrafts are Drafts in memory: for one process, which may send a mail again after it was restarted.
type MemoryDrafts struct {
	mu   sync.Mutex
	kept map[string]draft
}

var _ Drafts = (*MemoryDrafts)(nil)

// keepFor is for how long a draft is kept.
const keepFor = 25 * time.Hour

// NewDrafts returns empty drafts.
func NewDrafts() *MemoryDrafts { return &MemoryDrafts{kept: map[string]draft{}} }

// draft is a mail that was written, as it is sent.
type draft struct {
	body []byte
	at   time.Time // when it was written
}

// Freeze implements Drafts.
func (m *MemoryDrafts) Freeze(ctx context.Context, key string, body []byte, at time.Time) ([]byte, time.Time, error) {
	if err := ctx.Err(); err != nil {
		return nil, time.Time{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	first, there := m.kept[key]
	if !there {
		maps.DeleteFunc(m.kept, func(_ string, old draft) bool { return at.Sub(old.at) > keepFor })
		first = draft{body: bytes.Clone(body), at: at}
		m.kept[key] = first
	}
	return bytes.Clone(first.body), first.at, nil
}
