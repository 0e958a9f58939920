package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthCommand(t *testing.T) {
	status := http.StatusOK
	asked := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Path
		w.WriteHeader(status)
	}))
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	health := func(addr string, args ...string) error {
		return healthCommand(t.Context(), args, reading(map[string]string{"ADDR": addr}), io.Discard, io.Discard)
	}
	for _, addr := range []string{"127.0.0.1:" + port, "0.0.0.0:" + port, ":" + port, "[::]:" + port} {
		if err := health(addr); err != nil || asked != "/readyz" {
			t.Errorf("%s: %v, asked for %s", addr, err, asked)
		}
	}
	if err := health("", "-url", server.URL+"/elsewhere"); err != nil || asked != "/elsewhere" {
		t.Errorf("%v, asked for %s", err, asked)
	}
	status = http.StatusServiceUnavailable
	if err := health("127.0.0.1:" + port); !errors.Is(err, errUnwell) {
		t.Errorf("a server that is not ready: %v", err)
	}
	server.Close()
	if err := health("127.0.0.1:" + port); !errors.Is(err, errUnwell) {
		t.Errorf("nobody there: %v", err)
	}
	if err := health("nonsense"); err == nil || !strings.Contains(err.Error(), "ADDR wants") {
		t.Error(err)
	}
}
