package graphql_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest/internal/storetest"
)

// placed makes an order over GraphQL as staff and answers its number.
func placed(t *testing.T, r *storetest.Retelling, input string) int64 {
	t.Helper()
	got, _ := storetest.AskAs(t, r.Store, r.SignedInAs(t, "manager"), `mutation{createOrder(input:{`+input+`}){orderId}}`)
	var out struct{ CreateOrder struct{ OrderID int64 } }
	if storetest.FirstError(got) != "" {
		t.Fatal(storetest.FirstError(got))
	}
	storetest.ReadData(t, got, &out)
	return out.CreateOrder.OrderID
}

// TestOrderSight: an order is there for staff and its customer, whatever its
// status, and for nobody else.
func TestOrderSight(t *testing.T) {
	r := storetest.NewRetelling(t, nil)
	own := placed(t, r, `status:PROCESSING,customerId:2,billing:{email:"p@example.test",country:IN},lineItems:[{productId:16}]`)
	pending := placed(t, r, `customerId:2,lineItems:[{productId:16}]`)
	other := placed(t, r, `status:PROCESSING,customerId:3,lineItems:[{productId:17}]`)
	const all = `{order(id:"%d",idType:DATABASE_ID){databaseId orderNumber}}`
	const refused = "Not authorized to access this order"
	whole := func(id int64) string { return fmt.Sprintf(`{"order":{"databaseId":%d,"orderNumber":"%[1]d"}}`, id) }
	for name, test := range map[string]struct {
		login string
		id    int64
		want  string
	}{
		"staff":             {"admin", other, whole(other)},
		"owner":             {"priya", own, whole(own)},
		"owner's pending":   {"priya", pending, whole(pending)},
		"staff, pending":    {"manager", pending, whole(pending)},
		"another customer":  {"priya", other, refused},
		"an unknown number": {"admin", 999, "No order exists with the database_id: 999"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := storetest.AskAs(t, r.Store, r.SignedInAs(t, test.login), fmt.Sprintf(all, test.id))
			if storetest.FirstError(got) != test.want && string(got.Data) != test.want {
				t.Errorf("%s %s", storetest.FirstError(got), got.Data)
			}
		})
	}
	if got, _ := storetest.AskAs(t, r.Store, nil, fmt.Sprintf(all, own)); storetest.FirstError(got) != refused {
		t.Errorf("guest: %+v", got)
	}
	if got, _ := storetest.AskAs(t, r.Store, r.SignedInAs(t, "priya"), `{orders{nodes{orderNumber}}}`); string(got.Data) !=
		fmt.Sprintf(`{"orders":{"nodes":[{"orderNumber":"%d"},{"orderNumber":"%d"}]}}`, pending, own) {
		t.Errorf("own orders: %s", got.Data)
	}
	if got, _ := storetest.AskAs(t, r.Store, nil, `{orders{nodes{orderNumber}}}`); string(got.Data) != `{"orders":{"nodes":[]}}` {
		t.Errorf("guest's orders: %s", got.Data)
	}
}

// TestOrderIDs: the three ways to name an order, and texts that name none.
func TestOrderIDs(t *testing.T) {
	r := storetest.NewRetelling(t, nil)
	id := placed(t, r, `lineItems:[{productId:16}]`)
	o, err := r.Store.Order(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ args, want string }{
		{`id:"b3JkZXI6MTU0"`, `{"order":{"databaseId":154}}`},
		{`id:"154",idType:DATABASE_ID`, `{"order":{"databaseId":154}}`},
		{fmt.Sprintf(`id:%q,idType:ORDER_KEY`, o.Key), `{"order":{"databaseId":154}}`},
		{`id:"nope",idType:ORDER_KEY`, "No order ID was found corresponding to the order_key: nope"},
		{`id:"x"`, `The "id" is invalid`},
		{`id:"x",idType:DATABASE_ID`, "No order ID was found corresponding to the database_id: x"},
	} {
		got, _ := storetest.AskAs(t, r.Store, r.SignedInAs(t, "admin"), `{order(`+test.args+`){databaseId}}`)
		if storetest.FirstError(got) != test.want && string(got.Data) != test.want {
			t.Errorf("%s: %s %s", test.args, storetest.FirstError(got), got.Data)
		}
	}
}

