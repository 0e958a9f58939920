package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ankkor/ankkor/woo"
)

// List is a collection that can be read.
type List[T any] struct {
	c    *Client
	name string // of one of it, for errors
	path string // below wc/v3/
}

// Resource is a collection that can be read and written one by one. W is what
// of a T can be written.
type Resource[T any, W change[T]] struct{ List[T] }

// Collection is a Resource that can be written in batches too.
type Collection[T any, W change[T]] struct{ Resource[T, W] }

// change is what is written of a T.
type change[T any] interface {
	// check refuses what the store would take for something else. A batch's
	// items are not type-checked there: "x" sets the stock to 0.
	check() error
	// ignored finds what of the change the answer shows no trace of.
	ignored(T) error
}

func resource[T any, W change[T]](c *Client, name, path string) Resource[T, W] {
	return Resource[T, W]{List[T]{c: c, name: name, path: path}}
}

func collection[T any, W change[T]](c *Client, name, path string) Collection[T, W] {
	return Collection[T, W]{resource[T, W](c, name, path)}
}

// Get reads one, past every cache. One that does not exist is woo.ErrNotFound.
func (l List[T]) Get(ctx context.Context, id int64) (T, error) {
	v := row[T]{want: id}
	req, err := l.one("read", http.MethodGet, id)
	if err != nil {
		return v.value, err
	}
	req.Fresh = true
	_, err = l.c.send(ctx, req, &v)
	return v.value, err
}

// Create makes one and returns it as the store keeps it. It is sent once; an
// outcome that is not known is woo.ErrUnknown, and the caller looks before it
// creates again.
func (r Resource[T, W]) Create(ctx context.Context, w W) (T, error) {
	return r.write(ctx, r.request("create", http.MethodPost, r.path), 0, w)
}

// Update changes what w has set and returns the whole. It is sent once; sent
// again by the caller it does no harm, but for lists of new parts, such as an
// order's lines without an id.
func (r Resource[T, W]) Update(ctx context.Context, id int64, w W) (T, error) {
	req, err := r.one("update", http.MethodPut, id)
	if err != nil {
		var none T
		return none, err
	}
	return r.write(ctx, req, id, w)
}

// Trash moves one to the trash, from where it can come back. Products, orders
// and coupons have one; for anything else the store refuses, or has it gone
// for good. One that is in the trash already is no error.
func (r Resource[T, W]) Trash(ctx context.Context, id int64) error { return r.remove(ctx, id, false) }

// Delete removes one for good. One that is gone already is woo.ErrNotFound.
// Deleting a paid order puts no stock back; cancel it first.
func (r Resource[T, W]) Delete(ctx context.Context, id int64) error { return r.remove(ctx, id, true) }

func (r Resource[T, W]) remove(ctx context.Context, id int64, force bool) error {
	req, err := r.one("delete", http.MethodDelete, id)
	if err != nil {
		return err
	}
	req.Query = url.Values{"force": {strconv.FormatBool(force)}}
	_, err = r.c.woo.Send(ctx, req, nil)
	var e *woo.Error
	if !force && errors.As(err, &e) && e.Status == http.StatusGone {
		return nil
	}
	return err
}

func (r Resource[T, W]) write(ctx context.Context, req woo.Request, id int64, w W) (T, error) {
	v := row[T]{want: id}
	if err := w.check(); err != nil {
		return v.value, err
	}
	req.Body = w
	if _, err := r.c.send(ctx, req, &v); err != nil {
		return v.value, err
	}
	return v.value, w.ignored(v.value)
}

func (l List[T]) request(verb, method, path string) woo.Request {
	return woo.Request{Op: verb + " " + l.name, Method: method, Path: root + path}
}

func (l List[T]) one(verb, method string, id int64) (woo.Request, error) {
	if id < 0 || id == 0 && l.path != zones {
		return woo.Request{}, &woo.InvalidError{Field: "id", Reason: "must be positive"}
	}
	return l.request(verb, method, l.path+"/"+strconv.FormatInt(id, 10)), nil
}

// send makes a call and reads its answer as real stores write it.
func (c *Client) send(ctx context.Context, req woo.Request, into any) (woo.Reply, error) {
	return c.woo.Send(ctx, req, &loosely{into})
}
