package rest

import (
	"context"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/woo"
)

// Count is a number of pieces to set.
type Count struct {
	Product   int64 // of a variation, the product it belongs to
	Variation int64 // 0 for the product itself
	Quantity  int64
}

// Counted is what became of a Count.
type Counted struct {
	Count
	// Err is nil where the store counts Quantity now, ErrIgnored where it does
	// not count that thing, woo.ErrUnknown where nobody knows. Setting the same
	// quantity again does no harm but to sales in between.
	Err error
}

// SetStock sets quantities, a hundred in a call, products together and
// variations by product. A call that fails ends it: what was not sent any more
// has woo.ErrUnavailable. The error is about the counts themselves, and then
// nothing was sent.
func (c *Client) SetStock(ctx context.Context, counts []Count) ([]Counted, error) {
	out := make([]Counted, len(counts))
	byParent := map[int64][]int{}
	var parents []int64
	for i, n := range counts {
		if n.Product <= 0 || n.Variation < 0 {
			return nil, invalid(fmt.Sprintf("counts[%d]", i), "needs a product")
		}
		out[i] = Counted{Count: n, Err: notSent()}
		parent := int64(0)
		if n.Variation != 0 {
			parent = n.Product
		}
		if byParent[parent] == nil {
			parents = append(parents, parent)
		}
		byParent[parent] = append(byParent[parent], i)
	}
	for _, parent := range parents {
		for part := range slices.Chunk(byParent[parent], BatchLimit) {
			if !c.setPart(ctx, parent, out, part) {
				return out, nil
			}
		}
	}
	return out, nil
}

// notSent is for counts behind a call that failed.
func notSent() error {
	return &woo.Error{Kind: woo.Unavailable, Op: "set stock", Message: "not sent, since an earlier part failed"}
}

// setPart sends one batch and notes what became of it.
func (c *Client) setPart(ctx context.Context, parent int64, out []Counted, part []int) bool {
	var errs []error
	var err error
	if parent == 0 {
		errs, err = setCounts(ctx, c.Products(), out, part, func(n Count) (int64, ProductChange) {
			return n.Product, ProductChange{GoodsChange: GoodsChange{StockQuantity: &n.Quantity}}
		})
	} else {
		errs, err = setCounts(ctx, c.Variations(parent), out, part, func(n Count) (int64, VariationChange) {
			return n.Variation, VariationChange{GoodsChange: GoodsChange{StockQuantity: &n.Quantity}}
		})
	}
	for i, at := range part {
		if out[at].Err = err; err == nil {
			out[at].Err = errs[i]
		}
	}
	return err == nil
}

func setCounts[T any, W change[T]](ctx context.Context, in Collection[T, W], out []Counted, part []int, change func(Count) (int64, W)) ([]error, error) {
	var b Batch[W]
	for _, at := range part {
		id, w := change(out[at].Count)
		b.Update = append(b.Update, ItemChange[W]{id, w})
	}
	done, err := in.Batch(ctx, b)
	errs := make([]error, 0, len(part))
	for _, o := range done.Updated {
		errs = append(errs, o.Err)
	}
	return errs, err
}
