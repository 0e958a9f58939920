package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

func newLog(out io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level}))
}

func serveCommand(ctx context.Context, args []string, env func(string) string, out, logTo io.Writer) error {
	if err := flags("serve", args, logTo, nil); err != nil {
		return err
	}
	c, err := readConfig(env, os.Environ())
	if err != nil {
		return err
	}
	log := newLog(logTo, c.logLevel)
	s, err := openShop(ctx, c, env, log)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return errors.Join(err, s.close())
	}
	fmt.Fprintf(out, "listening on http://%s\n", listener.Addr())
	return errors.Join(s.serve(ctx, listener), s.close())
}

// serve answers requests and does the background work until ctx is done, then stops in order: readiness turns red, load
// balancers get c.drain to notice, streams end, requests under way get c.grace, and last the loops stop between two
// pieces of work. A loop that is cut short leaves nothing half done: what it was doing is an intent in the database, and
// whoever comes next looks what became of it.
func (s *shop) serve(ctx context.Context, listener net.Listener) error {
	ready := s.readiness()
	handler, err := s.routes(ready)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	streams := start(context.WithoutCancel(ctx), s.log, loop{"stock feed", s.stock.feed.Run})
	work := start(context.WithoutCancel(ctx), s.log, s.loops()...)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	s.log.InfoContext(ctx, "serving", "address", listener.Addr().String())
	select {
	case err = <-served: // it never got to listen, or the listener broke
	case <-ctx.Done():
		ready.leaving.Store(true)
		s.log.InfoContext(ctx, "stopping", "drain", s.config.drain.String())
		<-time.After(s.config.drain)
	}
	streams.stop()
	stopped := within(context.WithoutCancel(ctx), s.config.grace, server.Shutdown)
	work.stop()
	s.log.InfoContext(ctx, "stopped")
	return errors.Join(err, stopped)
}

// loop is background work that runs until its context is done.
type loop struct {
	name string
	run  func(context.Context) error
}

func (s *shop) loops() []loop {
	list := []loop{{"checkout", s.checkout.Run}, {"stock in step", s.stock.inStep.Run}, {"webhooks alive", s.keepHooks}, {"carts left", s.sweepCarts}}
	if s.redis != nil {
		list = append(list, loop{"looking for Redis", s.redis.run})
	}
	if s.hooks.payments != nil {
		list = append(list, loop{"payment events", s.hooks.payments.Run})
	}
	if s.hooks.storeEdits != nil {
		list = append(list, loop{"store edits", s.hooks.storeEdits.Run})
	}
	return list
}

// running is a set of loops under way.
type running struct {
	cancel context.CancelFunc
	all    *sync.WaitGroup
}

func start(ctx context.Context, log *slog.Logger, loops ...loop) running {
	ctx, cancel := context.WithCancel(ctx)
	r := running{cancel: cancel, all: &sync.WaitGroup{}}
	for _, l := range loops {
		r.all.Go(func() {
			if err := l.run(ctx); err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "background work ended", "loop", l.name, "error", err)
			}
		})
	}
	return r
}

// stop ends the loops and returns when they have ended.
func (r running) stop() {
	r.cancel()
	r.all.Wait()
}
