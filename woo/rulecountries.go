package woo

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/checkout"
)

type countryNode struct {
	Code   string `json:"code"`
	States []struct {
		Code looseText `json:"code"`
		Name string    `json:"name"`
	} `json:"states"`
}

// readCountries answers which countries the store sells to (nil for all) and
// the states of each. A store that sells to a few is asked for those; else the
// whole list is read.
func (c *Client) readCountries(ctx context.Context, s settings) ([]string, map[string][]checkout.State, error) {
	specific := s.text("woocommerce_allowed_countries") == "specific"
	allowed := slices.Clone(s["woocommerce_specific_allowed_countries"])
	if specific && len(allowed) > 0 && len(allowed) <= 2*parallel {
		slices.Sort(allowed)
		list, err := c.readSomeCountries(ctx, allowed)
		return allowed, statesOf(list), err
	}
	var list []countryNode
	if _, err := c.get(ctx, "read countries", "data/countries", url.Values{"_fields": {"code,states"}}, &list); err != nil {
		return nil, nil, err
	}
	switch {
	case specific:
		slices.Sort(allowed)
		return allowed, statesOf(list), nil
	case s.text("woocommerce_allowed_countries") == "all_except":
		return without(list, s["woocommerce_all_except_countries"]), statesOf(list), nil
	}
	return nil, statesOf(list), nil
}

func (c *Client) readSomeCountries(ctx context.Context, codes []string) ([]countryNode, error) {
	jobs := make([]func(context.Context) (countryNode, error), len(codes))
	for i, code := range codes {
		jobs[i] = func(ctx context.Context) (n countryNode, err error) {
			_, err = c.get(ctx, "read states", "data/countries/"+url.PathEscape(strings.ToLower(code)), nil, &n)
			return n, err
		}
	}
	return inParallel(ctx, parallel, jobs)
}

// statesOf lists the states by country. A country without any has no entry:
// there the state is free text, or no field at all.
func statesOf(list []countryNode) map[string][]checkout.State {
	states := make(map[string][]checkout.State)
	for _, country := range list {
		for _, s := range country.States {
			states[country.Code] = append(states[country.Code], checkout.State{Code: string(s.Code), Name: plainText(s.Name)})
		}
	}
	return states
}

// without lists the codes of the countries that are not excluded.
func without(list []countryNode, excluded []string) []string {
	var codes []string
	for _, country := range list {
		if !slices.Contains(excluded, country.Code) {
			codes = append(codes, country.Code)
		}
	}
	slices.Sort(codes)
	return codes
}
