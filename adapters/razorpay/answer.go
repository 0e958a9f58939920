package razorpay

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/payment"
)

// entity is something Razorpay answers with. check says whether it is what was asked for.
type entity interface{ check() error }

// codeRefused is Razorpay's code for what it did not do. Its other codes tell of failures on the way to the bank, after
// which nothing is certain.
const codeRefused = "BAD_REQUEST_ERROR"

// judge reads an answer. Only a success that is the entity asked for is done, and only a refusal in Razorpay's own words
// is refused: what any proxy on the way may say proves nothing about what has been done.
func (c *Client) judge(r request, resp *http.Response, body []byte, into any) error {
	if resp.StatusCode == http.StatusOK {
		if err := decode(body, into); err != nil {
			return lost(r, err, false)
		}
		return nil
	}
	answer := readError(resp.StatusCode, body)
	switch {
	case answer.Status == http.StatusUnauthorized, answer.Status == http.StatusTooManyRequests, answer.Status == http.StatusConflict:
		return &payment.UnavailableError{Op: r.op, RetryAfter: c.retryAfter(resp.Header), Err: answer}
	case answer.Status/100 == 4 && answer.Code == codeRefused:
		return refused(r.op, answer)
	}
	return lost(r, answer, false)
}

// decode reads an entity; numbers that are no integers and entities of another kind are errors.
func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return answerError("%s", describe(err))
	}
	if e, ok := into.(entity); ok {
		return e.check()
	}
	return nil
}

// describe says what is wrong with a document without repeating any of it.
func describe(err error) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return "field " + strconv.Quote(cut(kind.Field)) + " has the wrong type"
	case errors.As(err, &syntax):
		return "no JSON, or half of it"
	}
	return "cannot be read"
}

// readError reads Razorpay's error envelope. Fields that are not text are left out rather than making the whole
// unreadable: the status and the code are what counts.
func readError(status int, body []byte) *Error {
	var envelope struct {
		Error struct {
			Code, Description, Field, Source, Step, Reason word
		} `json:"error"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return &Error{Status: status}
	}
	e := envelope.Error
	return &Error{
		Status: status, Code: string(e.Code), Description: string(e.Description), Field: string(e.Field),
		Source: string(e.Source), Step: string(e.Step), Reason: string(e.Reason),
	}
}

// word is a text, or nothing where Razorpay sends null or something else.
type word string

// UnmarshalJSON implements json.Unmarshaler.
func (w *word) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*w = word(s)
	}
	return nil
}

// longestRetry caps what Razorpay, or a proxy before it, may ask us to wait.
const longestRetry = 5 * time.Minute

// retryAfter reads the header in both its forms. Razorpay documents none, but what stands before it may send one.
func (c *Client) retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(min(seconds, uint64(longestRetry/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(c.now())
	}
	return min(max(wait, 0), longestRetry)
}
