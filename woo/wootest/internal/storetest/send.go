package storetest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// Reply is a reply of the store.
type Reply struct {
	Status int
	Header http.Header
	Body   string
}

// SendRaw makes one request and reads the whole answer.
func SendRaw(s *wootest.Store, method, path, body string, header map[string]string) (Reply, error) {
	req, err := http.NewRequestWithContext(context.Background(), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		return Reply{}, err
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := s.HTTPClient().Do(req)
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = res.Body.Close() }() // only read from
	raw, err := io.ReadAll(res.Body)
	return Reply{res.StatusCode, res.Header, string(raw)}, err
}

// Send makes one request and answers it whole.
func Send(t *testing.T, s *wootest.Store, method, path, body string, header map[string]string) Reply {
	t.Helper()
	a, err := SendRaw(s, method, path, body, header)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// SignedIn are the headers of a REST request with a key, as if over TLS.
func SignedIn(k wootest.APIKey) map[string]string {
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(k.Key, k.Secret)
	return map[string]string{
		"Authorization": req.Header.Get("Authorization"), "Content-Type": "application/json", "X-Forwarded-Proto": "https",
	}
}

// REST makes a REST request with the read_write key and decodes the answer.
func REST(t *testing.T, s *wootest.Store, method, path, body string) (int, map[string]any) {
	t.Helper()
	a := Send(t, s, method, "/wp-json/wc/v3/"+path, body, SignedIn(TestKeys()[0]))
	var out map[string]any
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil {
		t.Fatalf("%s %s answered %d %s", method, path, a.Status, a.Body)
	}
	return a.Status, out
}

// GraphQL answers the data of a query that must succeed.
func GraphQL(t *testing.T, s *wootest.Store, query string) string {
	t.Helper()
	out := Ask(t, s, query, nil)
	if len(out.Errors) > 0 {
		t.Fatalf("%s: %+v", query, out.Errors)
	}
	var v any
	if err := json.Unmarshal(out.Data, &v); err != nil {
		t.Fatal(err)
	}
	return string(MustJSON(t, v))
}

// Answer is a GraphQL answer.
type Answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message   string
		Path      []any
		Locations []struct{ Line, Column int }
	}
}

// AskAs sends a GraphQL request with headers and answers the decoded answer.
func AskAs(t *testing.T, s *wootest.Store, header map[string]string, query string) (Answer, Reply) {
	t.Helper()
	all := map[string]string{"Content-Type": "application/json"}
	for name, value := range header {
		all[name] = value
	}
	got := Send(t, s, "POST", "/graphql", string(MustJSON(t, map[string]string{"query": query})), all)
	var out Answer
	readAnswer(t, got, &out)
	return out, got
}

// FirstError is the first message, "" for none.
func FirstError(g Answer) string {
	if len(g.Errors) == 0 {
		return ""
	}
	return g.Errors[0].Message
}

// ReadData decodes the data of an answer.
func ReadData(t *testing.T, got Answer, into any) {
	t.Helper()
	if err := json.Unmarshal(got.Data, into); err != nil {
		t.Fatalf("%v in %s", err, got.Data)
	}
}

func readAnswer(t *testing.T, got Reply, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(got.Body), into); err != nil {
		t.Fatalf("%v in %.300s", err, got.Body)
	}
}

// Ask sends a GraphQL request with variables and decodes the answer.
func Ask(t *testing.T, s *wootest.Store, query string, variables map[string]any) Answer {
	t.Helper()
	body := MustJSON(t, map[string]any{"query": query, "variables": variables})
	a := Send(t, s, "POST", "/graphql", string(body), map[string]string{"Content-Type": "application/json"})
	if a.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.Status, a.Body)
	}
	var out Answer
	if err := json.Unmarshal([]byte(a.Body), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
