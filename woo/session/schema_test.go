package session_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/woo/session"
)

// schema is that of a store with WooGraphQL 1.0.2; edit takes away what an older
// one lacks.
func schema(t testing.TB, edit func(*ast.Schema)) *ast.Schema {
	t.Helper()
	file, err := os.Open("../wootest/internal/graphql/schema/woographql-1.0.2.graphql.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "store.graphql", Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	edit(s)
	return s
}

// older takes away what WooGraphQL 0.21.2 lacked of carts: cart.taxLines,
// ShippingRate.taxTotal and subtotal, and the format of its cost.
func older(s *ast.Schema) {
	lack := func(typeName string, names ...string) {
		known := s.Types[typeName]
		known.Fields = slices.DeleteFunc(known.Fields, func(f *ast.FieldDefinition) bool { return slices.Contains(names, f.Name) })
	}
	lack("Cart", "taxLines")
	lack("ShippingRate", "taxTotal", "subtotal")
	s.Types["ShippingRate"].Fields.ForName("cost").Arguments = nil
}

// validating is a GraphQL server that checks documents and answers a cart.
type validating struct {
	t      testing.TB
	schema *ast.Schema
	cart   string
	asked  map[string]int // valid operations, by root field
	wrong  []string
}

func (v *validating) RoundTrip(r *http.Request) (*http.Response, error) {
	var request struct {
		Query     string
		Variables map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		v.t.Error(err)
	}
	reply := func(body string) (*http.Response, error) {
		header := http.Header{"Woocommerce-Session": {graphToken("t_1", 0).Reveal()}}
		return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
	document, errs := gqlparser.LoadQueryWithRules(v.schema, request.Query, nil)
	if errs != nil {
		v.wrong = append(v.wrong, errs.Error())
		text, _ := json.Marshal(errs[0].Message)
		return reply(`{"errors":[{"message":` + string(text) + `,"locations":[{"line":1,"column":1}]}]}`)
	}
	v.look(document, request.Query, request.Variables)
	root := document.Operations[0].SelectionSet[0].(*ast.Field).Name
	v.asked[root]++
	switch root {
	case "cart":
		return reply(`{"data":{"cart":` + v.cart + `,"customer":{"billing":null,"shipping":null}}}`)
	case "checkout":
		return reply(`{"data":{"checkout":{"result":"success","redirect":"https://shop.example.test/checkout/order-received/154/?key=wc_order_x","order":{"databaseId":154,"orderNumber":"154","orderKey":"wc_order_x","status":"ON_HOLD","total":"1052.87"}}}}`)
	case "updateCustomer":
		return reply(`{"data":{"updateCustomer":{"clientMutationId":null}}}`)
	}
	return reply(`{"data":{"` + root + `":{"cart":` + v.cart + `}}}`)
}

// look checks what no schema says.
func (v *validating) look(document *ast.QueryDocument, query string, variables map[string]any) {
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			field, isField := s.(*ast.Field)
			if !isField {
				continue
			}
			if field.ObjectDefinition.Name == "CartItem" && field.Name == "id" {
				v.t.Error("CartItem.id is asked for; the server fails on it")
			}
			walk(field.SelectionSet)
		}
	}
	walk(document.Operations[0].SelectionSet)
	if text := fmt.Sprint(query, variables); strings.Contains(text, "shippingSameAsBilling") || strings.Contains(text, "SAVE10") && strings.Contains(query, "SAVE10") {
		v.t.Errorf("must not be sent: %s", text)
	}
	input, _ := variables["input"].(map[string]any)
	if operation := document.Operations[0]; len(operation.VariableDefinitions) == 1 && input != nil {
		known := v.schema.Types[operation.VariableDefinitions[0].Type.NamedType]
		v.fits(known, input, known.Name)
	}
}

// fits checks an input object against its type, as the server would.
func (v *validating) fits(known *ast.Definition, input map[string]any, at string) {
	for name, value := range input {
		field := known.Fields.ForName(name)
		if field == nil {
			v.t.Errorf("%s has no %s", at, name)
			continue
		}
		if nested := v.schema.Types[field.Type.Name()]; nested.Kind == ast.InputObject {
			list, isList := value.([]any)
			if !isList {
				list = []any{value}
			}
			for _, one := range list {
				v.fits(nested, one.(map[string]any), at+"."+name)
			}
		}
	}
	for _, field := range known.Fields {
		if _, given := input[field.Name]; field.Type.NonNull && !given {
			v.t.Errorf("%s lacks %s", at, field.Name)
		}
	}
}

