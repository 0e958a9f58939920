package linear_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/internal/lab/linear"
	"github.com/ankkor/ankkor/internal/lab/servers"
)

// TestRedisAlone goes the way that a shop's calls go most of the time: a client with
// the options of go-redis as they are, so that it sends again what got no answer, and
// so few callers that most of them find the line free and wait for the socket
// themselves. One reply in twenty is cut, somewhere.
func TestRedisAlone(t *testing.T) {
	options := servers.Redis(t).Options()
	c := config(histories(t, fewer()), nil)
	c.Crowd = func(n uint64) (clients, calls int) { return 2 + int(n%4), linear.Calls }
	c.Open = func(tb testing.TB, worker int) linear.Shop {
		store := fmt.Sprintf("alone.%d.%d", options.DB, worker)
		shop := linear.Shop{Sound: reserver(tb, redisThrough(tb, options, options.Addr), store)}
		var lines []linear.Subject
		for n := range 2 {
			p := spoiled(tb, options.Addr, 20, uint64(worker*2+n))
			lines = append(lines, asInShops(tb, options, p.Addr(), store))
		}
		for n := range linear.Most {
			shop.Clients = append(shop.Clients, lines[n%len(lines)])
		}
		return shop
	}
	r := judge(t, c)
	if r.Resent*200 < r.Calls {
		t.Errorf("%d of %d calls were sent again, want about one in forty", r.Resent, r.Calls)
	}
}

// fewer histories than of the crowd: a lost reply costs them the pauses of go-redis.
func fewer() int {
	if raced {
		return 300
	}
	return 3000
}

// shopClient is a Reserver on a client as shops have it, and what that client sends.
type shopClient struct {
	*redisstore.Reserver
	*sendings
}

var _ linear.Resender = shopClient{}

func asInShops(tb testing.TB, like *redis.Options, address, store string) shopClient {
	tb.Helper()
	s := &sendings{count: map[string]int{}}
	client := redis.NewClient(&redis.Options{
		Addr: address, Username: like.Username, Password: like.Password, DB: like.DB,
		Dialer: func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			conn, err := d.DialContext(ctx, network, address)
			return overheard{conn, s}, err
		},
	})
	tb.Cleanup(func() { _ = client.Close() })
	return shopClient{reserver(tb, client, store), s}
}

// sendings counts what goes over the connections of a client.
type sendings struct {
	mu    sync.Mutex
	count map[string]int
}

// Sendings implements [linear.Resender].
func (s *sendings) Sendings(kind linear.Kind, id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[string(kind)+" "+id]
}

func (s *sendings) note(kind linear.Kind, args []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, arg := range args {
		s.count[string(kind)+" "+arg]++
	}
}

// overheard is a connection on which runs of the script are noted.
type overheard struct {
	net.Conn
	sendings *sendings
}

func (o overheard) Write(b []byte) (int, error) {
	for rest := b; len(rest) > 0; {
		var args []string
		args, rest = command(rest)
		if len(args) < 8 || args[0] != "evalsha" && args[0] != "eval" {
			continue
		}
		switch operation := args[7]; operation { // after the script, its four keys and their number
		case "one", "many", "reserve":
			o.sendings.note(linear.Reserve, args[8:])
		case "extend", "conclude":
			o.sendings.note(linear.Kind(operation), args[8:])
		}
	}
	return o.Conn.Write(b)
}

// command takes a command off the front of what is sent to Redis.
func command(b []byte) (args []string, rest []byte) {
	line := func(mark byte) int {
		head, tail, ok := bytes.Cut(b, []byte("\r\n"))
		n, err := strconv.Atoi(string(bytes.TrimPrefix(head, []byte{mark})))
		if !ok || err != nil {
			panic(fmt.Sprintf("no %q in %q", mark, head))
		}
		b = tail
		return n
	}
	for range line('*') {
		n := line('$')
		args, b = append(args, string(b[:n])), b[n+2:]
	}
	return args, b
}
