package woo

// The node types are both sides of one agreement: hasura's client builds the
// selection from their graphql tags, encoding/json reads the answer by their
// json tags. null is the zero value everywhere.

// nodes is a connection without cursors.
type nodes[T any] struct {
	Nodes []T `graphql:"nodes" json:"nodes"`
}

// pageInfo says whether a connection goes on.
type pageInfo struct {
	HasNextPage     bool   `json:"hasNextPage"`
	EndCursor       string `json:"endCursor"`
	HasPreviousPage bool   `json:"hasPreviousPage"`
	StartCursor     string `json:"startCursor"`
}

// next is where a connection goes on, "" at its end. Where it has to go on but
// does not say where, or where it is already, it never ends.
func (p pageInfo) next(op, at string, backwards bool) (string, error) {
	more, next := p.HasNextPage, p.EndCursor
	if backwards {
		more, next = p.HasPreviousPage, p.StartCursor
	}
	switch {
	case !more:
		return "", nil
	case next == "" || next == at:
		return "", endless(op)
	}
	return next, nil
}

type termNode struct {
	DatabaseID int64  `graphql:"databaseId" json:"databaseId"`
	Name       string `graphql:"name" json:"name"`
	Slug       string `graphql:"slug" json:"slug"`
}

type imageNode struct {
	DatabaseID int64  `graphql:"databaseId" json:"databaseId"`
	SourceURL  string `graphql:"sourceUrl" json:"sourceUrl"`
	AltText    string `graphql:"altText" json:"altText"`
	SrcSet     string `graphql:"srcSet" json:"srcSet"`
	Details    struct {
		Width  looseInt   `graphql:"width" json:"width"`
		Height looseInt   `graphql:"height" json:"height"`
		Sizes  []sizeCopy `graphql:"-" json:"sizes"`
	} `graphql:"mediaDetails" json:"mediaDetails"`
}

// sizeCopy is a copy of an image; asked for by product pages only.
type sizeCopy struct {
	Name   string   `json:"name"`
	URL    string   `json:"sourceUrl"`
	Width  looseInt `json:"width"`
	Height looseInt `json:"height"`
}

// priceNode is in every type with a price. FORMATTED is what the shop shows,
// RAW what it stores: with prices entered without tax and shown with it they
// are different numbers.
type priceNode struct {
	Price        string `graphql:"price" json:"price"`
	RegularPrice string `graphql:"regularPrice" json:"regularPrice"`
	SalePrice    string `graphql:"salePrice" json:"salePrice"`
	RawPrice     string `graphql:"priceRaw: price(format: RAW)" json:"priceRaw"`
	RawRegular   string `graphql:"regularPriceRaw: regularPrice(format: RAW)" json:"regularPriceRaw"`
	RawSale      string `graphql:"salePriceRaw: salePrice(format: RAW)" json:"salePriceRaw"`
	TaxStatus    string `graphql:"taxStatus" json:"taxStatus"`
	TaxClass     string `graphql:"taxClass" json:"taxClass"`
}

// stockNode is missing on external and grouped products. A quantity of zero
// arrives as null, so Quantity is right for both; ManageStock decides.
type stockNode struct {
	ManageStock      string `graphql:"manageStock" json:"manageStock"`
	StockQuantity    int64  `graphql:"stockQuantity" json:"stockQuantity"`
	StockStatus      string `graphql:"stockStatus" json:"stockStatus"`
	Backorders       string `graphql:"backorders" json:"backorders"`
	SoldIndividually bool   `graphql:"soldIndividually" json:"soldIndividually"`
}

type sizeNode struct {
	Weight           string `graphql:"weight" json:"weight"`
	Length           string `graphql:"length" json:"length"`
	Width            string `graphql:"width" json:"width"`
	Height           string `graphql:"height" json:"height"`
	ShippingRequired bool   `graphql:"shippingRequired" json:"shippingRequired"`
	ShippingClassID  int64  `graphql:"shippingClassId" json:"shippingClassId"`
}

type attributeNode struct {
	Name      string   `graphql:"name" json:"name"`
	Label     string   `graphql:"label" json:"label"`
	Scope     string   `graphql:"scope" json:"scope"`
	Options   []string `graphql:"options" json:"options"`
	Position  int      `graphql:"position" json:"position"`
	Variation bool     `graphql:"variation" json:"variation"`
	Visible   bool     `graphql:"visible" json:"visible"`
	Global    struct {
		Terms nodes[termNode] `graphql:"terms(first: 100)" json:"terms"`
	} `graphql:"... on GlobalProductAttribute" json:"-"`
	Terms nodes[termNode] `graphql:"-" json:"terms"`
}

