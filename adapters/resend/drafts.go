package resend

import (
	"bytes"
	"context"
	"maps"
	"sync"
	"time"
)

// Draft is a mail that was written, as it is sent.
type Draft struct {
	Body []byte
	At   time.Time // when it was written
}

// Drafts keeps mails from when they were first written.
//
// Implementations are safe for concurrent use, by as many processes as send mail.
type Drafts interface {
	// Freeze keeps the draft under the key, unless there is one: then it is that one which is returned, unchanged. A draft
	// is kept for 24 hours at least; one that is forgotten sooner can become a second mail. It is personal data. An error
	// means that nothing may be sent now.
	Freeze(ctx context.Context, key string, d Draft) (Draft, error)
}

// MemoryDrafts are Drafts in memory: for one process, which may send a mail again after it was restarted.
type MemoryDrafts struct {
	mu   sync.Mutex
	kept map[string]Draft
}

var _ Drafts = (*MemoryDrafts)(nil)

// keepFor is for how long a draft is kept.
const keepFor = 25 * time.Hour

// NewDrafts returns empty drafts.
func NewDrafts() *MemoryDrafts { return &MemoryDrafts{kept: map[string]Draft{}} }

// Freeze implements Drafts.
func (m *MemoryDrafts) Freeze(ctx context.Context, key string, d Draft) (Draft, error) {
	if err := ctx.Err(); err != nil {
		return Draft{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	first, there := m.kept[key]
	if !there {
		maps.DeleteFunc(m.kept, func(_ string, old Draft) bool { return d.At.Sub(old.At) > keepFor })
		first = Draft{Body: bytes.Clone(d.Body), At: d.At}
		m.kept[key] = first
	}
	return Draft{Body: bytes.Clone(first.Body), At: first.At}, nil
}
