package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/maypok86/otter/v2"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// Catalogue answers from memory what a [Source] answered before. It is safe for
// concurrent use.
//
// What it returns is shared by all readers: do not change the slices, maps and
// pointers in it.
type Catalogue struct {
	cfg  Config
	kept *otter.Cache[key, *entry]

	base    context.Context // of every request; ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex // guards what follows, and writing to kept
	flights map[key]*flight
	closed  bool
}

var (
	_ cart.Catalog = (*Catalogue)(nil)
	_ Source       = (*Catalogue)(nil)
)

// New makes a Catalogue. It does no I/O and starts nothing. Every mistake in c is
// reported at once, as *ConfigError values joined into one error.
func New(c Config) (*Catalogue, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	kept, err := otter.New(&otter.Options[key, *entry]{
		MaximumSize: c.Size,
		Executor:    func(f func()) { f() }, // no goroutine of its own
	})
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	made := &Catalogue{cfg: c, kept: kept, flights: map[key]*flight{}}
	made.base, made.cancel = context.WithCancel(context.Background())
	return made, nil
}

// Close cancels the requests under way, waits for them and forgets everything.
// Whatever is asked afterwards is answered [ErrClosed]. Closing twice is no error.
func (c *Catalogue) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.running.Wait()
	c.kept.InvalidateAll()
	c.kept.StopAllGoroutines()
	return nil
}

// Len is about how many answers are kept.
func (c *Catalogue) Len() int { return c.kept.EstimatedSize() }

// Product is the client's method of that name, from memory where that is fresh
// enough. Its errors are the client's; that there is no such product is
// remembered for a moment.
func (c *Catalogue) Product(ctx context.Context, slug string) (woo.Product, error) {
	k := key{kind: bySlug, text: slug}
	if e, ok := c.current(ctx, k); ok {
		return productOf(e.value), e.err
	}
	return c.product(ctx, k, func(ctx context.Context) (woo.Product, error) { return c.cfg.Source.Product(ctx, slug) })
}

// ProductByID is Product by id.
func (c *Catalogue) ProductByID(ctx context.Context, id int64) (woo.Product, error) {
	k := key{kind: byID, id: id}
	if e, ok := c.current(ctx, k); ok {
		return productOf(e.value), e.err
	}
	return c.product(ctx, k, func(ctx context.Context) (woo.Product, error) { return c.cfg.Source.ProductByID(ctx, id) })
}

func (c *Catalogue) product(ctx context.Context, k key, read func(context.Context) (woo.Product, error)) (woo.Product, error) {
	v, err := c.get(ctx, k, func(ctx context.Context) (loaded, error) {
		p, err := read(ctx)
		if err != nil {
			return c.missed(k, &p, err)
		}
		return c.one(k, &p, productTags(&p)), nil
	})
	return productOf(v), err
}

// productOf is the product in an answer, the zero one where there is none.
func productOf(v any) woo.Product {
	if p, ok := v.(*woo.Product); ok {
		return *p
	}
	return woo.Product{}
}

// ProductPage is the client's method of that name, from memory where that is
// fresh enough.
func (c *Catalogue) ProductPage(ctx context.Context, f woo.ProductFilter, after string) (woo.Page, error) {
	text, err := json.Marshal([]any{f, after})
	if err != nil {
		return woo.Page{}, fmt.Errorf("cache: %w", err)
	}
	k := key{kind: page, text: string(text)}
	v, err := c.get(ctx, k, func(ctx context.Context) (loaded, error) {
		p, err := c.cfg.Source.ProductPage(ctx, f, after)
		if err != nil {
			return loaded{}, err
		}
		return c.one(k, &p, pageTags(f, &p)), nil
	})
	p, ok := v.(*woo.Page)
	if !ok {
		return woo.Page{}, err
	}
	return *p, err
}

// CategoryTree is the client's method of that name, from memory where that is
// fresh enough.
func (c *Catalogue) CategoryTree(ctx context.Context) ([]woo.Category, error) {
	k := key{kind: tree}
	v, err := c.get(ctx, k, func(ctx context.Context) (loaded, error) {
		all, err := c.cfg.Source.CategoryTree(ctx)
		if err != nil {
			return loaded{}, err
		}
		return c.one(k, all, []Tag{Categories}), nil
	})
	all, _ := v.([]woo.Category)
	return all, err
}

// one is an answer to keep under its own key.
func (c *Catalogue) one(k key, value any, tags []Tag) loaded {
	e := &entry{value: value, tags: tags, at: c.cfg.Now(), fresh: max(c.cfg.TTL, 0), stale: max(c.cfg.Stale, 0)}
	return loaded{value: value, keep: map[key]*entry{k: e}}
}

// missed remembers that there is no such product, and no other error.
func (c *Catalogue) missed(k key, value any, err error) (loaded, error) {
	if !errors.Is(err, woo.ErrNotFound) {
		return loaded{value: value}, err
	}
	e := &entry{value: value, err: err, tags: []Tag{Missing}, at: c.cfg.Now(), fresh: c.cfg.MissTTL}
	return loaded{value: value, keep: map[key]*entry{k: e}}, err
}
