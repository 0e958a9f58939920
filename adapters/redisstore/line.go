package redisstore

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// patience is how long a caller may be kept from noticing that its context has ended.
const patience = 100 * time.Millisecond

// line is the way to the server. A caller alone on it, while the server answers
// quickly, waits for the socket itself, for as long as patience lasts: that saves two
// switches between goroutines, which cost more than the script. What is not answered
// by then is sent again in the usual way, which is harmless; but where the host told
// its client to send nothing twice, nobody is hasty.
type line struct {
	client redis.UniversalClient
	hasty  *redis.Client // the same connections with little patience; nil if there is no such way
	quick  atomic.Bool   // the last answer came soon
}

func newLine(client redis.UniversalClient) *line {
	l := &line{client: client}
	if c, ok := client.(*redis.Client); ok && c.Options().MaxRetries > 0 {
		l.hasty = c.WithTimeout(patience)
	}
	return l
}

// once is a command that the client sends once.
type once struct{ *redis.Cmd }

// NoRetry implements [redis.Cmder].
func (once) NoRetry() bool { return true }

// try sends a command if the server is quick, and says whether it was answered.
func (l *line) try(ctx context.Context, args []any) (any, bool) {
	if l.hasty == nil || !l.quick.Load() || ctx.Err() != nil {
		return nil, false
	}
	start := time.Now()
	if end, ok := ctx.Deadline(); ok && end.Sub(start) < patience {
		return nil, false
	}
	cmd := once{redis.NewCmd(ctx, args...)}
	cmd.SetFirstKeyPos(3)
	err := l.hasty.Process(ctx, cmd)
	l.answered(start, err)
	return cmd.Val(), err == nil
}

// answered notes how long an answer took.
func (l *line) answered(start time.Time, err error) {
	quick := err == nil && time.Since(start) < patience/10
	if l.quick.Load() != quick {
		l.quick.Store(quick)
	}
}

// within runs a call to the server and returns when it is answered or when ctx
// ends, whatever the socket does: go-redis looks at a deadline only when told to,
// and at a cancellation never.
func within[T any](ctx context.Context, timeout time.Duration, call func(context.Context) (T, error)) (T, error) {
	var zero T
	if err := ctx.Err(); err != nil {
		return zero, fmt.Errorf("redisstore: %w", err)
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	if ctx.Done() == nil {
		defer cancel()
		return call(bounded)
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer cancel()
		value, err := call(bounded)
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return zero, fmt.Errorf("redisstore: %w", ctx.Err())
	}
}
