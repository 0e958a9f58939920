package graphql_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

func TestGraphQLAnswers(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string]struct{ query, want string }{
		"alias and arguments": {`{a:product(id:"16",idType:DATABASE_ID){... on ProductWithPricing{price raw:price(format:RAW)}}}`, `{"a":{"price":"₹499.00","raw":"499"}}`},
		"fragments merge":     {`query{product(id:"16",idType:DATABASE_ID){image{id} ...F}} fragment F on Product{image{title} name}`, `{"product":{"image":{"id":"cG9zdDoxMQ==","title":"masala-mug"},"name":"Masala Chai Mug"}}`},
		"type conditions":     {`{product(id:"36",idType:DATABASE_ID){__typename ...on SimpleProduct{sku} ...on GroupProduct{addToCartText}}}`, `{"product":{"__typename":"GroupProduct","addToCartText":"View products"}}`},
		"skip and include":    {`{product(id:"16",idType:DATABASE_ID){name @skip(if:true) sku @include(if:true) slug @include(if:false)}}`, `{"product":{"sku":"MUG-001"}}`},
		"zero stock is null":  {`{product(id:"25",idType:DATABASE_ID){...on InventoriedProduct{manageStock stockQuantity stockStatus}}}`, `{"product":{"manageStock":"TRUE","stockQuantity":null,"stockStatus":"OUT_OF_STOCK"}}`},
		"parent's stock":      {`{productVariation(id:"40",idType:DATABASE_ID){...on InventoriedProduct{manageStock stockQuantity}}}`, `{"productVariation":{"manageStock":"PARENT","stockQuantity":20}}`},
		"nobody's stock":      {`{product(id:"17",idType:DATABASE_ID){...on InventoriedProduct{manageStock stockQuantity stockStatus}}}`, `{"product":{"manageStock":null,"stockQuantity":null,"stockStatus":"IN_STOCK"}}`},
		"a price of zero":     {`{product(id:"23",idType:DATABASE_ID){purchasable ...on ProductWithPricing{price}}}`, `{"product":{"price":null,"purchasable":true}}`},
		"no price":            {`{product(id:"24",idType:DATABASE_ID){purchasable ...on ProductWithPricing{price}}}`, `{"product":{"price":null,"purchasable":false}}`},
		"an attribute filter": {`{products(where:{attributes:{queries:[{taxonomy:PA_SIZE,terms:["m"],operator:IN}]}}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":37}]}}`},
		"attributes, and":     {`{products(where:{attributes:{relation:AND,queries:[{taxonomy:PA_SIZE,terms:["s","l"],operator:AND},{taxonomy:PA_COLOR,terms:["red"],operator:NOT_IN}]}}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":44}]}}`},
		"attributes by id":    {`{products(where:{attributes:{queries:[{taxonomy:PA_SIZE,ids:[24],operator:IN}]}}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":37}]}}`},
		"a category's own":    {`{products(where:{category:"jewellery"}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":21},{"databaseId":44},{"databaseId":20}]}}`},
		"below a category":    {`{products(where:{categoryIn:["home"],tagIn:["bestseller"]}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":16}]}}`},
		"types":               {`{products(where:{typeIn:[VARIABLE,GROUPED]}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":37},{"databaseId":36},{"databaseId":44}]}}`},
		"featured":            {`{products(where:{featured:true}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":16}]}}`},
		"by sku":              {`{products(where:{sku:"PEN-001"}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":17}]}}`},
		"in the order asked":  {`{products(where:{include:[22,16,17],orderby:[{field:IN,order:ASC}]}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":22},{"databaseId":16},{"databaseId":17}]}}`},
		// a draft of the same price takes the other place and is not there
		"cheapest first":    {`{products(first:2,where:{minPrice:1,orderby:[{field:PRICE,order:ASC}]}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":32}]}}`},
		"a price window":    {`{products(where:{minPrice:120.5,maxPrice:199}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":26},{"databaseId":25},{"databaseId":36}]}}`},
		"a category node":   {`{productCategory(id:"kitchen-dining",idType:SLUG){name count parentDatabaseId uri products(first:1){nodes{databaseId}}}}`, `{"productCategory":{"count":5,"name":"Kitchen \u0026 Dining","parentDatabaseId":16,"products":{"nodes":[{"databaseId":28}]},"uri":"/product-category/home/kitchen-dining/"}}`},
		"categories below":  {`{productCategories(where:{parent:16}){nodes{slug}}}`, `{"productCategories":{"nodes":[{"slug":"kitchen-dining"}]}}`},
		"tags":              {`{productTags{nodes{slug count}}}`, `{"productTags":{"nodes":[{"count":1,"slug":"bestseller"}]}}`},
		"states":            {`{countryStates(country:US){code}}`, `{"countryStates":[]}`},
		"a picture's sizes": {`{product(id:"16",idType:DATABASE_ID){image{mediaDetails{sizes(include:[THUMBNAIL]){name width}}}}}`, `{"product":{"image":{"mediaDetails":{"sizes":[{"name":"thumbnail","width":"150"}]}}}}`},
		"by kind":           {`{simpleProduct(id:"MUG-001",idType:SKU){databaseId}}`, `{"simpleProduct":{"databaseId":16}}`},
		"last two":          {`{products(last:2){pageInfo{hasNextPage hasPreviousPage} nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":44},{"databaseId":20}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true}}}`},
		"nobody signed in":  {`{viewer{databaseId}}`, `{"viewer":null}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := storetest.GraphQL(t, s, tc.query); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestGraphQLErrors: all of them come with status 200.
func TestGraphQLErrors(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string]struct {
		query     string
		variables map[string]any
		want      string
		data      string
	}{
		"unknown field":        {`{products{nodes{nope}}}`, nil, `Cannot query field "nope" on type "Product". Did you mean "name" or "type"?`, ``},
		"unknown argument":     {`{products(frst:1){nodes{id}}}`, nil, `Unknown argument "frst" on field "RootQuery.products". Did you mean "first" or "last"?`, ``},
		"unknown enum value":   {`{product(id:"1",idType:NOPE){id}}`, nil, `Value "NOPE" does not exist in "ProductIdTypeEnum" enum.`, ``},
		"missing variable":     {`query($i:ID!){product(id:$i){id}}`, nil, `Variable "$i" of required type "ID!" was not provided.`, ``},
		"null variable":        {`query($i:ID!){product(id:$i){id}}`, map[string]any{"i": nil}, `Variable "$i" of non-null type "ID!" must not be null.`, ``},
		"text for a number":    {`query($n:Int){products(first:$n){nodes{id}}}`, map[string]any{"n": "5"}, `Variable "$n" got invalid value "5"; Int cannot represent non-integer value: "5"`, ``},
		"fraction for an int":  {`query($n:Int){products(first:$n){nodes{id}}}`, map[string]any{"n": 1.5}, `Variable "$n" got invalid value 1.5; Int cannot represent non-integer value: 1.5`, ``},
		"text for a truth":     {`query($b:Boolean!){products{nodes{id @skip(if:$b)}}}`, map[string]any{"b": "x"}, `Variable "$b" got invalid value "x"; Boolean cannot represent a non boolean value: "x"`, ``},
		"wrong enum":           {`query($k:ProductIdTypeEnum){product(id:"1",idType:$k){id}}`, map[string]any{"k": "X"}, `Variable "$k" got invalid value "X"; Value "X" does not exist in "ProductIdTypeEnum" enum.`, ``},
		"no operation":         {``, nil, `GraphQL Request must include at least one of those two parameters: "query" or "queryId"`, ``},
		"introspection":        {`{__schema{queryType{name}}}`, nil, `The query contained __schema or __type, however GraphQL introspection is not allowed for public requests by default. Public introspection can be enabled under the WPGraphQL Settings.`, ``},
		"unknown slug":         {`{a:product(id:"x",idType:SLUG){id} b:product(id:"16",idType:DATABASE_ID){databaseId}}`, nil, `No product ID was found corresponding to the slug: x`, `{"a":null,"b":{"databaseId":16}}`},
		"unknown sku":          {`{product(id:"x",idType:SKU){id}}`, nil, `No product ID was found corresponding to the sku: x`, `{"product":null}`},
		"no global id":         {`{product(id:"x"){id}}`, nil, `The ID input is invalid. Make sure you set the proper idType for your input.`, `{"product":null}`},
		"unknown variation":    {`{productVariation(id:"16",idType:DATABASE_ID){id}}`, nil, `No product variation exists with the database_id: 16`, `{"productVariation":null}`},
		"another kind":         {`{variableProduct(id:"16",idType:DATABASE_ID){id}}`, nil, `This product of ID 16 is not a variable product`, `{"variableProduct":null}`},
		"root, not offered":    {`{shippingMethods{nodes{id}}}`, nil, `wootest does not offer RootQuery.shippingMethods`, `{"shippingMethods":null}`},
		"field, not offered":   {`{product(id:"16",idType:DATABASE_ID){reviews{nodes{id}}}}`, nil, `wootest does not offer SimpleProduct.reviews`, `{"product":{"reviews":null}}`},
		"mutation":             {`mutation{createComment(input:{content:"x"}){success}}`, nil, `wootest does not offer RootMutation.createComment`, `{"createComment":null}`},
		"filter, not offered":  {`{products(where:{rating:[5]}){nodes{id}}}`, nil, `wootest does not offer the filter "rating" of products`, `{"products":null}`},
		"null where none must": {`{product(id:"16",idType:DATABASE_ID){name isContentNode}}`, nil, `wootest does not offer SimpleProduct.isContentNode`, `{"product":null}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			out := storetest.Ask(t, s, tc.query, tc.variables)
			if len(out.Errors) == 0 || out.Errors[0].Message != tc.want {
				t.Fatalf("errors %+v\nwant %s", out.Errors, tc.want)
			}
			if string(out.Data) != tc.data {
				t.Errorf("data %s, want %s", out.Data, tc.data)
			}
		})
	}
}

