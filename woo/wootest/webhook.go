package wootest

import (
	"slices"
	"strings"
	"time"
)

// webhook is a registered webhook.
type webhook struct {
	id               int64
	name, status     string
	topic, url       string
	secret           string
	created, updated time.Time
	failures         int  // in a row
	pinged           bool // the ping was answered with exactly 200
}

// maxFailures is woocommerce_max_webhook_delivery_failures: a webhook that
// failed more often than this is disabled by the next failure.
const maxFailures = 5

// event is one delivery that is due: a ping when arg is 0.
type event struct {
	hook int64
	arg  int64
	ping bool
}

// emit makes the deliveries for a topic due. The same delivery is not queued
// twice: it will show the newest state anyway.
func (s *site) emit(st *state, topic string, id int64) {
	var ids []int64
	for _, h := range st.webhooks {
		if h.status == "active" && h.topic == topic {
			ids = append(ids, h.id)
		}
	}
	slices.Sort(ids)
	for _, hook := range ids {
		e := event{hook: hook, arg: id}
		if !slices.Contains(s.due, e) {
			s.due = append(s.due, e)
		}
	}
}

func (h *webhook) resource() string {
	resource, _, _ := strings.Cut(h.topic, ".")
	return resource
}

func (h *webhook) event() string {
	_, event, _ := strings.Cut(h.topic, ".")
	return event
}

// topicHooks are the WordPress hooks behind the topics.
func topicHooks(topic string) []string {
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

// validTopic is wc_is_webhook_valid_topic.
func validTopic(topic string) bool {
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

// succeeded notes a delivery's outcome: the seventh failure in a row disables
// the webhook (WC_Webhook::failed_delivery).
func (h *webhook) succeeded(ok bool) {
	switch {
	case ok:
		h.failures = 0
	case h.failures > maxFailures:
		h.status = "disabled"
	default:
		h.failures++
	}
}