// TestOrderStockOverGraphQL: a status given at creation takes nothing, ever;
// one set later and isPaid do; cancelling gives back.
func TestOrderStockOverGraphQL(t *testing.T) {
	r := storetest.NewRetelling(t, nil)
	stock := func(want int64, when string) {
		t.Helper()
		if got, err := r.Store.Stock(16); err != nil || got.Quantity != want {
			t.Errorf("%s: %d pieces, want %d (%v)", when, got.Quantity, want, err)
		}
	}
	change := func(id int64, input string) {
		t.Helper()
		if got, _ := storetest.AskAs(t, r.Store, r.SignedInAs(t, "manager"), fmt.Sprintf(`mutation{updateOrder(input:{id:"%d",%s}){order{status}}}`, id, input)); storetest.FirstError(got) != "" {
			t.Error(storetest.FirstError(got))
		}
	}
	first, err := r.Store.Stock(16)
	if err != nil {
		t.Fatal(err)
	}
	n := first.Quantity
	at := placed(t, r, `status:PROCESSING,lineItems:[{productId:16,quantity:2}]`)
	stock(n, "created processing")
	change(at, `status:COMPLETED`)
	stock(n, "created processing, then completed")
	later := placed(t, r, `lineItems:[{productId:16,quantity:2}]`)
	change(later, `status:PROCESSING`)
	stock(n-2, "set processing")
	change(later, `status:CANCELLED`)
	stock(n, "cancelled")
	placed(t, r, `isPaid:true,transactionId:"pay_1",lineItems:[{productId:16}]`)
	stock(n-1, "paid")
}

// TestOrderWritesRefused: what only staff or the owner may do, and inputs that
// name nothing. Nothing is written.
func TestOrderWritesRefused(t *testing.T) {
	r := storetest.NewRetelling(t, nil)
	id := placed(t, r, `customerId:3,lineItems:[{productId:16}]`)
	n := len(r.Store.Orders())
	for _, test := range []struct{ login, mutation, want string }{
		{"priya", `createOrder(input:{}){orderId}`, "User does not have the capabilities necessary to create an order."},
		{"priya", `updateOrder(input:{id:"154",status:COMPLETED}){order{id}}`, "User does not have the capabilities necessary to update an order."},
		{"priya", `deleteOrder(input:{id:"154"}){order{id}}`, "User does not have the capabilities necessary to delete an order."},
		{"priya", `createRefund(input:{orderId:154,amount:"1"}){refund{id}}`, "You do not have permission to create refunds for this order."},
		{"priya", `createOrderNote(input:{orderId:"154",note:"x"}){order{id}}`, "User does not have the capabilities necessary to create an order note."},
		{"priya", `updateProduct(input:{id:"16",stockQuantity:1}){product{id}}`, "You do not have permission to edit this product"},
		{"manager", `createOrder(input:{customerId:99}){orderId}`, "Customer ID is invalid."},
		{"manager", `updateOrder(input:{id:"154",customerId:"99"}){order{id}}`, "New customer ID is invalid."},
		{"manager", `updateOrder(input:{}){order{id}}`, "Order ID provided is missing or invalid. Please check input and try again."},
		{"manager", `updateOrder(input:{id:"zzz"}){order{id}}`, "Order ID provided is invalid. Please check input and try again."},
		{"manager", `deleteOrder(input:{orderId:999}){order{id}}`, "Failed to find order with ID of 999."},
		{"manager", `deleteOrderItems(input:{id:"154"}){order{id}}`, "No item IDs provided."},
		{"manager", `createRefund(input:{orderId:999,amount:"1"}){refund{id}}`, "Invalid order ID."},
		{"manager", `createRefund(input:{orderId:154,amount:"0"}){refund{id}}`, "Refund amount must be greater than zero."},
		{"manager", `createRefund(input:{orderId:154,amount:"-1"}){refund{id}}`, "Refund amount must be greater than zero."},
		{"manager", `createRefund(input:{orderId:154,amount:"1e1000000000"}){refund{id}}`, "Refund amount must be greater than zero."},
		{"manager", `createRefund(input:{orderId:154,amount:"99999"}){refund{id}}`, "Invalid refund amount."},
		{"manager", `createRefund(input:{orderId:154,amount:"1",refundPayment:true}){refund{id}}`, "The payment gateway for this order does not exist."},
		{"manager", `createOrderNote(input:{orderId:"154",note:""}){order{id}}`, "Order note content is required."},
		{"manager", `deleteOrderNote(input:{orderId:"154",id:"999"}){order{id}}`, "Invalid resource ID."},
		{"manager", `deleteRefund(input:{id:"999"}){order{id}}`, "Invalid refund ID."},
		{"manager", `updateProduct(input:{id:"999",stockQuantity:1}){product{id}}`, "Internal server error"},
		{"manager", `updateProduct(input:{id:"16",weight:"1"}){product{id}}`, "wootest does not offer weight of updateProduct"},
		{"manager", `createOrder(input:{lineItems:[{productId:16,taxClass:INHERIT_CART}]}){orderId}`, "Invalid tax class"},
	} {
		if got, _ := storetest.AskAs(t, r.Store, r.SignedInAs(t, test.login), "mutation{"+test.mutation+"}"); storetest.FirstError(got) != test.want {
			t.Errorf("%s %s: %+v", test.login, test.mutation, got)
		}
	}
	o, err := r.Store.Order(id)
	if err != nil || o.Status != "pending" || len(o.Notes) != 0 || len(r.Store.Orders()) != n {
		t.Errorf("%+v %v", o, err)
	}
}

