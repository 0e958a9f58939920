package redisstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
)

// told is a server that says this of itself.
type told struct {
	redis.Cmdable
	version, policy, limit string
	err                    error
}

func (s told) Info(ctx context.Context, _ ...string) *redis.StringCmd {
	cmd := redis.NewStringCmd(ctx)
	cmd.SetErr(s.err)
	if s.err == nil {
		cmd.SetVal("# x\r\nredis_version:" + s.version + "\r\nmaxmemory:" + s.limit + "\r\nmaxmemory_policy:" + s.policy + "\r\n")
	}
	return cmd
}

func TestUnsuitableServers(t *testing.T) {
	tests := map[string]struct {
		server told
		allow  bool
		want   string // "" for fine
	}{
		"as it should be":           {told{version: "7.0.15", policy: "noeviction", limit: "1048576"}, false, ""},
		"without a limit":           {told{version: "6.2.0", policy: "volatile-ttl", limit: "0"}, false, ""},
		"evicts what expires":       {told{version: "7.2.4", policy: "volatile-ttl", limit: "1048576"}, false, "noeviction"},
		"evicts anything":           {told{version: "8.0.1", policy: "allkeys-lru", limit: "1048576"}, false, "noeviction"},
		"evicts, and may":           {told{version: "7.2.4", policy: "allkeys-lru", limit: "1"}, true, ""},
		"says nothing of its limit": {told{version: "7.2.4"}, false, "noeviction"},
		"too old":                   {told{version: "6.0.16", policy: "noeviction", limit: "0"}, false, "6.2"},
		"no version":                {told{policy: "noeviction", limit: "0"}, false, "6.2"},
		"away":                      {told{err: errors.New("connection refused")}, false, "connection refused"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := redisstore.CheckServer(t.Context(), test.server, test.allow)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q in it", err, test.want)
			}
			if err != nil && test.server.err == nil && !errors.Is(err, redisstore.ErrServer) {
				t.Errorf("%v is not ErrServer", err)
			}
		})
	}
}

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := redisstore.New(t.Context(), nil, redisstore.Config{Store: "shop}{x", Timeout: -time.Second})
	for _, word := range []string{"client", "Store", "Timeout"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not mention %s", err, word)
		}
	}
	if !errors.Is(err, redisstore.ErrConfig) {
		t.Errorf("%v is not ErrConfig", err)
	}
}
