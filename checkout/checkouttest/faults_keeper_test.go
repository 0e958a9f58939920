package checkouttest_test

import (
	"context"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/internal/suitetest"
)

// spoiledKeeper follows orders with one fault.
type spoiledKeeper struct {
	*memstore.Orders
	read   func(checkout.StoreOrder, error) (checkout.StoreOrder, error)
	tell   func(*checkout.OrderNews)
	refund func(*checkout.StoreRefundRequest)
	noted  func(*memstore.Orders, int64, checkout.StoreRefundRequest, error) error
}

func (k spoiledKeeper) ReadOrder(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	o, err := k.Orders.ReadOrder(ctx, id)
	if k.read != nil {
		return k.read(o, err)
	}
	return o, err
}

func (k spoiledKeeper) Tell(ctx context.Context, id int64, news checkout.OrderNews) (checkout.StoreOrder, error) {
	if k.tell != nil {
		k.tell(&news)
	}
	return k.Orders.Tell(ctx, id, news)
}

func (k spoiledKeeper) AddRefund(ctx context.Context, id int64, req checkout.StoreRefundRequest) (checkout.StoreOrder, error) {
	if k.refund != nil {
		k.refund(&req)
	}
	o, err := k.Orders.AddRefund(ctx, id, req)
	if k.noted != nil {
		err = k.noted(k.Orders, id, req, err)
	}
	return o, err
}

func TestOrderKeeperOnMemory(t *testing.T) {
	checkouttest.RunOrderKeeper(t, func(*testing.T) checkouttest.OrderHarness {
		return checkouttest.OrderHarness{Orders: memstore.NewOrders(nil), Request: request()}
	})
}

func TestRunOrderKeeperRejects(t *testing.T) {
	faults := map[string]struct {
		promise string
		spoil   func(*spoiledKeeper)
	}{
		"a missing order is empty": {"an order that is not there", func(k *spoiledKeeper) {
			k.read = func(o checkout.StoreOrder, _ error) (checkout.StoreOrder, error) { return o, nil }
		}},
		"lines have no ids": {"an order is read", func(k *spoiledKeeper) {
			k.read = func(o checkout.StoreOrder, err error) (checkout.StoreOrder, error) {
				for i := range o.Lines {
					o.Lines[i].ID = 0
				}
				return o, err
			}
		}},
		"refunds are not read": {"a refund shows", func(k *spoiledKeeper) {
			k.read = func(o checkout.StoreOrder, err error) (checkout.StoreOrder, error) {
				o.Refunds = nil
				return o, err
			}
		}},
		"the standing is forgotten": {"an order is told", func(k *spoiledKeeper) {
			k.tell = func(news *checkout.OrderNews) { news.Told = "" }
		}},
		"every order told is completed": {"an order is told", func(k *spoiledKeeper) {
			k.tell = func(news *checkout.OrderNews) { news.Status = "completed" }
		}},
		"the status is forgotten": {"an order moves", func(k *spoiledKeeper) {
			k.tell = func(news *checkout.OrderNews) { news.Status = "" }
		}},
		"cancelled is put on hold": {"cancelling puts the stock back", func(k *spoiledKeeper) {
			k.tell = func(news *checkout.OrderNews) { news.Status = "on-hold" }
		}},
		"everything is restocked": {"a refund with restocking", func(k *spoiledKeeper) {
			k.refund = func(req *checkout.StoreRefundRequest) { req.Restock = true }
		}},
		"nothing is restocked": {"pieces come back without money", func(k *spoiledKeeper) {
			k.refund = func(req *checkout.StoreRefundRequest) { req.Restock = false }
		}},
		"the key is lost": {"a refund shows", func(k *spoiledKeeper) {
			k.refund = func(req *checkout.StoreRefundRequest) { req.Key = "" }
		}},
		"a refusal is an unknown outcome": {"more than what is left", func(k *spoiledKeeper) {
			k.noted = func(_ *memstore.Orders, _ int64, _ checkout.StoreRefundRequest, err error) error {
				if err != nil {
					return checkout.ErrUnknown
				}
				return nil
			}
		}},
		"what is refused is noted": {"more than what is left", func(k *spoiledKeeper) {
			k.noted = func(orders *memstore.Orders, id int64, req checkout.StoreRefundRequest, err error) error {
				if err == nil {
					return nil
				}
				o, failed := orders.ReadOrder(context.Background(), id)
				if failed == nil {
					req.Amount = o.Total
					failed = orders.Refund(id, req)
				}
				if failed != nil {
					return failed
				}
				return err
			}
		}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunOrderKeeper(t, func(*testing.T) checkouttest.OrderHarness {
					k := &spoiledKeeper{Orders: memstore.NewOrders(nil)}
					fault.spoil(k)
					return checkouttest.OrderHarness{Orders: k, Request: request()}
				})
			})
		})
	}
}
