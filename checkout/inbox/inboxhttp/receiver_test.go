package inboxhttp_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/checkout/inbox/inboxhttp"
)

const (
	current = "the-current-secret-1"
	retired = "the-retired-secret-1"
)

func signed(body, key string) string {
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(body))
	return hex.EncodeToString(m.Sum(nil))
}

// courier is the format of a sender that signs in hex.
func courier() inboxhttp.Format {
	return inboxhttp.Format{
		Refuse: func(r *http.Request) (int, string) {
			if r.Header.Get("X-Test-Refuse") != "" {
				return http.StatusTeapot, "a teapot"
			}
			return 0, ""
		},
		Ignore: func(_ *http.Request, body []byte) bool { return string(body) == "ping" },
		Genuine: func(r *http.Request) string {
			return r.Header.Get("X-Test-Wrong")
		},
		Signature: func(r *http.Request) ([]byte, string) { return inboxhttp.HexSignature(r.Header.Values("X-Signature")) },
		Message: func(_ *http.Request, body, signature []byte) inbox.Message {
			return inbox.Message{Source: "courier", Key: hex.EncodeToString(signature), Body: body, ReceivedAt: time.Unix(1, 0)}
		},
	}
}

type failing struct {
	*memstore.Inbox
	put func(context.Context) error
}

func (f failing) Put(ctx context.Context, m inbox.Message) (bool, error) {
	if f.put != nil {
		return false, f.put(ctx)
	}
	return f.Inbox.Put(ctx, m)
}

func secrets(texts ...string) (list []inboxhttp.Secret) {
	for _, s := range texts {
		list = append(list, newSecret(s))
	}
	return list
}

// receiver is one for the courier, with what it logs and stores.
func receiver(t *testing.T, put func(context.Context) error) (*inboxhttp.Receiver, *memstore.Inbox, *bytes.Buffer) {
	t.Helper()
	box, log := memstore.NewInbox(nil), &bytes.Buffer{}
	r, err := inboxhttp.New(inboxhttp.Config{
		Secrets: secrets(current, retired), Inbox: failing{box, put}, MaxBody: 100, Log: slog.New(slog.NewTextHandler(log, nil)),
	}, courier())
	if err != nil {
		t.Fatal(err)
	}
	return r, box, log
}

func stored(t *testing.T, box *memstore.Inbox) int {
	t.Helper()
	claims, err := box.Claim(t.Context(), "courier", 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return len(claims)
}

func TestReceiver(t *testing.T) {
	const body = `{"awb":"788830567028"}`
	for _, tt := range []struct {
		name   string
		method string
		header http.Header
		body   string
		want   int
		stored int
		log    string
	}{
		{"signed", "POST", http.Header{"X-Signature": {signed(body, current)}}, body, 200, 1, ""},
		{"signed with the secret that is being replaced", "POST", http.Header{"X-Signature": {signed(body, retired)}}, body, 200, 1, ""},
		{"a ping", "POST", nil, "ping", 200, 0, ""},
		{"signed with another secret", "POST", http.Header{"X-Signature": {signed(body, "another-secret-000")}}, body, 401, 0, "the signature is wrong"},
		{"another body", "POST", http.Header{"X-Signature": {signed(body, current)}}, body + " ", 401, 0, "the signature is wrong"},
		{"not signed", "POST", nil, body, 401, 0, "0 signatures"},
		{"two signatures", "POST", http.Header{"X-Signature": {signed(body, current), signed(body, current)}}, body, 401, 0, "2 signatures"},
		{"no hex", "POST", http.Header{"X-Signature": {strings.Repeat("g", 64)}}, body, 401, 0, "the signature is no signature"},
		{"a signature of a megabyte", "POST", http.Header{"X-Signature": {strings.Repeat("a", 1<<20)}}, body, 401, 0, "the signature is no signature"},
		{"signed right and wrong otherwise", "POST", http.Header{"X-Signature": {signed(body, current)}, "X-Test-Wrong": {"from a stranger"}}, body, 401, 0, "from a stranger"},
		{"refused by the format", "POST", http.Header{"X-Test-Refuse": {"1"}}, body, 418, 0, "a teapot"},
		{"a GET", "GET", nil, "", 405, 0, "not a POST"},
		{"compressed", "POST", http.Header{"Content-Encoding": {"gzip"}}, body, 415, 0, "encoded"},
		{"too long", "POST", http.Header{"X-Signature": {signed(strings.Repeat("x", 101), current)}}, strings.Repeat("x", 101), 413, 0, "too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, box, log := receiver(t, nil)
			for range 2 { // sent again it is the same
				req := httptest.NewRequestWithContext(t.Context(), tt.method, "/", strings.NewReader(tt.body))
				req.Header = tt.header.Clone()
				w := httptest.NewRecorder()
				r.ServeHTTP(w, req)
				if w.Code != tt.want || w.Body.Len() != 0 {
					t.Errorf("answered %d %q, want %d and nothing", w.Code, w.Body, tt.want)
				}
				if allow := w.Header().Get("Allow"); (allow == "POST") != (tt.want == 405) {
					t.Errorf("Allow: %q", allow)
				}
			}
			if n := stored(t, box); n != tt.stored {
				t.Errorf("%d stored, want %d", n, tt.stored)
			}
			if !strings.Contains(log.String(), tt.log) || strings.Contains(log.String(), "788830567028") {
				t.Errorf("logged %s", log)
			}
		})
	}
}

