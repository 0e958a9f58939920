package main

import (
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// callbacks are what the simulated window signed, until the browser brings it to the shop: a real gateway's script holds
// it in the page. The zero value is empty.
type callbacks struct {
	mu   sync.Mutex
	kept map[checkout.ID]signed
}

// signed is one callback, and when it was made.
type signed struct {
	callback payment.Callback
	at       time.Time
}

// keepCallbacks is how long a browser may take to bring one. Later the shop has heard of the payment by asking.
const keepCallbacks = 10 * time.Minute

// keep remembers a callback, and forgets those that nobody came for.
func (c *callbacks) keep(id checkout.ID, callback payment.Callback, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[checkout.ID]signed{}
	}
	maps.DeleteFunc(c.kept, func(_ checkout.ID, old signed) bool { return now.Sub(old.at) > keepCallbacks })
	c.kept[id] = signed{callback: callback, at: now}
}

func (c *callbacks) of(id checkout.ID) (payment.Callback, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.kept[id]
	return s.callback, ok
}

func (c *callbacks) drop(id checkout.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.kept, id)
}

// callbackPage hands what the window signed back to the shop, as the gateway's script does in the browser.
type callbackPage struct {
	Record   checkout.Record
	Callback payment.Callback
}

// paidInWindow is the window after a payment. It has an address of its own, so that going back in the browser sends
// nothing twice; once the shop has the callback, the address leads to the order.
func (s *server) paidInWindow(w http.ResponseWriter, r *http.Request) error {
	record, err := s.record(w, r)
	if err != nil {
		return err
	}
	callback, ok := s.paid.of(record.ID)
	if !ok || record.Gateway == nil {
		http.Redirect(w, r, whereTo(record), http.StatusSeeOther)
		return nil
	}
	s.show(w, r, http.StatusOK, "callback", callbackPage{Record: record, Callback: callback})
	return nil
}
