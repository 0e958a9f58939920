package testenv

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// PostgresVariable is the environment variable with the Postgres server's URL.
// The role it names may create databases.
const PostgresVariable = "ANKKOR_TEST_POSTGRES_URL"

// cluster is a Postgres data folder in the making.
type cluster struct {
	bin    string // the folder with initdb and postgres
	folder string
	secret string
	as     *syscall.Credential // whom to run as, nil for ourselves

	durable bool // writes are forced to disk
}

// startPostgres makes a new cluster in folder and runs a private server on it.
func startPostgres(ctx context.Context, bin, folder string, durable bool) (*server, error) {
	c := &cluster{bin: bin, folder: folder, secret: password(), durable: durable}
	if err := c.prepare(os.Geteuid()); err != nil {
		return nil, err
	}
	if err := c.initialise(ctx); err != nil {
		return nil, err
	}
	return onFreePort(ctx, c.begin, askPostgres)
}

// prepare makes the folder, and gives it to another user when we are root:
// Postgres refuses to run as root.
func (c *cluster) prepare(uid int) error {
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(c.path("password"), []byte(c.secret), 0o600); err != nil {
		return err
	}
	if uid != 0 {
		return nil
	}
	owner, err := unprivileged()
	if err != nil {
		return err
	}
	c.as = owner
	for _, path := range []string{c.folder, c.path("password")} {
		if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
			return fmt.Errorf("give the Postgres folder to another user: %w", err)
		}
	}
	return nil
}

// unprivileged finds whom to run Postgres as in place of root.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errUID == nil && errGID == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, fmt.Errorf("Postgres refuses to run as root, and there is no user postgres or nobody to run it as: add one")
}

// initialise writes the cluster's first files.
func (c *cluster) initialise(ctx context.Context) error {
	var said bytes.Buffer
	cmd := c.command("initdb", "--pgdata", c.path("data"), "--username", "ankkor",
		"--auth", "scram-sha-256", "--pwfile", c.path("password"),
		"--encoding", "UTF8", "--locale", "C", "--no-sync")
	cmd.Stdout, cmd.Stderr = &said, &said
	p, err := launch("initdb", cmd)
	if err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-ctx.Done():
		p.stopGroup(syscall.SIGTERM, stopGrace)
		return ctx.Err()
	}
	if p.err != nil {
		return fmt.Errorf("initdb in %s: %w:\n%s", c.folder, p.err, said.Bytes())
	}
	return nil
}

// begin runs the server. Unless it is to be durable it does not force its writes to
// disk: what the machine would lose with its power is of no interest to tests.
func (c *cluster) begin(port int) (*server, error) {
	logPath := c.path("postgres.log")
	log, err := os.Create(logPath)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the server holds its own copy
	cmd := c.command("postgres", "-D", c.path("data"), "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "max_connections=200")
	if !c.durable {
		cmd.Args = append(cmd.Args, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	cmd.Stdout, cmd.Stderr = log, log
	p, err := launch("postgres", cmd)
	if err != nil {
		return nil, err
	}
	url := fmt.Sprintf("postgres://ankkor:%s@127.0.0.1:%d/postgres?sslmode=disable", c.secret, port)
	// An interrupt is Postgres's fast shutdown: clients are cut off, data is kept.
	return &server{p, url, logPath, func() { p.stop(syscall.SIGINT, stopGrace) }}, nil
}

// command prepares one of Postgres's programs to run as the cluster's owner.
func (c *cluster) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.folder
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+c.folder)
	if c.as != nil {
		attributes(cmd).Credential = c.as
	}
	return cmd
}

func (c *cluster) path(name string) string { return filepath.Join(c.folder, name) }

func askPostgres(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.Ping(ctx)
}
