package cart_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
)

// Each typed error belongs to one branch, says what happened, and is found through what wraps it.
func TestErrorsAndTheirBranches(t *testing.T) {
	ref := cart.ItemRef{ProductID: 120, VariationID: 123, Data: texts{"name": "hunter2"}}
	tests := map[string]struct {
		err    error
		branch error
		text   string
	}{
		"invalid": {
			&cart.InvalidError{Field: "quantity", Reason: "is not positive"}, cart.ErrInvalid,
			"cart: invalid request: quantity is not positive",
		},
		"conflict": {
			&cart.ConflictError{Current: cart.Cart{Version: 7, Owner: "guest:hunter2", Note: "hunter2"}}, cart.ErrConflict,
			"cart: changed by someone else: the stored version is 7",
		},
		"not for sale": {
			&cart.NotForSaleError{Ref: ref, Status: cart.StatusGone}, cart.ErrNotForSale,
			"cart: item is not for sale: product 120, variation 123: gone",
		},
		"stock": {
			&cart.StockError{Ref: ref, Want: 3, Have: 2}, cart.ErrInsufficientStock,
			"cart: not enough stock: product 120, variation 123: want 3, have 2",
		},
	}
	branches := []error{
		cart.ErrInvalid, cart.ErrNotFound, cart.ErrLineNotFound, cart.ErrConflict, cart.ErrNotForSale,
		cart.ErrInsufficientStock, cart.ErrCatalog, cart.ErrMoved,
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			wrapped := fmt.Errorf("in a handler: %w", tt.err)
			for _, branch := range branches {
				if errors.Is(wrapped, branch) != (branch == tt.branch) {
					t.Errorf("errors.Is(err, %q) is %v", branch, !(branch == tt.branch))
				}
			}
			if tt.err.Error() != tt.text {
				t.Errorf("says %q, want %q", tt.err, tt.text)
			}
		})
	}
}

// FuzzCart: the stored form is read exactly or not at all, and as encoding/json would read its numbers and texts.
func FuzzCart(f *testing.F) {
	for _, seed := range []string{
		`{"version":0,"lines":[]}`, storedJSON, `{"version":1,"lines":[{"product_id":1,"quantity":2}],"moved":{"to":"a","policy":"sum"}}`,
		`{"version":1,"lines":[{"product_id":1,"quantity":2,"seen":{"unit_price":"0.10"}}]}`, `{"version":-0,"lines":[]}`,
		`{"owner":"x","version":1,"lines":[],"merged":["a@1"],"applied":["b"]}`, `{"version":1e0,"lines":[]}`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var c cart.Cart
		if err := json.Unmarshal(body, &c); err != nil {
			return
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back cart.Cart
		if err := json.Unmarshal(text, &back); err != nil || !cmp.Equal(c, back) {
			t.Errorf("%s was read back as %+v (%v)", text, back, err)
		}
		plain := struct {
			Version int64
			Note    string
			Lines   []struct{ Quantity int64 }
		}{}
		if err := json.Unmarshal(body, &plain); err != nil || plain.Version != c.Version || plain.Note != c.Note || len(plain.Lines) != len(c.Lines) {
			t.Errorf("encoding/json reads %+v (%v), we read %+v", plain, err, c)
		}
		for i, line := range plain.Lines {
			if line.Quantity != c.Lines[i].Quantity {
				t.Errorf("line %d: encoding/json reads %d, we read %d", i, line.Quantity, c.Lines[i].Quantity)
			}
		}
	})
}
