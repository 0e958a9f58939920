package wire_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// TestErrorBody: the three forms of data in WooCommerce's refusals.
func TestErrorBody(t *testing.T) {
	tests := map[string]struct {
		err  *wire.Error
		want string
	}{
		"a status": {wire.InvalidID(404, "product"), `{"code":"woocommerce_rest_product_invalid_id","message":"Invalid ID.","data":{"status":404}}`},
		"more beside it": {&wire.Error{Status: 400, Code: "c", Message: "m", Extra: wp.Object{{"params", wp.Object{{"p", "x"}}}}},
			`{"code":"c","message":"m","data":{"status":400,"params":{"p":"x"}}}`},
		"a bare number, as a refund's": {&wire.Error{Status: 500, Code: "c", Message: "m", Data: 500}, `{"code":"c","message":"m","data":500}`},
		"no route": {wire.NoRoute(),
			`{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			if got, err := wp.PlainJSON(c.err.Body()); err != nil || string(got) != c.want {
				t.Errorf("%s, %v", got, err)
			}
			if text := c.err.Error(); text != c.err.Code+": "+c.err.Message {
				t.Errorf("reads %q", text)
			}
		})
	}
}

func TestCollectionOf(t *testing.T) {
	for path, want := range map[string]string{
		"/wp-json/wc/v3/orders": "orders", "/wp-json/wc/v3/orders/7/refunds": "orders", "/wp-json/wc/v3/products/batch": "products",
		"/graphql": "/graphql", "/wp-json/wc/v3": "/wp-json/wc/v3", "/wp-json/wc/store/v1/cart": "/wp-json/wc/store/v1/cart",
	} {
		if got := wire.CollectionOf(path); got != want {
			t.Errorf("%s is of %q, want %q", path, got, want)
		}
	}
}

// TestReply is sent whole, and what cannot be encoded is an error and no empty answer.
func TestReply(t *testing.T) {
	w := httptest.NewRecorder()
	wire.JSONReply(http.StatusCreated, http.Header{"X-WP-Total": {"3"}}, wp.Object{{"link", "a/b"}}).Send(w)
	if w.Code != 201 || w.Body.String() != `{"link":"a\/b"}` || // the spelling is PHP's, not Go's
		!slices.Equal(slices.Sorted(maps.Keys(w.Header())), []string{"Content-Length", "X-WP-Total"}) || w.Header().Get("Content-Length") != "15" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	rep := wire.JSONReply(http.StatusOK, nil, func() {})
	if rep.Status != http.StatusInternalServerError || !json.Valid(rep.Body) {
		t.Errorf("%d %s", rep.Status, rep.Body)
	}
	if rep := wire.HTMLReply(502, "Bad"); rep.Header.Get("Content-Type") != "text/html; charset=UTF-8" || rep.Status != 502 {
		t.Errorf("%+v", rep)
	}
}

// TestDetached: an effect that comes after its caller has gone is not cancelled with it.
func TestDetached(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	req := &wire.Request{Context: ctx, Path: "/graphql"}
	late := req.Detached()
	cancel()
	if late.Context.Err() != nil || req.Context.Err() == nil || late.Path != req.Path {
		t.Errorf("%v, %v", late.Context.Err(), req.Context.Err())
	}
}

// TestRace lets nobody go before the last one has come.
func TestRace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		race := wire.NewRace(3, time.Second)
		var gone atomic.Int64
		for i := range 3 {
			go func() {
				time.Sleep(time.Duration(i) * time.Hour)
				<-race.Arrive()
				gone.Add(1)
			}()
			synctest.Wait()
		}
		time.Sleep(90 * time.Minute)
		synctest.Wait()
		if gone.Load() != 0 {
			t.Errorf("%d went on without the third", gone.Load())
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if gone.Load() != 3 {
			t.Errorf("%d of 3 went on", gone.Load())
		}
	})
}
