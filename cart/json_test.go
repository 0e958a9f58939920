package cart_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/pricing"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

func TestBadChangeBodies(t *testing.T) {
	deep := strings.Repeat("[", 9999) + strings.Repeat("]", 9999)
	tests := map[string]struct{ body, field string }{
		"empty":               {``, "body"},
		"null":                {`null`, "body"},
		"list":                {`[]`, "body"},
		"text":                {`"add"`, "body"},
		"cut":                 {`{"op":"add"`, "body"},
		"comma at the end":    {`{"op":"clear",}`, "body"},
		"two bodies":          {`{"op":"clear"}{"op":"clear"}`, "body"},
		"no UTF-8":            {"{\"op\":\"note\",\"note\":\"\xff\"}", "body"},
		"half a surrogate":    {`{"op":"note","note":"\ud83d"}`, "note"},
		"NUL in note":         {`{"op":"note","note":"a\u0000b"}`, "note"},
		"depth 9,999":         {`{"op":"add","data":` + deep + `}`, "data"},
		"depth 10,001":        {strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), "body"},
		"1 MiB and a byte":    {`{"op":"note","note":"` + strings.Repeat("n", 1<<20) + `"}`, "body"},
		"no op":               {`{"product_id":1,"quantity":1}`, "op"},
		"op unknown":          {`{"op":"buy"}`, "op"},
		"op null":             {`{"op":null}`, "op"},
		"no quantity":         {`{"op":"add","product_id":1}`, "quantity"},
		"set without key":     {`{"op":"set","quantity":1}`, "key"},
		"remove without key":  {`{"op":"remove"}`, "key"},
		"note without text":   {`{"op":"note"}`, "note"},
		"coupon without code": {`{"op":"apply_coupon"}`, "code"},
		"no product":          {`{"op":"add","quantity":1}`, "product_id"},
		"quantity null":       {`{"op":"add","product_id":1,"quantity":null}`, "quantity"},
		"quantity 1.5":        {`{"op":"add","product_id":1,"quantity":1.5}`, "quantity"},
		"quantity 1.0":        {`{"op":"add","product_id":1,"quantity":1.0}`, "quantity"},
		"quantity 1e2":        {`{"op":"add","product_id":1,"quantity":1e2}`, "quantity"},
		"quantity 1E0":        {`{"op":"add","product_id":1,"quantity":1E0}`, "quantity"},
		"quantity text":       {`{"op":"add","product_id":1,"quantity":"1"}`, "quantity"},
		"quantity true":       {`{"op":"add","product_id":1,"quantity":true}`, "quantity"},
		"quantity list":       {`{"op":"add","product_id":1,"quantity":[1]}`, "quantity"},
		"quantity 0":          {`{"op":"add","product_id":1,"quantity":0}`, "quantity"},
		"quantity -0":         {`{"op":"add","product_id":1,"quantity":-0}`, "quantity"},
		"quantity -1":         {`{"op":"add","product_id":1,"quantity":-1}`, "quantity"},
		"quantity 2^63-1":     {`{"op":"add","product_id":1,"quantity":9223372036854775807}`, "quantity"},
		"quantity 2^63":       {`{"op":"add","product_id":1,"quantity":9223372036854775808}`, "quantity"},
		"quantity 1e1000000":  {`{"op":"add","product_id":1,"quantity":1e1000000}`, "quantity"},
		"quantity 500 digits": {`{"op":"add","product_id":1,"quantity":` + strings.Repeat("9", 500) + `}`, "quantity"},
		"quantity twice":      {`{"op":"add","product_id":1,"quantity":1,"quantity":5}`, "quantity"},
		"twice in escapes":    {`{"op":"add","product_id":1,"quantity":1,"quantit\u0079":5}`, "quantity"},
		"quantity in capital": {`{"op":"add","product_id":1,"quantity":1,"Quantity":5}`, "Quantity"},
		"product text":        {`{"op":"add","product_id":"1","quantity":1}`, "product_id"},
		"product 0":           {`{"op":"add","product_id":0,"quantity":1}`, "product_id"},
		"product huge":        {`{"op":"add","product_id":9223372036854775807,"quantity":1}`, "product_id"},
		"price":               {`{"op":"add","product_id":1,"quantity":1,"price":1}`, "price"},
		"total":               {`{"op":"add","product_id":1,"quantity":1,"total":1}`, "total"},
		"line_total":          {`{"op":"add","product_id":1,"quantity":1,"line_total":"1"}`, "line_total"},
		"discount":            {`{"op":"add","product_id":1,"quantity":1,"discount":99}`, "discount"},
		"tax":                 {`{"op":"add","product_id":1,"quantity":1,"tax":0}`, "tax"},
		"seen price":          {`{"op":"add","product_id":1,"quantity":1,"seen":{"unit_price":"1"}}`, "seen"},
		"currency":            {`{"op":"add","product_id":1,"quantity":1,"currency":"USD"}`, "currency"},
		"owner":               {`{"op":"clear","owner":"customer:1"}`, "owner"},
		"time":                {`{"op":"clear","at":"2026-05-04T10:00:00Z"}`, "at"},
		"unknown, strange":    {`{"op":"clear","<script>\n":1}`, "(unknown)"},
		"field of another op": {`{"op":"clear","quantity":1}`, "quantity"},
		"data null":           {`{"op":"add","product_id":1,"quantity":1,"data":null}`, "data"},
		"data list":           {`{"op":"add","product_id":1,"quantity":1,"data":[]}`, "data"},
		"data number":         {`{"op":"add","product_id":1,"quantity":1,"data":{"a":1}}`, "data"},
		"data entry null":     {`{"op":"add","product_id":1,"quantity":1,"data":{"a":null}}`, "data"},
		"data twice":          {`{"op":"add","product_id":1,"quantity":1,"data":{"a":"1","a":"2"}}`, "data"},
		"data deep":           {`{"op":"add","product_id":1,"quantity":1,"data":{"a":{"b":"c"}}}`, "data"},
		"coupon 300":          {`{"op":"apply_coupon","code":"` + strings.Repeat("c", 300) + `"}`, "code"},
		"coupon list":         {`{"op":"apply_coupon","code":["a"]}`, "code"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := cart.ParseChange([]byte(tt.body), cart.Limits{})
			wantInvalid(t, err, tt.field)
			kept := cart.Change{Op: cart.OpAdd, Ref: product(7), Quantity: 3}
			before := kept
			if err := json.Unmarshal([]byte(tt.body), &kept); err == nil {
				t.Error("json.Unmarshal accepts it")
			}
			if diff := cmp.Diff(before, kept); diff != "" {
				t.Errorf("a refused body left traces:\n%s", diff)
			}
		})
	}
}

