package redisstore

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

//go:embed stock.lua
var stockLua string

// script is the one script with the keys of one store.
type script struct {
	client redis.UniversalClient
	lua    *redis.Script
	keys   []string
	// shift is added to the server's clock. Only tests set it.
	shift func() time.Duration
}

func newScript(client redis.UniversalClient, store string) script {
	s := script{client: client, lua: redis.NewScript(stockLua), shift: func() time.Duration { return 0 }}
	for _, name := range []string{"levels", "capacity", "reserved", "reservations", "due", "locations"} {
		s.keys = append(s.keys, "ankkor:{"+store+"}:"+name)
	}
	return s
}

// run executes an operation and returns its answer, a list. A server that does
// not have the script is sent it; nothing else is sent twice by this package.
func (s script) run(ctx context.Context, operation string, args ...any) ([]any, error) {
	all := make([]any, 0, len(args)+2)
	all = append(all, operation, strconv.FormatInt(s.shift().Milliseconds(), 10))
	all = append(all, args...)
	answer, err := s.lua.Run(ctx, s.client, s.keys, all...).Slice()
	if err != nil {
		return nil, fmt.Errorf("redisstore: %s: %w", operation, err)
	}
	return answer, nil
}

// errAnswer says that the script answered what it never does.
var errAnswer = errors.New("redisstore: the script's answer cannot be read")

// reader takes an answer apart.
type reader struct {
	values []any
	failed bool
}

func (r *reader) more() bool { return len(r.values) > 0 && !r.failed }

func (r *reader) next() any {
	if len(r.values) == 0 {
		r.failed = true
		return nil
	}
	v := r.values[0]
	r.values = r.values[1:]
	return v
}

func (r *reader) text() string {
	s, ok := r.next().(string)
	r.failed = r.failed || !ok
	return s
}

func (r *reader) number() int64 {
	n, ok := r.next().(int64)
	r.failed = r.failed || !ok
	return n
}

func (r *reader) moment() time.Time { return time.UnixMilli(r.number()).UTC() }

func (r *reader) err() error {
	if r.failed {
		return errAnswer
	}
	return nil
}
