package resend

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// Error says how a mail could not be sent. It matches checkout.ErrRefused, ErrUnavailable or ErrUnknown.
type Error struct {
	Status     int           // HTTP's; 0 when there was no answer
	Code       string        // Resend's name of the error, or ours
	Reason     string        // ours: what Resend writes may repeat the recipient
	RetryAfter time.Duration // as Resend asked; 0 when it did not say
	kind       error
	cause      error
}

// Error implements error.
func (e *Error) Error() string {
	parts := []string{"resend: " + e.Code}
	if e.Status != 0 {
		parts = append(parts, "status "+strconv.Itoa(e.Status))
	}
	if e.Reason != "" {
		parts = append(parts, e.Reason)
	}
	return strings.Join(parts, ", ")
}

// Is makes errors.Is true for the one sentinel of package checkout that fits.
func (e *Error) Is(target error) bool { return target == e.kind }

// Unwrap returns what went wrong below, if anything did.
func (e *Error) Unwrap() error { return e.cause }

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 10

// send makes the call, once. It never resends: the caller does, with the same key and the same bytes.
func (n *Notifier) send(ctx context.Context, key string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.config.Endpoint+"/emails", bytes.NewReader(body))
	if err != nil {
		return &Error{Code: "not_sent", kind: checkout.ErrRefused, cause: err}
	}
	req.GetBody = nil // so that the transport does not resend on its own
	req.Header.Set("Authorization", "Bearer "+n.config.Key.Reveal())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "ankkor")
	req.Header.Set("Idempotency-Key", key)
	res, err := n.client.Do(req)
	if err != nil {
		return &Error{Code: "no_answer", Reason: "the connection failed", kind: checkout.ErrUnknown, cause: cutURL(err)}
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return &Error{Status: res.StatusCode, Code: "half_an_answer", kind: checkout.ErrUnknown, cause: cutURL(err)}
	}
	return judge(res, answer)
}

// cutURL keeps of a network error what went wrong, and not where to.
func cutURL(err error) error {
	type wrapped interface{ Unwrap() error }
	if w, ok := err.(wrapped); ok && w.Unwrap() != nil {
		return w.Unwrap()
	}
	return err
}

// judge reads an answer. Resend says 200 and an id when it has taken a mail.
func judge(res *http.Response, answer []byte) error {
	var said struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	readable := json.Unmarshal(answer, &said) == nil
	if res.StatusCode == http.StatusOK && readable && said.ID != "" {
		return nil
	}
	e := &Error{Status: res.StatusCode, Code: errorName(said.Name), RetryAfter: retryAfter(res)}
	e.kind = kindOf(res.StatusCode, e.Code)
	if e.Code == "invalid_idempotent_request" {
		e.Reason = "another mail was sent under this key already"
	}
	return e
}

// kindOf says which of the three ways a call ended in.
func kindOf(status int, name string) error {
	switch {
	case name == "concurrent_idempotent_requests": // the other one of them may be doing it
		return checkout.ErrUnknown
	case status == http.StatusTooManyRequests, status == http.StatusUnauthorized, status == http.StatusForbidden && name != "validation_error":
		return checkout.ErrUnavailable // ours to put right, and then it goes through
	case status >= 400 && status < 500 && status != http.StatusRequestTimeout:
		return checkout.ErrRefused
	}
	return checkout.ErrUnknown
}

// errorName is Resend's name of an error, if it is one: other texts are not repeated.
func errorName(s string) string {
	odd := func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }
	if s == "" || len(s) > 64 || strings.ContainsFunc(s, odd) {
		return "unnamed"
	}
	return s
}

// maxWait bounds what Resend can ask us to wait.
const maxWait = time.Hour

func retryAfter(res *http.Response) time.Duration {
	seconds, err := strconv.ParseInt(res.Header.Get("Retry-After"), 10, 32)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, maxWait)
}

// Format implements fmt.Formatter: what is below may name addresses, and is for errors.Is and errors.As only.
func (e *Error) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.Error()) }
