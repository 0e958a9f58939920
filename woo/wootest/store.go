package wootest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/graphql"
	"github.com/ankkor/ankkor/woo/wootest/internal/pages"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/storeapi"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Store is a running WooCommerce stand-in. It is safe for concurrent use.
type Store struct {
	cfg    Config
	keys   []APIKey
	faults *Faults
	log    *slog.Logger

	site     *site.Site
	rest     *rest.API
	storeAPI *storeapi.API
	graphql  *graphql.API
	pages    *pages.Front

	server   *http.Server
	pool     *x509.CertPool
	outgoing *http.Client
	stopped  chan struct{}
	closed   chan struct{} // lets every waiting request go
	close    sync.Once
	closeErr error

	gate    sync.Mutex // guards closing and additions to running
	closing bool
	running sync.WaitGroup
}

// New starts a store on loopback. The caller closes it. Errors wrap
// ErrInvalid and name the field of Config that was refused; several are joined.
func New(cfg Config) (*Store, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	addr := cfg.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	var socket net.ListenConfig
	listener, err := socket.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("wootest: listen on %s: %w", addr, err)
	}
	s, err := assemble(cfg, listener.Addr().String())
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.start(listener); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return s, nil
}

// assemble makes the store without its server.
func assemble(cfg Config, addr string) (*Store, error) {
	scheme := "http://"
	if cfg.TLS {
		scheme = "https://"
	}
	if cfg.Catalogue == nil {
		cfg.Catalogue = Catalogue()
	}
	l := &shop.Loader{Files: cfg.Catalogue, URL: scheme + addr}
	secret := wp.RandomBytes(32)
	sh, st := shop.Load(l), site.Load(l, secret)
	if l.Err != nil {
		return nil, fmt.Errorf("%w: %w", invalid("Config.Catalogue", "cannot be read"), l.Err)
	}
	s := &Store{
		cfg: cfg, log: cfg.logger(), keys: cfg.keys(), outgoing: newOutgoing(), stopped: make(chan struct{}), closed: make(chan struct{}),
	}
	s.site = &site.Site{
		Options: cfg.options(s.keys), Shop: sh, Secret: secret, Closing: s.closed, State: st, Previous: st, Mailed: map[int64]string{},
	}
	sh.Now = s.site.Now
	s.rest, s.storeAPI, s.graphql = rest.New(s.site), storeapi.New(s.site), graphql.New(s.site)
	s.pages = &pages.Front{Site: s.site, StoreAPI: s.storeAPI}
	s.faults = newFaults(s.handle)
	return s, s.faults.Arm(cfg.Faults...)
}

// start serves on the listener until Close.
func (s *Store) start(listener net.Listener) error {
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	if s.cfg.TLS {
		certificate, pool, err := newCertificate(time.Now())
		if err != nil {
			return err
		}
		s.pool = pool
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	}
	go func() {
		defer close(s.stopped)
		if err := s.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("wootest stopped serving", slog.Any("error", err))
		}
	}()
	return nil
}

// Close waits for the requests that are being answered, then drops every
// connection. Requests that wait for a fault go on at once. It is idempotent;
// every call answers what the first one did.
func (s *Store) Close() error {
	s.close.Do(func() {
		s.gate.Lock()
		s.closing = true
		s.gate.Unlock()
		close(s.closed)
		s.running.Wait()
		s.closeErr = s.server.Close()
		<-s.stopped
		s.outgoing.CloseIdleConnections()
	})
	return s.closeErr
}

// enter counts a request in; false means the store is closing.
func (s *Store) enter() bool {
	s.gate.Lock()
	defer s.gate.Unlock()
	if s.closing {
		return false
	}
	s.running.Add(1)
	return true
}

// URL is the shop's address without a trailing slash, such as
// "http://127.0.0.1:40123". REST is under /wp-json/wc/v3.
func (s *Store) URL() string { return s.site.Shop.URL }

// GraphQLURL is the address of the GraphQL endpoint.
func (s *Store) GraphQLURL() string { return s.URL() + "/graphql" }

