package woo

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/pricing"
	"github.com/ankkor/ankkor/pricing/quote"
)

// settings are the store's options by name, several groups in one. A value is
// text or, for a multi-select, a list.
type settings map[string][]string

// text is the option's value, "" when it is missing.
func (s settings) text(name string) string {
	if len(s[name]) == 0 {
		return ""
	}
	return s[name][0]
}

func (s settings) yes(name string) bool { return s.text(name) == "yes" }

// UnmarshalJSON reads a settings group: a list of options, which WooCommerce
// 10.4.3 sends twice over.
func (s *settings) UnmarshalJSON(data []byte) error {
	var options []struct {
		ID    string          `json:"id"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(data, &options); err != nil {
		return err
	}
	*s = make(settings, len(options))
	for _, o := range options {
		var list []looseText
		if json.Unmarshal(o.Value, &list) != nil {
			var single looseText
			if err := json.Unmarshal(o.Value, &single); err != nil {
				continue
			}
			list = []looseText{single}
		}
		values := make([]string, len(list))
		for i, v := range list {
			values[i] = string(v)
		}
		(*s)[o.ID] = values
	}
	return nil
}

// readSettings reads the groups that decide an amount. A store without the
// shipping group has none of its options.
func (c *Client) readSettings(ctx context.Context) (settings, error) {
	groups := []string{"general", "tax", "shipping"}
	jobs := make([]func(context.Context) (settings, error), len(groups))
	for i, group := range groups {
		jobs[i] = func(ctx context.Context) (settings, error) {
			var s settings
			_, err := c.getFresh(ctx, "read settings", "settings/"+group, url.Values{"_fields": {"id,value"}}, &s)
			if group == "shipping" && errors.Is(err, ErrNotFound) {
				return nil, nil
			}
			return s, err
		}
	}
	read, err := inParallel(ctx, parallel, jobs)
	if err != nil {
		return nil, err
	}
	all := settings{}
	for _, group := range read {
		for name, value := range group {
			all[name] = value
		}
	}
	return all, nil
}

// badRule is a rule that cannot be used.
func badRule(field, message string, cause error) error {
	if cause == nil {
		cause = ErrBadAnswer
	}
	return &Error{Kind: Unavailable, Op: "read rules", Field: field, Message: message, Cause: cause}
}

// quoteSettings are the options the quote engine asks for.
func (c *Client) quoteSettings(s settings) (quote.Settings, error) {
	currency, err := pricing.ParseCurrency(s.text("woocommerce_currency"))
	if err != nil {
		return quote.Settings{}, badRule("woocommerce_currency", "is not a known currency", err)
	}
	if currency != c.currency {
		return quote.Settings{}, badRule("woocommerce_currency", "the store sells in "+string(currency)+", Config.Currency says "+string(c.currency), nil)
	}
	decimals, err := strconv.Atoi(s.text("woocommerce_price_num_decimals"))
	if err != nil {
		return quote.Settings{}, badRule("woocommerce_price_num_decimals", "is not a number", nil)
	}
	country, state, _ := strings.Cut(s.text("woocommerce_default_country"), ":")
	return quote.Settings{
		Currency: currency, Decimals: decimals,
		TaxEnabled: s.yes("woocommerce_calc_taxes"), PricesIncludeTax: s.yes("woocommerce_prices_include_tax"),
		RoundAtSubtotal: s.yes("woocommerce_tax_round_at_subtotal"),
		BaseCountry:     country, BaseState: state,
		TaxBasedOn:          quote.TaxBasis(s.text("woocommerce_tax_based_on")),
		CartDisplay:         quote.TaxDisplay(s.text("woocommerce_tax_display_cart")),
		ShippingTaxClass:    standardIsEmpty(s.text("woocommerce_shipping_tax_class")),
		SequentialDiscounts: s.yes("woocommerce_calc_discounts_sequentially"),
	}, nil
}

// standardIsEmpty writes the standard tax class as the engine does.
func standardIsEmpty(class string) string {
	if class == "standard" {
		return ""
	}
	return class
}

// readVersion is the store's WooCommerce version, "" when the key may not see
// it.
func (c *Client) readVersion(ctx context.Context) (string, error) {
	var status struct {
		Environment struct {
			Version looseText `json:"version"`
		} `json:"environment"`
	}
	_, err := c.getFresh(ctx, "read version", "system_status", url.Values{"_fields": {"environment"}}, &status)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrUnauthorised) {
		return "", nil
	}
	return string(status.Environment.Version), err
}
