package graphql

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/shopspring/decimal"
)

// officeRoots are root fields for the back office; to anybody else the lists
// are empty and a coupon is null, without an error.
func (g *request) officeRoots() map[string]any {
	office := func(entries func() []entry) resolver {
		return func(args map[string]any) (any, error) {
			if !g.who.User.IsStaff() {
				return connection(nil, args), nil
			}
			return connection(entries(), args), nil
		}
	}
	return map[string]any{
		"shippingZones": office(g.zoneEntries), "taxRates": office(g.rateEntries), "coupons": office(g.couponEntries),
		"coupon": resolver(g.couponByID),
	}
}

func (g *request) rateEntries() []entry {
	var entries []entry
	rates := slices.Clone(g.site.Shop.Rates)
	slices.SortFunc(rates, func(a, b shop.TaxRate) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.ID, b.ID))
	})
	for _, r := range rates {
		entries = append(entries, entry{r.ID, g.rateNode(r)})
	}
	return entries
}

// zoneEntries are the shop's zones; "the rest of the world" is not one of them.
func (g *request) zoneEntries() []entry {
	var entries []entry
	for _, z := range g.site.Shop.Zones {
		id, err := strconv.ParseInt(memberText(z, "id"), 10, 64)
		if err != nil || id == 0 {
			continue
		}
		order, _ := z.Get("order")
		entries = append(entries, entry{id, &node{kind: "ShippingZone", fields: map[string]any{
			"id": globalID("shipping_zone", id), "databaseId": id, "name": memberText(z, "name"), "order": order,
			"locations": g.zoneLocations(id), "methods": resolver(func(map[string]any) (any, error) { return g.zoneMethods(id), nil }),
		}}})
	}
	return entries
}

func memberText(o wp.Object, name string) string {
	v, _ := o.Get(name)
	return wp.RawText(v)
}

func (g *request) zoneLocations(zone int64) []*node {
	nodes := []*node{}
	for _, at := range g.site.Shop.ZoneSpots[wp.Itoa(zone)] {
		nodes = append(nodes, &node{kind: "ShippingLocation", fields: map[string]any{
			"code": memberText(at, "code"), "type": strings.ToUpper(memberText(at, "type")),
		}})
	}
	return nodes
}

// zoneMethods are the ways to ship in a zone; what is particular to the zone
// is on the edge.
func (g *request) zoneMethods(zone int64) *node {
	nodes, edges := []*node{}, []*node{}
	for _, m := range g.site.Shop.ZoneWays[wp.Itoa(zone)] {
		method, ok := g.methodNode(memberText(m, "method_id")).(*node)
		if !ok {
			continue
		}
		instance, _ := m.Get("instance_id")
		order, _ := m.Get("order")
		enabled, _ := m.Get("enabled")
		nodes = append(nodes, method)
		edges = append(edges, &node{fields: map[string]any{
			"id":         base64.StdEncoding.EncodeToString([]byte("shipping_zone_method:" + memberText(m, "instance_id"))),
			"instanceId": instance, "order": order, "enabled": enabled, "settings": methodSettings(m), "node": method, "cursor": nil,
		}})
	}
	return &node{fields: map[string]any{"nodes": nodes, "edges": edges, "pageInfo": &node{fields: map[string]any{
		"hasNextPage": false, "hasPreviousPage": false, "startCursor": nil, "endCursor": nil,
	}}}}
}

func methodSettings(method wp.Object) []*node {
	nodes := []*node{}
	settings, _ := method.Get("settings")
	list, _ := settings.(wp.Object)
	for _, s := range list {
		one, _ := s.Value.(wp.Object)
		nodes = append(nodes, &node{kind: "WCStringSetting", fields: map[string]any{
			"id": s.Key, "value": unlessEmpty(memberText(one, "value")), "label": wp.Nullable(memberText(one, "label")),
			"description": wp.Nullable(memberText(one, "description")), "type": strings.ToUpper(memberText(one, "type")),
			"default": wp.Nullable(memberText(one, "default")), "tip": wp.Nullable(memberText(one, "tip")),
			"placeholder": wp.Nullable(memberText(one, "placeholder")),
		}})
	}
	return nodes
}

// unlessEmpty is null for what PHP's empty() finds empty, "0" too.
func unlessEmpty(text string) any {
	if text == "0" {
		return nil
	}
	return wp.Nullable(text)
}

// officeOnly is null for the public.
func (g *request) officeOnly(v any) any {
	if !g.who.User.IsStaff() {
		return nil
	}
	return v
}

// couponEntries are the coupons, newest first.
func (g *request) couponEntries() []entry {
	var entries []entry
	for _, c := range g.state.Coupons {
		if c.Status == "publish" {
			entries = append(entries, entry{c.ID, g.couponFields(c)})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(b.id, a.id) })
	return entries
}

