package cache

import (
	"context"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/cart"
)

// Items implements cart.Catalog. Every item is at most Config.ItemTTL old, as
// the source answered it; those that are older are read again, in one request.
// Readers who lack the same items at the same time share it.
func (c *Catalogue) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	if wantsFresh(ctx) || c.cfg.ItemTTL < 0 {
		return c.cfg.Source.Items(ctx, refs)
	}
	found := make(map[cart.LineKey]cart.Item, len(refs))
	var missing []cart.ItemRef
	asked := map[cart.LineKey]bool{}
	now := c.cfg.Now()
	for _, ref := range refs {
		k := ref.Key()
		if asked[k] {
			continue
		}
		asked[k] = true
		if e, ok := c.kept.GetIfPresent(key{kind: item, text: string(k)}); ok && e.age(now) < e.fresh {
			found[k], _ = e.value.(cart.Item)
		} else {
			missing = append(missing, ref.Clone())
		}
	}
	if len(missing) > 0 {
		fetched, err := c.fetch(ctx, missing)
		if err != nil {
			return nil, err
		}
		for _, it := range fetched {
			found[it.Ref.Key()] = it
		}
	}
	return answers(refs, found), nil
}

// answers puts the items into the order of the refs, as copies.
func answers(refs []cart.ItemRef, found map[cart.LineKey]cart.Item) []cart.Item {
	out := make([]cart.Item, 0, len(refs))
	for _, ref := range refs {
		it := found[ref.Key()]
		it.Ref, it.CategoryIDs = ref.Clone(), slices.Clone(it.CategoryIDs)
		out = append(out, it)
	}
	return out
}

// fetch reads items together. Their order is made the same for all readers, so
// that those who lack the same share a request.
func (c *Catalogue) fetch(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	slices.SortFunc(refs, func(a, b cart.ItemRef) int { return strings.Compare(string(a.Key()), string(b.Key())) })
	var together strings.Builder
	for _, ref := range refs {
		together.WriteString(string(ref.Key()))
		together.WriteByte(0)
	}
	v, err := c.wait(ctx, key{kind: items, text: together.String()}, func(ctx context.Context) (loaded, error) {
		all, err := c.cfg.Source.Items(ctx, refs)
		return loaded{value: all, keep: c.itemEntries(all, err)}, err
	})
	all, _ := v.([]cart.Item)
	return all, err
}

// itemEntries are what is kept of items that were read.
func (c *Catalogue) itemEntries(all []cart.Item, err error) map[key]*entry {
	keep := map[key]*entry{}
	if err != nil {
		return keep
	}
	now := c.cfg.Now()
	for _, it := range all {
		tags := []Tag{ProductTag(it.Ref.ProductID)}
		for _, id := range []int64{it.Ref.VariationID, it.ParentID} {
			if id != 0 {
				tags = append(tags, ProductTag(id))
			}
		}
		keep[key{kind: item, text: string(it.Ref.Key())}] = &entry{value: it, tags: tags, at: now, fresh: c.cfg.ItemTTL}
	}
	return keep
}

type freshKey struct{}

// Fresh makes a context whose readings go past the cache: each is a request of
// its own, and what it brings is not kept.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, freshKey{}, true) }

func wantsFresh(ctx context.Context) bool { return ctx.Value(freshKey{}) != nil }