// TestOrderAfterwards: items, notes and refunds of an order that is there.
func TestOrderAfterwards(t *testing.T) {
	r := storetest.NewRetelling(t, nil)
	id := placed(t, r, `lineItems:[{productId:16,quantity:2},{productId:17}],feeLines:[{name:"Gift",total:"10"}],customerId:2,status:PROCESSING`)
	manager, priya := r.SignedInAs(t, "manager"), r.SignedInAs(t, "priya")
	o, err := r.Store.Order(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ mutation, want string }{
		{fmt.Sprintf(`updateOrder(input:{id:"%d",lineItems:[{id:"%d",quantity:3}]}){order{lineItems{nodes{quantity}}}}`, id, o.Lines[0].ID),
			`{"updateOrder":{"order":{"lineItems":{"nodes":[{"quantity":3},{"quantity":1}]}}}}`},
		{fmt.Sprintf(`deleteOrderItems(input:{id:"%d",itemIds:[%d]}){clientMutationId}`, id, o.Lines[1].ID), `{"deleteOrderItems":{"clientMutationId":null}}`},
		{fmt.Sprintf(`createOrderNote(input:{orderId:"%d",note:"for you",isCustomerNote:true}){orderNote{note}}`, id), `{"createOrderNote":{"orderNote":{"note":"for you"}}}`},
		{fmt.Sprintf(`createOrderNote(input:{orderId:"%d",note:"for us"}){orderNote{isCustomerNote}}`, id), `{"createOrderNote":{"orderNote":{"isCustomerNote":false}}}`},
		{fmt.Sprintf(`createRefund(input:{orderId:%d,amount:"10.50",reason:"late"}){refund{amount reason}}`, id), `{"createRefund":{"refund":{"amount":10.5,"reason":"late"}}}`},
	} {
		if got, _ := storetest.AskAs(t, r.Store, manager, "mutation{"+test.mutation+"}"); string(got.Data) != test.want {
			t.Errorf("%s: %s %s", test.mutation, got.Data, storetest.FirstError(got))
		}
	}
	query := fmt.Sprintf(`{order(id:"%d",idType:DATABASE_ID){lineItems{nodes{productId}} orderNotes{nodes{note}} refunds{nodes{amount}} feeLines{nodes{name total}}}}`, id)
	if got, _ := storetest.AskAs(t, r.Store, priya, query); string(got.Data) != `{"order":{"lineItems":{"nodes":[{"productId":16}]},"orderNotes":{"nodes":[{"note":"for you"}]},`+
		`"refunds":{"nodes":[{"amount":10.5}]},"feeLines":{"nodes":[{"name":"Gift","total":"10"}]}}}` {
		t.Errorf("%s %s", got.Data, storetest.FirstError(got))
	}
	if got, _ := storetest.AskAs(t, r.Store, manager, fmt.Sprintf(`mutation{deleteOrder(input:{id:"%d"}){order{status}}}`, id)); string(got.Data) != `{"deleteOrder":{"order":{"status":"PROCESSING"}}}` {
		t.Errorf("%s %s", got.Data, storetest.FirstError(got))
	}
	if o, err := r.Store.Order(id); err != nil || o.Status != "trash" {
		t.Errorf("%v %v", o.Status, err)
	}
}

