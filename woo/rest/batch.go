package rest

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"

	"github.com/ankkor/ankkor/woo"
)

// BatchLimit is how many items one batch can hold: WooCommerce's own default
// of woocommerce_rest_batch_items_limit.
const BatchLimit = 100

// Batch is several writes in one call. WooCommerce does them one after the
// other, first all of Create, then Update, then Delete; it is no transaction.
type Batch[W any] struct {
	Create []W
	Update []ItemChange[W]
	// Delete removes for good; there is no trash in a batch, and no
	// product.deleted webhook.
	Delete []int64
}

// ItemChange is a change of one thing.
type ItemChange[W any] struct {
	ID     int64
	Change W
}

// MarshalJSON implements json.Marshaler: the change with its id in front.
func (c ItemChange[W]) MarshalJSON() ([]byte, error) {
	fields, err := json.Marshal(c.Change)
	if err != nil {
		return nil, err
	}
	id := fmt.Appendf(nil, `{"id":%d`, c.ID)
	if string(fields) == "{}" {
		return append(id, '}'), nil
	}
	return append(append(id, ','), fields[1:]...), nil
}

// Outcome is what became of one item of a batch.
type Outcome[T any] struct {
	ID    int64
	Value T
	// Err is nil for what was done, an *ItemError for what was refused, an
	// *IgnoredError for what was ignored.
	Err error
}

// BatchOutcome has an Outcome for every item, in the order of the Batch.
type BatchOutcome[T any] struct {
	Created, Updated, Deleted []Outcome[T]
}

// Batch writes up to BatchLimit items in one call, sent once. The error is
// about the whole: nothing was done, or, if it is woo.ErrUnknown, any part of
// it may have been. Without one, look at every item's own.
func (c Collection[T, W]) Batch(ctx context.Context, b Batch[W]) (BatchOutcome[T], error) {
	if err := b.check(c.checkOne); err != nil {
		return BatchOutcome[T]{}, err
	}
	req := c.request("batch of", http.MethodPost, c.path+"/batch")
	req.Body = batchBody[W](b)
	var answer struct {
		Create []Outcome[T] `json:"create"`
		Update []Outcome[T] `json:"update"`
		Delete []Outcome[T] `json:"delete"`
	}
	if _, err := c.c.send(ctx, req, &answer); err != nil {
		return BatchOutcome[T]{}, err
	}
	if len(answer.Create) != len(b.Create) || len(answer.Update) != len(b.Update) || len(answer.Delete) != len(b.Delete) {
		cause := fmt.Errorf("%w: another number of items than was sent", woo.ErrBadAnswer)
		return BatchOutcome[T]{}, &woo.Error{Kind: woo.Unknown, Op: req.Op, Status: http.StatusOK, Cause: cause}
	}
	for i := range answer.Create {
		answer.Create[i].ignored(b.Create[i].ignored)
	}
	for i := range answer.Update {
		answer.Update[i].ignored(b.Update[i].Change.ignored)
	}
	return BatchOutcome[T]{answer.Create, answer.Update, answer.Delete}, nil
}

type batchBody[W any] struct {
	Create []W             `json:"create,omitempty"`
	Update []ItemChange[W] `json:"update,omitempty"`
	Delete []int64         `json:"delete,omitempty"`
}

func (c Collection[T, W]) checkOne(w W) error { return w.check() }

// check refuses a batch that the store would refuse, or misunderstand.
func (b Batch[W]) check(one func(W) error) error {
	n := len(b.Create) + len(b.Update) + len(b.Delete)
	if n == 0 || n > BatchLimit {
		return invalid("batch", fmt.Sprintf("must hold 1 to %d items, not %d", BatchLimit, n))
	}
	for i, w := range b.Create {
		if err := one(w); err != nil {
			return fmt.Errorf("create[%d]: %w", i, err)
		}
	}
	for i, u := range b.Update {
		if u.ID <= 0 {
			return invalid(fmt.Sprintf("update[%d].id", i), "must be positive")
		}
		if err := one(u.Change); err != nil {
			return fmt.Errorf("update[%d]: %w", i, err)
		}
	}
	for i, id := range b.Delete {
		if id <= 0 {
			return invalid(fmt.Sprintf("delete[%d]", i), "must be positive")
		}
	}
	return nil
}

// loosely reads one item: a thing, or an id with an error.
func (o *Outcome[T]) loosely(d decoder, from any) error {
	var failed struct {
		ID    int64 `json:"id"`
		Error *struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := d.decode(from, &failed); err != nil {
		return err
	}
	o.ID = failed.ID
	if failed.Error == nil {
		return d.decode(from, &o.Value)
	}
	o.Err = &ItemError{ID: failed.ID, Code: failed.Error.Code, Message: html.UnescapeString(failed.Error.Message)}
	return nil
}

func (o *Outcome[T]) ignored(find func(T) error) {
	if o.Err == nil {
		o.Err = find(o.Value)
	}
}
