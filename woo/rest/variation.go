package rest

// Variation is one choice of a variable product.
type Variation struct {
	ID          int64  `json:"id"`
	ParentID    int64  `json:"parent_id"`
	Name        string `json:"name"`
	Status      string `json:"status"` // publish, private
	Description string `json:"description"`
	Permalink   string `json:"permalink"`
	Goods
	Image      *Image            `json:"image"`
	Attributes []ChosenAttribute `json:"attributes"`
	MenuOrder  int64             `json:"menu_order"`
}

// VariationChange is what is written of a variation; nil stays as it is.
type VariationChange struct {
	GoodsChange
	Image      *Image            `json:"image,omitempty"`
	Attributes []ChosenAttribute `json:"attributes,omitzero"`
	MenuOrder  *int64            `json:"menu_order,omitempty"`
}

func (c VariationChange) check() error { return c.GoodsChange.check() }

func (c VariationChange) ignored(v Variation) error { return c.GoodsChange.ignoredIn(v.ID, v.Goods) }
