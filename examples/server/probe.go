package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// errUnwell says that nobody answered, or that the answer was a server's fault.
var errUnwell = errors.New("not ready")

// healthCommand asks the server of this machine whether it is ready. An image with nothing but the server in it has no
// other program that could.
func healthCommand(ctx context.Context, args []string, env func(string) string, _, logTo io.Writer) error {
	url := ""
	define := func(set *flag.FlagSet) { set.StringVar(&url, "url", "", "what to ask instead of /readyz at ADDR") }
	if err := flags("health", args, logTo, define); err != nil {
		return err
	}
	if url == "" {
		host, port, err := net.SplitHostPort((&environment{get: env}).text("ADDR", defaultAddr))
		if err != nil {
			return errors.New("ADDR wants an address such as 127.0.0.1:8080")
		}
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "127.0.0.1" // it listens everywhere, here too
		}
		url = "http://" + net.JoinHostPort(host, port) + "/readyz"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("%w: -url wants an address", errUsage)
	}
	answer, err := (&http.Client{}).Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnwell, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%w: %s", errUnwell, answer.Status)
	}
	return nil
}
