package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/inventory/stockhttp"
	"github.com/ankkor/ankkor/woo"
)

// stock is what keeps ours in step with the store's, and tells browsers.
type stock struct {
	inStep *reconcile.Service
	feed   *stockhttp.Feed
}

func (s *shop) openStock(context.Context) (err error) {
	changes := woo.NewChanges(s.woo)
	c := reconcile.Config{
		Books: s.store, Source: s.woo, Feed: changes, Writer: changes, Journal: s.store.Journal(), RefOf: s.refOf,
		OrderSeen: s.checkout.StoreOrderChanged,
		Sink:      checkout.NewStockEvents(s.events), Log: s.log,
	}
	if s.redis != nil {
		c.Reserver = s.admits
	}
	if s.stock.inStep, err = reconcile.New(c); err != nil {
		return err
	}
	s.stock.feed, err = stockhttp.NewFeed(stockhttp.FeedConfig{Books: s.store, Log: s.log})
	return err
}

// refOf names the checkout that an order of the store belongs to, "" if it is not ours.
func (s *shop) refOf(ctx context.Context, o reconcile.Order) (string, error) {
	id, err := s.store.Find(ctx, checkout.Ref{Kind: checkout.RefStoreOrder, Value: strconv.FormatInt(o.ID, 10)})
	if errors.Is(err, checkout.ErrNotFound) {
		return "", nil
	}
	return string(id), err
}
