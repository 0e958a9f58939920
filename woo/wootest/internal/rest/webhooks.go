package rest

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

func webhookRoutes() []Route {
	return []Route{
		{"GET", "webhooks", (*Call).listWebhooks},
		{"POST", "webhooks", (*Call).createWebhook},
		{"GET", "webhooks/{id}", (*Call).getWebhook},
		{"POST PUT PATCH", "webhooks/{id}", (*Call).updateWebhook},
		{"DELETE", "webhooks/{id}", (*Call).deleteWebhook},
	}
}

func (c *Call) listWebhooks() (Answer, *wire.Error) {
	if err := c.checkCollection([]string{"date", "id", "include", "title", "slug"}); err != nil {
		return Answer{}, err
	}
	status := c.Query.Get("status")
	var found []*site.Webhook
	for _, h := range c.State.Webhooks {
		if status == "" || status == "all" || h.Status == status {
			found = append(found, h)
		}
	}
	slices.SortFunc(found, func(a, b *site.Webhook) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID)) })
	return listAnswer(c, found, "", c.webhookView)
}

func (c *Call) findWebhook(status int) (*site.Webhook, *wire.Error) {
	h, ok := c.State.Webhooks[c.IDs["id"]]
	if !ok {
		return nil, wire.InvalidID(status, "shop_webhook")
	}
	return h, nil
}

func (c *Call) getWebhook() (Answer, *wire.Error) {
	h, err := c.findWebhook(http.StatusNotFound)
	if err != nil {
		return Answer{}, err
	}
	return OK(c.webhookView(h))
}

// createWebhook ignores a status other than active, invents a secret when
// none is given and makes a ping due.
func (c *Call) createWebhook() (Answer, *wire.Error) {
	now := c.Site.Now().Truncate(time.Second)
	h := &site.Webhook{Status: "active", Created: now, Updated: now, Secret: wp.RandomText(50)}
	h.Name = "Webhook created on " + now.UTC().Format("Jan 02, 2006 @ 03:04 PM")
	if _, ok := c.text("topic"); !ok {
		return Answer{}, invalidTopic()
	}
	if _, ok := c.text("delivery_url"); !ok {
		return Answer{}, invalidDeliveryURL()
	}
	if err := c.fillWebhook(h); err != nil {
		return Answer{}, err
	}
	h.ID = c.State.HookID()
	c.State.Webhooks[h.ID] = h
	c.pingIfDue(h)
	view := c.webhookView(h)
	for i, m := range view { // the answer to the creation itself has no change date yet
		if m.Key == "date_modified" || m.Key == "date_modified_gmt" {
			view[i].Value = nil
		}
	}
	return createdAnswer(view, c.address("webhooks/"+wp.Itoa(h.ID)))
}

func (c *Call) updateWebhook() (Answer, *wire.Error) {
	h, err := c.findWebhook(http.StatusBadRequest)
	if err != nil {
		return Answer{}, err
	}
	next := *h
	if err := c.fillWebhook(&next); err != nil {
		return Answer{}, err
	}
	if status, ok := c.text("status"); ok {
		if !slices.Contains([]string{"active", "paused", "disabled"}, status) {
			return Answer{}, wire.Fault(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_status", "Webhook status must be valid.")
		}
		next.Status = status
	}
	if next.URL != h.URL {
		next.Pinged = false
	}
	next.Updated = c.Site.Now().Truncate(time.Second)
	c.State.Webhooks[h.ID] = &next
	c.pingIfDue(&next)
	return OK(c.webhookView(&next))
}

// pingIfDue queues a ping for an active webhook whose ping was never answered
// with 200: at its creation and at every save after that.
func (c *Call) pingIfDue(h *site.Webhook) {
	e := site.Event{Hook: h.ID, Ping: true}
	if h.Status == "active" && !h.Pinged && !slices.Contains(c.Site.Due, e) {
		c.Site.Due = append(c.Site.Due, e)
	}
}

func invalidTopic() *wire.Error {
	return wire.Fault(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_topic", "Webhook topic is required and must be valid.")
}

func invalidDeliveryURL() *wire.Error {
	return wire.Fault(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_delivery_url",
		"Webhook delivery URL must be a valid URL starting with http:// or https://.")
}

func (c *Call) fillWebhook(h *site.Webhook) *wire.Error {
	if topic, ok := c.text("topic"); ok {
		if !site.ValidTopic(topic) {
			return invalidTopic()
		}
		h.Topic = topic
	}
	if target, ok := c.text("delivery_url"); ok {
		u, err := url.Parse(target)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return invalidDeliveryURL()
		}
		h.URL = target
	}
	if name, ok := c.text("name"); ok && name != "" {
		h.Name = name
	}
	if secret, ok := c.text("secret"); ok && secret != "" {
		h.Secret = secret
	}
	return nil
}

func (c *Call) deleteWebhook() (Answer, *wire.Error) {
	h, err := c.findWebhook(http.StatusNotFound)
	if err != nil {
		return Answer{}, err
	}
	if !wp.Truthy(c.Query.Get("force")) && !c.flag("force") {
		return Answer{}, wire.Fault(http.StatusNotImplemented, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
	}
	delete(c.State.Webhooks, h.ID)
	return OK(c.webhookView(h))
}

// webhookView never shows the secret.
func (c *Call) webhookView(h *site.Webhook) wp.Object {
	sh := c.Site.Shop
	return wp.Object{
		{"id", h.ID}, {"name", h.Name}, {"status", h.Status}, {"topic", h.Topic}, {"resource", h.Resource()}, {"event", h.Event()},
		{"hooks", site.TopicHooks(h.Topic)}, {"delivery_url", h.URL}, {"date_created", sh.Local(h.Created)},
		{"date_created_gmt", shop.GMT(h.Created)}, {"date_modified", sh.Local(h.Updated)}, {"date_modified_gmt", shop.GMT(h.Updated)},
		{"_links", c.links("webhooks/"+wp.Itoa(h.ID), "webhooks", AllMethods())},
	}
}
