package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestRun: the program prints where it is, serves there, and ends when it is told to.
func TestRun(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- run(ctx, "127.0.0.1:0", time.Second, write) }()
	line := make([]byte, 100)
	n, err := read.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSpace(strings.TrimPrefix(string(line[:n]), "The shop is open at "))
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if body, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(body), "Masala Chai Mug") {
		t.Errorf("the front page cannot be read: %v", err)
	}
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it does not end")
	}
}

func TestRunOnAnImpossibleAddress(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:99999", "nowhere", "127.0.0.1:http:1"} {
		if err := run(t.Context(), addr, time.Second, io.Discard); err == nil || !strings.Contains(err.Error(), "-addr") {
			t.Errorf("it serves on %q, or does not say how else: %v", addr, err)
		}
	}
}
