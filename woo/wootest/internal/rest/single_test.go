package rest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestOneOfAList: single settings, gateways and categories, as WooCommerce 10.4.3
// answers them.
func TestOneOfAList(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string]struct {
		path   string
		status int
		has    string
	}{
		"a setting":        {"settings/tax/woocommerce_prices_include_tax", 200, `"id":"woocommerce_prices_include_tax"`},
		"its link":         {"settings/tax/woocommerce_prices_include_tax", 200, `/wp-json/wc/v3/settings/tax/woocommerce_prices_include_tax"`},
		"no setting":       {"settings/tax/nothing", 404, `"rest_setting_setting_invalid"`},
		"no group":         {"settings/nothing/nothing", 404, `"rest_setting_setting_group_invalid"`},
		"a gateway":        {"payment_gateways/cod", 200, `{"id":"cod"`},
		"no gateway":       {"payment_gateways/nothing", 404, `"woocommerce_rest_payment_gateway_invalid"`},
		"a category":       {"products/categories/17", 200, `"slug":"kitchen-dining","parent":16`},
		"its parent":       {"products/categories/17", 200, `"up":[{"href":`},
		"no category":      {"products/categories/999", 404, `"woocommerce_rest_term_invalid"`},
		"a product status": {"products?status=nonsense", 400, `"status is not one of any, future, trash, draft, pending, private, and publish."`},
		"a product type":   {"products?type=nonsense", 400, `"type is not one of simple, grouped, external, and variable."`},
		"a stock status":   {"products?stock_status=nonsense", 400, `"stock_status is not one of instock, outofstock, and onbackorder."`},
		"an order status":  {"orders?status=pending,nonsense", 400, `"status[1] is not one of any, trash, auto-draft, pending,`},
		"the first rating": {"products/16?_fields=average_rating", 200, `"average_rating":"4.00"`},
	}
	for name, test := range tests {
		a := storetest.Send(t, s, "GET", "/wp-json/wc/v3/"+test.path, "", storetest.SignedIn(storetest.TestKeys()[0]))
		body := strings.ReplaceAll(a.Body, `\/`, "/")
		if a.Status != test.status || !strings.Contains(body, test.has) {
			t.Errorf("%s: %d %.400s", name, a.Status, body)
		}
	}
	if a := storetest.Send(t, s, "PUT", "/wp-json/wc/v3/payment_gateways/cod", `{}`, storetest.SignedIn(storetest.TestKeys()[0])); a.Status != 501 {
		t.Errorf("what is only shown was changed: %d", a.Status)
	}
}

// TestOrdersOfLists: tax rates by id, attributes by their slug with their number.
func TestOrdersOfLists(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	taxes, _ := list(t, s, "taxes?orderby=id&per_page=4")
	if fmt.Sprint(taxes) != "[1 2 3 4]" {
		t.Errorf("tax rates %v", taxes)
	}
	down, _ := list(t, s, "taxes?orderby=id&order=desc&per_page=100")
	if len(down) < 9 || down[len(down)-1] != 1 || down[0] != len(down) {
		t.Errorf("tax rates downwards %v", down)
	}
	attributes, header := list(t, s, "products/attributes")
	if fmt.Sprint(attributes) != "[2 1]" || header.Get("X-WP-Total") != "2" || header.Get("X-WP-TotalPages") != "1" {
		t.Errorf("attributes %v of %s", attributes, header.Get("X-WP-Total"))
	}
}

// TestAverageRating has two decimals where it is read, and is as it is stored in
// the answer to a write.
func TestAverageRating(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	_, made := storetest.REST(t, s, "POST", "products", `{"name":"A","regular_price":"10"}`)
	_, read := storetest.REST(t, s, "GET", fmt.Sprintf("products/%.0f", made["id"]), "")
	if made["average_rating"] != "0" || read["average_rating"] != "0.00" {
		t.Errorf("%v, %v", made["average_rating"], read["average_rating"])
	}
}

// TestGraphQLRefusals in WooGraphQL's own words.
func TestGraphQLRefusals(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	for document, want := range map[string]string{
		`{product(id:\"x\",idType:DATABASE_ID){slug}}`:        "No product ID was found corresponding to the database_id: x",
		`{product(id:\"0\",idType:DATABASE_ID){slug}}`:        "No product ID was found corresponding to the database_id: 0",
		`{product(id:\"999999\",idType:DATABASE_ID){slug}}`:   "No product exists with the database_id: 999999",
		`{productVariation(id:\"x\",idType:DATABASE_ID){id}}`: "No product variation ID was found corresponding to the database_id: x",
		`{product(id:\"draft-item\",idType:SLUG){slug}}`:      "No product ID was found corresponding to the slug: draft-item",
		`{product(id:\"private-item\",idType:SLUG){slug}}`:    "No product ID was found corresponding to the slug: private-item",
		`{product{slug}}`:                         `Field \"product\" argument \"id\" of type \"ID!\" is required but not provided.`,
		`query A{__typename} query B{__typename}`: "Failed to determine operation type",
	} {
		a := storetest.Send(t, s, "POST", "/graphql", `{"query":"`+document+`"}`, map[string]string{"Content-Type": "application/json"})
		if !strings.Contains(a.Body, want) {
			t.Errorf("%s: %s", document, a.Body)
		}
	}
	// One order stands for a list of it.
	a := storetest.Send(t, s, "POST", "/graphql", `{"query":"{products(first:3,where:{include:[16,17,37],orderby:{field:SLUG,order:ASC}}){nodes{databaseId}}}"}`, map[string]string{"Content-Type": "application/json"})
	if !strings.Contains(a.Body, `"nodes":[{"databaseId":17},{"databaseId":37},{"databaseId":16}]`) {
		t.Errorf("by slug: %s", a.Body)
	}
}
