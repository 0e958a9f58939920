package wootest

import (
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// awaitCompletion is the time in which a request that marks an order as paid
// has read the order and not yet written it. WooCommerce holds no lock there.
func (s *site) awaitCompletion(req *wire.Request, c *call) {
	id, ok := c.ids["id"]
	if req.Method == http.MethodGet || !ok || wire.CollectionOf(req.Path) != "orders" || !c.flag("set_paid") {
		return
	}
	s.Lock()
	o := s.state.orders[id]
	unpaid := o != nil && o.needsPayment()
	s.Unlock()
	c.sawUnpaid = &unpaid
	s.linger(req, s.opts.CompletionWindow)
}
