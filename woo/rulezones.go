package woo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/pricing/shipping"
)

// classPages bounds the list of shipping classes.
const classPages = 20

type zoneNode struct {
	ID    looseInt `json:"id"`
	Name  string   `json:"name"`
	Order looseInt `json:"order"`
}

type locationNode struct {
	Code string `json:"code"`
	Type string `json:"type"`
}

type methodNode struct {
	InstanceID looseInt                 `json:"instance_id"`
	MethodID   string                   `json:"method_id"`
	Title      string                   `json:"title"`
	Order      looseInt                 `json:"order"`
	Enabled    looseBool                `json:"enabled"`
	Settings   map[string]methodSetting `json:"settings"`
}

type methodSetting struct {
	Value looseText `json:"value"`
}

// UnmarshalJSON reads settings that are an object, or an empty list where PHP
// had an empty array.
func (n *methodNode) UnmarshalJSON(data []byte) error {
	type plain methodNode
	var lenient struct {
		plain
		Settings json.RawMessage `json:"settings"`
	}
	if err := json.Unmarshal(data, &lenient); err != nil {
		return err
	}
	*n = methodNode(lenient.plain)
	if len(lenient.Settings) == 0 || lenient.Settings[0] != '{' {
		return nil
	}
	return json.Unmarshal(lenient.Settings, &n.Settings)
}

// readZones reads every zone, "the rest of the world" included, with its
// locations and methods.
func (c *Client) readZones(ctx context.Context) ([]shipping.Zone, error) {
	var list []zoneNode
	if _, err := c.getFresh(ctx, "read shipping zones", "shipping/zones", nil, &list); err != nil {
		return nil, err
	}
	classes, err := c.readShippingClasses(ctx)
	if err != nil {
		return nil, err
	}
	jobs := make([]func(context.Context) (shipping.Zone, error), len(list))
	for i, n := range list {
		jobs[i] = func(ctx context.Context) (shipping.Zone, error) { return c.readZone(ctx, n, classes) }
	}
	return inParallel(ctx, parallel, jobs)
}

func (c *Client) readZone(ctx context.Context, n zoneNode, classes map[string]string) (shipping.Zone, error) {
	const op = "read shipping zone"
	zone := shipping.Zone{ID: int64(n.ID), Name: plainText(n.Name), Order: int(n.Order)}
	root := "shipping/zones/" + strconv.FormatInt(zone.ID, 10)
	var locations []locationNode
	if _, err := c.getFresh(ctx, op, root+"/locations", nil, &locations); err != nil {
		return zone, err
	}
	for _, l := range locations {
		zone.Locations = append(zone.Locations, shipping.ZoneLocation{Type: shipping.LocationType(l.Type), Code: l.Code})
	}
	var methods []methodNode
	if _, err := c.getFresh(ctx, op, root+"/methods", nil, &methods); err != nil {
		return zone, err
	}
	for _, m := range methods {
		method, err := m.method(classes)
		if err != nil {
			return zone, err
		}
		zone.Methods = append(zone.Methods, method)
	}
	return zone, nil
}

// readShippingClasses maps the ids of shipping classes to their slugs: a flat
// rate's costs are kept by id, a product names the slug.
func (c *Client) readShippingClasses(ctx context.Context) (map[string]string, error) {
	type classNode struct {
		ID   looseInt `json:"id"`
		Slug string   `json:"slug"`
	}
	k := call{op: "read shipping classes", method: http.MethodGet, path: "products/shipping_classes", fresh: true}
	list, err := collect[classNode](ctx, c, k, classPages)
	if err != nil {
		return nil, err
	}
	classes := make(map[string]string, len(list))
	for _, n := range list {
		classes[strconv.FormatInt(int64(n.ID), 10)] = n.Slug
	}
	return classes, nil
}

// method reads a method's options as WC_Shipping_Flat_Rate,
// WC_Shipping_Free_Shipping and WC_Shipping_Local_Pickup keep them.
func (n methodNode) method(classes map[string]string) (shipping.Method, error) {
	text := func(name string) string { return string(n.Settings[name].Value) }
	m := shipping.Method{
		InstanceID: int64(n.InstanceID), Kind: shipping.MethodKind(n.MethodID), Enabled: bool(n.Enabled),
		Order: int(n.Order), Title: plainText(n.Title), Taxable: text("tax_status") == "taxable",
		Cost: text("cost"), NoClassCost: text("no_class_cost"), ClassType: shipping.ClassType(text("type")),
		Requires: shipping.FreeRequirement(text("requires")), IgnoreDiscounts: text("ignore_discounts") == "yes",
	}
	if amount := text("min_amount"); amount != "" {
		d, err := parseAmount(amount)
		if err != nil {
			return m, badRule(fmt.Sprintf("shipping method %d: min_amount", m.InstanceID), "is not an amount", nil)
		}
		m.MinAmount = d
	} else {
		m.MinAmount = decimal.Zero
	}
	for name, setting := range n.Settings {
		id, ok := strings.CutPrefix(name, "class_cost_")
		if !ok || setting.Value == "" {
			continue
		}
		slug, known := classes[id]
		if !known {
			slug = id // WooCommerce before 2.4 kept costs by slug
		}
		if m.ClassCosts == nil {
			m.ClassCosts = make(map[string]string)
		}
		m.ClassCosts[slug] = string(setting.Value)
	}
	return m, nil
}
