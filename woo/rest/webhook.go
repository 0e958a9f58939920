package rest

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/ankkor/ankkor/woo"
)

// Webhook is a notification that the store sends. Its secret is never shown.
type Webhook struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Status      string   `json:"status"` // active, paused, disabled
	Topic       string   `json:"topic"`  // "product.updated"
	Resource    string   `json:"resource"`
	Event       string   `json:"event"`
	Hooks       []string `json:"hooks"`
	DeliveryURL string   `json:"delivery_url"`
	CreatedAt   Time     `json:"date_created_gmt"`
	ModifiedAt  Time     `json:"date_modified_gmt"`
}

// WebhookChange is what is written of a webhook; nil stays as it is. A new one
// needs a topic, an address and a secret: without one WooCommerce makes one
// that nobody is told.
type WebhookChange struct {
	Name        *string     `json:"name,omitempty"`
	Status      *string     `json:"status,omitempty"` // ignored for a new one
	Topic       *string     `json:"topic,omitempty"`
	DeliveryURL *string     `json:"delivery_url,omitempty"`
	Secret      *woo.Secret `json:"-"`
}

// MarshalJSON implements json.Marshaler. It reveals the secret, since that is
// what is sent.
func (c WebhookChange) MarshalJSON() ([]byte, error) {
	type plain WebhookChange
	body := struct {
		plain
		Secret *string `json:"secret,omitempty"`
	}{plain: plain(c)}
	if c.Secret != nil {
		body.Secret = new(c.Secret.Reveal())
	}
	return json.Marshal(body)
}

func (c WebhookChange) check() error {
	if c.DeliveryURL != nil {
		if u, err := url.Parse(*c.DeliveryURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return invalid("delivery_url", "must be an http or https address")
		}
	}
	if c.Secret != nil && c.Secret.IsZero() {
		return invalid("secret", "must not be empty")
	}
	return checkChoices(choice{"status", c.Status, []string{"active", "paused", "disabled"}})
}

func (c WebhookChange) ignored(w Webhook) error {
	if c.Status != nil && *c.Status != w.Status {
		return &IgnoredError{ID: w.ID, Field: "status", Reason: "a new webhook is always active; change it afterwards"}
	}
	return nil
}

// Enable switches a webhook on again. WooCommerce disables one after six
// failures in a row, and never tries it again by itself.
func (c *Client) Enable(ctx context.Context, webhook int64) (Webhook, error) {
	return c.Webhooks().Update(ctx, webhook, WebhookChange{Status: new("active")})
}
