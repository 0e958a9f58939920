package testenv

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// RedisVariable is the environment variable with the Redis server's URL.
const RedisVariable = "ANKKOR_TEST_REDIS_URL"

// redisConfig is read by redis-server from its standard input, so that the
// password stands in no process list. Nothing is evicted: a Redis that may evict
// holds is refused by the code under test. Nothing is written to disk: a test
// that is about persistence starts a server of its own.
const redisConfig = `bind 127.0.0.1
port %d
requirepass %s
dir %q
maxmemory-policy noeviction
save ""
appendonly no
daemonize no
`

// startRedis runs a private Redis whose files are in folder.
func startRedis(ctx context.Context, program, folder string) (*server, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	begin := func(port int) (*server, error) { return beginRedis(program, folder, port) }
	return onFreePort(ctx, begin, askRedis)
}

func beginRedis(program, folder string, port int) (*server, error) {
	secret := password()
	logPath := filepath.Join(folder, "redis.log")
	log, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the server holds its own copy
	cmd := exec.Command(program, "-")
	cmd.Dir = folder
	cmd.Stdin = strings.NewReader(fmt.Sprintf(redisConfig, port, secret, folder))
	cmd.Stdout, cmd.Stderr = log, log
	p, err := launch("redis-server", cmd)
	if err != nil {
		return nil, err
	}
	url := fmt.Sprintf("redis://:%s@127.0.0.1:%d/0", secret, port)
	return &server{p, url, logPath, func() { p.stop(syscall.SIGTERM, stopGrace) }}, nil
}

func askRedis(ctx context.Context, url string) error {
	options, err := redis.ParseURL(url)
	if err != nil {
		return err
	}
	options.MaxRetries = -1 // the caller asks again
	client := redis.NewClient(options)
	defer client.Close()
	return client.Ping(ctx).Err()
}
