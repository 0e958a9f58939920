package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/ankkor/ankkor/woo"
)

// Topics are the webhooks that keeping stock and orders in step needs.
// WooCommerce announces variations under products, and the sale of the last piece
// as an update.
func Topics() []string {
	return []string{
		"product.created", "product.updated", "product.deleted", "product.restored",
		"order.created", "order.updated", "order.deleted", "order.restored",
	}
}

// Wanted are webhooks that a shop needs.
type Wanted struct {
	// URL is where the Receiver listens. WordPress delivers to public addresses
	// only, on ports 80, 443 and 8080.
	URL string
	// Secret signs the deliveries. It is written into every webhook that is made
	// or mended; the store never tells it.
	Secret woo.Secret
	Topics []string // nil means Topics()
	// Rewrite writes the secret into webhooks that look fine, too: after it was
	// replaced.
	Rewrite bool
}

// Hook is a webhook as the store has it.
type Hook struct {
	ID     int64
	Name   string
	Topic  string
	URL    string
	Status string // active, paused, disabled
}

// Finding is what was found about one wanted topic, and what was done about it.
type Finding struct {
	Topic  string
	HookID int64
	State  Condition
	// Done says that it was put right.
	Done bool
}

// Condition is what can be the matter with a webhook.
type Condition string

// The conditions.
const (
	Alive     Condition = "alive"     // there, and active
	Missing   Condition = "missing"   // there is none for this topic and address
	Disabled  Condition = "disabled"  // the store switched it off after seven failures, or somebody did
	Duplicate Condition = "duplicate" // another one does the same: every change is delivered twice
)

// Look says how the wanted webhooks are. It changes nothing.
func Look(ctx context.Context, client *woo.Client, want Wanted) ([]Finding, error) {
	want, err := want.checked()
	if err != nil {
		return nil, err
	}
	hooks, err := list(ctx, client)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, topic := range want.Topics {
		found = append(found, look(hooks, topic, want.URL)...)
	}
	return found, nil
}

// look compares the store's webhooks with one wanted topic. The one with the
// lowest id is the one; the others are duplicates.
func look(hooks []Hook, topic, address string) []Finding {
	var found []Finding
	for _, h := range hooks {
		if h.Topic != topic || h.URL != address {
			continue
		}
		f := Finding{Topic: topic, HookID: h.ID, State: Alive}
		switch {
		case len(found) > 0:
			f.State = Duplicate
		case h.Status != "active":
			f.State = Disabled
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		return []Finding{{Topic: topic, State: Missing}}
	}
	return found
}

// Ensure makes the wanted webhooks be there, once each, and active. It says what
// it found and what it put right; webhooks for other addresses are left alone. It
// may be called at any time by any number of processes: two that make the same
// webhook at once leave a duplicate that the next call removes. After an error the
// findings so far are returned beside it.
func Ensure(ctx context.Context, client *woo.Client, want Wanted) ([]Finding, error) {
	want, err := want.checked()
	if err != nil {
		return nil, err
	}
	found, err := Look(ctx, client, want)
	if err != nil {
		return nil, err
	}
	var errs []error
	for i := range found {
		done, err := mend(ctx, client, want, found[i])
		found[i].Done = done
		errs = append(errs, err)
	}
	return found, errors.Join(errs...)
}

// mend puts one finding right.
func mend(ctx context.Context, client *woo.Client, want Wanted, f Finding) (done bool, err error) {
	req := woo.Request{Path: hooksPath + "/" + strconv.FormatInt(f.HookID, 10)}
	switch {
	case f.State == Missing:
		req.Op, req.Method, req.Path = "create webhook", http.MethodPost, hooksPath
		req.Body = hookBody{Name: "Ankkor " + f.Topic, Topic: f.Topic, URL: want.URL, Secret: want.Secret.Reveal(), Status: "active"}
	case f.State == Disabled, f.State == Alive && want.Rewrite:
		req.Op, req.Method = "mend webhook", http.MethodPut
		req.Body = hookBody{Secret: want.Secret.Reveal(), Status: "active"}
	case f.State == Duplicate:
		req.Op, req.Method, req.Query = "remove webhook", http.MethodDelete, url.Values{"force": {"true"}}
	default:
		return false, nil
	}
	if _, err := client.Send(ctx, req, nil); err != nil && !errors.Is(err, woo.ErrNotFound) {
		return false, fmt.Errorf("webhook %s: %w", f.Topic, err)
	}
	return true, nil
}

const hooksPath = "wc/v3/webhooks"

// hookBody is a webhook as it is written.
type hookBody struct {
	Name   string `json:"name,omitempty"`
	Topic  string `json:"topic,omitempty"`
	URL    string `json:"delivery_url,omitempty"`
	Secret string `json:"secret,omitempty"`
	Status string `json:"status,omitempty"`
}

// list reads all webhooks of the store, past every cache, by id.
func list(ctx context.Context, client *woo.Client) ([]Hook, error) {
	const perPage, mostPages = 100, 20
	var hooks []Hook
	for page := 1; page <= mostPages; page++ {
		var items []struct {
			ID     int64  `json:"id"`
			Name   string `json:"name"`
			Topic  string `json:"topic"`
			URL    string `json:"delivery_url"`
			Status string `json:"status"`
		}
		req := woo.Request{Op: "list webhooks", Path: hooksPath, Fresh: true, Query: url.Values{
			"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(page)}, "orderby": {"id"}, "order": {"asc"},
		}}
		if _, err := client.Send(ctx, req, &items); err != nil {
			return nil, err
		}
		for _, i := range items {
			hooks = append(hooks, Hook(i))
		}
		if len(items) < perPage {
			break
		}
	}
	return hooks, nil
}

// checked fills in the topics and refuses what cannot work.
func (w Wanted) checked() (Wanted, error) {
	var errs []error
	refuse := func(field, reason string) { errs = append(errs, &woo.InvalidError{Field: field, Reason: reason}) }
	if u, err := url.Parse(w.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		refuse("url", "must be the receiver's http(s) address, without user and password")
	}
	if w.Secret.Len() < MinSecret {
		refuse("secret", fmt.Sprintf("must have at least %d bytes", MinSecret))
	}
	if w.Topics == nil {
		w.Topics = Topics()
	}
	for _, topic := range w.Topics {
		if topicOf(http.Header{topicHeader: {topic}}) != topic {
			refuse("topics", "has one that is no topic")
		}
	}
	w.Topics = slices.Compact(slices.Sorted(slices.Values(w.Topics)))
	return w, errors.Join(errs...)
}
