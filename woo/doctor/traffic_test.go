package doctor_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/doctor"
	"github.com/ankkor/ankkor/woo/webhook"
	"github.com/ankkor/ankkor/woo/wootest"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestGoods(t *testing.T) {
	try(t, map[string]broken{
		"a class without a rate": {ward: seen(inClass("reduced-rate", `[{"tax_class":"reduced-rate"}]`)), want: []string{"breaks tax.classes reduced-rate"}},
		"zero rate":              {ward: seen(inClass("zero-rate", `[{"tax_class":"zero-rate"}]`)), want: []string{"notes tax.classes zero-rate"}},
		"filter ignored":         {ward: seen(inClass("reduced-rate", `[{"tax_class":"gst-5"}]`)), want: []string{"unchecked tax.classes reduced-rate"}},
		"class not asked":        {ward: seen(inClass("reduced-rate", `{"x":`)), want: []string{"unchecked tax.classes reduced-rate"}},
		"rates of elsewhere": {
			ward: seen(both(inClass("gst-5", `[{"tax_class":"gst-5"}]`), at("/wc/v3/taxes", rates(t, `"class":"gst-5"`, "NP")))),
			want: []string{"breaks tax.classes gst-5"},
		},
		"rates of the standard class": {
			ward: seen(both(inClass("standard", `[{"tax_class":""}]`), at("/wc/v3/taxes", rates(t, `"class":"standard"`, "NP")))),
			want: []string{"breaks tax.classes standard"},
		},
		"razorpay off": {ward: file("payment_gateways.json", `"enabled":true,"description":""}]`, `"enabled":false,"description":""}]`), want: []string{"notes payment.gateways razorpay"}},
		"no cod":       {ward: file("payment_gateways.json", `"id":"cod"`, `"id":"cheque"`), want: []string{"notes payment.gateways cod"}},
		"own gateway":  {ward: asked(func(o *doctor.Options) { o.Gateways = []string{"stripe"} }), want: []string{"notes payment.gateways stripe"}},
		"no gateways":  {ward: seen(answering("/payment_gateways", 500, "")), want: []string{"unchecked payment.gateways"}},
		"subscriptions": {
			ward: seen(answering("/reports/products/totals", 200, `[{"slug":"simple","total":1},{"slug":"subscription","total":4},{"slug":"bundle","total":2}]`)),
			want: []string{"warns products.types subscription", "warns products.types bundle"},
		},
		"no report": {ward: seen(answering("/reports/products/totals", 404, noRoute)), want: []string{"unchecked products.types"}},
		"another price format": {
			ward: ward{woo: func(c *woo.Config) {
				c.Parser, _ = pricing.NewParser(pricing.Format{Symbol: "€", Position: pricing.RightSpace, Decimals: 2, Decimal: ",", Thousand: ".", Grouping: pricing.Western})
			}},
			want: []string{"breaks products.prices"},
		},
		"nothing for sale": {ward: seen(answering("/graphql", 200, `{"data":{"products":{"nodes":[],"edges":[],"pageInfo":{"hasNextPage":false}}},"extensions":{"debug":[{"type":"DEBUG_LOGS_INACTIVE"}]}}`)),
			want: []string{"notes graphql.introspection", "unchecked products.prices"}},
	})
}

func both(first, second func(*http.Request, *http.Response)) func(*http.Request, *http.Response) {
	return func(r *http.Request, a *http.Response) { first(r, a); second(r, a) }
}

// inClass answers which products have a tax class.
func inClass(slug, body string) func(*http.Request, *http.Response) {
	return at("/wc/v3/products", func(r *http.Request, a *http.Response) {
		if r.URL.Query().Get("tax_class") == slug {
			replace(a, http.StatusOK, body)
			a.Header.Set("X-WP-Total", "3")
		}
	})
}

// rates moves the rates of a class to another country. The doctor asks for two
// fields; the client, who needs them all, sees the store's own.
func rates(t *testing.T, class, country string) func(*http.Request, *http.Response) {
	return func(r *http.Request, a *http.Response) {
		if r.URL.Query().Get("_fields") != "country,class" {
			return
		}
		edit(t, a, func(body string) string {
			rows := strings.Split(body, "},{")
			for i, row := range rows {
				if strings.Contains(row, class) {
					rows[i] = strings.Replace(row, `"country":"IN"`, `"country":"`+country+`"`, 1)
				}
			}
			return strings.Join(rows, "},{")
		})
	}
}

