package redisstore

import (
	"context"
	"crypto/sha1" //nolint:gosec // it is how Redis names scripts
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// script is a script with the keys it works on.
type script struct {
	line *line
	text string
	// command is how each run of it begins: the command, the script, the keys.
	command []any
}

// newScript makes a script for these keys, the names of which have one hash tag.
func newScript(client redis.UniversalClient, text string, keys ...string) *script {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // see above
	s := &script{line: newLine(client), text: text, command: []any{"evalsha", hex.EncodeToString(sum[:])}}
	return s.on(keys...)
}

// on is the same script for other keys.
func (s *script) on(keys ...string) *script {
	other := *s
	other.command = append(make([]any, 0, 3+len(keys)), s.command[0], s.command[1], len(keys))
	for _, key := range keys {
		other.command = append(other.command, key)
	}
	return &other
}

// begin is the start of a command that runs an operation, with room for so many
// arguments.
func (s *script) begin(operation string, room int) []any {
	args := append(make([]any, 0, len(s.command)+1+room), s.command...)
	return append(args, operation)
}

// run sends a command that begin has begun and returns its answer when it is there,
// or when ctx ends.
func (s *script) run(ctx context.Context, timeout time.Duration, args []any) (any, error) {
	if answer, ok := s.try(ctx, args); ok {
		return answer, nil
	}
	answer, err := within(ctx, timeout, func(ctx context.Context) (any, error) { return s.send(ctx, args) })
	if err != nil {
		return nil, fmt.Errorf("redisstore: %s: %w", args[len(s.command)], err)
	}
	return answer, nil
}

// send sends a command. A server that does not have the script is sent it.
func (s *script) send(ctx context.Context, args []any) (any, error) {
	start := time.Now()
	answer, err := process(ctx, s.line.client, args)
	if err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") {
		whole := append([]any{"eval", s.text}, args[2:]...)
		answer, err = process(ctx, s.line.client, whole)
	}
	s.line.answered(start, err)
	return answer, err
}

// try sends a command on the caller's goroutine if the line is quick, and says whether
// it was answered.
func (s *script) try(ctx context.Context, args []any) (any, bool) { return s.line.try(ctx, args) }

func process(ctx context.Context, client redis.UniversalClient, args []any) (any, error) {
	cmd := redis.NewCmd(ctx, args...)
	cmd.SetFirstKeyPos(3)
	_ = client.Process(ctx, cmd)
	return cmd.Result()
}

// errAnswer says that the script answered what it never does.
var errAnswer = errors.New("redisstore: the script's answer cannot be read")

// list is an answer that has to be a list.
func list(answer any, err error) ([]any, error) {
	if err != nil {
		return nil, err
	}
	values, ok := answer.([]any)
	if !ok {
		return nil, errAnswer
	}
	return values, nil
}

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