// everything sends every operation that the door knows.
func everything(t testing.TB, door session.Door) {
	t.Helper()
	s, step := session.New(door, session.Options{}), ok(t)
	item := session.AddItem{ProductID: bangleID, VariationID: bangleS, Quantity: 1, Attributes: map[string]string{"engraving": "Name"}, Data: map[string]string{"gift": "yes"}}
	ctx := t.Context()
	step(s.Add(ctx, item))
	step(s.Add(ctx, mug(1)))
	step(s.SetQuantity(ctx, "k", 3))
	step(s.Remove(ctx, "k"))
	step(s.ApplyCoupon(ctx, "SAVE10"))
	step(s.RemoveCoupon(ctx, "SAVE10"))
	step(s.SetCustomer(ctx, bengaluru, bengaluru))
	step(s.SetCustomer(ctx, checkout.Address{}, checkout.Address{}))
	step(s.ChooseShipping(ctx, "flat_rate:1"))
	placed, err := s.Checkout(ctx, session.Order{Token: "tok_12345678", Billing: bengaluru, PaymentMethod: "bacs", Note: "two\nlines", Prepaid: true, TransactionID: "pay_1"})
	if err != nil || placed.OrderID != 154 || placed.Status != "on-hold" || placed.Total.Minor() != 105287 {
		t.Errorf("placed %+v, %v", placed, err)
	}
	step(s.Clear(ctx))
}

const oneLineCart = `{"total":"1052.87","chosenShippingMethods":["flat_rate:1"],"needsShippingAddress":true,
	"availableShippingMethods":[{"packageDetails":"x","rates":[{"id":"flat_rate:1","methodId":"flat_rate","instanceId":1,"label":"Flat rate","cost":"₹1,054.88"}]}],
	"contents":{"nodes":[{"key":"k","quantity":2,"subtotal":"891.07","total":"997.99","tax":"106.92","product":{"node":{"databaseId":16,"name":"Mug &amp; saucer"}}}]}}`

// TestEveryOperationIsValid checks all that can be sent against the schema of a
// real store, and that of an older one.
func TestEveryOperationIsValid(t *testing.T) {
	for name, edit := range map[string]func(*ast.Schema){"1.0.2": func(*ast.Schema) {}, "0.21.2": older} {
		t.Run(name, func(t *testing.T) {
			v := &validating{t: t, schema: schema(t, edit), cart: oneLineCart, asked: map[string]int{}}
			everything(t, clientOver(t, v))
			for _, root := range []string{
				"cart", "addToCart", "updateItemQuantities", "removeItemsFromCart", "applyCoupon", "removeCoupons", "updateCustomer",
				"updateShippingMethod", "checkout", "emptyCart",
			} {
				if v.asked[root] == 0 {
					t.Errorf("%s was never sent", root)
				}
			}
			if name == "1.0.2" && len(v.wrong) > 0 {
				t.Errorf("refused: %v", v.wrong)
			}
			if name != "1.0.2" && len(v.wrong) != 1 {
				t.Errorf("an older store must be asked once in newer words, was %d times: %v", len(v.wrong), v.wrong)
			}
		})
	}
}

// TestOlderRates: WooGraphQL before 1.0 tells a rate's price as it is shown, and
// what it does not tell is not made up.
func TestOlderRates(t *testing.T) {
	v := &validating{t: t, schema: schema(t, older), cart: oneLineCart, asked: map[string]int{}}
	c := ok(t)(session.New(clientOver(t, v), session.Options{}).Cart(t.Context()))
	rate := c.Packages[0].Rates[0]
	if rate.Cost.Valid || rate.Tax.Valid || !rate.Shown.Valid || !rate.Shown.Decimal.Equal(dec("1054.88")) || !rate.Chosen {
		t.Errorf("%+v", rate)
	}
	if c.Lines[0].Name != "Mug & saucer" || !c.Lines[0].Total.Equal(dec("891.07")) {
		t.Errorf("%+v", c.Lines[0])
	}
}
