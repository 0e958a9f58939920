package woo_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/woo"
)

// TestOneValueInManyTypes: PHP writes an id as 154 or "154", an amount as
// "499.00", 499 or 499.5, nothing as "", null or false.
func TestOneValueInManyTypes(t *testing.T) {
	tests := map[string][]string{
		"as recorded":            nil,
		"id in a string":         {`"id":154`, `"id":"154"`},
		"number is a number":     {`"number":"154"`, `"number":154`},
		"total is a number":      {`"total":"499.00"`, `"total":499`},
		"total is a float":       {`"total":"499.00"`, `"total":499.0`},
		"total with an exponent": {`"total":"499.00"`, `"total":4.99E2`},
		"tax is null":            {`"shipping_tax":"0.00"`, `"shipping_tax":null`},
		"quantity in a string":   {`"quantity":1`, `"quantity":"1"`},
		"quantity is a float":    {`"quantity":1`, `"quantity":1.0`},
		"variation is null":      {`"variation_id":0`, `"variation_id":null`},
		"variation is empty":     {`"variation_id":0`, `"variation_id":""`},
		"variation is false":     {`"variation_id":0`, `"variation_id":false`},
		"date paid is empty":     {`"date_paid_gmt":null`, `"date_paid_gmt":""`},
		"date paid is false":     {`"date_paid_gmt":null`, `"date_paid_gmt":false`},
		"unknown fields":         {`"version":"10.4.3"`, `"version":"10.4.3","new_in_12":{"a":[1,{}]}`},
	}
	for name, edit := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": pendingMug(edit...)})
			got, err := site.client(t).CreatePending(t.Context(), mugOrder())
			if err != nil {
				t.Fatal(err)
			}
			line := got.Lines[0]
			if got.ID != 154 || got.Number != "154" || got.Total != pricing.Paise(49900) || got.Paid() || line.Quantity != 1 || line.VariationID != 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestValuesThatMeanNothing are refused, not rounded and not guessed.
func TestValuesThatMeanNothing(t *testing.T) {
	tests := map[string][]string{
		"id is a fraction":       {`"id":154`, `"id":154.5`},
		"id is text":             {`"id":154`, `"id":"abc"`},
		"id beyond 64 bits":      {`"id":154`, `"id":92233720368547758080`},
		"id is negative":         {`"id":154`, `"id":-154`},
		"quantity is half":       {`"quantity":1`, `"quantity":0.5`},
		"total with a separator": {`"total":"499.00"`, `"total":"1,499.00"`},
		"total is hexadecimal":   {`"total":"499.00"`, `"total":"0x1F3"`},
		"total is NaN":           {`"total":"499.00"`, `"total":"NaN"`},
		"total is endless":       {`"total":"499.00"`, `"total":"` + strings.Repeat("9", 70) + `"`},
		"total in other digits":  {`"total":"499.00"`, `"total":"४९९.००"`},
		"exponent is huge":       {`"total":"499.00"`, `"total":1e1000000000`},
		"exponent is tiny":       {`"total":"499.00"`, `"total":1e-2147483648`},
		"total beyond money":     {`"total":"499.00"`, `"total":"999999999999999999"`},
	}
	for name, edit := range tests {
		t.Run(name, func(t *testing.T) {
			site := newSite(t, map[string]http.Handler{"*": pendingMug(edit...)})
			_, err := site.client(t).CreatePending(t.Context(), mugOrder())
			checkKind(t, err, woo.Unknown)
		})
	}
}

func TestReducedStock(t *testing.T) {
	tests := map[string]struct {
		entries []string
		want    int64
	}{
		"none":            {nil, 0},
		"once":            {[]string{`"1"`}, 1},
		"as a number":     {[]string{`1`}, 1},
		"twice":           {[]string{`"1"`, `"1"`}, 2},
		"with decimals":   {[]string{`"2.00"`}, 2},
		"something else":  {[]string{`{"a":1}`, `"3"`}, 3},
		"text":            {[]string{`"many"`}, 0},
		"given back":      {[]string{`"2"`, `"-1"`}, 1},
		"beyond 64 bits":  {[]string{`"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`, `"999999999999999999"`}, 0},
		"half a piece":    {[]string{`"0.5"`, `"0.5"`}, 1},
		"only a fraction": {[]string{`"0.5"`}, 0},
	}
	for name, test := range tests {
		site := newSite(t, map[string]http.Handler{"GET" + mugPath: mugIn("processing", "pay_1", "", test.entries...)})
		got, err := site.client(t).Order(t.Context(), 154)
		if err != nil || got.Lines[0].Reduced != test.want {
			t.Errorf("%s: reduced %d, want %d; %v", name, got.Lines[0].Reduced, test.want, err)
		}
	}
}

// TestStoreInAFolder: WordPress need not live at the root, nor WPGraphQL at
// /graphql.
func TestStoreInAFolder(t *testing.T) {
	site := newSite(t, map[string]http.Handler{
		"GET /shop/wp-json/wc/v3/orders/154": pendingMug(),
		"POST /shop/graphql":                 recording("graphql/mug.http"),
		"POST /api/gql":                      recording("graphql/mug.http"),
	})
	for _, edit := range []func(*woo.Config){
		func(c *woo.Config) { c.URL += "/shop" },
		func(c *woo.Config) { c.URL += "/shop/" },
		func(c *woo.Config) { c.GraphQLURL, c.URL = c.URL+"/api/gql", c.URL+"//shop" },
	} {
		client := site.client(t, edit)
		if _, err := client.Order(t.Context(), 154); err != nil {
			t.Errorf("%v: %v", client, err)
		}
		if _, err := site.client(t, edit, withoutKey).Product(t.Context(), "mug"); err != nil {
			t.Errorf("%v: %v", client, err)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	tests := map[string]*woo.Error{
		"woo: create order: refused (HTTP 400, rest_invalid_param): billing: Invalid parameter(s): billing": {
			Kind: woo.Refused, Op: "create order", Status: 400, Code: "rest_invalid_param", Field: "billing", Message: "Invalid parameter(s): billing"},
		"woo: read order: unavailable: answer not understood": {Kind: woo.Unavailable, Op: "read order", Cause: woo.ErrBadAnswer},
		"woo: outcome unknown":                                {Kind: woo.Unknown},
		"woo: rate limited (HTTP 429)":                        {Kind: woo.RateLimited, Status: 429},
	}
	for want, err := range tests {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
