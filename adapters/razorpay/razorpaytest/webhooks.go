package razorpaytest

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// Webhook is a receiver of events. Handler is required, or URL and HTTP; and a secret.
type Webhook struct {
	Secret  string
	Handler http.Handler // called in the process
	URL     string       // or sent to, with HTTP
	HTTP    *http.Client
	Events  []string // the names it wants; none means all
	// Shuffle, when set, sends what is due in any order. nil sends the oldest first, which Razorpay does not promise.
	Shuffle *rand.Rand
}

// Razorpay's delivery, as documented: an answer within five seconds, repeats for a day after the event, then the webhook
// is switched off. The times between are not published; here they double from a minute to an hour.
const (
	answerWithin = 5 * time.Second
	repeatFor    = 24 * time.Hour
	firstRepeat  = time.Minute
	lastRepeat   = time.Hour
)

// hook is a webhook and whether it is on.
type hook struct {
	Webhook
	off bool
}

// delivery is one event on its way to one webhook. It keeps the secret it was made under.
type delivery struct {
	hook    *hook
	event   Event
	secret  string
	made    time.Time
	due     time.Time
	retries int
}

// AddWebhook subscribes to events from now on. The number it returns names the webhook in other calls.
func (s *Server) AddWebhook(w Webhook) (int, error) {
	if w.Secret == "" || (w.Handler == nil) == (w.URL == "") || w.URL != "" && w.HTTP == nil {
		return 0, errors.New("razorpaytest: a webhook needs a secret, and a handler or a URL with a client")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, &hook{Webhook: w})
	return len(s.hooks) - 1, nil
}

// RotateSecret gives a webhook another secret. Events from before are still signed with the old one.
func (s *Server) RotateSecret(webhook int, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks[webhook].Secret = secret
}

// Disabled reports whether a webhook was switched off, as Razorpay does after a day without success.
func (s *Server) Disabled(webhook int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hooks[webhook].off
}

// Enable switches a webhook on again, by hand. What happened meanwhile is not sent; see Replay.
func (s *Server) Enable(webhook int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks[webhook].off = false
}

// Replay queues every event so far again, as the dashboard can.
func (s *Server) Replay(webhook int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		s.enqueue(s.hooks[webhook], e)
	}
}

// Pending is how many deliveries wait, due or not.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

func (s *Server) enqueue(h *hook, e Event) {
	if h.off || len(h.Events) > 0 && !slices.Contains(h.Events, e.Name) {
		return
	}
	now := s.config.Now()
	s.queue = append(s.queue, &delivery{hook: h, event: e, secret: h.Secret, made: now, due: now})
}

// Deliver sends what is due, each once, and says how many were accepted. What is not accepted is due again later. Late
// authorisations that are due happen first.
func (s *Server) Deliver(ctx context.Context) int {
	accepted := 0
	for _, d := range s.takeDue() {
		if s.send(ctx, d) {
			accepted++
			continue
		}
		s.again(d)
	}
	return accepted
}

// takeDue removes from the queue what is to be sent now.
func (s *Server) takeDue() []*delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.sequence {
		s.settle(o)
	}
	now := s.config.Now()
	var due []*delivery
	s.queue = slices.DeleteFunc(s.queue, func(d *delivery) bool {
		if d.hook.off {
			return true
		}
		if d.due.After(now) {
			return false
		}
		due = append(due, d)
		return true
	})
	for _, d := range due {
		if r := d.hook.Shuffle; r != nil {
			r.Shuffle(len(due), func(i, j int) { due[i], due[j] = due[j], due[i] })
			break
		}
	}
	return due
}

// again queues a delivery that failed, or gives up after a day and switches the webhook off.
func (s *Server) again(d *delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	d.due = now.Add(min(firstRepeat<<min(d.retries, 10), lastRepeat))
	d.retries++
	if d.due.After(d.made.Add(repeatFor)) {
		d.hook.off = true
		return
	}
	s.queue = append(s.queue, d)
}

// send makes one delivery, and reports whether it was accepted: 2xx in time.
func (s *Server) send(ctx context.Context, d *delivery) bool {
	s.mu.Lock()
	fault := s.faults.Take(OpWebhook)
	s.mu.Unlock()
	body, secret := bytes.Clone(d.event.Body), d.secret
	signature := SignWebhook(secret, body)
	switch fault.Kind {
	case LoseEvent:
		return false
	case AlterEvent:
		body[len(body)/2] ^= 1
	case ForgeEvent:
		signature = SignWebhook(s.config.KeySecret, body)
	case RepeatEvent:
		d.post(ctx, body, signature)
	}
	return d.post(ctx, body, signature)
}

func (d *delivery) post(ctx context.Context, body []byte, signature string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	address := d.hook.URL
	if address == "" {
		address = "http://webhook.invalid/"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Razorpay-Webhook/v1")
	r.Header.Set("X-Razorpay-Signature", signature)
	r.Header.Set("X-Razorpay-Event-Id", d.event.ID)
	status, err := d.hook.reach(r)
	return err == nil && ctx.Err() == nil && status/100 == 2
}

func (h *hook) reach(r *http.Request) (status int, err error) {
	if h.Handler != nil {
		answer, cut := serve(h.Handler, r)
		if cut {
			return 0, http.ErrAbortHandler
		}
		_ = answer.Body.Close()
		return answer.StatusCode, nil
	}
	answer, err := h.HTTP.Do(r)
	if err != nil {
		return 0, err
	}
	_ = answer.Body.Close()
	return answer.StatusCode, nil
}
