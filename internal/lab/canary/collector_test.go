package canary

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// collector is where the server's traces and metrics go: OTLP over HTTP, kept as it came.
type collector struct {
	mu   sync.Mutex
	text bytes.Buffer
	url  string
}

func openCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the server was killed while it sent
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.text.Write(body)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func (c *collector) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

// answers keeps what shoppers were answered.
type answers struct {
	mu               sync.Mutex
	refusals, bodies bytes.Buffer
}

func (a *answers) seen(_, _ string, status int, body []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bodies.Write(body)
	if status >= http.StatusBadRequest {
		a.refusals.Write(body)
	}
}
