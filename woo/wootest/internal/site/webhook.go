package site

import (
	"slices"
	"strings"
	"time"
)

// Webhook is a registered webhook.
type Webhook struct {
	ID               int64
	Name, Status     string
	Topic, URL       string
	Secret           string
	Created, Updated time.Time
	failures         int  // in a row
	Pinged           bool // the ping was answered with exactly 200
}

// maxFailures is woocommerce_max_webhook_delivery_failures: a webhook that
// failed more often than this is disabled by the next failure.
const maxFailures = 5

// Event is one delivery that is due: a ping when arg is 0.
type Event struct {
	Hook int64
	Arg  int64
	Ping bool
}

// Emit makes the deliveries for a topic due. The same delivery is not queued
// twice: it will show the newest state anyway.
func (s *Site) Emit(st *State, topic string, id int64) {
	var ids []int64
	for _, h := range st.Webhooks {
		if h.Status == "active" && h.Topic == topic {
			ids = append(ids, h.ID)
		}
	}
	slices.Sort(ids)
	for _, hook := range ids {
		e := Event{Hook: hook, Arg: id}
		if !slices.Contains(s.Due, e) {
			s.Due = append(s.Due, e)
		}
	}
}

// Resource is the first half of the topic.
func (h *Webhook) Resource() string {
	resource, _, _ := strings.Cut(h.Topic, ".")
	return resource
}

// Event is the second half of the topic.
func (h *Webhook) Event() string {
	_, event, _ := strings.Cut(h.Topic, ".")
	return event
}

// TopicHooks are the WordPress hooks behind the topics.
func TopicHooks(topic string) []string {
	if hook, ok := strings.CutPrefix(topic, "action."); ok {
		return []string{hook}
	}
	switch topic {
	case "coupon.created":
		return []string{"woocommerce_process_shop_coupon_meta", "woocommerce_new_coupon"}
	case "coupon.updated":
		return []string{"woocommerce_process_shop_coupon_meta", "woocommerce_update_coupon"}
	case "customer.created":
		return []string{"user_register", "woocommerce_created_customer", "woocommerce_new_customer"}
	case "customer.updated":
		return []string{"profile_update", "woocommerce_update_customer"}
	case "customer.deleted":
		return []string{"delete_user"}
	case "order.created":
		return []string{"woocommerce_new_order"}
	case "order.updated":
		return []string{"woocommerce_update_order", "woocommerce_order_refunded"}
	case "order.deleted":
		return []string{"wp_trash_post", "woocommerce_trash_order"}
	case "order.restored":
		return []string{"untrashed_post", "woocommerce_untrash_order"}
	case "product.created":
		return []string{"woocommerce_process_product_meta", "woocommerce_new_product", "woocommerce_new_product_variation"}
	case "product.updated":
		return []string{"woocommerce_process_product_meta", "woocommerce_update_product", "woocommerce_update_product_variation"}
	case "product.deleted", "coupon.deleted":
		return []string{"wp_trash_post"}
	case "product.restored", "coupon.restored":
		return []string{"untrashed_post"}
	}
	return []string{}
}

// ValidTopic is wc_is_webhook_valid_topic.
func ValidTopic(topic string) bool {
	resource, event, ok := strings.Cut(topic, ".")
	if !ok || event == "" {
		return false
	}
	if resource == "action" {
		return strings.HasPrefix(event, "woocommerce_") || strings.HasPrefix(event, "wc_")
	}
	return slices.Contains([]string{"coupon", "customer", "order", "product"}, resource) &&
		slices.Contains([]string{"created", "updated", "deleted", "restored"}, event)
}

// Succeeded notes a delivery's outcome: the seventh failure in a row disables
// the webhook (WC_Webhook::failed_delivery).
func (h *Webhook) Succeeded(ok bool) {
	switch {
	case ok:
		h.failures = 0
	case h.failures > maxFailures:
		h.Status = "disabled"
	default:
		h.failures++
	}
}
