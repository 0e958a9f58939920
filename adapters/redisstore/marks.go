package redisstore

import (
	"context"
	"crypto/rand"
	_ "embed"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/checkout"
)

//go:embed lua/mark.lua
var markLua string

var _ checkout.Marks = (*Marks)(nil)

// Marks remember in Redis what was done. It is safe for concurrent use by any number
// of processes.
type Marks struct {
	script *script
	config Config
}

// NewMarks returns marks on the host's client, which it never closes. It asks and
// reports what [New] does.
func NewMarks(ctx context.Context, client redis.UniversalClient, c Config) (*Marks, error) {
	c, err := c.checked(ctx, client)
	if err != nil {
		return nil, err
	}
	return &Marks{script: newScript(client, markLua), config: c}, nil
}

// Mark implements [checkout.Marks]. A mark is kept until then by the server's clock.
func (m *Marks) Mark(ctx context.Context, key string, until time.Time) (bool, error) {
	script := m.script.on(m.config.prefix() + "mark:" + key)
	values, err := list(script.run(ctx, m.config.Timeout, append(script.begin("mark", 2), rand.Text(), until.UnixMilli())))
	if err != nil {
		return false, err
	}
	a := &reader{values: values}
	return a.number() == 1, a.err()
}