// chosenNode is an attribute of a variation or a default: a slug for a global
// attribute, text for a local one, "" for any.
type chosenNode struct {
	Name  string `graphql:"name" json:"name"`
	Label string `graphql:"label" json:"label"`
	Value string `graphql:"value" json:"value"`
}

type attributesNode struct {
	Attributes nodes[attributeNode] `graphql:"attributes(first: 100)" json:"attributes"`
	Defaults   nodes[chosenNode]    `graphql:"defaultAttributes(first: 100)" json:"defaultAttributes"`
}

type variationNode struct {
	DatabaseID  int64             `graphql:"databaseId" json:"databaseId"`
	Name        string            `graphql:"name" json:"name"`
	SKU         string            `graphql:"sku" json:"sku"`
	Status      string            `graphql:"status" json:"status"`
	Description string            `graphql:"description" json:"description"`
	Purchasable bool              `graphql:"purchasable" json:"purchasable"`
	OnSale      bool              `graphql:"onSale" json:"onSale"`
	Virtual     bool              `graphql:"virtual" json:"virtual"`
	Image       *imageNode        `graphql:"image" json:"image"`
	Attributes  nodes[chosenNode] `graphql:"attributes(first: 100)" json:"attributes"`
	downloadNode
	priceNode
	stockNode
	sizeNode
}

// variationPage is a page of a variable product's variations.
type variationPage struct {
	PageInfo pageInfo        `json:"pageInfo"`
	Nodes    []variationNode `json:"nodes"`
}

// cardNode is what a tile shows, of whatever type.
type cardNode struct {
	Typename      string      `graphql:"__typename" json:"__typename"`
	DatabaseID    int64       `graphql:"databaseId" json:"databaseId"`
	Slug          string      `graphql:"slug" json:"slug"`
	Name          string      `graphql:"name" json:"name"`
	SKU           string      `graphql:"sku" json:"sku"`
	Status        string      `graphql:"status" json:"status"`
	Purchasable   bool        `graphql:"purchasable" json:"purchasable"`
	OnSale        bool        `graphql:"onSale" json:"onSale"`
	Image         *imageNode  `graphql:"image" json:"image"`
	AverageRating looseAmount `graphql:"averageRating" json:"averageRating"`
	ReviewCount   int64       `graphql:"reviewCount" json:"reviewCount"`
	priceNode     `graphql:"... on ProductWithPricing"`
	stockNode     `graphql:"... on InventoriedProduct"`
}

// relatedNode is a card that says why it is related.
type relatedNode struct {
	cardNode
	Categories nodes[idNode] `json:"productCategories"`
	Tags       nodes[idNode] `json:"productTags"`
}

type idNode struct {
	DatabaseID int64 `json:"databaseId"`
}

// coreNode is what a list and a cart need of every product.
type coreNode struct {
	cardNode
	Virtual    bool            `graphql:"virtual" json:"virtual"`
	Categories nodes[termNode] `graphql:"productCategories(first: 100)" json:"productCategories"`
	sizeNode   `graphql:"... on ProductWithDimensions"`
}

// productNode is everything a product page shows.
type productNode struct {
	coreNode
	Featured         bool             `graphql:"featured" json:"featured"`
	Link             string           `graphql:"link" json:"link"`
	ModifiedGMT      string           `graphql:"modifiedGmt" json:"modifiedGmt"`
	Description      string           `graphql:"description" json:"description"`
	ShortDescription string           `graphql:"shortDescription" json:"shortDescription"`
	Gallery          nodes[imageNode] `graphql:"galleryImages(first: 100)" json:"galleryImages"`
	Tags             nodes[termNode]  `graphql:"productTags(first: 100)" json:"productTags"`
	downloadNode     `graphql:"... on DownloadableProduct"`
	attributesNode   `graphql:"... on ProductWithAttributes"`
	groupNode        `graphql:"-"`
	externalNode     `graphql:"... on ExternalProduct"`
	variationsNode   `graphql:"-"`
	besideNode       `graphql:"-"`
}

type downloadNode struct {
	Downloadable bool `graphql:"downloadable" json:"downloadable"`
}

// groupNode is asked for as cards, by a fragment: what is in a group is a
// product in 0.21 and a union of products and variations in 1.0.
type groupNode struct {
	Members nodes[cardNode] `json:"products"`
}

type externalNode struct {
	ExternalURL string `graphql:"externalUrl" json:"externalUrl"`
	ButtonText  string `graphql:"buttonText" json:"buttonText"`
}

// variationsNode is asked for only where variations are wanted.
type variationsNode struct {
	Variations variationPage `json:"variations"`
}

// besideNode is asked for only by product pages.
type besideNode struct {
	Upsells    nodes[cardNode]    `json:"upsell"`
	CrossSells nodes[cardNode]    `json:"crossSell"`
	Related    nodes[relatedNode] `json:"related"`
}
