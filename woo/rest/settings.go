package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/ankkor/ankkor/woo"
)

// Setting is one setting of the shop.
type Setting struct {
	ID      string          `json:"id"` // "woocommerce_currency"
	Label   string          `json:"label"`
	Type    string          `json:"type"`
	Default json.RawMessage `json:"default"`
	Value   json.RawMessage `json:"value"` // a text, or a list of texts
}

// Text is the value if it is a text, else "".
func (s Setting) Text() string { return Meta{Value: s.Value}.Text() }

// On reports whether the setting is a tick that is set.
func (s Setting) On() bool { return s.Text() == "yes" }

// SettingGroup is a page of settings.
type SettingGroup struct {
	ID          string `json:"id"` // "general", "tax"
	Label       string `json:"label"`
	Description string `json:"description"`
	ParentID    string `json:"parent_id"`
}

// SettingGroups lists the pages.
func (c *Client) SettingGroups(ctx context.Context) ([]SettingGroup, error) {
	return all[SettingGroup](ctx, c, "setting groups", "settings")
}

// Settings reads one page of settings.
func (c *Client) Settings(ctx context.Context, group string) ([]Setting, error) {
	if err := checkWord("group", group); err != nil {
		return nil, err
	}
	return all[Setting](ctx, c, "settings", "settings/"+group)
}

// SetSetting changes one setting to a text or a list of texts.
func (c *Client) SetSetting(ctx context.Context, group, id string, value any) (Setting, error) {
	var now Setting
	for field, word := range map[string]string{"group": group, "id": id} {
		if err := checkWord(field, word); err != nil {
			return now, err
		}
	}
	switch value.(type) {
	case string, []string:
	default:
		return now, invalid("value", "must be a text or a list of texts")
	}
	_, err := c.send(ctx, woo.Request{
		Op: "set setting", Method: http.MethodPut, Path: root + "settings/" + group + "/" + id, Body: map[string]any{"value": value},
	}, &now)
	return now, err
}

// Gateway is a way of paying that the store knows.
type Gateway struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Enabled     bool   `json:"enabled"`
	Order       int64  `json:"order"`
}

// Gateways lists the ways of paying.
func (c *Client) Gateways(ctx context.Context) ([]Gateway, error) {
	return all[Gateway](ctx, c, "payment gateways", "payment_gateways")
}

// Country is a country with its states, in WooCommerce's own codes.
type Country struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	States []State `json:"states"`
}

// State is a part of a country.
type State struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Countries lists every country the store knows; a long list.
func (c *Client) Countries(ctx context.Context) ([]Country, error) {
	return all[Country](ctx, c, "countries", "data/countries")
}

// Country reads one, by its ISO 3166-1 code.
func (c *Client) Country(ctx context.Context, code string) (Country, error) {
	var country Country
	if err := checkWord("code", code); err != nil {
		return country, err
	}
	_, err := c.send(ctx, woo.Request{Op: "read country", Path: root + "data/countries/" + strings.ToLower(code)}, &country)
	return country, err
}

// all reads a list that is not paged.
func all[T any](ctx context.Context, c *Client, what, path string) ([]T, error) {
	var list []T
	_, err := c.send(ctx, woo.Request{Op: "list " + what, Path: root + path}, &list)
	return list, err
}

var word = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// checkWord wants what can be part of a path.
func checkWord(field, text string) error {
	if !word.MatchString(text) {
		return invalid(field, "must be letters, digits, _ and -")
	}
	return nil
}
