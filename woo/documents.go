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
	card      string // selection of what a tile shows
	product   string // selection of what a product page needs of the product itself
	variation string // selection of a variation
	category  string // selection of a category
}

func buildDocuments() (documents, error) {
	var d documents
	for _, part := range []struct {
		into *string
		node any
	}{
		{&d.item, itemNode{}}, {&d.child, childNode{}}, {&d.card, cardNode{}},
		{&d.product, productNode{}}, {&d.variation, variationNode{}}, {&d.category, categoryNode{}},
	} {
		selection, err := graphql.ConstructQuery(part.node, nil)
		if err != nil {
			return d, fmt.Errorf("woo: build query: %w", err)
		}
		*part.into = selection
	}
	return d, nil
}

const (
	nextSelection = "pageInfo{hasNextPage,endCursor}"
	copySelection = "mediaDetails{sizes{name,sourceUrl,width,height}}"
	termIDs       = "(first:100){nodes{databaseId}}"
)

// pageSelection asks whether a list goes on, in the direction it is read.
func pageSelection(backwards bool) string {
	if backwards {
		return "pageInfo{hasPreviousPage,startCursor}"
	}
	return nextSelection
}

// with adds to a selection.
func with(selection string, more ...string) string {
	return strings.TrimSuffix(selection, "}") + "," + strings.Join(more, ",") + "}"
}

// listFragments are P, a product with what a list needs of it, and K, a card.
func (d documents) listFragments(f ProductFilter) string {
	if f.Variations {
		return d.fragments(d.wholeProduct()...)
	}
	return d.fragments()
}

// pageFragments are P, a product with everything its page shows, and K.
// WooGraphQL has cross-sells on two types only.
func (d documents) pageFragments() string {
	const crossSell = "crossSell(first:20){nodes{...K}}"
	return d.fragments(append(d.wholeProduct(),
		"upsell(first:20){nodes{...K}}", "... on SimpleProduct{"+crossSell+"}", "... on VariableProduct{"+crossSell+"}",
		"related(first:8){nodes{...K ... on Product{productCategories"+termIDs+",productTags"+termIDs+"}}}",
	)...)
}

// wholeProduct adds the variations and the copies of the images.
func (d documents) wholeProduct() []string {
	return []string{
		"... on ProductWithVariations{variations(first:100){" + nextSelection + ",nodes" + d.variation + "}}",
		"image{" + copySelection + "}", "galleryImages(first:100){nodes{" + copySelection + "}}",
	}
}

func (d documents) fragments(more ...string) string {
	group := "... on GroupProduct{products(first:100){nodes{...K}}}"
	return "fragment P on Product" + with(d.product, append(more, group)...) + "fragment K on Product" + d.card
}

// oneProduct asks for a product by an id of the given kind.
func (d documents) oneProduct(idType string) string {
	return "query($id:ID!){product(id:$id,idType:" + idType + "){...P}}" + d.pageFragments()
}

// oneOfList asks for a product as a list has it.
func (d documents) oneOfList(f ProductFilter) string {
	return "query($id:ID!){product(id:$id,idType:DATABASE_ID){...P}}" + d.listFragments(f)
}

// moreVariations asks for a further page of variations.
func (d documents) moreVariations() string {
	return "query($id:ID!,$after:String){product(id:$id,idType:DATABASE_ID){... on ProductWithVariations{variations(first:100,after:$after){" +
		nextSelection + ",nodes" + d.variation + "}}}}"
}

// variationsBySKU finds variations whose SKU contains a text. The field lists
// variations beside products when asked to.
func (d documents) variationsBySKU(field string) string {
	return "query($sku:String!){" + field + "(first:100,where:{sku:$sku,includeVariations:true,status:\"publish\"}){nodes{" +
		"... on ProductVariation{sku,parent{node{databaseId}}}}}}"
}

// categories asks for a page of the shop's categories, empty ones too.
func (d documents) categories() string {
	return "query($after:String){productCategories(first:100,after:$after,where:{hideEmpty:false}){" + nextSelection + ",nodes" + d.category + "}}"
}