func TestUnknownNamesAreNotRepeated(t *testing.T) {
	_, err := cart.ParseChange([]byte(`{"op":"clear","\u001b[2J hunter2":1}`), cart.Limits{})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %q", err)
	}
}

func TestChangesGoThroughJSON(t *testing.T) {
	full := cart.ItemRef{ProductID: 1, VariationID: 2, Attributes: texts{"pa_size": "l"}, Data: texts{"a": "<b>\u200b"}}
	for body, want := range map[string]cart.Change{
		`{"op":"add","product_id":1,"quantity":2}`:            add(product(1), 2),
		`{"id":"c-1","op":"set","key":"abc","quantity":9999}`: {ID: "c-1", Op: cart.OpSet, Key: "abc", Quantity: 9999},
		`{"op":"remove","key":"abc"}`:                         {Op: cart.OpRemove, Key: "abc"},
		`{"op":"clear"}`:                                      {Op: cart.OpClear},
		`{"op":"apply_coupon","code":"Diwali10"}`:             coupon("Diwali10"),
		`{"op":"remove_coupon","code":"x"}`:                   {Op: cart.OpRemoveCoupon, Code: "x"},
		`{"op":"note","note":""}`:                             note(""),
		`{"op":"note","note":"\u003cscript\u003e"}`:           note("<script>"),
		`{"op":"add","product_id":1,"variation_id":2,"attributes":{"pa_size":"l"},"data":{"a":"\u003cb\u003e` + "\u200b" + `"},"quantity":1}`: add(full, 1),
	} {
		t.Run(body, func(t *testing.T) {
			got, err := cart.ParseChange([]byte(body), cart.Limits{})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			written, err := json.Marshal(want)
			if err != nil || string(written) != body {
				t.Errorf("written as %s (%v)", written, err)
			}
		})
	}
	// The time is the server's to say.
	dated := add(product(1), 2)
	dated.At = time.Now()
	if written, _ := json.Marshal(dated); strings.Contains(string(written), "at") {
		t.Errorf("the time went out: %s", written)
	}
}

