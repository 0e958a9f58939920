package backend_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/internal/lab/backend"
	"github.com/ankkor/ankkor/woo/wootest"
)

// stream listens to a product's stock until the server lets go, and returns what it heard.
func stream(t *testing.T, shop *backend.Backend, item string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, shop.URL+"/stock?item="+item, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	heard := make(chan string)
	go func() {
		defer close(heard)
		defer func() { _ = answer.Body.Close() }()
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if line, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				heard <- line
			}
		}
	}()
	return heard
}

// hears waits for a line.
func hears(t *testing.T, heard <-chan string, want string) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		select {
		case line, open := <-heard:
			if !open {
				t.Fatalf("the stream ended before %s", want)
			}
			if strings.Contains(line, want) {
				return
			}
		case <-deadline:
			t.Fatalf("%s was never heard", want)
		}
	}
}

// SIGTERM: readiness turns red first, streams end, a request under way is answered, and the exit code says that all is
// well.
func TestStop(t *testing.T) {
	shop := backend.Open(t, backend.Config{Environment: []string{"DRAIN=1s"}})
	item := backend.Item(shop.Goods[0])
	heard := stream(t, shop, item)
	hears(t, heard, `"available":10`)
	c, err := shop.Shopper().Buy(t.Context(), shop.Goods[0], 2)
	if err != nil {
		t.Fatal(err)
	}
	hears(t, heard, `"available":8`)
	settled(t, shop, c)

	slow := shop.Shopper()
	if err := shop.Store.Faults().Arm(wootest.Fault{Kind: wootest.Slow, Path: "/graphql", Delay: 2500 * time.Millisecond, Times: -1}); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() { answered <- slow.Fill(context.WithoutCancel(t.Context()), shop.Goods[1], 1) }()
	if err := shop.Store.Faults().Await(t.Context(), wootest.Slow, 1); err != nil {
		t.Fatal(err)
	}
	shop.Terminate(t)
	shop.Await(t, "readiness turns red", func(ctx context.Context) bool {
		status, body := shop.Ready(ctx)
		return status == http.StatusServiceUnavailable && strings.Contains(body, "stopping")
	})
	if err := <-answered; err != nil {
		t.Errorf("the request under way: %v", err)
	}
	for range heard { // until the server lets go
	}
	if code := shop.Stopped(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, shop.Log())
	}
}

// Every command can be run again.
func TestCommandsAgain(t *testing.T) {
	shop := backend.Open(t, backend.Config{WithoutRedis: true})
	shop.Run(t, "migrate")
	shop.Run(t, "seed")
	made := shop.Run(t, "seed", "-demo")
	if again := shop.Run(t, "seed", "-demo"); !strings.Contains(made, "ANKKOR-DEMO-3") || strings.Count(again, "already") != 3 {
		t.Errorf("first\n%s\nthen\n%s", made, again)
	}
	shop.Terminate(t)
	shop.Stopped(t)
	if report := shop.Run(t, "reconcile", "-json"); !strings.Contains(report, `"read"`) {
		t.Errorf("report %s", report)
	}
}
