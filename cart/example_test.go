package cart_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/shopspring/decimal"
)

// tea is a catalogue of one product of which there are five.
func tea() *memstore.Catalog {
	return memstore.NewCatalog(cart.Item{
		Ref: cart.ItemRef{ProductID: 101}, Name: "Assam tea",
		UnitPrice: decimal.RequireFromString("499.00"), Currency: pricing.INR,
		Stock: cart.Stock{Item: "product:101", Managed: true, Quantity: 5, InStock: true},
	})
}

// Putting things into a cart: the same item twice is one line, and stock and prices are the catalogue's.
func ExampleService() {
	ctx := context.Background()
	carts, err := cart.NewService(cart.Config{Store: memstore.NewCarts(), Catalog: tea()})
	if err != nil {
		fmt.Println(err)
		return
	}
	ref := cart.ItemRef{ProductID: 101}
	if _, err := carts.Add(ctx, "guest:1", ref, 1); err != nil {
		fmt.Println(err)
	}
	view, err := carts.Add(ctx, "guest:1", ref, 2)
	fmt.Println(view.Lines[0].Line.Quantity, view.Lines[0].Item.Name, view.Subtotal.StringFixed(2), err)

	_, err = carts.Add(ctx, "guest:1", ref, 3)
	var short *cart.StockError
	if errors.As(err, &short) {
		fmt.Printf("only %d left\n", short.Have)
	}
	// Output:
	// 3 Assam tea 1497.00 <nil>
	// only 5 left
}

// A price that changes while something is in the cart is said, not hidden.
func ExampleService_View() {
	ctx := context.Background()
	catalog := tea()
	carts, err := cart.NewService(cart.Config{Store: memstore.NewCarts(), Catalog: catalog})
	if err != nil {
		fmt.Println(err)
		return
	}
	ref := cart.ItemRef{ProductID: 101}
	if _, err := carts.Add(ctx, "guest:1", ref, 2); err != nil {
		fmt.Println(err)
	}
	catalog.SetPrice(ref, decimal.RequireFromString("549.00"))
	catalog.SetStock("product:101", 1)

	view, err := carts.View(ctx, "guest:1")
	if err != nil {
		fmt.Println(err)
	}
	for _, n := range view.Notices {
		switch n.Kind {
		case cart.NoticePrice:
			fmt.Println("price:", n.Old, "is now", n.New)
		case cart.NoticeStock:
			fmt.Println("stock:", n.Have, "of", n.Want)
		}
	}
	// Output:
	// price: 499 is now 549
	// stock: 1 of 2
}

// Signing in: what the guest chose joins what the customer had.
func ExampleService_Merge() {
	ctx := context.Background()
	carts, err := cart.NewService(cart.Config{Store: memstore.NewCarts(), Catalog: tea()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, owner := range []cart.Owner{"guest:1", "customer:42"} {
		if _, err := carts.Add(ctx, owner, cart.ItemRef{ProductID: 101}, 2); err != nil {
			fmt.Println(err)
		}
	}
	view, report, err := carts.Merge(ctx, "guest:1", "customer:42", cart.MergeSum)
	fmt.Println(view.Cart.Pieces(), "pieces,", len(report.Combined), "line combined,", err)
	// Output: 4 pieces, 1 line combined, <nil>
}

// A client that shows a change before the server has answered.
func ExampleLocal() {
	server := cart.Cart{ID: "c", Version: 1} // the last answer
	local, err := cart.NewLocal(server).Push(cart.Change{
		ID: "change-1", Op: cart.OpAdd, Ref: cart.ItemRef{ProductID: 101}, Quantity: 2,
	})
	if err != nil {
		fmt.Println(err)
	}
	shown, _ := local.Shown(cart.Limits{})
	fmt.Println("shown at once:", shown.Pieces())

	// The answer has the change in it, and something that another tab added.
	server, err = cart.Apply(server, local.Pending[0], cart.Limits{})
	if err != nil {
		fmt.Println(err)
	}
	server, err = cart.Apply(server, cart.Change{Op: cart.OpAdd, Ref: cart.ItemRef{ProductID: 7}, Quantity: 1}, cart.Limits{})
	if err != nil {
		fmt.Println(err)
	}
	server.Version = 3
	local = local.Answer(server)
	shown, _ = local.Shown(cart.Limits{})
	fmt.Println("after the answer:", shown.Pieces(), "pending:", len(local.Pending))
	// Output:
	// shown at once: 2
	// after the answer: 3 pending: 0
}

// A request body that names a price is refused, not ignored.
func ExampleParseChange() {
	ch, err := cart.ParseChange([]byte(`{"op":"add","product_id":101,"quantity":1}`), cart.Limits{})
	fmt.Println(ch.Op, ch.Ref.ProductID, ch.Quantity, err)

	_, err = cart.ParseChange([]byte(`{"op":"add","product_id":101,"quantity":1,"price":1}`), cart.Limits{})
	var bad *cart.InvalidError
	fmt.Println(errors.As(err, &bad), bad.Field, bad.Reason)
	// Output:
	// add 101 1 <nil>
	// true price is not a field that can be given
}

// Two ways to name one item have one key.
func ExampleItemRef_Key() {
	fromForm := cart.ItemRef{ProductID: 120, VariationID: 123, Attributes: map[string]string{"attribute_pa_size": "L"}}
	fromAPI := cart.ItemRef{ProductID: 120, VariationID: 123, Attributes: map[string]string{"pa_size": "l"}}
	text, err := json.Marshal(fromAPI)
	fmt.Println(fromForm.Key() == fromAPI.Key(), string(text), err)
	// Output: true {"product_id":120,"variation_id":123,"attributes":{"pa_size":"l"}} <nil>
}
