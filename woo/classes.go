package woo

import (
	"context"
	"strconv"
	"strings"
	"sync"
)

// classes translates what GraphQL calls tax and shipping classes to their
// slugs. It is filled from the store's own lists; losing it costs a request.
type classes struct {
	mu       sync.Mutex
	tax      map[string]string // GST_5 to gst-5
	shipping map[string]string // 61 to bulky
}

// taxClass is the slug of a tax class that WooGraphQL wrote as an enum value:
// upper case, and an underscore for whatever an enum name may not hold. Several
// slugs can hide behind one name with an underscore, so the store's own list
// decides, read once; without a REST key the usual hyphen is taken.
func (c *Client) taxClass(ctx context.Context, name string) (string, error) {
	switch name {
	case "", "STANDARD":
		return "", nil
	}
	if !strings.Contains(name, "_") || c.signer.key == "" {
		return guessSlug(name), nil
	}
	c.classes.mu.Lock()
	defer c.classes.mu.Unlock()
	if slug, ok := c.classes.tax[name]; ok {
		return slug, nil
	}
	slugs, err := c.readTaxClasses(ctx)
	if err != nil {
		return "", err
	}
	c.classes.tax = make(map[string]string, len(slugs)+1)
	c.classes.tax[name] = guessSlug(name)
	for _, slug := range slugs {
		c.classes.tax[enumName(slug)] = slug
	}
	return c.classes.tax[name], nil
}

// shippingClass is the slug of a shipping class, "" for none. GraphQL knows
// classes by id, the rulebook's flat rates by slug; only REST knows both, so
// without a key it is "".
func (c *Client) shippingClass(ctx context.Context, id int64) (string, error) {
	if id <= 0 || c.signer.key == "" {
		return "", nil
	}
	key := strconv.FormatInt(id, 10)
	c.classes.mu.Lock()
	defer c.classes.mu.Unlock()
	if slug, ok := c.classes.shipping[key]; ok {
		return slug, nil
	}
	known, err := c.readShippingClasses(ctx)
	if err != nil {
		return "", err
	}
	if _, ok := known[key]; !ok {
		known[key] = "" // deleted: what still names it has no class
	}
	c.classes.shipping = known
	return known[key], nil
}

// readTaxClasses lists the slugs of the store's tax classes in its own order,
// the standard class left out.
func (c *Client) readTaxClasses(ctx context.Context) ([]string, error) {
	var classes []struct {
		Slug looseText `json:"slug"`
	}
	if _, err := c.get(ctx, "read tax classes", "taxes/classes", nil, &classes); err != nil {
		return nil, err
	}
	slugs := make([]string, 0, len(classes))
	for _, class := range classes {
		if class.Slug != "" && class.Slug != "standard" {
			slugs = append(slugs, string(class.Slug))
		}
	}
	return slugs, nil
}

// enumName is WPEnumType::get_safe_name: upper case, an underscore for each
// character that is no letter, digit or underscore.
func enumName(slug string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		}
		return '_'
	}, slug)
}

func guessSlug(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "_", "-")
}
