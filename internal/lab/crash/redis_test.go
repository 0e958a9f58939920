package crash_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// shiftedRedis makes every script run at another time than the server's, as its second argument allows, and remembers
// which keys were used.
type shiftedRedis struct {
	client *redis.Client
	shift  *atomic.Int64
	mu     sync.Mutex
	keys   map[string]bool
}

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
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range args[3 : 3+n] {
		if text, ok := key.(string); ok {
			s.keys[text] = true
		}
	}
	args[4+n] = strconv.FormatInt(time.Duration(s.shift.Load()).Milliseconds(), 10)
}

// empty forgets everything that was kept under those keys.
func (s *shiftedRedis) empty() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.keys {
		s.client.Del(context.Background(), key)
	}
	clear(s.keys)
}