// TestBodies are those whose length is not what was said, or not said.
func TestBodies(t *testing.T) {
	const body = `{"awb":"788830567028"}`
	for _, tt := range []struct {
		name   string
		body   io.Reader
		length int64
		want   int
	}{
		{"of no said length", strings.NewReader(body), -1, 200},
		{"too long, of no said length", strings.NewReader(strings.Repeat("x", 1000)), -1, 413},
		{"shorter than said", strings.NewReader(body), int64(len(body)) + 1, 400},
		{"that breaks off", io.MultiReader(strings.NewReader(body), broken{}), -1, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, _, _ := receiver(t, nil)
			req := httptest.NewRequestWithContext(t.Context(), "POST", "/", tt.body)
			req.ContentLength = tt.length
			req.Header.Set("X-Signature", signed(body, current))
			w := httptest.NewRecorder()
			r.ServeHTTP(w, req)
			if w.Code != tt.want {
				t.Errorf("answered %d, want %d", w.Code, tt.want)
			}
		})
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// TestNotStored has an inbox that fails, and one that does not answer: the sender is told, in time, to send it again.
func TestNotStored(t *testing.T) {
	for name, put := range map[string]func(context.Context) error{
		"fails":           func(context.Context) error { return errors.New("disk full") },
		"does not answer": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, _, _ := receiver(t, put)
				req := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader("{}"))
				req.Header.Set("X-Signature", signed("{}", current))
				w, start := httptest.NewRecorder(), time.Now()
				r.ServeHTTP(w, req)
				if took := time.Since(start); w.Code != 503 || took > inboxhttp.DefaultWithin {
					t.Errorf("answered %d after %s", w.Code, took)
				}
			})
		})
	}
}

// TestAPanic in what stores: the sender is told to send again, which then is stored, and the next delivery as well.
func TestAPanic(t *testing.T) {
	panics := true
	put := func(context.Context) error {
		if panics {
			panic("a bug in the driver")
		}
		return nil
	}
	box, log := memstore.NewInbox(nil), &bytes.Buffer{}
	r, err := inboxhttp.New(inboxhttp.Config{
		Secrets: secrets(current), Inbox: before{box, put}, Log: slog.New(slog.NewTextHandler(log, nil)),
	}, courier())
	if err != nil {
		t.Fatal(err)
	}
	deliver := func(body string) int {
		req := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(body))
		req.Header.Set("X-Signature", signed(body, current))
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		return w.Code
	}
	if code := deliver("{}"); code != http.StatusInternalServerError || !strings.Contains(log.String(), "a bug in the driver") {
		t.Errorf("HTTP %d, logged %s", code, log)
	}
	panics = false
	if again, next := deliver("{}"), deliver("[]"); again != http.StatusOK || next != http.StatusOK || stored(t, box) != 2 {
		t.Errorf("then HTTP %d and %d", again, next)
	}
}

// before does something before it stores.
type before struct {
	*memstore.Inbox
	put func(context.Context) error
}

func (b before) Put(ctx context.Context, m inbox.Message) (bool, error) {
	if err := b.put(ctx); err != nil {
		return false, err
	}
	return b.Inbox.Put(ctx, m)
}

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := inboxhttp.New(inboxhttp.Config{Secrets: secrets("short", "", "x"), MaxBody: 5 << 20, Within: -1}, inboxhttp.Format{})
	for _, want := range []string{"Config.Secrets must", "Config.Secrets[0]", "Config.Secrets[1]", "Config.Inbox", "Config.MaxBody", "Config.Within", "Format"} {
		if !errors.Is(err, inboxhttp.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not mention %s", err, want)
		}
	}
}

func TestBase64Signature(t *testing.T) {
	sum := sha256.Sum256(nil)
	right := base64.StdEncoding.EncodeToString(sum[:])
	for text, ok := range map[string]bool{right: true, right[:43]: false, right[:42] + "9=": false, hex.EncodeToString(sum[:]): false, "": false} {
		got, wrong := inboxhttp.Base64Signature([]string{text})
		if (wrong == "") != ok || ok && !bytes.Equal(got, sum[:]) {
			t.Errorf("%q: %x, %q", text, got, wrong)
		}
	}
}
