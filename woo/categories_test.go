package woo_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/wootest"
)

// outline writes a tree on one line.
func outline(list []woo.Category) string {
	var parts []string
	for _, c := range list {
		part := c.Slug
		if len(c.Children) > 0 {
			part += "(" + outline(c.Children) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

func TestCategoryTree(t *testing.T) {
	store, _ := openStore(t, wootest.Config{})
	for _, kind := range []woo.Catalogue{woo.CatalogueGraphQL, woo.CatalogueStoreAPI} {
		tree, err := clientOf(t, store, over(kind)).CategoryTree(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		const want = "apparel bulk digital home(kitchen-dining) jewellery uncategorized"
		if got := outline(tree); got != want && got != strings.Replace(want, " bulk", "", 1) {
			t.Errorf("%s: %s", kind, got)
		}
		for _, c := range tree {
			if c.Slug == "home" && (c.Children[0].ParentID != c.ID || c.Children[0].Name != "Kitchen & Dining" || !strings.HasSuffix(c.Children[0].Link, "/product-category/home/kitchen-dining/")) {
				t.Errorf("%s: %+v", kind, c)
			}
		}
	}
}

// categorySite has categories over GraphQL, two at a time.
func categorySite(t *testing.T, parents ...int) *site {
	return newSite(t, map[string]http.Handler{"POST /graphql": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := 0
		if after, ok := readGraph(t, r).Variables["after"].(string); ok {
			fmt.Sscan(after, &at)
		}
		var nodes []string
		for i := at; i < min(at+2, len(parents)); i++ {
			nodes = append(nodes, fmt.Sprintf(`{"databaseId":%d,"parentDatabaseId":%d,"slug":"c%d","name":"A &amp; B","count":%d,"image":{"databaseId":7,"sourceUrl":"https://x.test/a.jpg"}}`, i+1, parents[i], i+1, i))
		}
		fmt.Fprintf(w, `{"data":{"productCategories":{"pageInfo":{"hasNextPage":%v,"endCursor":"%d"},"nodes":[%s]}}}`, at+2 < len(parents), at+2, strings.Join(nodes, ","))
	})})
}

// TestOddCategories: orphans and circles stand at the top, nothing is lost.
func TestOddCategories(t *testing.T) {
	tests := map[string]struct {
		parents []int // of 1, 2, 3 ...
		want    string
	}{
		"none":                 {nil, ""},
		"deep":                 {[]int{0, 1, 2, 3, 0}, "c1(c2(c3(c4))) c5"},
		"children come first":  {[]int{2, 3, 0}, "c3(c2(c1))"},
		"an orphan":            {[]int{0, 99}, "c1 c2"},
		"its own parent":       {[]int{1, 0}, "c1 c2"},
		"a circle":             {[]int{2, 1, 0}, "c1 c2 c3"},
		"below a circle":       {[]int{2, 1, 1, 3}, "c1(c3(c4)) c2"},
		"a circle with a tail": {[]int{3, 1, 2, 0}, "c1 c2 c3 c4"},
	}
	for name, test := range tests {
		tree, err := categorySite(t, test.parents...).client(t, withoutKey).CategoryTree(t.Context())
		if err != nil || outline(tree) != test.want {
			t.Errorf("%s: %s, want %s; %v", name, outline(tree), test.want, err)
		}
	}
}

func TestCategoriesAreReadPageByPage(t *testing.T) {
	site := categorySite(t, 0, 0, 0, 0, 0)
	n := 0
	for c, err := range site.client(t, withoutKey).Categories(t.Context()) {
		n++
		want := woo.Category{ID: int64(n), Name: "A & B", Slug: fmt.Sprint("c", n), Count: int64(n - 1), Image: &woo.Image{ID: 7, URL: "https://x.test/a.jpg"}}
		if diff := cmp.Diff(want, c); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		if n == 3 {
			break
		}
	}
	if len(site.seen()) != 2 {
		t.Errorf("%d requests for three categories, two at a time", len(site.seen()))
	}
}

func TestCategoriesThatDoNotEnd(t *testing.T) {
	site := newSite(t, map[string]http.Handler{"*": answering(200, `{"data":{"productCategories":{"pageInfo":{"hasNextPage":true,"endCursor":"x"},"nodes":[]}}}`)})
	_, err := site.client(t).CategoryTree(t.Context())
	checkKind(t, err, woo.Unavailable)
	_, err = newSite(t, map[string]http.Handler{"*": answering(503, "<html>")}).client(t).CategoryTree(t.Context())
	checkKind(t, err, woo.Unavailable)
}
