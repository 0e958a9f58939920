package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/adapters/redisstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// said is what a Redis answers.
type said string

func (s said) Error() string { return string(s) }
func (said) RedisError()     {}

// A Redis that is away, or not ready, is waited for; one that will be no better tomorrow is a mistake.
func TestUnusable(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{&net.OpError{Op: "dial", Err: errors.New("connection refused")}, false},
		{io.EOF, false},
		{context.DeadlineExceeded, false},
		{said("LOADING Redis is loading the dataset in memory"), false},
		{said("MASTERDOWN Link with MASTER is down"), false},
		{said("READONLY You can't write against a read only replica."), false},
		{said("ERR max number of clients reached"), false},
		{said("WRONGPASS invalid username-password pair or user is disabled."), true},
		{said("NOAUTH Authentication required."), true},
		{said("NOPERM this user has no permissions"), true},
		{redisstore.ErrServer, true},
		{redisstore.ErrConfig, true},
	} {
		if got := unusable(fmt.Errorf("redisstore: %w", tt.err)); got != tt.want {
			t.Errorf("%v: unusable %t, want %t", tt.err, got, tt.want)
		}
	}
}

// Until Redis was reached nothing of it answers, and no call waits for it.
func TestNotReached(t *testing.T) {
	l := &lateRedis{client: redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1}), log: newLog(io.Discard, 0)}
	defer func() { _ = l.client.Close() }()
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"Reserve":   func() error { _, err := l.Reserve(ctx, inventory.ReserveRequest{}); return err },
		"Extend":    func() error { _, err := l.Extend(ctx, "r", time.Minute); return err },
		"Release":   func() error { _, err := l.Release(ctx, "r"); return err },
		"Levels":    func() error { _, err := l.Levels(ctx, nil); return err },
		"SetLevels": func() error { return l.SetLevels(ctx, nil) },
		"Recheck":   func() error { _, err := l.Recheck(ctx, 0, false); return err },
		"Retaught":  func() error { return l.Retaught(ctx, 1) },
		"Publish":   func() error { return l.Publish(ctx, checkout.Event{}) },
		"ping":      func() error { return l.ping(ctx) },
	} {
		if err := call(); !errors.Is(err, errNotReached) || answered(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := l.open(ctx); err == nil || unusable(err) {
		t.Errorf("a Redis that is away: %v", err)
	}
}
