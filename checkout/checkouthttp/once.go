package checkouthttp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/replies"
)

const (
	// workLease is how long a request may be worked on before a copy of it is let in. What it does is idempotent, so
	// two at work are slow, not wrong; a process that was killed, though, keeps copies out for as long.
	workLease = 10 * time.Second
	// copyWaits is how long a copy waits for the one at work: longer than a lease, so that a shopper whose server was
	// killed is answered by the next one, not sent away.
	copyWaits = workLease + 2*time.Second
	// keepWithin is how long writing down an answer, or letting go of a claim, may take.
	keepWithin = 5 * time.Second
	// replayed is the header of an answer that was kept.
	replayed = "Idempotent-Replayed"
)

// once answers copies of a request as the first was answered, if the host keeps replies. Only what was done is kept: after
// an error the next copy does it again.
func (a *API) once(serve func(*request) (reply, error)) func(*request) (reply, error) {
	return func(r *request) (reply, error) {
		key, err := idempotencyKey(r.Request)
		if err != nil || a.config.Replies == nil {
			return serve(r)
		}
		canonical, err := canonicalJSON(r.body)
		if err != nil {
			return serve(r) // which says what is wrong with it
		}
		known, claim, err := a.begin(r, replies.Request{
			Scope: r.scope(), Key: key, About: string(r.id), Fingerprint: fingerprint(r.Method, r.URL.Path, canonical),
		})
		if err != nil {
			return reply{}, err
		}
		if known != nil {
			return reply{status: known.Status, body: json.RawMessage(known.Body), replayed: true}, nil
		}
		return a.work(r, claim, serve)
	}
}

// scope says whose keys a request's is one of: the shopper's, or those of all staff for one checkout.
func (r *request) scope() string {
	if r.actor != "" {
		return "staff " + string(r.id)
	}
	return "shopper " + string(r.owner)
}

// begin claims a request. While a copy is at work it waits.
func (a *API) begin(r *request, asked replies.Request) (*replies.Reply, replies.Claim, error) {
	waited, cancel := context.WithTimeout(r.Context(), copyWaits)
	defer cancel()
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		known, claim, err := a.config.Replies.Begin(r.Context(), asked, workLease)
		switch {
		case err == nil, errors.Is(err, replies.ErrReused):
			return known, claim, err
		case !errors.Is(err, replies.ErrBusy):
			return nil, replies.Claim{}, fmt.Errorf("%w: %w", checkout.ErrUnavailable, err)
		}
		select {
		case <-time.After(pause):
		case <-waited.Done():
			return nil, replies.Claim{}, err
		}
	}
}

// work does what was asked, and keeps the answer.
func (a *API) work(r *request, claim replies.Claim, serve func(*request) (reply, error)) (answer reply, err error) {
	kept := false
	defer func() { // also when serve panics
		if kept {
			return
		}
		ctx, cancel := unhurried(r.Context())
		defer cancel()
		if err := a.config.Replies.Drop(ctx, claim); err != nil {
			a.config.Log.WarnContext(ctx, "an idempotency key stays claimed for a while", "error", err)
		}
	}()
	if answer, err = serve(r); err != nil {
		return reply{}, err
	}
	data, err := json.Marshal(answer.body)
	if err != nil {
		return reply{}, fmt.Errorf("checkouthttp: writing an answer: %w", err)
	}
	answer.body = json.RawMessage(data)
	ctx, cancel := unhurried(r.Context())
	defer cancel()
	err = a.config.Replies.Keep(ctx, claim, replies.Reply{Status: max(answer.status, http.StatusOK), Body: data})
	if err != nil { // it is done: a copy will be told how it stands then
		a.config.Log.WarnContext(ctx, "an answer is not kept for copies of its request", "error", err)
		return answer, nil
	}
	kept = true
	return answer, nil
}

// unhurried goes on for a while when the shopper has left.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
}

// canonicalJSON is the same for bodies that differ in spaces or in the order of fields.
func canonicalJSON(body []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

func fingerprint(method, path string, body []byte) string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s %q\n%s", method, path, body)
	return hex.EncodeToString(h.Sum(nil))
}
