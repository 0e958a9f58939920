package redisstore_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// poolLog keeps what go-redis would have printed.
type poolLog struct {
	mu    sync.Mutex
	lines []string
}

func (l *poolLog) Printf(_ context.Context, format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *poolLog) about(word string) (lines []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.lines {
		if strings.Contains(line, word) {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestGoRedis3630: callers who gave up while a connection was being opened for them made the pool panic, which cost the
// connection and left the queue of who waits growing (go-redis#3630; in a product: sub2api#6814). Here no connection lives,
// so that each call opens one, and callers are gone before it is there: the pool tells of no panic, since it is not given
// their contexts. Once connections live again, everybody who asks again is served, once.
func TestGoRedis3630(t *testing.T) {
	log := &poolLog{}
	redis.SetLogger(log) // for the whole process: there is no way back to the one before
	var dead atomic.Bool
	_, client := through(t, func(o *redis.Options) {
		o.PoolSize, o.ConnMaxLifetime, o.MaxRetries = 4, time.Nanosecond, -1
		o.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
			if dead.Load() {
				ours, theirs := net.Pipe()
				return ours, theirs.Close()
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	})
	r := open(t, client, rand.Text())
	stock(t, r, product(1), 1_000_000)
	dead.Store(true)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for n := range 1000 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n%100)*2*time.Microsecond)
				_, err := r.Reserve(ctx, ask(strconv.Itoa(worker), product(1), 1))
				if cancel(); err == nil {
					t.Error("reserved over a dead connection")
				}
			}
		})
	}
	wg.Wait()
	if lines := log.about("panic"); len(lines) > 0 {
		t.Errorf("the pool told of %d panics: %s", len(lines), lines[0])
	}
	dead.Store(false)
	for worker := range 8 {
		if _, err := r.Reserve(t.Context(), ask(strconv.Itoa(worker), product(1), 1)); err != nil {
			t.Errorf("asked again: %v", err)
		}
	}
	if n := held(t, r, product(1)); n != 8 {
		t.Errorf("%d pieces are held", n)
	}
}