func TestGraphQL(t *testing.T) {
	missing := seen(answering("/graphql", 404, "<html><title>Page not found</title>"))
	elsewhere := missing
	elsewhere.woo = func(c *woo.Config) { c.Catalogue = woo.CatalogueStoreAPI }
	inactive := `"type":"DEBUG_LOGS_INACTIVE"`
	body := func(from, to string) ward {
		return seen(at("/graphql", func(_ *http.Request, a *http.Response) {
			edit(t, a, func(s string) string { return strings.ReplaceAll(s, from, to) })
		}))
	}
	open := seen(answering("/graphql", 200, `{"data":{"__schema":{"queryType":{"name":"RootQuery"}},"products":{"pageInfo":{"hasNextPage":false},"nodes":[]}},"extensions":{"debug":[{"type":"DEBUG_LOGS_INACTIVE"}]}}`))
	none := answering("/graphql", 200, `{"errors":[{"message":"Cannot query field \"products\" on type \"RootQuery\"."}],"extensions":{"debug":[{"type":"DEBUG_LOGS_INACTIVE"}]}}`)
	try(t, map[string]broken{
		"not there": {ward: missing, want: []string{
			"breaks graphql.reachable", "unchecked products.prices", "unchecked graphql.introspection", "unchecked graphql.debug"}},
		"not needed": {ward: elsewhere, want: []string{"notes graphql.reachable", "unchecked graphql.introspection", "unchecked graphql.debug"}},
		"no WooGraphQL": {ward: seen(none), want: []string{
			"breaks products.prices", "breaks graphql.reachable", "unchecked graphql.introspection"}},
		"open to all":     {ward: open, want: []string{"notes graphql.introspection", "unchecked products.prices"}},
		"debugging":       {ward: body(inactive, `"type":"INFO"`), want: []string{"warns graphql.debug"}},
		"nothing said":    {ward: body(`"extensions":{"debug"`, `"extensions":{"other"`), want: []string{"unchecked graphql.debug"}},
		"tracing":         {ward: body(`"extensions":{"debug"`, `"extensions":{"tracing":{"version":1},"debug"`), want: []string{"warns graphql.debug"}},
		"query log":       {ward: body(`"extensions":{"debug"`, `"extensions":{"queryLog":{},"debug"`), want: []string{"warns graphql.debug"}},
		"errors tell all": {ward: body(`"errors":[{`, `"errors":[{"extensions":{"debugMessage":"x"},`), want: []string{"warns graphql.debug"}},
		"WooGraphQL 0.21": {ward: ward{store: func(c *wootest.Config) { c.WooGraphQL = wootest.WooGraphQL21 }}, want: []string{}},
	})
}

func TestCaches(t *testing.T) {
	const products = "/wc/v3/products"
	// only is for the doctor's own two questions about products.
	only := func(change func(a *http.Response)) ward {
		return seen(at(products, func(r *http.Request, a *http.Response) {
			if r.URL.Query().Get("_fields") == "id" {
				change(a)
			}
		}))
	}
	set := func(name, value string) ward { return only(func(a *http.Response) { a.Header.Set(name, value) }) }
	cases := map[string]broken{
		"miss":  {ward: set("X-Cache", "MISS"), want: []string{}},
		"age 0": {ward: set("Age", "0"), want: []string{}},
		"pass":  {ward: set("X-Varnish", "32770"), want: []string{}},
		"unique address": {
			ward: seen(header("/wc/v3/settings/general", "X-Cache", "HIT")), want: []string{"breaks cache.rest"},
		},
		"old date": {ward: only(func(a *http.Response) {
			a.Header.Set("Date", time.Now().Add(-time.Minute).UTC().Format(http.TimeFormat))
		}), want: []string{"warns cache.rest"}},
		"not asked":   {ward: only(func(a *http.Response) { replace(a, 500, "") }), want: []string{"unchecked cache.rest"}},
		"one cart":    {ward: seen(header("/wc/store/v1/cart", "Cart-Token", "the.same.token")), want: []string{"breaks cache.sessions"}},
		"kept cart":   {ward: seen(header("/wc/store/v1/cart", "Age", "12")), want: []string{"breaks cache.sessions"}},
		"one session": {ward: seen(header("/graphql", "Woocommerce-Session", "the.same.token")), want: []string{"breaks cache.sessions"}},
		"no token":    {ward: seen(header("/wc/store/v1/cart", "Cart-Token", "")), want: []string{"unchecked cache.sessions"}},
		"no cart":     {ward: seen(answering("/wc/store/v1/cart", 403, `{"code":"rest_forbidden","message":"No.","data":{"status":403}}`)), want: []string{"unchecked cache.sessions"}},
	}
	for name, value := range map[string]string{
		"Age": "17", "X-Cache": "HIT from edge", "Cf-Cache-Status": "HIT", "X-Litespeed-Cache": "hit", "X-Varnish": "32770 32768",
		"Cache-Status": `ExampleCache; hit; ttl=12`, "X-Fastcgi-Cache": "STALE",
	} {
		cases["kept: "+name] = broken{ward: set(name, value), want: []string{"warns cache.rest"}}
	}
	try(t, cases)
}

