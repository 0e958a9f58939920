package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ankkor/ankkor/adapters/pgstore"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

func migrateCommand(ctx context.Context, args []string, env func(string) string, out, logTo io.Writer) error {
	if err := flags("migrate", args, logTo, nil); err != nil {
		return err
	}
	c, err := readConfig(env, os.Environ())
	if err != nil {
		return err
	}
	db, err := openDatabase(c)
	if err != nil {
		return err
	}
	err = pgstore.Migrate(ctx, db, pgstore.Config{Schema: c.schema})
	if err = errors.Join(err, db.Close()); err == nil {
		fmt.Fprintln(out, "the database is up to date")
	}
	return err
}

// atWork opens the shop for a command that does one thing, and closes it again.
func atWork(ctx context.Context, env func(string) string, logTo io.Writer, do func(*shop) error) error {
	c, err := readConfig(env, os.Environ())
	if err != nil {
		return err
	}
	s, err := openShop(ctx, c, env, newLog(logTo, c.logLevel))
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.close())
}

func reconcileCommand(ctx context.Context, args []string, env func(string) string, out, logTo io.Writer) error {
	var asJSON bool
	define := func(set *flag.FlagSet) { set.BoolVar(&asJSON, "json", false, "print the report for a program") }
	if err := flags("reconcile", args, logTo, define); err != nil {
		return err
	}
	return atWork(ctx, env, logTo, func(s *shop) error {
		report, err := s.sweep(ctx)
		if err != nil {
			return err
		}
		return write(out, report, asJSON)
	})
}

// sweep compares everything, once a server that does so at this moment has finished. It waits for a minute at most.
func (s *shop) sweep(ctx context.Context) (report reconcile.Report, err error) {
	for range 60 {
		if report, err = s.stock.inStep.Sweep(ctx); !errors.Is(err, reconcile.ErrConflict) {
			return report, err
		}
		select {
		case <-ctx.Done():
			return report, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return report, fmt.Errorf("a server keeps comparing the stock, see its log: %w", err)
}

func write(out io.Writer, report reconcile.Report, asJSON bool) error {
	if !asJSON {
		_, err := io.WriteString(out, report.Text())
		return err
	}
	data, err := report.JSON()
	if err == nil {
		_, err = fmt.Fprintf(out, "%s\n", data)
	}
	return err
}
