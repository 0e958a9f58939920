package servers

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// Redis returns a client of the test Redis, which never evicts. It is closed when
// the test ends. All packages share the server and run at the same time: a test
// takes keys that begin with something of its own and never flushes.
func Redis(t testing.TB) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(address(t, testenv.RedisVariable, "a Redis"))
	if err != nil {
		t.Fatalf("%s is no Redis URL: %v", testenv.RedisVariable, err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Errorf("close the Redis client: %v", err)
		}
	})
	return client
}