// TestUpdateClaimsAnOrder: an order of the REST API says graphql-api once
// somebody changed it over GraphQL, which WooCommerce gates payments on.
func TestUpdateClaimsAnOrder(t *testing.T) {
	r := storetest.NewRetelling(t, nil)
	id := storetest.Place(t, r.Store, storetest.OneMug(""))
	if got, _ := storetest.AskAs(t, r.Store, r.SignedInAs(t, "manager"), fmt.Sprintf(`mutation{updateOrder(input:{id:"%d",customerNote:"x"}){order{createdVia}}}`, id)); string(got.Data) !=
		`{"updateOrder":{"order":{"createdVia":"graphql-api"}}}` {
		t.Errorf("%s %s", got.Data, storetest.FirstError(got))
	}
}

// TestVariablesInside: what is wrong deep in a variable is said with its path.
func TestVariablesInside(t *testing.T) {
	s, _ := storetest.NewStore(t, nil)
	const query = `mutation($i:CreateOrderInput!){createOrder(input:$i){orderId}}`
	for _, test := range []struct {
		input any
		want  string
	}{
		{map[string]any{"lineItems": []any{map[string]any{"quantity": 1.5}}}, `got invalid value 1.5 at "i.lineItems[0].quantity"; Int cannot represent non-integer value: 1.5`},
		{map[string]any{"billing": map[string]any{"city": 5}}, `got invalid value 5 at "i.billing.city"; String cannot represent a non string value: 5`},
		{map[string]any{"billing": map[string]any{"country": "ZZ"}}, `got invalid value "ZZ" at "i.billing.country"; Value "ZZ" does not exist in "CountriesEnum" enum.`},
		{map[string]any{"nope": 1}, `got invalid value {"nope":1}; Field "nope" is not defined by type "CreateOrderInput".`},
		{map[string]any{"shippingLines": []any{map[string]any{"methodId": "x", "total": "1"}}}, `Field "methodTitle" of required type "String!" was not provided.`},
		{map[string]any{"metaData": []any{map[string]any{"key": nil, "value": "x"}}}, `Expected non-nullable type "String!" not to be null.`},
		{map[string]any{"lineItems": map[string]any{"quantity": 1}}, `got invalid value 1 at "i.lineItems.quantity"; Expected type "LineItemInput" to be an object.`},
		{"text", `got invalid value "text"; Expected type "CreateOrderInput" to be an object.`},
	} {
		if got := storetest.Ask(t, s, query, map[string]any{"i": test.input}); !strings.Contains(storetest.FirstError(got), test.want) || len(got.Data) != 0 {
			t.Errorf("%v: %+v", test.input, got)
		}
	}
}
