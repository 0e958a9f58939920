package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// exception is a difference that is known, and why it is none to mend.
type exception struct {
	step, at string // with * for anything
	versions string // WooCommerce's, by prefix and separated by spaces; empty is all
	reason   string
}

// allowed are the exceptions. The stand-in is WooCommerce 10.4 as recorded, and
// stays at that where versions differ.
func allowed() []exception {
	return slices.Concat(leftOut(), older(), oldest(), newer())
}

// leftOut are what the stand-in does not have, whatever the version.
func leftOut() []exception {
	const prose = "texts for the settings pages, and a server's own condition, are not in the embedded catalogue; no client reads them"
	list := []exception{
		{step: "rest settings", at: "status", reason: "the list of setting groups is not offered; every client knows their names"},
		{step: "graphql categories", at: "*", reason: "the stand-in says itself that it does not offer categories in another order"},
		{step: "rest no customer", at: "header Allow", reason: "WooCommerce asks for the permission before it looks for the customer, and lists no method then"},
		{step: "store api *", at: "*add_to_cart.url", reason: "the page's own link for a browser, with a part of the address it was asked under"},
		{step: "rest system status", at: ".*", reason: prose},
	}
	for _, at := range []string{"default", "description", "label", "options", "tip", "type", "group_id"} {
		list = append(list, exception{step: "rest *setting*", at: "*" + at, reason: prose})
	}
	for _, step := range []string{"rest gateways", "rest shipping methods"} {
		for _, at := range []string{"connection_url", "description", "method_*", "needs_setup", "post_install_scripts", "required_settings_keys", "settings", "settings_url", "setup_help_text"} {
			list = append(list, exception{step: step, at: "[]." + at, reason: prose})
		}
	}
	return list
}

// older are differences of WooCommerce before 10.4.
func older() []exception {
	const versions, since = "9.8 10.0", "added to WooCommerce after 10.0"
	return []exception{
		{"rest *", "*images[*].sizes", versions, since}, {"rest *", "*images[*].srcset", versions, since}, {"rest *", "*images[*].thumbnail", versions, since},
		{"rest *", "*line_items[*].global_unique_id", versions, since}, {"rest refund", "meta_data", versions, "_refund_type is noted since 10.1"},
		{"rest India", "states*", versions, "10.4 lists India's states in the order of their names, and has one more"},
		{"store api *", "*variation[*].raw_attribute", versions, since}, {"store api facets", ".taxonomy_counts", versions, since},
		{"store api bad country", "data.*.shipping_address*", versions, "the sentence about a country changed"},
	}
}

// oldest are differences of WooCommerce 9.8 with WooGraphQL 0.21.
func oldest() []exception {
	const versions, words = "9.8", "9.8 says it in other words"
	return []exception{
		{"rest no customer", "code", versions, words}, {"rest *", "message", versions, words}, {"store api *", "message", versions, words}, {"graphql *", "errors[*].message", versions, words},
		{"store api checkout, no gateway", "data.*payment_method*", versions, words}, {"store api *", "*add_to_cart.single_text", versions, "added to WooCommerce after 9.8"},
		{"*", "*price_html", versions, "9.8 hides less of a price range from screen readers"}, {"rest *", "header X-Wp-Total*", versions, "9.8 does not count lists that it never cuts into pages"},
		{"rest order *", "*taxes[*].subtotal", versions, "9.8 shows a line's taxes unrounded"}, {"rest order *", "*taxes[*].total", versions, "9.8 shows a line's taxes unrounded"},
		{"rest what the refusal left", "[0].status", versions, "9.8 leaves a pending order when a coupon is refused, not a draft"},
		{"rest order with a refused coupon", "data*", versions, "9.8 does not name the draft it leaves when a coupon is refused"},
		{"store api added nothing", "status", versions, "9.8 takes a quantity of 0"}, {"store api checkout*", "additional_fields", versions, "[] became {} after 9.8"},
		{"graphql *", "*rates[*].cost", versions, "WooGraphQL 0.21 answers the cost without tax and currency"}, {"graphql checkout", "*lineItems.nodes[*].total", versions, "WooGraphQL 0.21 answers a line's total as it is stored"},
		{"graphql product *", "data.product.attributes.nodes[*].name", versions, "WooGraphQL 0.21 answers a product's own attribute as it was typed"},
		{"graphql product draft-item", "errors", versions, "WooGraphQL 0.21 answers null for a draft and says nothing"},
	}
}

// newer are differences of WooCommerce after 10.4.
func newer() []exception {
	const versions, since = "11.", "added to WooCommerce after 10.4"
	list := []exception{
		{"rest variation*", "*gallery_image_ids", versions, since}, {"rest order cancelled", "refunds[*].total_tax", versions, since},
		{"*", "*price_html", versions, "11.0 keeps the currency's sign from being translated"}, {"store api *", "header Cache-Control", versions, "11.0 forbids keeping answers of the Store API"},
		{"store api *", "*shipping_rates[*].name", versions, "11.0 does not number a single shipment"},
		{"store api checkout read", "__experimentalCart", versions, "11.0 answers the cart beside a draft order"}, {"store api checkout read", "payment_result", versions, "11.0 has none before it was paid"},
		{"store api batch", "responses*", versions, "11.0 lets the parts of a batch share its Cart-Token; before, each needs its own"},
		{"rest stock after*", "stock_quantity", versions, "what the batch of the Store API changed in the cart"}, {"rest stock after*", "total_sales", versions, "what the batch of the Store API changed in the cart"},
		{"rest no order to change", "message", versions, "11.0 says it in other words"},
		{"graphql added too many", "errors[*].message", versions, "it names the pieces left, and the batch of the Store API bought more of them"},
	}
	for _, at := range []string{"_links", "dimensions", "formatted_dimensions", "formatted_weight", "weight", "is_password_protected", "images[*].thumbnail_sizes", "images[*].thumbnail_srcset"} {
		list = append(list, exception{"store api *", "*" + at, versions, since})
	}
	return list
}

func (e exception) covers(version, step, at string) bool {
	if !fits(e.step, step) || !fits(e.at, at) {
		return false
	}
	for prefix := range strings.FieldsSeq(e.versions) {
		if strings.HasPrefix(version, prefix) {
			return true
		}
	}
	return e.versions == ""
}

// report prints differences as they come and counts them.
type report struct {
	out     io.Writer
	version string
	verbose bool

	steps, equal, explained, unexpected int
}

func (r *report) step(s step, found []difference) {
	r.steps++
	if len(found) == 0 {
		r.equal++
	}
	for _, d := range found {
		reason := ""
		for _, e := range allowed() {
			if e.covers(r.version, s.name, d.at) {
				reason = e.reason
				break
			}
		}
		if reason == "" {
			r.unexpected++
		} else {
			r.explained++
		}
		if reason == "" || r.verbose {
			fmt.Fprintf(r.out, "%s: %s\n    store:    %s\n    stand-in: %s\n", s.name, d.at, d.real, d.stood)
		}
		if reason != "" && r.verbose {
			fmt.Fprintf(r.out, "    allowed:  %s\n", reason)
		}
	}
}

func (r *report) sum() {
	fmt.Fprintf(r.out, "%d requests, %d answered alike; %d differences explained, %d not\n", r.steps, r.equal, r.explained, r.unexpected)
}
