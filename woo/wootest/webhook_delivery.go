package wootest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// deliveryTimeout is how long WooCommerce waits for a receiver.
const deliveryTimeout = 60 * time.Second

// Delivery is one webhook request that DeliverWebhooks made.
type Delivery struct {
	WebhookID  int64
	Topic      string // "" for a ping
	ResourceID int64  // 0 for a ping
	URL        string
	Header     http.Header
	Body       []byte
	Status     int   // the receiver's answer, 0 when there was none
	Err        error // why there was no answer
	At         time.Time
}

// newOutgoing makes the client for deliveries: loopback only, whatever a name
// resolves to, and redirects are not followed.
func newOutgoing() *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		if !isLoopback(address) {
			return fmt.Errorf("%w: webhooks go to loopback addresses only, not %s", ErrInvalid, address)
		}
		return nil
	}}
	return &http.Client{
		Timeout:       deliveryTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// PendingWebhooks says how many deliveries are due, pings included.
func (s *Store) PendingWebhooks() int {
	s.site.Lock()
	defer s.site.Unlock()
	return len(s.site.Due)
}

// DeliverWebhooks sends everything that is due, in the order it happened, and
// answers what it sent. As in WooCommerce each body is built now, so changes
// since the event show in it; a failed delivery is not repeated; the seventh
// failure in a row disables a webhook. Only loopback addresses are called.
// What becomes due meanwhile is left for the next call. An error means ctx
// ended; what was not sent stays due.
func (s *Store) DeliverWebhooks(ctx context.Context) ([]Delivery, error) {
	s.site.Lock()
	events := s.faults.rearrange(s.site.State, s.site.Due)
	s.site.Due = nil
	s.site.Unlock()
	var done []Delivery
	for i, e := range events {
		if err := ctx.Err(); err != nil {
			s.site.Lock()
			s.site.Due = append(slices.Clone(events[i:]), s.site.Due...)
			s.site.Unlock()
			return done, fmt.Errorf("wootest: %d webhook deliveries stay due: %w", len(events)-i, err)
		}
		if d, ok := s.deliver(ctx, e); ok {
			done = append(done, d)
		}
	}
	return done, nil
}

// rearrange lets the webhook faults act on what is due.
func (f *Faults) rearrange(st *site.State, due []site.Event) []site.Event {
	var out, last []site.Event
	for _, e := range due {
		h := st.Webhooks[e.Hook]
		target, err := url.Parse("")
		if h != nil {
			target, err = url.Parse(h.URL)
		}
		if err != nil || h == nil {
			continue
		}
		fault := f.pick(webhookFaults, http.MethodPost, target.Path, func() []string { return nil })
		switch {
		case fault == nil:
			out = append(out, e)
		case fault.Kind == WebhookTwice:
			out = append(out, e, e)
		case fault.Kind == WebhookLast:
			last = append(last, e)
		}
	}
	return append(out, last...)
}

// deliver makes one delivery; false when the webhook is gone or not active.
func (s *Store) deliver(ctx context.Context, e site.Event) (Delivery, bool) {
	s.site.Lock()
	h := s.site.State.Webhooks[e.Hook]
	if h == nil || h.Status != "active" {
		s.site.Unlock()
		return Delivery{}, false
	}
	d := Delivery{WebhookID: h.ID, URL: h.URL, At: s.site.Now()}
	if e.Ping {
		d.Header, d.Body = pingHeader(s), []byte("webhook_id="+wp.Itoa(h.ID))
	} else {
		d.Topic, d.ResourceID = h.Topic, e.Arg
		d.Body = s.payload(h, e.Arg)
		d.Header = s.deliveryHeader(h, d)
	}
	s.site.Unlock()
	d.Status, d.Err = s.post(ctx, d)
	s.site.Lock()
	defer s.site.Unlock()
	s.noteDelivery(e, d)
	return d, true
}

// noteDelivery keeps the webhook's count of failures. Statuses from 200 to 302
// are success; a ping counts only when answered with exactly 200, and no
// failed ping disables.
func (s *Store) noteDelivery(e site.Event, d Delivery) {
	h, ok := s.site.State.Webhooks[e.Hook]
	if !ok {
		return
	}
	next := *h
	if e.Ping {
		next.Pinged = d.Status == http.StatusOK
	} else {
		ok := d.Status >= 200 && d.Status <= 302
		next.Succeeded(ok)
		if !ok && !next.Pinged && next.Status == "active" { // noting the failure saves the webhook, and a save pings
			s.site.Due = append(s.site.Due, site.Event{Hook: h.ID, Ping: true})
		}
	}
	next.Updated = s.site.Now().Truncate(time.Second)
	s.site.State.Webhooks[h.ID] = &next
}

func (s *Store) post(ctx context.Context, d Delivery) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0, fmt.Errorf("wootest: webhook address: %w", err)
	}
	req.Header = d.Header.Clone()
	req.Close = true
	res, err := s.outgoing.Do(req)
	if err != nil {
		return 0, fmt.Errorf("wootest: webhook delivery: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // only read from
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, nil
}

// payload is the resource as REST writes it at this moment; a deletion sends
// the id alone.
func (s *Store) payload(h *site.Webhook, id int64) []byte {
	c := &rest.Call{Site: s.site, State: s.site.State, Base: s.site.Shop.URL}
	var body any = wire.InvalidID(http.StatusNotFound, h.Resource()).Body()
	p, o := s.site.State.Products[id], s.site.State.Orders[id]
	switch {
	case h.Event() == "deleted":
		body = wp.Object{{"id", id}}
	case h.Resource() == "product" && p != nil:
		body = c.ProductView(afresh(p), false)
	case h.Resource() == "order" && o != nil:
		body = c.OrderView(o)
	case h.Resource() == "customer" && s.site.State.Users[id] != nil:
		body = c.CustomerView(s.site.State.Customer(id))
	}
	raw, err := wp.JSON(body)
	if err != nil { // views hold only what encodes
		return []byte("{}")
	}
	return raw
}

// afresh is a product read from the database, which keeps two decimals of its
// rating.
func afresh(p *shop.Product) *shop.Product {
	rating, err := decimal.NewFromString(p.AverageRating)
	if err != nil {
		return p
	}
	c := p.Clone()
	c.AverageRating = rating.StringFixed(2)
	return c
}

// pingHeader has no X-WC-* headers and no signature, as WooCommerce's own.
func pingHeader(s *Store) http.Header {
	return http.Header{
		"User-Agent":      {userAgent(s.site.Shop)},
		"Accept":          {"*/*"},
		"Accept-Encoding": {"deflate, gzip, br, zstd"},
		"Content-Type":    {"application/x-www-form-urlencoded"},
	}
}

func userAgent(sh *shop.Shop) string {
	return "WooCommerce/" + sh.WooVersion + " Hookshot (WordPress/" + sh.WordPressVersion + ")"
}

// deliveryHeader signs the body. The delivery id is made from the webhook and
// the second alone, so two deliveries of one second share it.
func (s *Store) deliveryHeader(h *site.Webhook, d Delivery) http.Header {
	header := pingHeader(s)
	header.Set("Content-Type", "application/json")
	for name, value := range map[string]string{
		"X-WC-Webhook-Source": s.site.Shop.URL + "/", "X-WC-Webhook-Topic": h.Topic, "X-WC-Webhook-Resource": h.Resource(),
		"X-WC-Webhook-Event": h.Event(), "X-WC-Webhook-Signature": signWebhook(h.Secret, d.Body), "X-WC-Webhook-ID": wp.Itoa(h.ID),
		"X-WC-Webhook-Delivery-ID": s.deliveryID(h.ID, d.At),
	} {
		header[name] = []string{value} // the spelling of the real headers, not Go's
	}
	return header
}

// signWebhook is the base64 of HMAC-SHA256 over the raw body.
func signWebhook(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (s *Store) deliveryID(hook int64, at time.Time) string {
	mac := hmac.New(sha256.New, s.site.Secret)
	mac.Write([]byte(wp.Itoa(hook) + strconv.FormatInt(at.Unix(), 10)))
	return hex.EncodeToString(mac.Sum(nil))[:32]
}
