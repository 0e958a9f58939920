package woo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"

	graphql "github.com/hasura/go-graphql-client"
)

// graphDoer sends hasura's requests through our transport, so that its client
// only ever sees a whole, bounded body that is JSON.
type graphDoer struct {
	c      *Client
	header http.Header // added to the request
	write  bool
	last   *answer // where the answer is noted, nil for nowhere
}

// Do implements graphql.Doer. Failures are *Error.
func (d graphDoer) Do(req *http.Request) (*http.Response, error) {
	const op = "query"
	maps.Copy(req.Header, d.header)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", userAgent)
	a, sent, err := d.c.roundTrip(req)
	if d.last != nil {
		*d.last = a
	}
	if err != nil {
		return nil, sentError(op, d.write, sent, a.status, err)
	}
	if failed := d.judge(op, a); failed != nil {
		return nil, failed
	}
	return &http.Response{
		Status: http.StatusText(http.StatusOK), StatusCode: http.StatusOK, Proto: "HTTP/1.1",
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), Request: req,
	}, nil
}

// judge lets through what is a GraphQL answer, whatever its status: WPGraphQL
// sends errors with 200, 415 and 500 alike.
func (d graphDoer) judge(op string, a answer) *Error {
	failed := &Error{Kind: unclear(d.write), Op: op, Status: a.status, RetryAfter: retryAfter(a.header, d.c.now())}
	crashed := wordPressError(a.body)
	failed.Code, failed.Message = cut(plainText(string(crashed.Code)), 100), plainText(string(crashed.Message))
	switch {
	case a.status == http.StatusTooManyRequests:
		failed.Kind = RateLimited
	case a.status >= 300 && a.status < 400:
		failed.Cause = fmt.Errorf("%w: %w", ErrBadAnswer, errRedirect)
	case crashed.Code == "" && graphAnswer(a.body):
		return nil
	case a.status == http.StatusUnauthorized && !d.write:
		failed.Kind = Unauthorised
	case a.status == http.StatusNotFound:
		failed.Cause = fmt.Errorf("%w: there is no GraphQL at this address (is WPGraphQL active?): %s", ErrBadAnswer, excerpt(a.body))
	case crashed.Code != "":
		failed.Cause = fmt.Errorf("%w: an error of WordPress, not of GraphQL", ErrBadAnswer)
	default:
		failed.Cause = describe(a.body)
	}
	return failed
}

// wordPressError finds WP_Error where GraphQL should have answered: what
// WordPress says when PHP dies looks like an answer with data.
func wordPressError(body []byte) envelope {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte(`{"code":`)) {
		return envelope{}
	}
	e, _ := readEnvelope(body)
	return e
}

// graphAnswer reports whether a body is a whole JSON object with data or
// errors in it.
func graphAnswer(body []byte) bool {
	text := bytes.TrimSpace(body)
	return len(text) > 1 && text[0] == '{' && text[len(text)-1] == '}' &&
		(bytes.Contains(text, []byte(`"data"`)) || bytes.Contains(text, []byte(`"errors"`)))
}

// graphError is one entry of a GraphQL answer's errors.
type graphError struct {
	message string
	path    []string
}

// internal reports whether the server hides what happened (webonyx writes this
// text, untranslated, for every exception that is not client safe).
func (e graphError) internal() bool { return e.message == "Internal server error" }

// root is the alias of the root field the error belongs to, "" for none.
func (e graphError) root() string {
	if len(e.path) != 1 {
		return ""
	}
	return e.path[0]
}

// exec runs a read and returns the raw data with the errors beside it. An
// error is returned only for what is no GraphQL answer.
func (c *Client) exec(ctx context.Context, op, document string, variables map[string]any) (data []byte, errs []graphError, err error) {
	err = c.retrying(ctx, func() *Error {
		raw, execErr := c.gql.ExecRaw(ctx, document, variables)
		data = raw
		var failed *Error
		failed, errs = sortErrors(op, false, execErr)
		if failed == nil && len(errs) == 0 && len(raw) == 0 {
			failed = &Error{Kind: Unavailable, Op: op, Cause: fmt.Errorf("%w: neither data nor errors", ErrBadAnswer)}
		}
		return failed
	})
	return data, errs, err
}

// sortErrors tells failures of the transport from errors the server reports.
func sortErrors(op string, write bool, err error) (*Error, []graphError) {
	if err == nil {
		return nil, nil
	}
	var failed *Error
	if errors.As(err, &failed) {
		failed.Op = op
		return failed, nil
	}
	var reported graphql.Errors
	if !errors.As(err, &reported) {
		return &Error{Kind: unclear(write), Op: op, Cause: err}, nil
	}
	errs := make([]graphError, len(reported))
	for i, e := range reported {
		if e.Extensions["code"] == graphql.ErrJsonDecode {
			return &Error{Kind: unclear(write), Op: op, Cause: fmt.Errorf("%w: the JSON is broken or breaks off", ErrBadAnswer)}, nil
		}
		errs[i] = graphError{message: plainText(e.Message)}
		for _, step := range e.Path {
			errs[i].path = append(errs[i].path, plainText(fmt.Sprint(step)))
		}
	}
	return nil, errs
}

// query runs a read whose every error counts: data beside errors is not
// trusted. An error on a root field without a hidden cause is the store's way
// to say that there is no such thing.
func (c *Client) query(ctx context.Context, op, document string, variables map[string]any, into any) error {
	data, errs, err := c.exec(ctx, op, document, variables)
	if err != nil {
		return err
	}
	if len(errs) > 0 {
		return reportedError(op, false, errs)
	}
	return decodeData(op, data, into)
}

// decodeData reads a query's data.
func decodeData(op string, data []byte, into any) error {
	if err := json.Unmarshal(data, into); err != nil {
		return &Error{Kind: Unavailable, Op: op, Cause: fmt.Errorf("%w: unexpected data: %w", ErrBadAnswer, err)}
	}
	return nil
}

// unclear is the kind of a failure that does not say what was done.
func unclear(write bool) Kind {
	if write {
		return Unknown
	}
	return Unavailable
}

// reportedError is what a server's errors amount to.
func reportedError(op string, write bool, errs []graphError) *Error {
	first := errs[0]
	failed := &Error{Kind: Refused, Op: op, Status: http.StatusOK, Field: strings.Join(first.path, "."), Message: first.message}
	switch {
	case first.internal():
		failed.Kind = unclear(write)
	case write:
	case first.root() != "" && len(errs) == 1:
		failed.Kind = NotFound
	}
	return failed
}
