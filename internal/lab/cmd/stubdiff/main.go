// Stubdiff sends the same fresh requests to a real WooCommerce and to the
// stand-in of package wootest, both seeded with the same catalogue, and prints
// where the answers differ: in status, in the headers a client reads, in the
// keys and types of the JSON, and in the values where they are determined.
//
//	WOO_URL=https://… WOO_KEY=ck_… WOO_SECRET=cs_… go run ./cmd/stubdiff [-v] [-only part of a step's name]
//
// WOO_GRAPHQL_URL is the GraphQL endpoint if it is not WOO_URL/graphql, WOO_CA a
// file with an extra root certificate. What it makes in the store, it takes away
// again; a step that fails does not keep it from that. Differences that are known
// and have a reason are in allowed.go; any other makes it exit with 1.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	verbose := flag.Bool("v", false, "print the differences that are allowed, with their reasons, too")
	only := flag.String("only", "", "compare only the steps whose name contains this; all are still sent")
	flag.Parse()
	unexpected, err := run(ctx, os.Stdout, os.Getenv, *only, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "stubdiff:", err)
		os.Exit(2)
	}
	if unexpected > 0 {
		os.Exit(1)
	}
}

// run compares and returns how many differences nobody has explained.
func run(ctx context.Context, out io.Writer, env func(string) string, only string, verbose bool) (int, error) {
	live, err := liveShop(env)
	if err != nil {
		return 0, err
	}
	if err := live.meet(ctx); err != nil {
		return 0, err
	}
	stub, err := wootest.New(live.twin())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, stub.Close()) }()
	standIn := newShop(stub.URL(), stub.GraphQLURL(), stub.ConsumerKey(), stub.ConsumerSecret(), http.DefaultClient)
	if err := standIn.meet(ctx); err != nil {
		return 0, err
	}
	fmt.Fprintf(out, "%s: WooCommerce %s, WooGraphQL %s, companion %q\n", live.url, live.version, live.wooGraphQL, live.companion)
	real, stood := playBoth(ctx, live, standIn)
	r := report{out: out, version: live.version, verbose: verbose}
	for i, s := range steps() {
		if strings.Contains(s.name, only) {
			r.step(s, compareAnswers(s, real[i], stood[i]))
		}
	}
	r.sum()
	return r.unexpected, nil
}

// playBoth plays every step on both, side by side.
func playBoth(ctx context.Context, live, standIn *shop) (real, stood []answer) {
	var wg sync.WaitGroup
	wg.Go(func() { real = live.play(ctx) })
	wg.Go(func() { stood = standIn.play(ctx) })
	wg.Wait()
	return real, stood
}

// liveShop is the store the environment names.
func liveShop(env func(string) string) (*shop, error) {
	url := strings.TrimSuffix(env("WOO_URL"), "/")
	if url == "" || env("WOO_KEY") == "" || env("WOO_SECRET") == "" {
		return nil, errors.New("set WOO_URL, WOO_KEY and WOO_SECRET to a store made for trying things, seeded like the stand-in")
	}
	graphql := env("WOO_GRAPHQL_URL")
	if graphql == "" {
		graphql = url + "/graphql"
	}
	client := &http.Client{Timeout: time.Minute}
	if file := env("WOO_CA"); file != "" {
		pem, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s has no certificate", file)
		}
		client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	}
	return newShop(url, graphql, env("WOO_KEY"), env("WOO_SECRET"), client), nil
}
