package doctor

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/webhook"
)

func (e *exam) checkGraphQL() []Finding {
	failed, ok := asWoo(e.shop.err)
	serious := Breaks
	if e.pageErr == nil {
		serious = Notes // the client reads the catalogue elsewhere
	}
	switch {
	case e.shop.ok():
		return nil
	case !ok || e.away != nil:
		return unchecked(e.shop.reason())
	case strings.Contains(failed.Message, "Cannot query field"):
		return found(serious, "WPGraphQL answers, but WooGraphQL is not there")
	case failed.Status == http.StatusNotFound:
		return found(serious, "there is nothing at the GraphQL address (HTTP 404)")
	}
	return found(serious, "%s", e.shop.reason())
}

func (e *exam) checkIntrospection() []Finding {
	failed, _ := asWoo(e.schema.err)
	switch {
	case e.schema.ok():
		return found(Notes, "everyone may read the GraphQL schema")
	case failed != nil && strings.Contains(failed.Message, "introspection"):
		return nil
	case failed != nil && failed.Kind == woo.Refused && e.shop.ok():
		return nil // refused by something else
	}
	return unchecked(e.schema.reason())
}

// checkDebug looks for what WPGraphQL adds to an answer while debugging is off
// (DebugLog::get_logs), and for what answers have while it is on.
func (e *exam) checkDebug() []Finding {
	known := false
	for _, a := range []asked{e.shop, e.schema} {
		var body debugBody
		if a.reply.Status != http.StatusOK || json.Unmarshal(a.reply.Body, &body) != nil {
			continue
		}
		if shown := body.shown(); shown != "" {
			return found(Warns, "%s", shown)
		}
		known = known || body.Extensions.Debug != nil
	}
	switch {
	case known:
		return nil
	case e.shop.ok():
		return unchecked("the answers say nothing of debugging")
	}
	return unchecked(e.shop.reason())
}

// debugBody is what an answer says of debugging.
type debugBody struct {
	Extensions struct {
		Debug []struct {
			Type string `json:"type"`
		} `json:"debug"`
		Tracing json.RawMessage `json:"tracing"`
		Log     json.RawMessage `json:"queryLog"`
	} `json:"extensions"`
	Errors []struct {
		Extensions map[string]json.RawMessage `json:"extensions"`
	} `json:"errors"`
}

// shown is what it shows that strangers should not see.
func (b *debugBody) shown() string {
	for _, e := range b.Errors {
		if e.Extensions["debugMessage"] != nil || e.Extensions["trace"] != nil {
			return "GraphQL errors tell strangers what happened inside"
		}
	}
	if b.Extensions.Tracing != nil || b.Extensions.Log != nil {
		return "GraphQL answers carry traces or query logs"
	}
	for _, d := range b.Extensions.Debug {
		if d.Type == "DEBUG_LOGS_INACTIVE" {
			return ""
		}
	}
	if b.Extensions.Debug != nil {
		return "GRAPHQL_DEBUG is on"
	}
	return ""
}

// checkKept looks whether an answer came from a cache: one for an address nobody
// can have asked for before, or one asked for twice.
func (e *exam) checkKept() []Finding {
	for _, a := range e.answers {
		if mark := keptMark(a.reply.Header); a.ok() && mark != "" && a.what != "graphql" && a.what != e.kept[0].what && a.what != e.carts[0].what {
			return found(Breaks, "the answer of %s was kept although its address was new (%s)", a.what, mark)
		}
	}
	for i, a := range e.kept {
		switch {
		case !a.ok():
			return unchecked(a.reason())
		case keptMark(a.reply.Header) != "":
			return found(Warns, "answers to a key are kept by a cache (%s)", keptMark(a.reply.Header))
		case e.datedBack(a):
			return found(Warns, "answer %d of two to a key bears an old date: it was kept by a cache that does not say so", i+1)
		}
	}
	return nil
}

// datedBack reports whether an answer's date lies before it was asked for, by
// the store's own clock as an answer that cannot be kept shows it.
func (e *exam) datedBack(a asked) bool {
	off, ok := a.clockOff()
	reference, known := e.ordersMay.clockOff()
	return ok && known && off < reference-5*time.Second
}

