// Command testenv runs tests with the real servers they need.
//
//	testenv [-with redis,postgres,chromium,cc,php,pgbouncer] [-in DIR]... [-tally] [-durable] COMMAND [ARG...]
//	testenv [-with ...]
//
// It prepares what -with names (see package testenv), runs the command in each
// folder given with -in, one after the other and also when one has failed, and
// ends the servers. With -tally the command's output is read as `go test -json`
// and the last line printed counts the tests. With -durable Postgres forces its
// writes to disk. Without a command it prints the
// servers' addresses as a shell would read them and waits for an interrupt.
//
// It exits 0 when every command did, 1 when one failed, 2 when it was used
// wrongly or a server could not be had, and 130 when it was interrupted. In each
// case no process that it started is left.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/ankkor/ankkor/internal/lab/testenv"
)

// The exit codes.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUnusable    = 2
	exitInterrupted = 130
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// job is what the command line asks for.
type job struct {
	with    []string
	folders []string
	tally   bool
	durable bool
	command []string
}

func run(args []string, stdout, stderr io.Writer) int {
	j, err := parse(args, stderr)
	if err != nil {
		return exitUnusable
	}
	// A reader that closes our output (`make test | head`) ends the run too.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	defer stop()
	code, err := j.do(ctx, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "testenv:", err)
	}
	if ctx.Err() != nil {
		return exitInterrupted
	}
	return code
}

func parse(args []string, stderr io.Writer) (job, error) {
	var j job
	flags := flag.NewFlagSet("testenv", flag.ContinueOnError)
	flags.SetOutput(stderr)
	with := flags.String("with", "redis,postgres,chromium,cc,php,pgbouncer", "what the command needs, separated by commas")
	flags.Func("in", "a `folder` to run the command in; may be given more than once", func(dir string) error {
		j.folders = append(j.folders, dir)
		return nil
	})
	flags.BoolVar(&j.tally, "tally", false, "read the command's output as `go test -json` and count")
	flags.BoolVar(&j.durable, "durable", false, "have Postgres force its writes to disk")
	if err := flags.Parse(args); err != nil {
		return job{}, err
	}
	j.with = strings.FieldsFunc(*with, func(r rune) bool { return r == ',' })
	j.command = flags.Args()
	if len(j.folders) == 0 {
		j.folders = []string{"."}
	}
	return j, nil
}

// do prepares the servers, does the job, and ends the servers whatever happened.
// With -tally the counts are printed last of all.
func (j job) do(ctx context.Context, stdout, stderr io.Writer) (code int, err error) {
	env, err := testenv.Start(ctx, testenv.Config{With: j.with, Durable: j.durable, Log: stderr})
	if err != nil {
		return exitUnusable, err
	}
	if len(j.command) == 0 {
		return exitOK, errors.Join(wait(ctx, env, stdout), env.Close())
	}
	if j.tally {
		return j.count(ctx, env, stdout, stderr)
	}
	err = errors.Join(j.runAll(ctx, env, stdout, stderr), env.Close())
	if err != nil {
		return exitFailed, err
	}
	return exitOK, nil
}

// wait keeps the servers up for somebody who tests by hand.
func wait(ctx context.Context, env *testenv.Environment, stdout io.Writer) error {
	for _, v := range env.Vars() {
		name, value, _ := strings.Cut(v, "=")
		if _, err := fmt.Fprintf(stdout, "export %s='%s'\n", name, value); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// count is runAll with its output read by a Tally.
func (j job) count(ctx context.Context, env *testenv.Environment, stdout, stderr io.Writer) (int, error) {
	tally := testenv.NewTally(stdout)
	err := j.runAll(ctx, env, tally, stderr)
	if err != nil && (tally.Failed() == 0 || ctx.Err() != nil) {
		tally.Blame("testenv", err)
	}
	if err := env.Close(); err != nil {
		tally.Blame("testenv", err)
	}
	if !tally.Close() {
		return exitFailed, nil
	}
	return exitOK, nil
}

// runAll runs the command in each folder, to the last one unless interrupted.
func (j job) runAll(ctx context.Context, env *testenv.Environment, stdout, stderr io.Writer) error {
	var errs []error
	for _, folder := range j.folders {
		errs = append(errs, testenv.Run(ctx, testenv.Command{
			Dir: folder, Args: j.command, Vars: env.Vars(), Stdout: stdout, Stderr: stderr,
		}))
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(errs...)
}
