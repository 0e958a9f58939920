// Server is a shop's backend as one would run it: the JSON API of cart, checkout and staff on Postgres and Redis, with
// WooCommerce as the back office and Razorpay for the money. It is made to be copied.
//
//	server migrate      bring the database up to date
//	server seed         read the store's whole stock into the database; -demo makes things to sell first
//	server serve        serve until SIGTERM, then finish what is under way and stop
//	server reconcile    compare the stock with the store's once, and print what was found
//	server health       ask the server beside it whether it is ready, for container platforms
//	server demostore    a WooCommerce and a Razorpay to try it with, that forget everything
//
// Its configuration comes from the environment and nowhere else; `server -h` lists it, README.md explains it. A secret may
// also be in a file that NAME_FILE names.
//
// What a shop sells by is in the packages; what is here is the wiring, in the order in which it is read: config.go,
// connect.go, shop.go, routes.go, serve.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command is one thing the program can do. A nil config means that it reads none.
type command struct {
	name, does string
	run        func(ctx context.Context, args []string, env func(string) string, out, log io.Writer) error
}

func commands() []command {
	return []command{
		{"serve", "serve until SIGTERM, then finish what is under way and stop", serveCommand},
		{"migrate", "bring the database up to date; safe to run again", migrateCommand},
		{"seed", "read the store's whole stock into the database; -demo makes things to sell first", seedCommand},
		{"reconcile", "compare the stock with the store's once, and print what was found; -json for programs", reconcileCommand},
		{"health", "ask the server beside it whether it is ready, for container platforms; -url asks another", healthCommand},
		{"demostore", "a WooCommerce and a Razorpay to try it with, that forget everything", demoStoreCommand},
	}
}

// errUsage says that the command line is wrong.
var errUsage = errors.New("wrong usage")

func run(ctx context.Context, args []string, env func(string) string, out, errs io.Writer) int {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return report(errs, c.name, c.run(ctx, args[1:], env, out, errs))
			}
		}
	}
	usage(errs)
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		return exitOK
	}
	return exitUsage
}

// report says how a command went.
func report(errs io.Writer, name string, err error) int {
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		fmt.Fprintf(errs, "server %s: %v\n", name, err)
		return exitUsage
	}
	fmt.Fprintf(errs, "server %s: %v\n", name, err)
	return exitFailed
}

func usage(out io.Writer) {
	fmt.Fprintln(out, "usage: server COMMAND")
	for _, c := range commands() {
		fmt.Fprintf(out, "  %-10s %s\n", c.name, c.does)
	}
	fmt.Fprintln(out, "\nenvironment:")
	for _, v := range variables() {
		fmt.Fprintf(out, "  %-28s %s\n", v.name, v.means)
	}
}

// flags reads a command's own flags; it takes no other arguments.
func flags(name string, args []string, out io.Writer, define func(*flag.FlagSet)) error {
	set := flag.NewFlagSet("server "+name, flag.ContinueOnError)
	set.SetOutput(out)
	if define != nil {
		define(set)
	}
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%w: %d arguments too many", errUsage, set.NArg())
	}
	return nil
}