// stored is a cart with everything that a store has to keep.
func stored(t *testing.T) cart.Cart {
	t.Helper()
	at := time.Date(2026, 5, 4, 10, 0, 0, 123456000, time.UTC)
	first := add(cart.ItemRef{ProductID: 1, VariationID: 2, Attributes: texts{"pa_size": "l"}, Data: texts{"a": "b"}}, 3)
	first.At, first.ID = at, "c1"
	c := build(t, first, coupon("diwali10"), note("<script>alert('x')</script>"))
	c.ID, c.Owner, c.Version = "CARTID", "guest:abc", 7
	c.UpdatedAt = at
	c.Lines[0].Seen = &cart.SeenPrice{Unit: decimal.RequireFromString("499.50"), Currency: pricing.INR}
	c.Merged = []string{"OTHER@3"}
	c.Moved = &cart.Move{To: "customer:42", Policy: cart.MergeLarger}
	return c
}

const storedJSON = `{"id":"CARTID","owner":"guest:abc","version":7,"lines":[{"key":"KEY","product_id":1,"variation_id":2,` +
	`"attributes":{"pa_size":"l"},"data":{"a":"b"},"quantity":3,"added_at":"2026-05-04T10:00:00.123456Z",` +
	`"seen":{"unit_price":"499.50","currency":"INR"}}],"coupons":["diwali10"],` +
	`"note":"\u003cscript\u003ealert('x')\u003c/script\u003e","updated_at":"2026-05-04T10:00:00.123456Z","applied":["c1"],` +
	`"merged":["OTHER@3"],"moved":{"to":"customer:42","policy":"larger"}}`

