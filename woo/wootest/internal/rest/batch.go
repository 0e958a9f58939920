package rest

import (
	"encoding/json"
	"net/http"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// batchLimit is woocommerce_rest_batch_items_limit's default.
const batchLimit = 100

type batchOps struct {
	create func(map[string]json.RawMessage) (wp.Object, *wire.Error)
	update func(int64, map[string]json.RawMessage) (wp.Object, *wire.Error)
	remove func(int64) (wp.Object, *wire.Error)
}

// batch is WC_REST_Controller::batch_items: status 200 whatever happens to
// single items.
func (c *Call) batch(ops batchOps) (Answer, *wire.Error) {
	var create, update []map[string]json.RawMessage
	var remove []json.RawMessage
	_ = json.Unmarshal(c.Body["create"], &create) // what is not a list counts as empty, as in PHP
	_ = json.Unmarshal(c.Body["update"], &update)
	_ = json.Unmarshal(c.Body["delete"], &remove)
	if len(create)+len(update)+len(remove) > batchLimit {
		return Answer{}, wire.Fault(http.StatusRequestEntityTooLarge, "woocommerce_rest_request_entity_too_large",
			"Unable to accept more than 100 items for this request.")
	}
	out := wp.Object{}
	if len(create) > 0 {
		out = out.With("create", batchEach(create, func(b map[string]json.RawMessage) (int64, wp.Object, *wire.Error) {
			o, err := ops.create(b)
			return 0, o, err
		}))
	}
	if len(update) > 0 {
		out = out.With("update", batchEach(update, func(b map[string]json.RawMessage) (int64, wp.Object, *wire.Error) {
			id := wp.IntOf(b["id"])
			o, err := ops.update(id, b)
			return id, o, err
		}))
	}
	if len(remove) > 0 {
		out = out.With("delete", batchEach(remove, func(raw json.RawMessage) (int64, wp.Object, *wire.Error) {
			id := wp.IntOf(raw)
			o, err := ops.remove(id)
			return id, o, err
		}))
	}
	return Answer{Status: http.StatusOK, Body: out}, nil
}

func batchEach[T any](items []T, run func(T) (int64, wp.Object, *wire.Error)) []wp.Object {
	out := make([]wp.Object, 0, len(items))
	for _, item := range items {
		id, o, err := run(item)
		if err != nil {
			o = wp.Object{{"id", id}, {"error", err.Body()}}
		}
		out = append(out, o)
	}
	return out
}