func TestGraphQLErrorSaysWhere(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	out := storetest.Ask(t, s, "{\n  p:product(id:\"x\",idType:SLUG){id}\n}", nil)
	e := out.Errors[0]
	if fmt.Sprint(e.Path) != "[p]" || len(e.Locations) != 1 || e.Locations[0].Line != 2 || e.Locations[0].Column != 3 {
		t.Errorf("%+v", e)
	}
}

// TestPagingOnce: whatever the page size, every product comes exactly once.
func TestPagingOnce(t *testing.T) {
	s, _ := storetest.NewStore(t, func(cfg *wootest.Config) { cfg.Catalogue = storetest.BulkCatalogue(t) })
	for _, size := range []int{7, 50, 100} {
		seen := map[int]int{}
		after := any(nil)
		for range 40 {
			out := storetest.Ask(t, s, `query($n:Int,$a:String){products(first:$n,after:$a){pageInfo{hasNextPage endCursor} nodes{databaseId}}}`,
				map[string]any{"n": size, "a": after})
			var page struct {
				Products struct {
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
					Nodes []struct{ DatabaseID int }
				}
			}
			if err := json.Unmarshal(out.Data, &page); err != nil {
				t.Fatal(err)
			}
			for _, n := range page.Products.Nodes {
				seen[n.DatabaseID]++
			}
			if !page.Products.PageInfo.HasNextPage {
				break
			}
			after = page.Products.PageInfo.EndCursor
		}
		if len(seen) != 121 || slices.ContainsFunc(slices.Collect(mapValues(seen)), func(n int) bool { return n != 1 }) {
			t.Errorf("pages of %d: %d products", size, len(seen))
		}
	}
}