// The form is stored for weeks: every release must write and read exactly this.
func TestTheStoredFormStaysTheSame(t *testing.T) {
	c := stored(t)
	want := strings.Replace(storedJSON, "KEY", string(c.Lines[0].Key), 1)
	written, err := json.Marshal(c)
	if err != nil || string(written) != want {
		t.Errorf("written (%v):\n%s\nwant:\n%s", err, written, want)
	}
	var back cart.Cart
	if err := json.Unmarshal([]byte(want), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	for _, empty := range []cart.Cart{{}, {Owner: "guest:1", Version: 2}} {
		written, _ := json.Marshal(empty)
		var back cart.Cart
		if err := json.Unmarshal(written, &back); err != nil || !cmp.Equal(empty, back) {
			t.Errorf("%s read back as %+v (%v)", written, back, err)
		}
	}
}

func TestBadCarts(t *testing.T) {
	line := func(more string) string { return `{"version":1,"lines":[{"product_id":1,"quantity":1` + more + `}]}` }
	tests := map[string]struct{ body, field string }{
		"no version":       {`{"lines":[]}`, "version"},
		"no lines":         {`{"version":1}`, "lines"},
		"lines null":       {`{"version":1,"lines":null}`, "lines"},
		"line null":        {`{"version":1,"lines":[null]}`, "lines[0]"},
		"version -1":       {`{"version":-1,"lines":[]}`, "version"},
		"version 1.5":      {`{"version":1.5,"lines":[]}`, "version"},
		"total":            {`{"version":1,"lines":[],"total":"1"}`, "total"},
		"price of a line":  {line(`,"price":1`), "lines[0].price"},
		"tax of a line":    {line(`,"tax":1`), "lines[0].tax"},
		"no quantity":      {`{"version":1,"lines":[{"product_id":1}]}`, "lines[0].quantity"},
		"second negative":  {`{"version":1,"lines":[{"product_id":1,"quantity":1},{"product_id":2,"quantity":-5}]}`, "lines[1].quantity"},
		"foreign key":      {line(`,"key":"0123"`), "lines[0].key"},
		"line twice":       {`{"version":1,"lines":[{"product_id":1,"quantity":1},{"product_id":1,"quantity":1}]}`, "lines[1].key"},
		"10,001 lines":     {`{"version":1,"lines":[` + manyLines(10_001) + `]}`, "lines"},
		"coupon twice":     {`{"version":1,"lines":[],"coupons":["a","a"]}`, "coupons[1]"},
		"coupon in case":   {`{"version":1,"lines":[],"coupons":["A"]}`, "coupons[0]"},
		"coupon 300":       {`{"version":1,"lines":[],"coupons":["` + strings.Repeat("c", 300) + `"]}`, "coupons[0]"},
		"101 coupons":      {`{"version":1,"lines":[],"coupons":[` + strings.Repeat(`"c",`, 100) + `"c"]}`, "coupons"},
		"note with NUL":    {`{"version":1,"lines":[],"note":"\u0000"}`, "note"},
		"time of nonsense": {`{"version":1,"lines":[],"updated_at":"yesterday"}`, "updated_at"},
		"time of no year":  {`{"version":1,"lines":[],"updated_at":"9999-12-31T23:59:59-05:00"}`, "updated_at"},
		"id with blanks":   {`{"version":1,"lines":[],"id":"a b"}`, "id"},
		"applied strange":  {`{"version":1,"lines":[],"applied":["a\n"]}`, "applied[0].id"},
		"seen negative":    {line(`,"seen":{"unit_price":"-1"}`), "lines[0].seen.unit_price"},
		"seen exponent":    {line(`,"seen":{"unit_price":"1e1000000000"}`), "lines[0].seen.unit_price"},
		"seen number":      {line(`,"seen":{"unit_price":1.5}`), "lines[0].seen.unit_price"},
		"seen .5":          {line(`,"seen":{"unit_price":".5"}`), "lines[0].seen.unit_price"},
		"seen 1.":          {line(`,"seen":{"unit_price":"1."}`), "lines[0].seen.unit_price"},
		"seen long":        {line(`,"seen":{"unit_price":"` + strings.Repeat("1", 41) + `"}`), "lines[0].seen.unit_price"},
		"move nowhere":     {`{"version":1,"lines":[],"moved":{"to":"","policy":"sum"}}`, "owner"},
		"move somehow":     {`{"version":1,"lines":[],"moved":{"to":"a","policy":"both"}}`, "policy"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			kept := cart.Cart{Version: 3, Note: "kept"}
			wantInvalid(t, json.Unmarshal([]byte(tt.body), &kept), tt.field)
			if kept.Version != 3 || kept.Note != "kept" || kept.Lines != nil {
				t.Errorf("a refused cart left traces: %+v", kept)
			}
		})
	}
}

func manyLines(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`{"product_id":%d,"quantity":1}`, i+1)
	}
	return strings.Join(parts, ",")
}

// A line can be decoded without its key: a browser need not compute hashes.
func TestALineGetsItsKey(t *testing.T) {
	var line cart.Line
	if err := json.Unmarshal([]byte(`{"product_id":5,"quantity":2}`), &line); err != nil || line.Key != product(5).Key() {
		t.Errorf("line %+v, %v", line, err)
	}
	var ref cart.ItemRef
	if err := json.Unmarshal([]byte(`{"product_id":5,"quantity":2}`), &ref); !errors.Is(err, cart.ErrInvalid) {
		t.Errorf("a ref with a quantity: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"product_id":5}`), &ref); err != nil || ref.ProductID != 5 {
		t.Errorf("ref %+v, %v", ref, err)
	}
}