func (g *request) couponByID(args map[string]any) (any, error) {
	if !g.who.User.IsStaff() {
		return nil, nil
	}
	id := argText(args, "id")
	for _, c := range g.state.Coupons {
		if argText(args, "idType") == "CODE" && c.Code == strings.ToLower(id) || anyID(args["id"]) == c.ID {
			return g.couponFields(c), nil
		}
	}
	return nil, wire.UserError("No coupon ID was found corresponding to the " + strings.ToLower(argText(args, "idType")) + ": " + id)
}

// couponFields: amounts are numbers, and null when they are zero.
func (g *request) couponFields(c *site.Coupon) *node {
	sh := g.site.Shop
	return &node{kind: "Coupon", fields: map[string]any{
		"id": globalID("shop_coupon", c.ID), "databaseId": c.ID, "code": c.Code, "amount": nullNumber(c.Amount),
		"discountType": strings.ToUpper(c.DiscountType), "description": wp.Nullable(c.Description), "dateExpiry": offsetTime(sh, shop.PointTime(c.Expires)),
		"date": offsetTime(sh, c.DateCreated.Time), "modified": offsetTime(sh, c.DateModified.Time), "usageCount": c.UsageCount,
		"usageLimit": limit(c.UsageLimit), "usageLimitPerUser": limit(c.UsageLimitPerUser), "limitUsageToXItems": limit(c.LimitToItems),
		"freeShipping": c.FreeShipping, "individualUse": c.IndividualUse, "excludeSaleItems": c.ExcludeSaleItems,
		"minimumAmount": nullNumber(c.MinimumAmount), "maximumAmount": nullNumber(c.MaximumAmount),
		"emailRestrictions": orNull(c.EmailRestrictions), "metaData": metaResolver(c.Meta),
	}}
}

func orNull(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

func limit(n *int64) any {
	if n == nil || *n == 0 {
		return nil
	}
	return *n
}

// stockMutations are the mutations of products that a shop's own tools use:
// stock and prices. Anything else in the input is refused, for ignoring it
// would pretend.
func (g *request) stockMutations() map[string]mutation {
	return map[string]mutation{
		"updateProduct": func(in map[string]any) (map[string]any, error) {
			p, err := g.putProduct(in)
			if err != nil {
				return nil, err
			}
			return map[string]any{"product": g.publicNode(p)}, nil
		},
		"updateProductVariation": func(in map[string]any) (map[string]any, error) {
			p, err := g.putProduct(in)
			if err != nil {
				return nil, err
			}
			return map[string]any{"variation": g.publicNode(p)}, nil
		},
	}
}

// productInputs are the names of an input and of REST's body.
func productInputs() map[string]string {
	return map[string]string{
		"stockQuantity": "stock_quantity", "manageStock": "manage_stock", "regularPrice": "regular_price", "salePrice": "sale_price", "sku": "sku",
		"name": "name", "description": "description", "shortDescription": "short_description",
	}
}

// putProduct saves a product over GraphQL as REST saves it.
func (g *request) putProduct(in map[string]any) (*shop.Product, error) {
	if !g.who.User.IsStaff() {
		return nil, wire.UserError("You do not have permission to edit this product")
	}
	p := g.state.Products[anyID(in["id"])]
	if p == nil {
		return nil, errInternal
	}
	c := &rest.Call{Site: g.site, State: g.state, IDs: map[string]int64{"id": p.ID, "product_id": p.ParentID}, Body: map[string]json.RawMessage{}}
	for name, value := range in {
		switch rest, ok := productInputs()[name]; {
		case ok:
			c.Body[rest] = restValue(rest, value)
		case name == "stockStatus", name == "backorders":
			c.Body[snake(name)] = restValue(name, strings.ToLower(strings.ReplaceAll(argText(in, name), "_", "")))
		case name != "id" && name != "productId" && name != "clientMutationId":
			return nil, wire.UserError("wootest does not offer " + name + " of updateProduct")
		}
	}
	save := (*rest.Call).UpdateProduct
	if p.IsVariation() {
		save = (*rest.Call).UpdateVariation
	}
	if _, err := save(c); err != nil {
		return nil, wire.UserError(err.Message)
	}
	return g.state.Products[p.ID], nil
}

// restValue writes a value as REST takes it: prices are text there.
func restValue(name string, value any) json.RawMessage {
	if strings.HasSuffix(name, "_price") {
		if d, err := decimal.NewFromString(argText(map[string]any{"v": value}, "v")); err == nil {
			value = d.String()
		}
	}
	raw, err := wp.PlainJSON(value)
	if err != nil { // what was decoded from JSON encodes
		return json.RawMessage("null")
	}
	return raw
}

func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
