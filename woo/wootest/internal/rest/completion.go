package rest

import (
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// awaitCompletion is the time in which a request that marks an order as paid
// has read the order and not yet written it. WooCommerce holds no lock there.
func awaitCompletion(s *site.Site, req *wire.Request, c *Call) {
	id, ok := c.IDs["id"]
	if req.Method == http.MethodGet || !ok || wire.CollectionOf(req.Path) != "orders" || !c.flag("set_paid") {
		return
	}
	s.Lock()
	o := s.State.Orders[id]
	unpaid := o != nil && o.NeedsPayment()
	s.Unlock()
	c.sawUnpaid = &unpaid
	s.Linger(req, s.Options.CompletionWindow)
}
