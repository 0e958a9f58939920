package rest

import (
	"context"
	"net/http"

	"github.com/ankkor/ankkor/woo"
)

// ShippingClass groups products by what they cost to send.
type ShippingClass struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	Description string `json:"description"`
	Count       int64  `json:"count"`
}

// ShippingClassChange is what is written of one; nil stays as it is.
type ShippingClassChange struct {
	Name        *string `json:"name,omitempty"`
	Slug        *string `json:"slug,omitempty"`
	Description *string `json:"description,omitempty"`
}

func (c ShippingClassChange) check() error                { return nil }
func (c ShippingClassChange) ignored(ShippingClass) error { return nil }

// Category is a category of products.
type Category struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	Slug        string `json:"slug"`
	Parent      int64  `json:"parent"`
	Description string `json:"description"`
	Image       *Image `json:"image"`
	MenuOrder   int64  `json:"menu_order"`
	Count       int64  `json:"count"`
}

// CategoryChange is what is written of one; nil stays as it is.
type CategoryChange struct {
	Name        *string `json:"name,omitempty"`
	Slug        *string `json:"slug,omitempty"`
	Parent      *int64  `json:"parent,omitempty"`
	Description *string `json:"description,omitempty"`
	Image       *Image  `json:"image,omitempty"`
	MenuOrder   *int64  `json:"menu_order,omitempty"`
}

func (c CategoryChange) check() error           { return nil }
func (c CategoryChange) ignored(Category) error { return nil }

// Zone is a part of the world with ways of shipping of its own.
type Zone struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Order int64  `json:"order"` // the first that matches counts
}

// ZoneChange is what is written of a zone; nil stays as it is.
type ZoneChange struct {
	Name  *string `json:"name,omitempty"`
	Order *int64  `json:"order,omitempty"`
}

func (c ZoneChange) check() error       { return nil }
func (c ZoneChange) ignored(Zone) error { return nil }

// Place is a part of a zone: a postcode or a range of them ("40000*",
// "400001...400099"), a state ("IN:MH"), a country, a continent.
type Place struct {
	Code string `json:"code"`
	Type string `json:"type"` // postcode, state, country, continent
}

// Places lists what a zone covers.
func (c *Client) Places(ctx context.Context, zone int64) ([]Place, error) {
	if zone < 0 {
		return nil, invalid("zone", "must not be negative")
	}
	return all[Place](ctx, c, "places of a zone", under(zones, zone, "locations"))
}

// SetPlaces replaces what a zone covers.
func (c *Client) SetPlaces(ctx context.Context, zone int64, places []Place) ([]Place, error) {
	if zone <= 0 { // the rest of the world is what it is
		return nil, invalid("zone", "must be positive")
	}
	for _, p := range places {
		if err := checkChoices(choice{"type", &p.Type, []string{"postcode", "state", "country", "continent"}}); err != nil {
			return nil, err
		}
	}
	var now []Place
	_, err := c.send(ctx, woo.Request{
		Op: "set places of a zone", Method: http.MethodPut, Path: root + under(zones, zone, "locations"), Body: append([]Place{}, places...),
	}, &now)
	return now, err
}

// ZoneMethod is a way of shipping in a zone.
type ZoneMethod struct {
	ID       int64                    `json:"instance_id"`
	Title    string                   `json:"title"` // what the shopper sees
	Order    int64                    `json:"order"`
	Enabled  bool                     `json:"enabled"`
	MethodID string                   `json:"method_id"` // flat_rate, free_shipping, local_pickup, a plugin's
	Name     string                   `json:"method_title"`
	Settings map[string]MethodSetting `json:"settings"`
}

// MethodSetting is one setting of a way of shipping.
type MethodSetting struct {
	Label   string `json:"label"`
	Type    string `json:"type"`
	Value   string `json:"value"` // a cost may be a formula: "10 * [qty]"
	Default string `json:"default"`
}

// ZoneMethodChange is what is written of one; nil stays as it is. A new one
// needs a MethodID.
type ZoneMethodChange struct {
	MethodID *string           `json:"method_id,omitempty"`
	Order    *int64            `json:"order,omitempty"`
	Enabled  *bool             `json:"enabled,omitempty"`
	Settings map[string]string `json:"settings,omitempty"`
}

func (c ZoneMethodChange) check() error             { return nil }
func (c ZoneMethodChange) ignored(ZoneMethod) error { return nil }
