package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo"
)

// asked is a question and its answer.
type asked struct {
	what     string // the path
	reply    woo.Reply
	err      error
	noise    string // what stood around the JSON
	from, to time.Time
}

// ok says that there is an answer to look at.
func (a asked) ok() bool { return a.what != "" && a.err == nil }

// reason is why there is none.
func (a asked) reason() string {
	if a.err == nil {
		return "it was not asked"
	}
	return reasonOf(a.err)
}

// reasonOf is an error in words for a report. What the key is to blame for reads
// the same everywhere; key.read has the details.
func reasonOf(err error) string {
	failed, ok := asWoo(err)
	switch {
	case !ok || failed.Kind != woo.Unauthorised:
		return strings.TrimPrefix(err.Error(), "woo: ")
	case failed.Status == 0:
		return "no key was given"
	}
	return "the key was refused"
}

// ask sends a REST request and reads the answer into into, past what PHP may
// have printed around it.
func (e *exam) ask(ctx context.Context, req woo.Request, into any) asked {
	a := asked{what: req.Path, from: e.o.Now()}
	if e.away != nil {
		a.err = e.away
		return a
	}
	req.Op = "ask " + req.Path
	var raw json.RawMessage
	a.reply, a.err = e.client.Send(ctx, req, &raw)
	a.to = e.o.Now()
	if errors.Is(a.err, woo.ErrBadAnswer) && a.reply.Status == http.StatusOK {
		if inner, noise := salvage(a.reply.Body); inner != nil {
			raw, a.noise, a.err = inner, noise, nil
		}
	}
	if a.err == nil && into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			a.err = fmt.Errorf("%s: %w: unexpected JSON: %w", req.Path, woo.ErrBadAnswer, err)
		}
	}
	e.note(a)
	return a
}

// get asks past every cache.
func (e *exam) get(ctx context.Context, path string, query map[string][]string, into any) asked {
	return e.ask(ctx, woo.Request{Path: path, Query: query, Fresh: true}, into)
}

// graphql runs a query and gives its data or errors as they came.
func (e *exam) graphql(ctx context.Context, document string) asked {
	a := asked{what: "graphql", from: e.o.Now()}
	if e.away != nil {
		a.err = e.away
		return a
	}
	a.reply, a.err = e.client.SendGraphQL(ctx, woo.GraphQLRequest{Op: "ask GraphQL", Document: document}, nil)
	a.to = e.o.Now()
	e.note(a)
	return a
}

// note keeps an answer for the questions that look at all of them.
func (e *exam) note(a asked) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answers = append(e.answers, a)
}

// salvage finds the JSON in a body that has something around it, and says what
// that is.
func salvage(body []byte) (inner json.RawMessage, noise string) {
	const most = 200 // places to try
	for from, tries := 0, 0; from < len(body) && tries < most; tries++ {
		at := bytes.IndexAny(body[from:], "{[")
		if at < 0 {
			return nil, ""
		}
		from += at
		d := json.NewDecoder(bytes.NewReader(body[from:]))
		var value json.RawMessage
		if err := d.Decode(&value); err == nil && len(value) > len(body)/4 {
			around := append(bytes.Clone(body[:from]), body[from+int(d.InputOffset()):]...)
			return value, describeNoise(around)
		}
		from++
	}
	return nil, ""
}

// describeNoise says what stands around JSON, without tags.
func describeNoise(around []byte) string {
	if text, found := bytes.CutPrefix(around, []byte("\xef\xbb\xbf")); found && len(bytes.TrimSpace(text)) == 0 {
		return "a byte order mark"
	}
	var b strings.Builder
	depth := 0
	for _, r := range string(around) {
		switch {
		case r == '<':
			depth++
		case r == '>':
			depth = max(depth-1, 0)
		case depth == 0:
			b.WriteRune(r)
		}
	}
	words := strings.Join(strings.Fields(strings.ToValidUTF8(b.String(), "")), " ")
	if runes := []rune(words); len(runes) > 160 {
		words = string(runes[:160]) + "…"
	}
	return fmt.Sprintf("%q", words)
}