func TestWebhooks(t *testing.T) {
	address := func(to string) ward { return asked(func(o *doctor.Options) { o.WebhookURL = to }) }
	missing := []string{}
	for _, topic := range []string{
		"order.created", "order.deleted", "order.restored", "order.updated", "product.created", "product.deleted", "product.restored", "product.updated",
	} {
		missing = append(missing, "warns webhooks.alive "+topic)
	}
	at := func(path, method string, body map[string]any) func(*testing.T, *woo.Client, *wootest.Store) {
		return func(t *testing.T, c *woo.Client, _ *wootest.Store) {
			t.Helper()
			if _, err := c.Send(t.Context(), woo.Request{Op: "break", Method: method, Path: "wc/v3/" + path, Query: url.Values{"force": {"true"}}, Body: body}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	again := map[string]any{"topic": "order.updated", "delivery_url": hookURL, "secret": hookSecret}
	try(t, map[string]broken{
		"no address":     {ward: address(""), want: []string{"unchecked webhooks.alive", "unchecked webhooks.address"}},
		"other address":  {ward: address("https://hooks.shop.example/other"), want: missing},
		"loopback":       {ward: address("https://127.0.0.1/hooks"), want: append([]string{"breaks webhooks.address"}, missing...)},
		"private":        {ward: address("https://10.1.2.3/hooks"), want: append([]string{"breaks webhooks.address"}, missing...)},
		"localhost":      {ward: address("https://localhost/hooks"), want: append([]string{"breaks webhooks.address"}, missing...)},
		"odd port":       {ward: address("https://hooks.shop.example:8443/"), want: append([]string{"breaks webhooks.address"}, missing...)},
		"plain http":     {ward: address("http://hooks.shop.example/"), want: append(append([]string{}, missing...), "warns webhooks.address")},
		"no URL":         {ward: address("hooks"), want: []string{"breaks webhooks.alive", "breaks webhooks.address"}},
		"one topic":      {ward: asked(func(o *doctor.Options) { o.WebhookTopics = []string{"coupon.created"} }), want: []string{"warns webhooks.alive coupon.created"}},
		"twice":          {ward: ward{after: at("webhooks", "POST", again)}, want: []string{"notes webhooks.alive order.updated"}},
		"deleted":        {ward: ward{after: at("webhooks/1", "DELETE", nil)}, want: []string{"warns webhooks.alive order.created"}},
		"switched off":   {ward: ward{after: at("webhooks/1", "PUT", map[string]any{"status": "disabled"})}, want: []string{"warns webhooks.alive order.created"}},
		"off, not asked": {ward: ward{after: at("webhooks/1", "PUT", map[string]any{"status": "disabled"}), ask: address("").ask}, want: []string{"warns webhooks.alive order.created", "unchecked webhooks.alive", "unchecked webhooks.address"}},
		"not listed":     {ward: seen(answering("/wc/v3/webhooks", 500, "")), want: []string{"unchecked webhooks.alive"}},
	})
	if len(webhook.Topics()) != len(missing) {
		t.Errorf("%d topics, tried are %d", len(webhook.Topics()), len(missing))
	}
}
