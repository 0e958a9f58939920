package backend

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
	"github.com/ankkor/ankkor/internal/lab/servers"
	"github.com/ankkor/ankkor/internal/lab/testenv"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// Config says what differs from a shop on the test servers.
type Config struct {
	// PostgresURL is a database of the caller's; a new one on the test server when empty.
	PostgresURL string
	// WithoutRedis lets Postgres alone admit shoppers.
	WithoutRedis bool
	// Pieces is how many the store has of each of Goods; 0 means 10.
	Pieces int64
	// Environment is given to the server besides, and instead of what it is given otherwise.
	Environment []string
}

// Backend is a running shop. Its methods are for one goroutine, but for those of its Shoppers.
type Backend struct {
	Store   *wootest.Store
	Gateway *razorpaytest.Server
	Goods   []int64 // simple products that the store counts, by id
	URL     string  // of the server
	Staff   string  // a member of staff's token

	keyID, keySecret string // of the gateway's account

	program     string
	environment []string
	database    string
	schema      string // random, as it names the stock in the Redis that all tests share
	client      http.Client
	process     *testenv.Program
	command     *exec.Cmd
	log         *journal
}

// Open builds the server, migrates its database, starts it, and ends everything with the test.
func Open(tb testing.TB, c Config) *Backend {
	tb.Helper()
	b := &Backend{database: c.PostgresURL, schema: "shop_" + strings.ToLower(rand.Text()), log: &journal{}}
	if b.database == "" {
		b.database = servers.PostgresURL(tb)
	}
	var err error
	if b.program, err = program(); err != nil {
		tb.Fatal(err)
	}
	b.openStore(tb, c)
	b.openGateway(tb)
	b.configure(tb, c)
	b.Run(tb, "migrate")
	b.Run(tb, "seed")
	b.Serve(tb)
	tb.Cleanup(func() { b.Kill() })
	b.deliver(tb)
	return b
}

func (b *Backend) openStore(tb testing.TB, c Config) {
	tb.Helper()
	var err error
	if b.Store, err = wootest.New(wootest.Config{Keys: []wootest.APIKey{{
		Key: "ck_" + hex(40), Secret: "cs_" + hex(40), Permissions: wootest.ReadWrite,
	}}}); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = b.Store.Close() })
	b.stock(tb, cmp.Or(c.Pieces, 10))
}

// stock finds simple products that the store counts, and fills their shelves.
func (b *Backend) stock(tb testing.TB, pieces int64) {
	tb.Helper()
	client, err := woo.New(woo.Config{
		URL: b.Store.URL(), Key: b.Store.ConsumerKey(), Secret: woo.NewSecret(b.Store.ConsumerSecret()), HTTP: b.Store.HTTPClient(),
	})
	if err != nil {
		tb.Fatal(err)
	}
	for p, err := range client.Products(tb.Context(), woo.ProductFilter{}) {
		if err != nil {
			tb.Fatal(err)
		}
		if p.Type != woo.Simple || !p.Stock.Managed || !p.Purchasable || p.SoldIndividually || p.Stock.Backorders {
			continue
		}
		if err := b.Store.SetStock(p.ID, pieces); err != nil {
			tb.Fatal(err)
		}
		b.Goods = append(b.Goods, p.ID)
	}
	if len(b.Goods) < 3 {
		tb.Fatalf("only %d products to sell", len(b.Goods))
	}
}

// hex makes a word of hexadecimal digits.
func hex(digits int) string {
	raw := make([]byte, digits/2)
	_, _ = rand.Read(raw) // never fails
	return fmt.Sprintf("%x", raw)
}

func (b *Backend) openGateway(tb testing.TB) {
	tb.Helper()
	b.keyID, b.keySecret = "rzp_test_"+hex(14), hex(24)
	var err error
	if b.Gateway, err = razorpaytest.New(razorpaytest.Config{KeyID: b.keyID, KeySecret: b.keySecret}); err != nil {
		tb.Fatal(err)
	}
}

