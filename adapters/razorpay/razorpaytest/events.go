package razorpaytest

import (
	"encoding/json"
	"slices"
)

// Event is something that happened, as a webhook tells it: the entities as they were at that moment.
type Event struct {
	ID   string // x-razorpay-event-id; not part of what is signed
	Name string // payment.captured, order.paid, …
	Body []byte // what is signed
}

// emit notes an event and queues it for every webhook that wants it. The caller holds the lock.
func (s *Server) emit(name string, p *payment, r *Refund) {
	contains := []string{"payment"}
	payload := map[string]any{"payment": wrap(p.Payment)}
	switch {
	case r != nil:
		contains = []string{"refund", "payment"}
		payload["refund"] = wrap(*r)
	case name == "order.paid":
		contains = append(contains, "order")
		payload["order"] = wrap(p.order.Order)
	}
	body := reply{body: map[string]any{
		"entity": "event", "account_id": "acc_BFQ7uQEaa7j2z7", "event": name, "contains": contains, "payload": payload,
		"created_at": s.now(),
	}}.bytes()
	e := Event{ID: s.newID(""), Name: name, Body: body}
	s.events = append(s.events, e)
	for _, h := range s.hooks {
		s.enqueue(h, e)
	}
}

func wrap(entity any) map[string]any { return map[string]any{"entity": entity} }

// Events returns everything that happened, oldest first, whether or not a webhook wanted it.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// EventOf returns the newest event of a name, and whether there is one.
func (s *Server) EventOf(name string) (Event, bool) {
	events := s.Events()
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Name == name {
			return events[i], true
		}
	}
	return Event{}, false
}

// MakeEvent writes an event of any name and payload, such as a dispute's, in Razorpay's envelope.
func MakeEvent(name string, at int64, payload map[string]any) ([]byte, error) {
	contains := []string{}
	wrapped := map[string]any{}
	for entity, content := range payload {
		contains = append(contains, entity)
		wrapped[entity] = wrap(content)
	}
	slices.Sort(contains)
	return json.Marshal(map[string]any{
		"entity": "event", "account_id": "acc_BFQ7uQEaa7j2z7", "event": name, "contains": contains, "payload": wrapped,
		"created_at": at,
	})
}

// SignWebhook signs a body as Razorpay signs a webhook's: under the webhook's secret, not the key's.
func SignWebhook(secret string, body []byte) string { return sign(secret, string(body)) }
