package cache_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/woo"
)

// locked is the cache that one writes in an afternoon: a map, a mutex and a
// time to live. It has no bound and no tags, and shares no requests.
type locked struct {
	mu   sync.Mutex
	kept map[string]lockedEntry
	read func(context.Context, string) (woo.Product, error)
}

type lockedEntry struct {
	product woo.Product
	until   time.Time
}

func (l *locked) Product(ctx context.Context, slug string) (woo.Product, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.kept[slug]; ok && time.Now().Before(e.until) {
		return e.product, nil
	}
	p, err := l.read(ctx, slug)
	if err == nil {
		l.kept[slug] = lockedEntry{p, time.Now().Add(time.Hour)}
	}
	return p, err
}

// BenchmarkProduct reads one product of the stand-in that was read before.
//
//	ours      this package
//	map       a map behind a mutex
//	no cache  the client, each time
//
// "One" is one reader, "many" as many as there are processors.
func BenchmarkProduct(b *testing.B) {
	_, c, client, _ := onWooCommerce(b)
	rival := &locked{kept: map[string]lockedEntry{}, read: client.Product}
	const slug = "handblock-kurta"
	for _, reader := range []struct {
		name string
		read func(context.Context, string) (woo.Product, error)
	}{{"ours", c.Product}, {"map", rival.Product}, {"no cache", client.Product}} {
		b.Run(reader.name+"/one", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if p, err := reader.read(b.Context(), slug); err != nil || p.Slug != slug {
					b.Fatal(p.Slug, err)
				}
			}
		})
		b.Run(reader.name+"/many", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if p, err := reader.read(b.Context(), slug); err != nil || p.Slug != slug {
						b.Error(p.Slug, err)
						return
					}
				}
			})
		})
	}
}

// BenchmarkInvalidate drops one product of ten thousand.
func BenchmarkInvalidate(b *testing.B) {
	s := newShelf()
	c := open(b, s)
	for i := range int64(9_000) {
		if _, err := c.ProductByID(b.Context(), i); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		c.Invalidate("product of nobody")
	}
}
