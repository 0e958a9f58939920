package woo_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"

	graphql "github.com/hasura/go-graphql-client"

	"github.com/ankkor/ankkor/woo"
)

// BenchmarkHundredProducts reads one page of a hundred products from memory:
//
//	hasura   hasura's own Query, which fills the struct itself
//	decode   hasura's ExecRaw and one encoding/json decode of the same struct
//	client   what a shop calls: the same, and every price, stock and attribute made into a Product
//
// Compare the three of one run; the machine's own speed does not matter.
func BenchmarkHundredProducts(b *testing.B) {
	body := hundredProducts(b)
	transport := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	})
	raw := graphql.NewClient("https://shop.example.test/graphql", &http.Client{Transport: transport})
	client, err := woo.New(woo.Config{URL: "https://shop.example.test", HTTP: &http.Client{Transport: transport}})
	if err != nil {
		b.Fatal(err)
	}
	ctx := b.Context()
	b.Run("hasura", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var page benchPage
			if err := raw.Query(ctx, &page, nil); err != nil || len(page.Products.Nodes) != 100 {
				b.Fatal(len(page.Products.Nodes), err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			var page benchPage
			data, err := raw.ExecRaw(ctx, "{products{nodes{databaseId}}}", nil)
			if err == nil {
				err = json.Unmarshal(data, &page)
			}
			if err != nil || len(page.Products.Nodes) != 100 {
				b.Fatal(len(page.Products.Nodes), err)
			}
		}
	})
	b.Run("client", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			for _, err := range client.Products(ctx, woo.ProductFilter{PageSize: 100}) {
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
			if n != 100 {
				b.Fatal(n)
			}
		}
	})
}

// hundredProducts repeats the recorded products, with the fields that a query
// of the client asks for and the escapes that PHP wrote.
func hundredProducts(b *testing.B) []byte {
	b.Helper()
	_, recorded, err := load("graphql/products.http")
	if err != nil {
		b.Fatal(err)
	}
	var list struct {
		Data struct {
			Products struct {
				Nodes []json.RawMessage `json:"nodes"`
			} `json:"products"`
		} `json:"data"`
	}
	if err := json.Unmarshal(recorded, &list); err != nil {
		b.Fatal(err)
	}
	asked := askedFields(b)
	nodes := make([][]byte, 100)
	for i := range nodes {
		nodes[i] = bytes.Replace(prune(list.Data.Products.Nodes[i%len(list.Data.Products.Nodes)], asked), []byte("{"), []byte(`{"__typename":"SimpleProduct",`), 1)
	}
	return append(append([]byte(`{"data":{"products":{"pageInfo":{"hasNextPage":false,"endCursor":"x"},"nodes":[`), bytes.Join(nodes, []byte(","))...), `]}}}`...)
}

// askedFields are the words of the client's own query.
func askedFields(b *testing.B) map[string]bool {
	site := pagedSite(b, 0)
	for range site.client(b).Products(b.Context(), woo.ProductFilter{}) {
	}
	asked := map[string]bool{}
	for word := range strings.FieldsFuncSeq(site.seen()[0].graph(b).Query, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) }) {
		asked[word] = true
	}
	return asked
}

// prune drops the members of objects that nobody asked for.
func prune(raw json.RawMessage, asked map[string]bool) json.RawMessage {
	var object map[string]json.RawMessage
	var list []json.RawMessage
	switch {
	case json.Unmarshal(raw, &object) == nil && object != nil:
		for name, value := range object {
			object[name] = prune(value, asked)
			delete(object, "__typename") // asked for at the top only, and put back there
			if !asked[name] {
				delete(object, name)
			}
		}
		raw, _ = json.Marshal(object)
	case json.Unmarshal(raw, &list) == nil && list != nil:
		for i, value := range list {
			list[i] = prune(value, asked)
		}
		raw, _ = json.Marshal(list)
	}
	return raw
}

// benchPage is the answer to a list as hasura's Query wants it: the fields the
// client asks for in one flat struct, which is the form that suits hasura best
// (it drops a fragment on an interface once it has seen the object's type).
type benchPage struct {
	Products struct {
		PageInfo struct {
			HasNextPage bool   `graphql:"hasNextPage" json:"hasNextPage"`
			EndCursor   string `graphql:"endCursor" json:"endCursor"`
		} `graphql:"pageInfo" json:"pageInfo"`
		Nodes []benchNode `graphql:"nodes" json:"nodes"`
	} `graphql:"products" json:"products"`
}

type benchTerms struct {
	Nodes []struct {
		DatabaseID int64  `graphql:"databaseId" json:"databaseId"`
		Name       string `graphql:"name" json:"name"`
		Slug       string `graphql:"slug" json:"slug"`
	} `graphql:"nodes" json:"nodes"`
}

