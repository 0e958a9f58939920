package live_test

import (
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/cart"
)

// piece is something for sale, made for one test.
type piece struct {
	ref      cart.ItemRef
	stockID  int64 // the product or variation whose number counts
	quantity int64 // to buy
	name     string
	sku      string
	class    string
}

// counted is the REST path of what is counted for the piece.
func (p piece) counted() string {
	path := fmt.Sprint("products/", p.ref.ProductID)
	if p.stockID == p.ref.VariationID {
		path += fmt.Sprint("/variations/", p.stockID)
	}
	return path
}

// goods are the pieces of a mixed cart: 5, 12 and 18 percent GST, a price that
// does not divide, a sale, a variation with stock of its own and one that is
// counted at its product.
type goods struct {
	mug, tea, lamp  piece
	kurtaOwn, kurta piece
	kurtaID         int64
}

const (
	onTheShelf = 20 // pieces of everything at the start
	mugPrice   = "499"
)

// stockGoods puts the goods into the store.
func (s *shop) stockGoods() goods {
	s.Helper()
	g := goods{
		mug:  s.simple("mug", mugPrice, "gst-12", 2),
		tea:  s.simple("tea", "33.33", "gst-5", 7),
		lamp: s.simple("lamp", "1499.50", "gst-18", 1),
	}
	s.keeper.ask(s.Context(), "PUT", fmt.Sprint("products/", g.lamp.ref.ProductID), map[string]any{"sale_price": "1199.25"}, nil)
	body := s.body("kurta", "", "gst-5")
	body["type"] = "variable"
	body["attributes"] = []any{map[string]any{"name": "Size", "options": []string{"M", "L"}, "variation": true, "visible": true}}
	g.kurtaID = s.keeper.make("products", body)
	g.kurtaOwn = s.variation(g.kurtaID, "M", "1349", true)
	g.kurta = s.variation(g.kurtaID, "L", "1399.90", false)
	return g
}

func (g goods) all() []piece { return []piece{g.mug, g.tea, g.lamp, g.kurtaOwn, g.kurta} }

func (s *shop) body(what, price, class string) map[string]any {
	return map[string]any{
		"name": "Ankkor trial " + what + " " + s.mark, "sku": s.sku(what), "regular_price": price, "tax_class": class, "status": "publish",
		"manage_stock": true, "stock_quantity": onTheShelf,
	}
}

func (s *shop) sku(what string) string { return strings.ToUpper("ANK-" + s.mark + "-" + what) }

func (s *shop) simple(what, price, class string, quantity int64) piece {
	s.Helper()
	body := s.body(what, price, class)
	id := s.keeper.make("products", body)
	return piece{cart.ItemRef{ProductID: id}, id, quantity, body["name"].(string), s.sku(what), class}
}

func (s *shop) variation(parent int64, size, price string, own bool) piece {
	s.Helper()
	body := map[string]any{
		"sku": s.sku("kurta-" + size), "regular_price": price, "status": "publish",
		"attributes": []any{map[string]any{"name": "Size", "option": size}},
	}
	if own {
		body["manage_stock"], body["stock_quantity"] = true, onTheShelf
	}
	path := fmt.Sprint("products/", parent, "/variations")
	id := s.keeper.make(path, body)
	p := piece{cart.ItemRef{ProductID: parent, VariationID: id}, parent, 1, "", s.sku("kurta-" + size), "gst-5"}
	if own {
		p.stockID = id
	}
	return p
}

// shelf reads how many pieces of each the store counts.
func (s *shop) shelf(g goods) map[string]int64 {
	s.Helper()
	counts := map[string]int64{}
	for _, p := range g.all() {
		counts[p.sku] = s.keeper.stock(p)
	}
	return counts
}
