package razorpaytest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// endpoint is one address: what faults call it, and what it does. do runs under the lock.
type endpoint struct {
	op Op
	do func(call) reply
}

// call is a request that was let in.
type call struct {
	id    string // of the address
	query url.Values
	body  map[string]json.RawMessage
	key   string // X-Refund-Idempotency
	raw   string // the body as it came
	fault Fault
}

// reply is a status and a document.
type reply struct {
	status int
	body   any
}

func done(body any) reply { return reply{http.StatusOK, body} }

// refuse is Razorpay's error envelope.
func refuse(status int, description, field string) reply {
	code := "BAD_REQUEST_ERROR"
	switch {
	case status == http.StatusBadGateway || status == http.StatusGatewayTimeout:
		code = "GATEWAY_ERROR"
	case status >= http.StatusInternalServerError:
		code = "SERVER_ERROR"
	}
	details := map[string]any{
		"code": code, "description": description, "source": "business", "step": "payment_initiation",
		"reason": "input_validation_failed", "metadata": map[string]any{},
	}
	if field != "" {
		details["field"] = field
	}
	return reply{status, map[string]any{"error": details}}
}

func bad(description, field string) reply { return refuse(http.StatusBadRequest, description, field) }

func unknownID() reply { return bad("The id provided does not exist", "") }

func (r reply) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	_, _ = w.Write(r.bytes()) //nolint:gosec // JSON, and said to be
}

func (r reply) bytes() []byte {
	encoded, err := json.Marshal(r.body)
	if err != nil {
		return []byte("{}") // not reached: what is written here is made here
	}
	return encoded
}

// maxBody is the longest request read, in bytes.
const maxBody = 1 << 20

// admit checks the key and reads the request, or answers itself.
func (s *Server) admit(r *http.Request) (call, *reply) {
	if user, password, ok := r.BasicAuth(); !ok || user != s.config.KeyID || password != s.config.KeySecret {
		no := refuse(http.StatusUnauthorized, "The api key provided is invalid", "")
		return call{}, &no
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	c := call{id: r.PathValue("id"), query: r.URL.Query(), key: r.Header.Get("X-Refund-Idempotency"), raw: string(raw)}
	if r.Method == http.MethodPost && (err != nil || json.Unmarshal(raw, &c.body) != nil) {
		no := bad("The request body is not valid JSON", "")
		return call{}, &no
	}
	return c, nil
}

// only refuses fields that the API does not know, as Razorpay's validator does.
func (c call) only(fields ...string) *reply {
	var extra []string
	for name := range c.body {
		if !slices.Contains(fields, name) {
			extra = append(extra, name)
		}
	}
	if len(extra) == 0 {
		return nil
	}
	sort.Strings(extra)
	no := bad(strings.Join(extra, ", ")+" is/are not required and should not be sent", extra[0])
	return &no
}

// integer reads a field that must be a whole number.
func (c call) integer(name string) (int64, *reply) {
	raw, ok := c.body[name]
	if !ok {
		no := bad("The "+name+" field is required.", name)
		return 0, &no
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		no := bad("The "+name+" must be an integer.", name)
		return 0, &no
	}
	return n, nil
}

// text reads a field that is a string, or "" where it is none.
func (c call) text(name string) string {
	var s string
	_ = json.Unmarshal(c.body[name], &s)
	return s
}

// notes are pairs of text; none is written as an empty array.
type notes map[string]string

// MarshalJSON implements json.Marshaler.
func (n notes) MarshalJSON() ([]byte, error) {
	if len(n) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal(map[string]string(n))
}

// notes reads the pairs of a request.
func (c call) notes() (notes, *reply) {
	read := notes{}
	if raw, ok := c.body["notes"]; ok && json.Unmarshal(raw, (*map[string]string)(&read)) != nil && string(raw) != "[]" {
		no := bad("The notes must be an array.", "notes")
		return nil, &no
	}
	if len(read) > 15 {
		no := bad("Number of fields in notes should be less than or equal to 15", "notes")
		return nil, &no
	}
	for _, value := range read {
		if len([]rune(value)) > 256 {
			no := bad("notes value cannot be greater than 256 characters", "notes")
			return nil, &no
		}
	}
	return read, nil
}

// page answers the part of a list, newest first, that count and skip ask for: ten items unless told, a hundred at most.
func page[T any](c call, oldestFirst []T) reply {
	items := slices.Clone(oldestFirst)
	slices.Reverse(items)
	count, no := c.number("count", 10)
	if no != nil {
		return *no
	}
	skip, no := c.number("skip", 0)
	if no != nil {
		return *no
	}
	if count < 1 || count > 100 {
		return bad("The count must be between 1 and 100.", "count")
	}
	items = items[min(skip, len(items)):]
	items = items[:min(count, len(items))]
	return done(map[string]any{"entity": "collection", "count": len(items), "items": append([]T{}, items...)})
}

func (c call) number(name string, otherwise int) (int, *reply) {
	text := c.query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		no := bad("The "+name+" must be an integer.", name)
		return 0, &no
	}
	return n, nil
}
