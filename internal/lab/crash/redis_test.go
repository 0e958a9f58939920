package crash_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// shiftedRedis makes every script run at another time than the server's, as its second argument allows.
type shiftedRedis struct {
	client *redis.Client
	shift  *atomic.Int64
	store  string // all keys of which have its name in them
}

// hooked is a client that is not taken apart: one made of it with another timeout has no hooks.
type hooked struct{ *redis.Client }

var _ redis.Hook = (*shiftedRedis)(nil)

// DialHook implements redis.Hook.
func (s *shiftedRedis) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook implements redis.Hook.
func (s *shiftedRedis) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		s.move(cmd)
		return next(ctx, cmd)
	}
}

// ProcessPipelineHook implements redis.Hook.
func (s *shiftedRedis) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		for _, cmd := range cmds {
			s.move(cmd)
		}
		return next(ctx, cmds)
	}
}

// move rewrites a run of a script: name, script, number of keys, keys, operation, shift.
func (s *shiftedRedis) move(cmd redis.Cmder) {
	args := cmd.Args()
	if name := cmd.Name(); name != "evalsha" && name != "eval" || len(args) < 5 {
		return
	}
	n, ok := args[2].(int)
	if !ok || len(args) < 5+n {
		return
	}
	args[4+n] = strconv.FormatInt(time.Duration(s.shift.Load()).Milliseconds(), 10)
}

// empty forgets everything that is kept for the store.
func (s *shiftedRedis) empty() error {
	ctx := context.Background()
	keys := s.client.Scan(ctx, 0, "ankkor:{"+s.store+"}:*", 1000).Iterator()
	for keys.Next(ctx) {
		if err := s.client.Del(ctx, keys.Val()).Err(); err != nil {
			return err
		}
	}
	return keys.Err()
}
