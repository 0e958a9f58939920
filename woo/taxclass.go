package woo

import (
	"context"
	"strings"
	"sync"
)

// taxClasses translates WPGraphQL's enum names to slugs. Losing it costs one
// request.
type taxClasses struct {
	mu    sync.Mutex
	slugs map[string]string // GST_5 to gst-5
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
	if slug, ok := c.classes.slugs[name]; ok {
		return slug, nil
	}
	classes, err := c.readTaxClasses(ctx)
	if err != nil {
		return "", err
	}
	c.classes.slugs = make(map[string]string, len(classes)+1)
	c.classes.slugs[name] = guessSlug(name)
	for _, slug := range classes {
		c.classes.slugs[enumName(slug)] = slug
	}
	return c.classes.slugs[name], nil
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