// keptMark is the header by which a cache says that it answered.
func keptMark(h http.Header) string {
	if age, err := strconv.Atoi(h.Get("Age")); err == nil && age > 0 {
		return "Age: " + strconv.Itoa(age)
	}
	for _, name := range []string{
		"X-Cache", "X-Cache-Status", "Cf-Cache-Status", "X-Proxy-Cache", "X-Litespeed-Cache", "X-Fastcgi-Cache", "X-Kinsta-Cache",
		"X-Srcache-Fetch-Status", "X-Nitro-Cache", "X-Sg-Cache", "X-Varnish-Cache", "Cache-Status",
	} {
		value := h.Get(name)
		for word := range strings.FieldsFuncSeq(strings.ToLower(value), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if word == "hit" || word == "stale" || word == "updating" {
				return name + ": " + value
			}
		}
	}
	if ids := strings.Fields(h.Get("X-Varnish")); len(ids) > 1 {
		return "X-Varnish names two requests"
	}
	return ""
}

// checkSessions compares what two new shoppers are given.
func (e *exam) checkSessions() []Finding {
	for _, pair := range []struct {
		header string
		a, b   asked
	}{{"Cart-Token", e.carts[0], e.carts[1]}, {"Woocommerce-Session", e.schema, e.shop}} {
		a, b := pair.a.reply.Header.Get(pair.header), pair.b.reply.Header.Get(pair.header)
		if a != "" && a == b {
			return found(Breaks, "two new shoppers were given the same %s", pair.header)
		}
	}
	for _, a := range e.carts {
		switch {
		case !a.ok():
			return unchecked(a.reason())
		case keptMark(a.reply.Header) != "":
			return found(Breaks, "a new shopper's cart came from a cache (%s)", keptMark(a.reply.Header))
		case a.reply.Header.Get("Cart-Token") == "":
			return unchecked("the store names no Cart-Token")
		}
	}
	return nil
}

func (e *exam) checkHooks() []Finding {
	if e.o.WebhookURL == "" {
		return e.checkOtherHooks()
	}
	var invalid *woo.InvalidError
	switch {
	case errors.As(e.hooksErr, &invalid):
		return found(Breaks, "the webhooks asked for cannot be: %s", e.hooksErr)
	case e.hooksErr != nil:
		return unchecked(reasonOf(e.hooksErr))
	}
	var list []Finding
	for _, h := range e.hooks {
		f := Finding{Severity: Breaks, Subject: h.Topic}
		id := strconv.FormatInt(h.HookID, 10)
		switch h.State {
		case webhook.Alive:
			continue
		case webhook.Missing:
			f.Severity, f.Found = Warns, "there is no webhook for "+h.Topic
		case webhook.Disabled:
			f.Severity, f.Found = Warns, "webhook "+id+" for "+h.Topic+" is switched off"
		case webhook.Duplicate:
			f.Severity, f.Found = Notes, "webhook "+id+" for "+h.Topic+" is there a second time"
		}
		list = append(list, f)
	}
	return list
}

// checkOtherHooks has no address to look for.
func (e *exam) checkOtherHooks() []Finding {
	list := unchecked("no webhook address was given")
	if e.disabledErr != nil {
		return list
	}
	for _, h := range e.disabled {
		list = append(list, Finding{Severity: Warns, Subject: h.Topic, Found: "a webhook for " + h.Topic + " is switched off (" + strconv.FormatInt(h.ID, 10) + ")"})
	}
	return list
}

// checkHookAddress asks whether WordPress delivers there (wp_http_validate_url,
// as wp_safe_remote_request does).
func (e *exam) checkHookAddress() []Finding {
	if e.o.WebhookURL == "" {
		return unchecked("no webhook address was given")
	}
	u, err := url.Parse(e.o.WebhookURL)
	if err != nil || u.Hostname() == "" {
		return found(Breaks, "the webhook address is not one")
	}
	ip := net.ParseIP(u.Hostname())
	switch {
	case u.Hostname() == "localhost", ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast()):
		return found(Breaks, "%s is not a public address: WordPress refuses to deliver there", u.Hostname())
	case !slices.Contains([]string{"", "80", "443", "8080"}, u.Port()):
		return found(Breaks, "WordPress delivers to the ports 80, 443 and 8080 only, not to %s", u.Port())
	case u.Scheme != "https":
		return found(Warns, "orders would be delivered over plain http")
	}
	return nil
}
