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
	HasNextPage bool   `graphql:"hasNextPage" json:"hasNextPage"`
	EndCursor   string `graphql:"endCursor" json:"endCursor"`
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
		Width  looseInt `graphql:"width" json:"width"`
		Height looseInt `graphql:"height" json:"height"`
	} `graphql:"mediaDetails" json:"mediaDetails"`
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
	priceNode
	stockNode
	sizeNode
}

// variationPage is a page of a variable product's variations.
type variationPage struct {
	PageInfo pageInfo        `graphql:"pageInfo" json:"pageInfo"`
	Nodes    []variationNode `graphql:"nodes" json:"nodes"`
}

// coreNode is what every product has, whatever its type, as far as a list or
// a cart needs it.
type coreNode struct {
	Typename    string          `graphql:"__typename" json:"__typename"`
	DatabaseID  int64           `graphql:"databaseId" json:"databaseId"`
	Slug        string          `graphql:"slug" json:"slug"`
	Name        string          `graphql:"name" json:"name"`
	SKU         string          `graphql:"sku" json:"sku"`
	Status      string          `graphql:"status" json:"status"`
	Purchasable bool            `graphql:"purchasable" json:"purchasable"`
	OnSale      bool            `graphql:"onSale" json:"onSale"`
	Virtual     bool            `graphql:"virtual" json:"virtual"`
	Image       *imageNode      `graphql:"image" json:"image"`
	Categories  nodes[termNode] `graphql:"productCategories(first: 100)" json:"productCategories"`
	priceNode   `graphql:"... on ProductWithPricing"`
	stockNode   `graphql:"... on InventoriedProduct"`
	sizeNode    `graphql:"... on ProductWithDimensions"`
}

// productNode is everything a product page shows.
type productNode struct {
	coreNode
	Featured         bool             `graphql:"featured" json:"featured"`
	Link             string           `graphql:"link" json:"link"`
	ModifiedGMT      string           `graphql:"modifiedGmt" json:"modifiedGmt"`
	Description      string           `graphql:"description" json:"description"`
	ShortDescription string           `graphql:"shortDescription" json:"shortDescription"`
	AverageRating    looseAmount      `graphql:"averageRating" json:"averageRating"`
	ReviewCount      int64            `graphql:"reviewCount" json:"reviewCount"`
	Gallery          nodes[imageNode] `graphql:"galleryImages(first: 100)" json:"galleryImages"`
	Tags             nodes[termNode]  `graphql:"productTags(first: 100)" json:"productTags"`
	attributesNode   `graphql:"... on ProductWithAttributes"`
	groupNode        `graphql:"... on GroupProduct"`
	externalNode     `graphql:"... on ExternalProduct"`
	variationsNode   `graphql:"-"`
}

type groupNode struct {
	Members nodes[memberNode] `graphql:"products(first: 100)" json:"products"`
}

type memberNode struct {
	DatabaseID int64  `graphql:"databaseId" json:"databaseId"`
	Slug       string `graphql:"slug" json:"slug"`
	Name       string `graphql:"name" json:"name"`
}

type externalNode struct {
	ExternalURL string `graphql:"externalUrl" json:"externalUrl"`
	ButtonText  string `graphql:"buttonText" json:"buttonText"`
}

// variationsNode is asked for only where variations are wanted.
type variationsNode struct {
	Variations variationPage `graphql:"variations(first: 100)" json:"variations"`
}