func (b *Backend) configure(tb testing.TB, c Config) {
	tb.Helper()
	port, err := testenv.FreePort(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	rzp := httptest.NewServer(b.Gateway)
	tb.Cleanup(rzp.Close)
	b.URL, b.Staff = fmt.Sprintf("http://127.0.0.1:%d", port), rand.Text()+rand.Text()
	b.environment = append(clean(os.Environ()),
		fmt.Sprintf("ADDR=127.0.0.1:%d", port), "PUBLIC_URL="+b.URL, "DANGEROUSLY_ALLOW_PLAIN_HTTP=true", "DRAIN=0s", "RATE_LIMIT=0",
		"GUEST_KEYS="+rand.Text()+rand.Text(), "STAFF_TOKENS=asha="+b.Staff, "DATABASE_URL="+b.database, "DATABASE_SCHEMA="+b.schema,
		"WOO_URL="+b.Store.URL(), "WOO_GRAPHQL_URL="+b.Store.GraphQLURL(), "WOO_KEY="+b.Store.ConsumerKey(), "WOO_SECRET="+b.Store.ConsumerSecret(),
		"WOO_WEBHOOK_SECRETS="+rand.Text(), "RAZORPAY_WEBHOOK_SECRETS="+rand.Text(),
		"RAZORPAY_URL="+rzp.URL, "RAZORPAY_KEY_ID="+b.keyID, "RAZORPAY_KEY_SECRET="+b.keySecret)
	if !c.WithoutRedis {
		servers.Redis(tb) // says on which machines this runs
		b.environment = append(b.environment, "REDIS_URL="+os.Getenv(testenv.RedisVariable))
	}
	b.environment = append(b.environment, c.Environment...)
	if _, err := b.Gateway.AddWebhook(razorpaytest.Webhook{
		Secret: b.value("RAZORPAY_WEBHOOK_SECRETS"), URL: b.URL + "/webhooks/razorpay", HTTP: &http.Client{Timeout: 5 * time.Second},
	}); err != nil {
		tb.Fatal(err)
	}
}

// clean takes away what the developer's shell may say to a server.
func clean(environment []string) []string {
	var kept []string
	for _, v := range environment {
		name, _, _ := strings.Cut(v, "=")
		if name == "PATH" || name == "HOME" || name == "TMPDIR" || name == "GOCOVERDIR" {
			kept = append(kept, v)
		}
	}
	return kept
}

// value is what the server's environment says.
func (b *Backend) value(name string) string {
	for i := len(b.environment) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(b.environment[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// Secrets are the words that nobody may see of this shop, by what they are.
func (b *Backend) Secrets() map[string]string {
	secrets := map[string]string{"the staff's token": b.Staff}
	for _, name := range []string{"GUEST_KEYS", "WOO_KEY", "WOO_SECRET", "WOO_WEBHOOK_SECRETS", "RAZORPAY_KEY_SECRET", "RAZORPAY_WEBHOOK_SECRETS"} {
		secrets[name] = b.value(name)
	}
	for _, name := range []string{"DATABASE_URL", "REDIS_URL"} {
		if u, err := url.Parse(b.value(name)); err == nil {
			if password, ok := u.User.Password(); ok {
				secrets["the password in "+name] = password
			}
		}
	}
	return secrets
}

// Run runs one of the server's commands to its end and returns what it printed.
func (b *Backend) Run(tb testing.TB, args ...string) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), b.program, args...)
	cmd.Env = b.environment
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, b.log
	if err := cmd.Run(); err != nil {
		tb.Fatalf("server %s: %v\n%s%s", strings.Join(args, " "), err, out.Bytes(), b.log.tail())
	}
	return out.String()
}

// Serve starts the server and returns when it is ready.
func (b *Backend) Serve(tb testing.TB) {
	tb.Helper()
	b.command = exec.CommandContext(context.Background(), b.program, "serve") // the test ends it
	b.command.Env = b.environment
	b.command.Stdout, b.command.Stderr = b.log, b.log
	var err error
	if b.process, err = testenv.Launch("server", b.command); err != nil {
		tb.Fatal(err)
	}
	b.Await(tb, "the server is ready", func(ctx context.Context) bool { status, _ := b.Ready(ctx); return status == http.StatusOK })
}

// Ready asks the server whether it is ready: 0 when nobody answers.
func (b *Backend) Ready(ctx context.Context) (status int, body string) {
	return b.Get(ctx, "/readyz")
}

// Get asks for a path: 0 when nobody answers.
func (b *Backend) Get(ctx context.Context, path string) (status int, body string) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.URL+path, nil)
	if err != nil {
		return 0, err.Error()
	}
	answer, err := b.client.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = answer.Body.Close() }()
	var text bytes.Buffer
	_, _ = text.ReadFrom(answer.Body)
	return answer.StatusCode, text.String()
}

// Await waits until something is so, and gives up after two minutes, which nothing takes.
func (b *Backend) Await(tb testing.TB, what string, so func(context.Context) bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 2*time.Minute)
	defer cancel()
	for !so(ctx) {
		select {
		case <-ctx.Done():
			tb.Fatalf("it never happened that %s; the server's log ends with\n%s", what, b.log.tail())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Kill ends the server at once, as a machine that dies does.
func (b *Backend) Kill() {
	if b.process != nil {
		b.process.Kill()
	}
}

// Terminate asks the server to stop; Stopped says whether it has.
func (b *Backend) Terminate(tb testing.TB) {
	tb.Helper()
	if err := b.command.Process.Signal(syscall.SIGTERM); err != nil {
		tb.Fatal(err)
	}
}

// Stopped waits for a server that was asked to stop and returns its exit code.
func (b *Backend) Stopped(tb testing.TB) int {
	tb.Helper()
	b.Await(tb, "the server stops", func(context.Context) bool { return syscall.Kill(b.command.Process.Pid, 0) != nil })
	b.process.Kill() // waits for it
	return b.command.ProcessState.ExitCode()
}

// Log is what the server has written so far.
func (b *Backend) Log() string { return b.log.String() }

// journal keeps what a process writes. It is safe for concurrent use.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) tail() string {
	text := j.String()
	return text[max(0, len(text)-4000):]
}

// deliver sends both systems' webhooks for as long as the test runs.
func (b *Backend) deliver(tb testing.TB) {
	ctx, cancel := context.WithCancel(context.Background())
	var sending sync.WaitGroup
	sending.Go(func() {
		for ctx.Err() == nil {
			b.Gateway.Deliver(ctx)
			_, _ = b.Store.DeliverWebhooks(ctx) // its error is that of the context
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	tb.Cleanup(func() { cancel(); sending.Wait() })
}
