package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/rest"
	"github.com/ankkor/ankkor/woo/webhook"
)

// exam is what one Diagnose learns of a store.
type exam struct {
	client *woo.Client
	o      Options
	wire   wire
	away   error // why nothing can be asked

	mu      sync.Mutex
	answers []asked // all of them

	index            asked // wc/v3, as a visitor
	status           asked
	system           system
	companion        asked
	companionVersion string
	options          map[string]asked  // settings by group
	option           map[string]option // settings of all groups by id
	ordersMay        asked             // whether the key may write orders
	goodsMay         asked             // and products
	kept             [2]asked          // one address, asked twice
	carts            [2]asked          // two new shoppers' carts
	schema           asked             // GraphQL introspection
	shop             asked             // a GraphQL query of WooGraphQL
	gateways         asked
	paying           []rest.Gateway
	kinds            asked
	sold             []kind
	classes          asked
	taxed            []taxClass
	rates            asked
	taxes            []taxRate
	unpaid           asked
	india            asked
	states           states
	drafts           asked
	late             []lateOrder
	stale            []lateOrder

	rulesErr    error
	page        woo.Page
	pageErr     error
	hooks       []webhook.Finding
	hooksErr    error
	disabled    []rest.Webhook
	disabledErr error
}

// system is what is read of GET system_status; nil is what it does not tell.
type system struct {
	Environment struct {
		HomeURL      string `json:"home_url"`
		Version      string `json:"version"` // WooCommerce's
		WordPress    string `json:"wp_version"`
		PHP          string `json:"php_version"`
		MaxExecution *int64 `json:"php_max_execution_time"` // seconds
		Cron         *bool  `json:"wp_cron"`
	} `json:"environment"`
	Settings struct {
		HPOS *bool `json:"HPOS_enabled"`
	} `json:"settings"`
	Plugins  []rest.Plugin `json:"active_plugins"`
	Security struct {
		HideErrors *bool `json:"hide_errors"`
	} `json:"security"`
}

// kind is a type of product and how many there are.
type kind struct {
	Slug  string `json:"slug"`
	Total int64  `json:"total"`
}

type taxClass struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	used asked  // a product of the class; asked for where no rate applies
	one  []struct {
		Class string `json:"tax_class"`
	}
}

// states are a country's.
type states struct {
	States []state `json:"states"`
}

type state struct {
	Code string `json:"code"`
}

type taxRate struct {
	Country string `json:"country"`
	Class   string `json:"class"`
}

// lateOrder is an order that a timer of the store should have put away.
type lateOrder struct {
	ID         int64     `json:"id"`
	CreatedVia string    `json:"created_via"`
	ModifiedAt rest.Time `json:"date_modified_gmt"`
}

// option is a setting's value, one text or several.
type option []string

// UnmarshalJSON reads a text, a number, or a list of them.
func (o *option) UnmarshalJSON(data []byte) error {
	var list []string
	if json.Unmarshal(data, &list) == nil {
		*o = list
		return nil
	}
	var one string
	if json.Unmarshal(data, &one) != nil {
		one = strings.Trim(string(data), `"`)
	}
	*o = option{one}
	return nil
}

func newExam(client *woo.Client, o Options) *exam {
	return &exam{client: client, o: o, options: map[string]asked{}, option: map[string]option{}}
}

// store is the address as the client shows it.
func (e *exam) store() string {
	return strings.TrimSuffix(strings.TrimPrefix(e.client.String(), "woo.Client("), ")")
}

