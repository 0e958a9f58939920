package testenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
)

// The environment variables with programs that tests start themselves.
const (
	ChromiumVariable = "ANKKOR_TEST_CHROMIUM"
	PHPVariable      = "ANKKOR_TEST_PHP"
)

// Config says what an [Environment] is made of.
type Config struct {
	// With names what the tests need: [Redis], [Postgres], [Chromium], [Compiler],
	// [PHP], [PgBouncer].
	With []string
	// Durable has Postgres force its writes to disk, as a shop's does: for what is
	// measured, not for what is tested.
	Durable bool
	// Log receives what a person wants to know while it is being prepared.
	Log io.Writer
}

// Environment is a set of running servers. It is used by one goroutine.
type Environment struct {
	folder  string
	durable bool
	servers []*server
	vars    map[string]string
}

// Start meets the needs in the configuration and starts the servers among them.
// The caller must Close what it returns. When it fails, and when ctx ends, it
// leaves nothing behind; a program that is missing and cannot be installed is a
// [*MissingError].
func Start(ctx context.Context, config Config) (*Environment, error) {
	list, err := wanted(config.With)
	if err != nil {
		return nil, err
	}
	if err := provide(ctx, list, config.Log); err != nil {
		return nil, err
	}
	env := &Environment{vars: map[string]string{}, durable: config.Durable}
	if err := env.start(ctx, list, config.Log); err != nil {
		return nil, errors.Join(err, env.Close())
	}
	return env, nil
}

func (e *Environment) start(ctx context.Context, list []need, log io.Writer) error {
	folder, err := os.MkdirTemp("", "ankkor-test-")
	if err != nil {
		return err
	}
	e.folder = folder
	// Postgres, run as another user, has to pass through to its own folder.
	if err := os.Chmod(folder, 0o711); err != nil {
		return err
	}
	for _, n := range list {
		if err := e.meet(ctx, n, log); err != nil {
			return fmt.Errorf("prepare %s: %w", n.name, err)
		}
	}
	return nil
}

// meet starts what the need asks for, or takes what the developer gave.
func (e *Environment) meet(ctx context.Context, n need, log io.Writer) error {
	if n.given() {
		fmt.Fprintf(log, "testenv: %s as given in %s\n", n.name, n.variable)
		return nil
	}
	path := n.find()
	switch n.name {
	case Redis:
		return e.add(n, log, func(folder string) (*server, error) { return startRedis(ctx, path, folder) })
	case Postgres:
		return e.add(n, log, func(folder string) (*server, error) { return startPostgres(ctx, path, folder, e.durable) })
	case Chromium, PHP:
		e.vars[n.variable] = path
		fmt.Fprintf(log, "testenv: %s is %s\n", n.name, path)
	}
	return nil
}

// add starts a server and remembers how to reach and how to end it.
func (e *Environment) add(n need, log io.Writer, start func(folder string) (*server, error)) error {
	s, err := start(filepath.Join(e.folder, n.name))
	if err != nil {
		return err
	}
	e.servers = append(e.servers, s)
	e.vars[n.variable] = s.url
	fmt.Fprintf(log, "testenv: %s runs as process %d\n", n.name, s.process.pid())
	return nil
}

// Vars returns NAME=value for each variable that the tests need and that the
// caller's own environment does not have, in the order of their names.
func (e *Environment) Vars() []string {
	var list []string
	for name, value := range e.vars {
		list = append(list, name+"="+value)
	}
	sort.Strings(list)
	return list
}

// Close ends the servers, last started first, and removes their files. It
// returns an error when one had ended before.
func (e *Environment) Close() error {
	var errs []error
	for i := len(e.servers) - 1; i >= 0; i-- {
		errs = append(errs, e.servers[i].end())
	}
	e.servers = nil
	if e.folder != "" {
		errs = append(errs, os.RemoveAll(e.folder))
	}
	return errors.Join(errs...)
}
