package testenv

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Program is a server that a test has for itself, to kill and to start again. It is
// used by one goroutine.
type Program struct{ process *process }

// Launch starts a program in a process group of its own. It ends with this process
// at the latest.
func Launch(name string, cmd *exec.Cmd) (*Program, error) {
	p, err := launch(name, cmd)
	if err != nil {
		return nil, err
	}
	return &Program{p}, nil
}

// Kill ends the program and its children at once, without a chance to tidy up, and
// returns when all of them are gone. A program that has ended already is no error.
func (p *Program) Kill() {
	family := append([]int{p.process.pid()}, children(p.process.pid())...)
	if p.process.running() {
		for _, pid := range family {
			_ = syscall.Kill(pid, syscall.SIGKILL) // an error means that it has just ended
		}
	}
	p.process.killGroup()
	<-p.process.ended
	for _, pid := range family[1:] {
		for syscall.Kill(pid, 0) == nil {
			<-time.After(time.Millisecond)
		}
	}
}

// children are the processes that a process has started and that still run. Postgres
// gives each of its own a process group.
func children(parent int) []int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	var found []int
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has just ended
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

// RedisProgram is the path of redis-server, "" if there is none.
func RedisProgram() string { return findRedis() }

// PgBouncerProgram is the path of pgbouncer, "" if there is none.
func PgBouncerProgram() string { return findPgBouncer() }

// FreePort finds a port nobody listens on.
func FreePort(ctx context.Context) (int, error) { return freePort(ctx) }

// OwnPostgres is a Postgres that a test has for itself.
type OwnPostgres struct {
	// URL is where it listens, also after it was started again.
	URL     string
	cluster *cluster
	port    int
	program *Program
}

// StartOwnPostgres makes a cluster in folder, which others have to be able to pass
// through, and runs a server on it. The caller kills it.
func StartOwnPostgres(ctx context.Context, folder string) (*OwnPostgres, error) {
	c := &cluster{bin: findPostgres(), folder: folder, secret: password()}
	if err := c.prepare(os.Geteuid()); err != nil {
		return nil, err
	}
	if err := c.initialise(ctx); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	p := &OwnPostgres{cluster: c, port: port}
	return p, p.Start(ctx)
}

// Start runs the server, anew after a Kill, and returns when it answers.
func (p *OwnPostgres) Start(ctx context.Context) error {
	s, err := p.cluster.begin(p.port)
	if err != nil {
		return err
	}
	p.URL, p.program = s.url, &Program{s.process}
	return s.awaitAnswer(ctx, askPostgres)
}

// Kill ends the postmaster and all its children at once.
func (p *OwnPostgres) Kill() { p.program.Kill() }

// Unprivileged is whom a server that refuses to run as root runs as: nil when this
// process is not root.
func Unprivileged() (*syscall.Credential, error) {
	if u, err := user.Current(); err != nil || u.Uid != "0" {
		return nil, err
	}
	return unprivileged()
}

// As makes a command run as somebody else; nil changes nothing.
func As(cmd *exec.Cmd, who *syscall.Credential) {
	if who != nil {
		attributes(cmd).Credential = who
	}
}