// ConsumerKey is the key of the first configured REST key.
func (s *Store) ConsumerKey() string { return s.keys[0].Key }

// ConsumerSecret is the secret of the first configured REST key.
func (s *Store) ConsumerSecret() string { return s.keys[0].Secret }

// CertPool trusts the store's certificate; it is nil without Config.TLS.
func (s *Store) CertPool() *x509.CertPool { return s.pool }

// HTTPClient is a new client with its own connections that trusts the store.
// Its transport speaks HTTP/1.1, as most PHP hosts do.
func (s *Store) HTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.pool, MinVersion: tls.VersionTLS12}, MaxIdleConnsPerHost: 16,
	}}
}

// Faults are the store's armed faults.
func (s *Store) Faults() *Faults { return s.faults }

// options are what the config says to the site.
func (c Config) options(keys []APIKey) site.Options {
	o := site.Options{
		Now: c.Now, JWTSecret: c.JWTSecret, TransferURLs: c.TransferURLs, OldGraphQL: c.WooGraphQL == WooGraphQL21, Companion: c.Companion,
		CartTokens: c.SessionTokens == StoreTokens || c.SessionTokens == BothTokens, SessionTokens: c.SessionTokens != StoreTokens,
		RateRequests: c.StoreRateLimit.Requests, RateWindow: c.StoreRateLimit.Window,
		CheckoutWindow: c.CheckoutWindow, CompletionWindow: c.CompletionWindow,
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	for _, k := range keys {
		o.Keys = append(o.Keys, site.APIKey{ID: k.Key, Secret: k.Secret, Read: k.Permissions != Write, Write: k.Permissions != Read})
	}
	return o
}

func (c Config) logger() *slog.Logger {
	if c.Logger != nil {
		return c.Logger
	}
	return slog.New(slog.DiscardHandler)
}

func (c Config) keys() []APIKey {
	if len(c.Keys) > 0 {
		return append([]APIKey(nil), c.Keys...)
	}
	return []APIKey{{
		Key: "ck_" + hex.EncodeToString(wp.RandomBytes(20)), Secret: "cs_" + hex.EncodeToString(wp.RandomBytes(20)), Permissions: ReadWrite,
	}}
}

// check answers every mistake of a Config at once.
func (c Config) check() error {
	var errs []error
	if c.Addr != "" && !isLoopback(c.Addr) {
		errs = append(errs, invalid("Config.Addr", "must be a loopback address such as 127.0.0.1:0"))
	}
	for i, k := range c.Keys {
		if k.Key == "" || k.Secret == "" {
			errs = append(errs, invalid(fmt.Sprintf("Config.Keys[%d]", i), "key and secret must not be empty"))
		}
		if k.Permissions != Read && k.Permissions != Write && k.Permissions != ReadWrite {
			errs = append(errs, invalid(fmt.Sprintf("Config.Keys[%d].Permissions", i), "must be read, write or read_write"))
		}
	}
	if !slices.Contains([]string{"", WooGraphQL10, WooGraphQL21}, c.WooGraphQL) {
		errs = append(errs, invalid("Config.WooGraphQL", "must be empty, 1.0 or 0.21"))
	}
	if c.CheckoutWindow < 0 {
		errs = append(errs, invalid("Config.CheckoutWindow", "must not be negative"))
	}
	if !slices.Contains([]SessionTokens{"", LegacyTokens, StoreTokens, BothTokens}, c.SessionTokens) {
		errs = append(errs, invalid("Config.SessionTokens", "must be legacy, store-api or both"))
	}
	if l := c.StoreRateLimit; l.Requests < 0 || l.Requests > 0 && l.Window < time.Second {
		errs = append(errs, invalid("Config.StoreRateLimit", "needs a window of a second or more, and no negative number"))
	}
	if c.CompletionWindow < 0 {
		errs = append(errs, invalid("Config.CompletionWindow", "must not be negative"))
	}
	return errors.Join(errs...)
}

// isLoopback says whether host:port names this machine only.
func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
