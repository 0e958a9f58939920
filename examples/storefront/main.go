// Storefront is a whole shop in one program: pages, cart, checkout, a payment window and the counter behind it, with a
// WooCommerce, a payment gateway and every store embedded. It needs nothing and calls nobody but itself.
//
//	go run ./examples/storefront              # http://127.0.0.1:8080
//	go run ./examples/storefront -addr 127.0.0.1:0
//
// With RAZORPAY_KEY_ID and RAZORPAY_KEY_SECRET, a test key's, it opens Razorpay's own payment window instead, and with
// RAZORPAY_WEBHOOK_SECRET it takes its webhooks at /webhooks/razorpay. With RAZORPAY_MOCK=1 it does all of that against a
// Razorpay in the process, offline.
//
// It is an example: what a shop sells by is in the packages, the handlers here only read forms and show pages. A real
// shop gives woo.New its own store, the checkout its own database and gateway, and keeps the rest.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to serve on; port 0 takes any free one")
	late := flag.Duration("late", 20*time.Second, "how much later the simulated bank says yes when it answers late")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *late, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "storefront:", err)
		stop()
		os.Exit(1)
	}
}

// run opens the shop, says where on out, and serves until ctx is done.
func run(ctx context.Context, addr string, late time.Duration, out io.Writer) error {
	log := newLog(os.Stderr)
	k, err := readKeys(os.Getenv)
	if err != nil {
		return err
	}
	shop, err := openShop(ctx, late, k, log)
	if err != nil {
		return err
	}
	defer shop.close()
	handler, err := newServer(shop, log)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("%w (-addr says where else to serve; with port 0, wherever there is room)", err)
	}
	fmt.Fprintf(out, "The shop is open at http://%s\n", listener.Addr())
	return serve(ctx, listener, handler, shop)
}

// newLog writes what went wrong, and what a real shop would mail, as lines of text.
func newLog(out io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// serve runs the pages and the checkout's background work side by side, and ends both.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, shop *shop) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	working, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() { _ = shop.checkout.Run(working) }) // its error is that of the context
	if shop.window != nil {
		background.Go(func() { shop.window.run(working) })
	}
	defer background.Wait()
	defer stop()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return server.Shutdown(grace)
	}
}