type benchImage struct {
	DatabaseID int64  `graphql:"databaseId" json:"databaseId"`
	SourceURL  string `graphql:"sourceUrl" json:"sourceUrl"`
	AltText    string `graphql:"altText" json:"altText"`
	SrcSet     string `graphql:"srcSet" json:"srcSet"`
	Details    struct {
		Width  int64 `graphql:"width" json:"width"`
		Height int64 `graphql:"height" json:"height"`
	} `graphql:"mediaDetails" json:"mediaDetails"`
}

type benchNode struct {
	Typename         string      `graphql:"__typename" json:"__typename"`
	DatabaseID       int64       `graphql:"databaseId" json:"databaseId"`
	Slug             string      `graphql:"slug" json:"slug"`
	Name             string      `graphql:"name" json:"name"`
	SKU              string      `graphql:"sku" json:"sku"`
	Status           string      `graphql:"status" json:"status"`
	Purchasable      bool        `graphql:"purchasable" json:"purchasable"`
	OnSale           bool        `graphql:"onSale" json:"onSale"`
	Virtual          bool        `graphql:"virtual" json:"virtual"`
	Image            *benchImage `graphql:"image" json:"image"`
	Categories       benchTerms  `graphql:"productCategories" json:"productCategories"`
	Featured         bool        `graphql:"featured" json:"featured"`
	Link             string      `graphql:"link" json:"link"`
	ModifiedGMT      string      `graphql:"modifiedGmt" json:"modifiedGmt"`
	Description      string      `graphql:"description" json:"description"`
	ShortDescription string      `graphql:"shortDescription" json:"shortDescription"`
	AverageRating    float64     `graphql:"averageRating" json:"averageRating"`
	ReviewCount      int64       `graphql:"reviewCount" json:"reviewCount"`
	Gallery          struct {
		Nodes []benchImage `json:"nodes"`
	} `graphql:"galleryImages" json:"galleryImages"`
	Tags             benchTerms `graphql:"productTags" json:"productTags"`
	Price            string     `graphql:"price" json:"price"`
	RegularPrice     string     `graphql:"regularPrice" json:"regularPrice"`
	SalePrice        string     `graphql:"salePrice" json:"salePrice"`
	PriceRaw         string     `graphql:"priceRaw: price(format: RAW)" json:"priceRaw"`
	RegularRaw       string     `graphql:"regularPriceRaw: regularPrice(format: RAW)" json:"regularPriceRaw"`
	SaleRaw          string     `graphql:"salePriceRaw: salePrice(format: RAW)" json:"salePriceRaw"`
	TaxStatus        string     `graphql:"taxStatus" json:"taxStatus"`
	TaxClass         string     `graphql:"taxClass" json:"taxClass"`
	ManageStock      string     `graphql:"manageStock" json:"manageStock"`
	StockQuantity    int64      `graphql:"stockQuantity" json:"stockQuantity"`
	StockStatus      string     `graphql:"stockStatus" json:"stockStatus"`
	Backorders       string     `graphql:"backorders" json:"backorders"`
	SoldIndividually bool       `graphql:"soldIndividually" json:"soldIndividually"`
	Weight           string     `graphql:"weight" json:"weight"`
	Length           string     `graphql:"length" json:"length"`
	Width            string     `graphql:"width" json:"width"`
	Height           string     `graphql:"height" json:"height"`
	ShippingRequired bool       `graphql:"shippingRequired" json:"shippingRequired"`
	Attributes       struct {
		Nodes []struct {
			Name      string     `graphql:"name" json:"name"`
			Label     string     `graphql:"label" json:"label"`
			Slug      string     `graphql:"slug" json:"slug"` // recorded, and hasura refuses a field it does not know
			Scope     string     `graphql:"scope" json:"scope"`
			Options   []string   `graphql:"options" json:"options"`
			Position  int        `graphql:"position" json:"position"`
			Variation bool       `graphql:"variation" json:"variation"`
			Visible   bool       `graphql:"visible" json:"visible"`
			Terms     benchTerms `graphql:"terms" json:"terms"`
		} `graphql:"nodes" json:"nodes"`
	} `graphql:"attributes" json:"attributes"`
	Defaults struct {
		Nodes []struct {
			Name  string `graphql:"name" json:"name"`
			Label string `graphql:"label" json:"label"`
			Value string `graphql:"value" json:"value"`
		} `graphql:"nodes" json:"nodes"`
	} `graphql:"defaultAttributes" json:"defaultAttributes"`
	Members     benchTerms `graphql:"products" json:"products"`
	ExternalURL string     `graphql:"externalUrl" json:"externalUrl"`
	ButtonText  string     `graphql:"buttonText" json:"buttonText"`
}
