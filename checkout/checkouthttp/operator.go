package checkouthttp

import (
	"net/url"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

func (a *API) operatorRoutes() []route {
	return []route{
		{"GET", "/operator/dashboard", operator, a.dashboard},
		{"GET", "/operator/stuck", operator, a.stuck},
		{"GET", "/operator/checkouts/{id}", operator, a.explain},
		{"POST", "/operator/checkouts/{id}/recheck", operator, a.recheck},
		{"POST", "/operator/checkouts/{id}/retry", operator, a.retry},
		{"POST", "/operator/checkouts/{id}/release", operator, a.release},
		{"POST", "/operator/checkouts/{id}/refunds", operator, a.once(a.refund)},
		{"POST", "/operator/checkouts/{id}/processing", operator, a.processing},
		{"POST", "/operator/checkouts/{id}/shipment", operator, a.shipped},
		{"POST", "/operator/checkouts/{id}/delivery", operator, a.delivered},
		{"POST", "/operator/checkouts/{id}/returns", operator, a.returned},
		{"POST", "/operator/checkouts/{id}/cancellation", operator, a.cancelOrder},
		{"POST", "/operator/checkouts/{id}/remittances", operator, a.remitted},
	}
}

func (a *API) explain(r *request) (reply, error) {
	e, err := a.config.Service.Explain(r.Context(), r.id)
	if err != nil {
		return reply{}, err
	}
	return ok(explained(e))
}

// worked answers with the checkout as it stands after something was done to it.
func (a *API) worked(r *request, _ checkout.Record, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return a.explain(r)
}

// recheck asks the gateway what became of the payments.
func (a *API) recheck(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.Recheck(r.Context(), r.id)
	return a.worked(r, record, err)
}

// retry makes due again what was given up.
func (a *API) retry(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.Retry(r.Context(), r.id, r.actor)
	return a.worked(r, record, err)
}

// release ends a checkout that cannot become an order: its stock is let go, what came is refunded.
func (a *API) release(r *request) (reply, error) {
	reason, err := oneText(r.body, "reason")
	if err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.Release(r.Context(), r.id, reason, r.actor)
	return a.worked(r, record, err)
}

// refund gives money of a good sale back, once for each Idempotency-Key.
func (a *API) refund(r *request) (reply, error) {
	key, err := idempotencyKey(r.Request)
	if err != nil {
		return reply{}, err
	}
	req, err := refundRequest(r.body)
	if err != nil {
		return reply{}, err
	}
	req.ID, req.Key, req.Actor = r.id, key, r.actor
	record, err := a.config.Service.Refund(r.Context(), req)
	return a.worked(r, record, err)
}

func (a *API) shipped(r *request) (reply, error) {
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	sh := checkout.Shipment{Carrier: f.needText("carrier"), Tracking: f.text("tracking"), TrackingURL: f.text("tracking_url")}
	if sh.TrackingURL != "" && !isWebAddress(sh.TrackingURL) {
		f.complain("tracking_url", "is not an https address")
	}
	if err := f.done(); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.RecordShipment(r.Context(), r.id, sh, r.actor)
	return a.worked(r, record, err)
}

// isWebAddress reports whether a shopper's page may link to a text.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

func (a *API) delivered(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.RecordDelivery(r.Context(), r.id, time.Time{}, r.actor)
	return a.worked(r, record, err)
}
