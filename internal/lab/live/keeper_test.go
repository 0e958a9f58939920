package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// keeper is the shop keeper: plain REST requests, written without the client
// that is being tried.
type keeper struct {
	t    *testing.T
	site site
}

func newKeeper(t *testing.T, at site) *keeper { return &keeper{t, at} }

// ask sends a request and reads the answer into what into points to. Anything
// but success ends the test.
func (k *keeper) ask(ctx context.Context, method, path string, body, into any) {
	k.t.Helper()
	if err := k.try(ctx, method, path, body, into); err != nil {
		k.t.Fatal(err)
	}
}

// try is ask with an error. Taking away what is gone is none.
func (k *keeper) try(ctx context.Context, method, path string, body, into any) error {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, k.site.url+"/wp-json/wc/v3/"+path, &sent)
	if err != nil {
		return err
	}
	req.SetBasicAuth(k.site.key, k.site.secret)
	req.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(k.site.url, "http://") {
		req.Header.Set("X-Forwarded-Proto", "https")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	gone := resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone
	switch {
	case err != nil:
		return err
	case gone && method == http.MethodDelete:
		return nil
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated:
		return fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, text)
	case into != nil:
		return json.Unmarshal(text, into)
	}
	return nil
}

func (k *keeper) get(path string, into any) {
	k.t.Helper()
	k.ask(k.t.Context(), http.MethodGet, path, nil, into)
}

// make creates something and takes it away for good when the test is over.
func (k *keeper) make(path string, body map[string]any) int64 {
	k.t.Helper()
	var made struct {
		ID int64 `json:"id"`
	}
	k.ask(k.t.Context(), http.MethodPost, path, body, &made)
	if made.ID == 0 {
		k.t.Fatalf("POST %s made nothing", path)
	}
	k.t.Cleanup(func() {
		k.ask(afterwards(k.t), http.MethodDelete, fmt.Sprint(path, "/", made.ID, "?force=true"), nil, nil)
	})
	return made.ID
}

// stock is how many pieces the store counts of a piece.
func (k *keeper) stock(p piece) int64 {
	k.t.Helper()
	var found struct {
		Quantity *int64 `json:"stock_quantity"`
	}
	k.get(p.counted(), &found)
	if found.Quantity == nil {
		k.t.Fatalf("the store does not count %s", p.sku)
	}
	return *found.Quantity
}

func (k *keeper) setStock(p piece, quantity int64) {
	k.t.Helper()
	k.ask(k.t.Context(), http.MethodPut, p.counted(), map[string]any{"stock_quantity": quantity}, nil)
}

// order is an order as the shop keeper sees it. All amounts are as stored.
type order struct {
	ID            int64           `json:"id"`
	Status        string          `json:"status"`
	TransactionID string          `json:"transaction_id"`
	Total         decimal.Decimal `json:"total"`
	TotalTax      decimal.Decimal `json:"total_tax"`
	CartTax       decimal.Decimal `json:"cart_tax"`
	ShippingTotal decimal.Decimal `json:"shipping_total"`
	ShippingTax   decimal.Decimal `json:"shipping_tax"`
	DiscountTotal decimal.Decimal `json:"discount_total"`
	DiscountTax   decimal.Decimal `json:"discount_tax"`
	Lines         []struct {
		ProductID   int64           `json:"product_id"`
		VariationID int64           `json:"variation_id"`
		Quantity    int64           `json:"quantity"`
		TaxClass    string          `json:"tax_class"`
		Subtotal    decimal.Decimal `json:"subtotal"`
		Total       decimal.Decimal `json:"total"`
		SubtotalTax decimal.Decimal `json:"subtotal_tax"`
		TotalTax    decimal.Decimal `json:"total_tax"`
	} `json:"line_items"`
	Taxes []struct {
		RateID      int64           `json:"rate_id"`
		Label       string          `json:"label"`
		Tax         decimal.Decimal `json:"tax_total"`
		ShippingTax decimal.Decimal `json:"shipping_tax_total"`
	} `json:"tax_lines"`
}

func (k *keeper) order(id int64) order {
	k.t.Helper()
	var o order
	k.get(fmt.Sprint("orders/", id, "?dp=6"), &o)
	return o
}

// clear puts an order into the trash; one that took effect is cancelled first,
// which puts its stock back.
func (k *keeper) clear(id int64) {
	k.t.Helper()
	ctx, path := afterwards(k.t), fmt.Sprint("orders/", id)
	var o order
	k.ask(ctx, http.MethodGet, path, nil, &o)
	switch o.Status {
	case "trash":
		return
	case "processing", "completed", "on-hold":
		k.ask(ctx, http.MethodPut, path, map[string]any{"status": "cancelled"}, nil)
	}
	k.ask(ctx, http.MethodDelete, path, nil, nil)
}
