package graphql_test

import (
	"testing"

	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// TestStatsAndTaxonomies: what was measured of WooGraphQL 1.0.2 on WooCommerce
// 10.0.2 with the same catalogue.
func TestStatsAndTaxonomies(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	tests := map[string][2]string{
		"one of several terms": {
			`{products(first:9,where:{taxonomyFilter:{relation:AND,filters:[{taxonomy:PA_SIZE,terms:["s","zz"],operator:IN}]}}){found}}`, `{"products":{"found":2}}`,
		},
		"attributes wants each": {`{products(where:{attributes:{queries:[{taxonomy:PA_SIZE,terms:["s","zz"],operator:IN}]}}){nodes{databaseId}}}`, `{"products":{"nodes":[]}}`},
		"every term":            {`{products(where:{taxonomyFilter:{and:[{taxonomy:PA_SIZE,terms:["s","m"],operator:AND}]}}){found}}`, `{"products":{"found":1}}`},
		"none of the terms":     {`{products(where:{category:"apparel",taxonomyFilter:{filters:[{taxonomy:PA_SIZE,terms:["s"],operator:NOT_IN}]}}){found}}`, `{"products":{"found":1}}`},
		"either taxonomy":       {`{products(where:{taxonomyFilter:{or:[{taxonomy:PA_COLOR,terms:["red"]},{taxonomy:PRODUCT_CAT,terms:["digital"]}]}}){found}}`, `{"products":{"found":2}}`},
		"drafts are counted":    {`{products(first:1){found}}`, `{"products":{"found":22}}`},
		"and asked away":        {`{products(first:1,where:{status:"publish"}){found}}`, `{"products":{"found":21}}`},
		"a part of a SKU":       {`{products(where:{sku:"mug"}){nodes{databaseId}}}`, `{"products":{"nodes":[{"databaseId":16}]}}`},
		"prices": {
			`{collectionStats(calculatePriceRange:true){priceRange{minPrice maxPrice raw:maxPrice(format:RAW)}}}`,
			`{"collectionStats":{"priceRange":{"maxPrice":"₹125,000.00","minPrice":"₹0.00","raw":"125000.0000"}}}`,
		},
		"in the smallest unit": {
			`{collectionStats(calculateStockStatusCounts:true,where:{minPrice:100000,maxPrice:200000}){stockStatusCounts{status count}}}`,
			`{"collectionStats":{"stockStatusCounts":[{"count":3,"status":"IN_STOCK"},{"count":0,"status":"OUT_OF_STOCK"},{"count":0,"status":"ON_BACKORDER"}]}}`,
		},
		"values": {
			`{collectionStats(taxonomies:[{taxonomy:PA_COLOR,relation:OR}]){attributeCounts{slug name terms{termId count node{slug}}}}}`,
			`{"collectionStats":{"attributeCounts":[{"name":"Color","slug":"PA_COLOR","terms":[{"count":1,"node":{"slug":"red"},"termId":"26"},{"count":1,"node":{"slug":"indigo"},"termId":"27"}]}]}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := storetest.GraphQL(t, s, test[0]); got != test[1] {
				t.Errorf("\n got %s\nwant %s", got, test[1])
			}
		})
	}
	broken := storetest.Ask(t, s, `{collectionStats(calculatePriceRange:true,where:{onSale:true}){priceRange{minPrice}}}`, nil)
	if len(broken.Errors) != 1 || broken.Errors[0].Message != "Internal server error" {
		t.Errorf("onSale: %+v", broken)
	}
}
