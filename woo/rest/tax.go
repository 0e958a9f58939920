package rest

import (
	"context"
	"net/http"
	"net/url"

	"github.com/ankkor/ankkor/woo"
)

// TaxRate is one row of the tax table.
type TaxRate struct {
	ID        int64    `json:"id"`
	Country   string   `json:"country"`
	State     string   `json:"state"` // "" is every state
	Postcodes []string `json:"postcodes"`
	Cities    []string `json:"cities"`
	Rate      Amount   `json:"rate"` // percent
	Name      string   `json:"name"`
	Priority  int64    `json:"priority"` // one match for each priority
	Compound  bool     `json:"compound"`
	Shipping  bool     `json:"shipping"`
	Order     int64    `json:"order"`
	Class     string   `json:"class"` // "standard" is the standard rate here
}

// TaxRateChange is what is written of a tax rate; nil stays as it is.
type TaxRateChange struct {
	Country   *string  `json:"country,omitempty"`
	State     *string  `json:"state,omitempty"`
	Postcodes []string `json:"postcodes,omitzero"`
	Cities    []string `json:"cities,omitzero"`
	Rate      *Amount  `json:"rate,omitempty"`
	Name      *string  `json:"name,omitempty"`
	Priority  *int64   `json:"priority,omitempty"`
	Compound  *bool    `json:"compound,omitempty"`
	Shipping  *bool    `json:"shipping,omitempty"`
	Order     *int64   `json:"order,omitempty"`
	Class     *string  `json:"class,omitempty"`
}

func (c TaxRateChange) check() error { return checkAmounts(map[string]*Amount{"rate": c.Rate}) }

func (c TaxRateChange) ignored(TaxRate) error { return nil }

// TaxClass is a class of goods with rates of its own.
type TaxClass struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// TaxClasses lists the classes, "standard" first.
func (c *Client) TaxClasses(ctx context.Context) ([]TaxClass, error) {
	return all[TaxClass](ctx, c, "tax classes", "taxes/classes")
}

// CreateTaxClass makes a class; the store makes the slug of the name.
func (c *Client) CreateTaxClass(ctx context.Context, name string) (TaxClass, error) {
	var made TaxClass
	if name == "" {
		return made, invalid("name", "must not be empty")
	}
	_, err := c.send(ctx, woo.Request{
		Op: "create tax class", Method: http.MethodPost, Path: root + "taxes/classes", Body: map[string]string{"name": name},
	}, &made)
	return made, err
}

// DeleteTaxClass removes a class with all its rates.
func (c *Client) DeleteTaxClass(ctx context.Context, slug string) error {
	if err := checkWord("slug", slug); err != nil {
		return err
	}
	_, err := c.woo.Send(ctx, woo.Request{
		Op: "delete tax class", Method: http.MethodDelete, Path: root + "taxes/classes/" + slug, Query: url.Values{"force": {"true"}},
	}, nil)
	return err
}