func mapValues[K comparable, V any](m map[K]V) func(func(V) bool) {
	return func(yield func(V) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// TestSessionToken: minted for who has none, kept for who has a good one,
// replaced for everyone else; product queries work in any case.
func TestSessionToken(t *testing.T) {
	s, c := storetest.NewStore(t, nil)
	query := func(token string) (string, string) {
		header := map[string]string{"Content-Type": "application/json"}
		if token != "" {
			header["woocommerce-session"] = token
		}
		a := storetest.Send(t, s, "POST", "/graphql", `{"query":"{generalSettings{title}}"}`, header)
		return a.Header.Get("woocommerce-session"), a.Body
	}
	token, body := query("")
	if !strings.Contains(body, "Bharat Test Store") || strings.HasPrefix(token, "Session") {
		t.Fatalf("%q %s", token, body)
	}
	if again, _ := query("Session " + token); again != "" {
		t.Errorf("a good token was replaced with %s", again)
	}
	other, _ := storetest.NewStore(t, nil)
	foreign := storetest.Send(t, other, "GET", "/graphql?query={generalSettings{title}}", "", nil).Header.Get("woocommerce-session")
	for name, bad := range map[string]string{
		"no prefix": token, "tampered": "Session " + token + "x", "another store's": "Session " + foreign, "no token": "Session x.y",
	} {
		if fresh, body := query(bad); fresh == "" || fresh == token || !strings.Contains(body, "Bharat") {
			t.Errorf("%s: new token %q, %s", name, fresh, body)
		}
	}
	c.Set(c.Now().Add(48*time.Hour + 59*time.Second))
	if again, _ := query("Session " + token); again != "" {
		t.Error("the leeway of a minute is not given")
	}
	c.Set(c.Now().Add(2 * time.Second))
	if again, _ := query("Session " + token); again == "" {
		t.Error("an expired token was kept")
	}
}

func TestGraphQLTransport(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	jsonType := map[string]string{"Content-Type": "application/json; charset=utf-8"}
	if a := storetest.Send(t, s, "POST", "/graphql", `{"query":"query A{generalSettings{title}} query B{viewer{id}}","operationName":"A"}`, jsonType); !strings.Contains(a.Body, "Bharat") {
		t.Errorf("operationName: %s", a.Body)
	}
	if a := storetest.Send(t, s, "POST", "/graphql", `{"query":"query A{viewer{id}}","operationName":"C"}`, jsonType); a.Status != 200 || !strings.Contains(a.Body, "Unknown operation named") {
		t.Errorf("unknown operation: %d %s", a.Status, a.Body)
	}
	if a := storetest.Send(t, s, "GET", `/graphql?query=query($i:ID!){product(id:$i,idType:DATABASE_ID){sku}}&variables={"i":16}`, "", nil); !strings.Contains(a.Body, "MUG-001") {
		t.Errorf("variables in the address: %s", a.Body)
	}
	for body, status := range map[string]int{`{`: 500, `"x"`: 500, `[]`: 200, `{"query":"{"}`: 500, `[{"query":"{"},{"query":"{viewer{id}}"}]`: 200} {
		if a := storetest.Send(t, s, "POST", "/graphql", body, jsonType); a.Status != status {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
}
