package testenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"time"
)

const (
	// portTries is how many ports are tried: somebody else may take a free port
	// between the moment it was found and the moment the server binds it.
	portTries = 3
	// readyWithin is how long a server may take until it answers.
	readyWithin = 60 * time.Second
	// readyPause lies between two questions whether it answers.
	readyPause = 20 * time.Millisecond
	// stopGrace is how long a server may take to end when asked to.
	stopGrace = 15 * time.Second
)

// server is a running server and the address that its clients use.
type server struct {
	process *process
	url     string
	log     string
	stop    func()
}

// onFreePort starts a server with begin on a port that is free, and waits until
// ask gets an answer from it.
func onFreePort(ctx context.Context, begin func(port int) (*server, error), ask func(ctx context.Context, url string) error) (*server, error) {
	var last error
	for range portTries {
		port, err := freePort(ctx)
		if err != nil {
			return nil, err
		}
		s, err := begin(port)
		if err != nil {
			return nil, err
		}
		if last = s.awaitAnswer(ctx, ask); last == nil {
			return s, nil
		}
		s.stop()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return nil, last
}

// awaitAnswer asks until the server answers, ends, or has taken too long.
func (s *server) awaitAnswer(ctx context.Context, ask func(ctx context.Context, url string) error) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		err := ask(ctx, s.url)
		if err == nil {
			return nil
		}
		select {
		case <-s.process.ended:
			return fmt.Errorf("%s ended at once (%w); its log says:\n%s", s.process.name, s.process.err, tail(s.log))
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w; its log says:\n%s", s.process.name, errors.Join(ctx.Err(), err), tail(s.log))
		case <-time.After(readyPause):
		}
	}
}

// end stops the server. It is an error when the server had ended already: the
// tests then ran against nothing.
func (s *server) end() error {
	var err error
	if !s.process.running() {
		err = fmt.Errorf("%s ended by itself during the run (%w); its log says:\n%s", s.process.name, s.process.err, tail(s.log))
	}
	s.stop()
	return err
}

func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// password returns a new one. The servers listen on loopback, which everyone on
// the machine can reach.
func password() string { return rand.Text() }