// text is a setting's value, "" when it is unknown.
func (e *exam) text(id string) string {
	if v := e.option[id]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// gather asks everything. First whether there is a store; then, a few at a time
// (the client bounds that), the rest.
func (e *exam) gather(ctx context.Context) {
	watched := e.wire.watch(ctx)
	e.index = e.ask(watched, woo.Request{Path: "wc/v3", Query: fields("namespace"), Visitor: true, Fresh: true}, nil)
	e.away = awayError(e.index.err)
	e.status = e.get(ctx, "wc/v3/system_status", fields("environment,settings,active_plugins,security"), &e.system)
	e.readOptions(ctx)
	var wg sync.WaitGroup
	for _, read := range []func(context.Context){
		e.readCompanion, e.readPermissions, e.readKept, e.readCarts, e.readGraphQL, e.readCatalogue, e.readTaxes, e.readLateOrders, e.readHooks,
	} {
		wg.Go(func() { read(ctx) })
	}
	wg.Wait()
	e.readRules(ctx) // last: it takes whole seconds of the store
}

func fields(list string) map[string][]string { return map[string][]string{"_fields": {list}} }

// awayError is the error if it means that there is nothing to ask: no connection,
// or an answer that is not WooCommerce's.
func awayError(err error) error {
	failed, ok := asWoo(err)
	if !ok || failed.Kind == woo.Unauthorised {
		return nil
	}
	return err
}

// readOptions reads the settings. WooCommerce sends some of them twice.
func (e *exam) readOptions(ctx context.Context) {
	for _, group := range []string{"general", "products", "tax", "account"} {
		var list []struct {
			ID    string `json:"id"`
			Value option `json:"value"`
		}
		e.options[group] = e.get(ctx, "wc/v3/settings/"+group, fields("id,value"), &list)
		for _, o := range list {
			for i := range o.Value {
				o.Value[i] = plain(o.Value[i], mostWord)
			}
			e.option[o.ID] = o.Value
		}
	}
}

func (e *exam) readCompanion(ctx context.Context) {
	var status struct {
		Version string `json:"version"`
	}
	e.companion = e.get(ctx, "wc-ankkor/v1/status", nil, &status)
	e.companionVersion = status.Version
}

// readPermissions sends two empty batches.
func (e *exam) readPermissions(ctx context.Context) {
	empty := func(path string) asked {
		return e.ask(ctx, woo.Request{Path: path, Method: http.MethodPost, Body: struct{}{}, Fresh: true}, nil)
	}
	e.ordersMay, e.goodsMay = empty("wc/v3/orders/batch"), empty("wc/v3/products/batch")
}

// readKept asks for one address twice, without asking past caches.
func (e *exam) readKept(ctx context.Context) {
	for i := range e.kept {
		query := fields("id")
		query["per_page"] = []string{"1"}
		e.kept[i] = e.ask(ctx, woo.Request{Path: "wc/v3/products", Query: query}, nil)
	}
}

// readCarts comes as two new shoppers.
func (e *exam) readCarts(ctx context.Context) {
	for i := range e.carts {
		e.carts[i] = e.ask(ctx, woo.Request{Path: "wc/store/v1/cart", Visitor: true}, nil)
	}
}

func (e *exam) readGraphQL(ctx context.Context) {
	e.schema = e.graphql(ctx, "{ __schema { queryType { name } } }")
	e.shop = e.graphql(ctx, "{ products(first: 1) { pageInfo { hasNextPage } } }")
}

// readCatalogue reads a page as a shopper's browser would get it.
func (e *exam) readCatalogue(ctx context.Context) {
	e.kinds = e.get(ctx, "wc/v3/reports/products/totals", nil, &e.sold)
	e.india = e.get(ctx, "wc/v3/data/countries/in", nil, &e.states)
	e.gateways = e.get(ctx, "wc/v3/payment_gateways", fields("id,title,enabled"), &e.paying)
	if e.pageErr = e.away; e.away == nil {
		e.page, e.pageErr = e.client.ProductPage(ctx, woo.ProductFilter{PageSize: 20}, "")
	}
}

// mostPages bounds a list of a hundred a page.
const mostPages = 20

// readTaxes reads which tax classes there are, and of those without a rate for
// the shop's own country how many products are in them.
func (e *exam) readTaxes(ctx context.Context) {
	e.classes = e.get(ctx, "wc/v3/taxes/classes", fields("slug,name"), &e.taxed)
	for page := 1; page == 1 || e.rates.ok() && len(e.taxes) == 100*(page-1) && page <= mostPages; page++ {
		var more []taxRate
		query := map[string][]string{"per_page": {"100"}, "page": {strconv.Itoa(page)}, "_fields": {"country,class"}}
		e.rates = e.get(ctx, "wc/v3/taxes", query, &more)
		e.taxes = append(e.taxes, more...)
	}
	for i := range e.taxed {
		if class := &e.taxed[i]; e.rates.ok() && !e.rated(class.Slug) {
			query := map[string][]string{"tax_class": {class.Slug}, "per_page": {"1"}, "_fields": {"tax_class"}}
			class.used = e.get(ctx, "wc/v3/products", query, &class.one)
		}
	}
}

// rated reports whether some rate of the class applies in the shop's country.
func (e *exam) rated(class string) bool {
	country, _, _ := strings.Cut(e.text("woocommerce_default_country"), ":")
	for _, r := range e.taxes {
		if r.Class == class && (r.Country == "" || r.Country == country) {
			return true
		}
	}
	return false
}

// readLateOrders looks for what WooCommerce's own timers should have put away:
// unpaid orders of its checkout (wc_cancel_unpaid_orders) and drafts
// (DraftOrders::delete_expired_draft_orders). A day is added to be sure.
func (e *exam) readLateOrders(ctx context.Context) {
	now := e.o.Now()
	older := func(status string, age time.Duration, into *[]lateOrder) asked {
		return e.get(ctx, "wc/v3/orders", map[string][]string{
			"status": {status}, "modified_before": {now.Add(-age).UTC().Format(time.RFC3339)}, "per_page": {"50"},
			"_fields": {"id,created_via,date_modified_gmt"},
		}, into)
	}
	if hold := e.holdStock(); hold > 0 {
		e.unpaid = older("pending", hold+24*time.Hour, &e.late)
	}
	e.drafts = older("checkout-draft", 3*24*time.Hour, &e.stale)
}

// readHooks looks at the shop's webhooks, or without an address at those that
// the store switched off.
func (e *exam) readHooks(ctx context.Context) {
	switch {
	case e.away != nil:
		e.hooksErr, e.disabledErr = e.away, e.away
	case e.o.WebhookURL != "":
		// Look wants a secret to be there and has no use for it.
		want := webhook.Wanted{URL: e.o.WebhookURL, Topics: e.o.WebhookTopics, Secret: woo.NewSecret(strings.Repeat("-", webhook.MinSecret))}
		e.hooks, e.hooksErr = webhook.Look(ctx, e.client, want)
	default:
		a := e.get(ctx, "wc/v3/webhooks", map[string][]string{"status": {"disabled"}, "per_page": {"100"}}, &e.disabled)
		e.disabledErr = a.err
	}
}

func (e *exam) readRules(ctx context.Context) {
	if e.rulesErr = e.away; e.away == nil {
		_, e.rulesErr = e.client.Rules(ctx)
	}
}
