package woo

import (
	"fmt"
	"strings"

	graphql "github.com/hasura/go-graphql-client"
)

// documents are the fixed parts of our queries, built once per client from the
// node types. Input types and enums differ from site to site (tax classes,
// attributes) and between WooGraphQL 0.21 and 1.0, so a document names none:
// variables are scalars, and filters are written out field by field.
type documents struct {
	item      string // selection of what a cart needs of a product
	child     string // selection of what a cart needs of a variation
	product   string // selection of what a product page needs, without variations
	variation string // selection of a variation
}

func buildDocuments() (documents, error) {
	var d documents
	for _, part := range []struct {
		into *string
		node any
	}{{&d.item, itemNode{}}, {&d.child, childNode{}}, {&d.product, productNode{}}, {&d.variation, variationNode{}}} {
		selection, err := graphql.ConstructQuery(part.node, nil)
		if err != nil {
			return d, fmt.Errorf("woo: build query: %w", err)
		}
		*part.into = selection
	}
	return d, nil
}

const pageSelection = "pageInfo{hasNextPage,endCursor}"

// fullFragment is P, a product with its variations.
func (d documents) fullFragment() string {
	return "fragment P on Product" + strings.TrimSuffix(d.product, "}") +
		",... on ProductWithVariations{variations(first:100){" + pageSelection + ",nodes" + d.variation + "}}}"
}

// lightFragment is P, a product without its variations.
func (d documents) lightFragment() string { return "fragment P on Product" + d.product }

// oneProduct asks for a product by an id of the given kind.
func (d documents) oneProduct(idType string) string {
	return "query($id:ID!){product(id:$id,idType:" + idType + "){...P}}" + d.fullFragment()
}

// moreVariations asks for a further page of variations.
func (d documents) moreVariations() string {
	return "query($id:ID!,$after:String){product(id:$id,idType:DATABASE_ID){... on ProductWithVariations{variations(first:100,after:$after){" +
		pageSelection + ",nodes" + d.variation + "}}}}"
}
