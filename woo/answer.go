package woo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// envelope is WP_Error as the REST API writes it. data is an object, or a
// plain number for some refund errors, or missing.
type envelope struct {
	Code    looseText       `json:"code"`
	Message looseText       `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// readEnvelope finds WooCommerce's own error in a body.
func readEnvelope(body []byte) (envelope, bool) {
	var e envelope
	if len(body) == 0 || json.Unmarshal(body, &e) != nil {
		return envelope{}, false
	}
	return e, e.Code != "" && e.Message != ""
}

// params are the refused parameters with their reasons, where data has them.
func (e envelope) params() map[string]string {
	var data struct {
		Params map[string]looseText `json:"params"`
	}
	if json.Unmarshal(e.Data, &data) != nil {
		return e.missing()
	}
	if len(data.Params) == 0 {
		return nil
	}
	params := make(map[string]string, len(data.Params))
	for name, reason := range data.Params {
		params[plainText(name)] = plainText(string(reason))
	}
	return params
}

// missing are the parameters a request lacked, of which data has a list.
func (e envelope) missing() map[string]string {
	var data struct {
		Params []looseText `json:"params"`
	}
	if json.Unmarshal(e.Data, &data) != nil || len(data.Params) == 0 {
		return nil
	}
	params := make(map[string]string, len(data.Params))
	for _, name := range data.Params {
		params[plainText(string(name))] = "is missing"
	}
	return params
}

// judge sorts a whole answer: nil for a success, else what it means.
func (c *Client) judge(op string, write bool, a answer) *Error {
	success := a.status >= 200 && a.status < 300
	if success && !bytes.HasPrefix(bytes.TrimSpace(a.body), []byte(`{"code":`)) {
		return nil
	}
	e, understood := readEnvelope(a.body)
	failed := &Error{
		Kind: judgeStatus(a.status, string(e.Code), write, understood), Op: op, Status: a.status,
		Code: cut(plainText(string(e.Code)), 100), Message: plainText(string(e.Message)),
		RetryAfter: retryAfter(a.header, c.now()),
	}
	switch {
	case success && !understood:
		return nil
	case a.status >= 300 && a.status < 400:
		failed.Cause = fmt.Errorf("%w: %w", ErrBadAnswer, errRedirect)
	case success:
		failed.Cause = fmt.Errorf("%w: an error with a success status", ErrBadAnswer)
	case !understood && a.status != http.StatusTooManyRequests:
		failed.Cause = describe(a.body)
	}
	if failed.Params = e.params(); failed.Params != nil {
		failed.Field = slices.Min(keys(failed.Params))
	}
	return failed
}

// judgeStatus is the kind of an HTTP status. A refusal counts only in
// WooCommerce's own words: a firewall's 403 may come after the effect.
func judgeStatus(status int, code string, write, understood bool) Kind {
	broken := Unavailable
	if write {
		broken = Unknown
	}
	switch {
	case status == http.StatusTooManyRequests:
		return RateLimited
	case !understood, status < 400, status == http.StatusRequestTimeout:
		return broken
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Unauthorised
	case code == "rest_no_route":
		return Unavailable
	case code == keyInUse:
		return broken
	case status == http.StatusNotFound, status == http.StatusBadRequest && strings.HasSuffix(code, "_invalid_id"):
		return NotFound
	case status >= 500 && status != http.StatusNotImplemented:
		return broken
	}
	return Refused
}

// decodeInto reads a successful body.
func decodeInto(op string, write bool, a answer, into any) *Error {
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		return sentError(op, write, true, a.status, describeJSON(a.body, err))
	}
	return nil
}

// describeJSON says why a body is not the JSON that was expected.
func describeJSON(body []byte, err error) error {
	if json.Valid(body) {
		return fmt.Errorf("%w: unexpected JSON: %w", ErrBadAnswer, err)
	}
	return describe(body)
}

// describe says what a body is that should have been JSON.
func describe(body []byte) error {
	text := bytes.TrimSpace(body)
	switch {
	case len(text) == 0:
		return fmt.Errorf("%w: an empty body", ErrBadAnswer)
	case phpMessage(text):
		return fmt.Errorf("%w: PHP messages around the JSON (set WP_DEBUG_DISPLAY to false): %s", ErrBadAnswer, excerpt(text))
	case text[0] == '<':
		return fmt.Errorf("%w: an HTML page: %s", ErrBadAnswer, excerpt(text))
	case text[0] == '{' || text[0] == '[':
		return fmt.Errorf("%w: the JSON is broken or breaks off", ErrBadAnswer)
	}
	return fmt.Errorf("%w: not JSON", ErrBadAnswer)
}

// phpMessage finds what PHP prints when display_errors is on.
func phpMessage(text []byte) bool {
	head := text[:min(len(text), 400)]
	for _, word := range []string{"Notice", "Warning", "Deprecated", "Fatal error", "Parse error"} {
		if bytes.Contains(head, []byte("<b>"+word)) || bytes.HasPrefix(head, []byte(word+":")) || bytes.HasPrefix(head, []byte("PHP "+word+":")) {
			return true
		}
	}
	return false
}

// excerpt is the page's title, else its first words.
func excerpt(page []byte) string {
	text := string(page[:min(len(page), 4<<10)])
	lower := strings.ToLower(text)
	if from := strings.Index(lower, "<title>"); from >= 0 {
		if to := strings.Index(lower[from:], "</title>"); to >= 0 {
			return cut(plainText(text[from:from+to]), 120)
		}
	}
	return cut(plainText(text), 120)
}

// keys lists a map's keys in no order.
func keys(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	return names
}
